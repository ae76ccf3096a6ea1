/** Fees of fills (SIMULATION 1.3). */
import { ZERO, type Decimal } from '../domain/decimal.ts'
import { postMoney, type MoneyRule } from '../domain/money.ts'

/** `value x rate`, rounded as the account books it; negative for a rebate. */
export function tradeFee(money: MoneyRule, input: { readonly value: Decimal; readonly rate: Decimal }): Decimal {
  return postMoney(money, input.value.times(input.rate))
}

/** A fee as it was charged: in quote units, or in the fee asset. */
export interface ChargedFee {
  readonly fee: Decimal
  /** Units of the fee asset. */
  readonly assetAmount: Decimal
}

/** A fill to be charged. */
export interface FeeInput {
  /** Quantity times price in quote units. */
  readonly value: Decimal
  readonly rate: Decimal
  /** Quote units per unit of the fee asset at the time of the fill. */
  readonly assetPrice: Decimal
}

/**
 * A balance of the venue's own asset that fees are paid from, at a discount. When it is short the whole fee is taken in quote units,
 * undiscounted; rebates always are [P LED-022].
 */
export class FeeAssetWallet {
  readonly #money: MoneyRule
  readonly #discount: Decimal
  #balance: Decimal
  #paid: Decimal = ZERO

  /** `discount` multiplies the rate: 0.9 takes a tenth off. */
  constructor(options: { readonly money: MoneyRule; readonly balance: Decimal; readonly discount: Decimal }) {
    this.#money = options.money
    this.#discount = options.discount
    this.#balance = options.balance
  }

  get balance(): Decimal {
    return this.#balance
  }

  /** Units paid so far. */
  get paid(): Decimal {
    return this.#paid
  }

  /** Takes the fee of a fill. */
  charge({ value, rate, assetPrice }: FeeInput): ChargedFee {
    const assetAmount = rate.gt(0) ? postMoney(this.#money, value.times(rate).times(this.#discount).div(assetPrice)) : ZERO
    if (rate.lte(0) || assetAmount.gt(this.#balance)) return { fee: tradeFee(this.#money, { value, rate }), assetAmount: ZERO }
    this.#balance = this.#balance.minus(assetAmount)
    this.#paid = this.#paid.plus(assetAmount)
    return { fee: ZERO, assetAmount }
  }
}
