/** How a fill changes a leg: average cost (SIMULATION 1.4). Pure; the ledger and the liquidation run on the same rules. */
import { ZERO, type Decimal } from '../domain/decimal.ts'
import { legSign, type Leg } from '../domain/leg.ts'
import { postMoney, type MoneyRule } from '../domain/money.ts'

/** What is held: quantity and what it cost. */
export interface Holding {
  readonly leg: Leg
  readonly qty: Decimal
  readonly cost: Decimal
}

/** What is left after a close, and what the close earned. */
export interface Closing {
  readonly qty: Decimal
  readonly cost: Decimal
  /** Gross, rounded as the account books it. */
  readonly realised: Decimal
}

/**
 * Closes part of a holding at a price. A part releases its share of the cost, `cost x part / qty`; the whole releases the whole cost,
 * so a flat leg costs exactly zero [D]. Profit is `part x price - released` for the long leg, its negative for the short.
 */
export function closeHolding(held: Holding, close: { readonly qty: Decimal; readonly price: Decimal }, money: MoneyRule): Closing {
  const whole = close.qty.eq(held.qty)
  const released = whole ? held.cost : held.cost.times(close.qty).div(held.qty)
  const value = close.qty.times(close.price)
  const gain = legSign(held.leg) === 1 ? value.minus(released) : released.minus(value)
  return {
    qty: whole ? ZERO : held.qty.minus(close.qty),
    cost: whole ? ZERO : held.cost.minus(released),
    realised: postMoney(money, gain),
  }
}

/** A leg's order value under its leverage: what the fees and margins of an opened value are computed from. */
export interface LeveragedValue {
  readonly leg: Leg
  /** Quantity times opening price. */
  readonly value: Decimal
  readonly leverage: Decimal
  readonly takerRate: Decimal
}

/** The taker fee of closing at the bankruptcy price, `value x (1 -/+ 1/leverage) x taker`, - for the long leg [P][O MAR-006]: 40,000 at 50x and 0.055 % reserves 21.56. */
export function closeFee(input: LeveragedValue): Decimal {
  return input.takerRate.isZero() ? ZERO : feeBeyond(input, input.value.div(input.leverage))
}

/** Margin that an isolated leg takes for an opened value: `value / leverage`, with the close fee where the venue reserves it [P]. */
export function openingMargin(input: LeveragedValue & { readonly closeFeeReserve: boolean }): Decimal {
  const margin = input.value.div(input.leverage)
  return input.closeFeeReserve ? margin.plus(feeBeyond(input, margin)) : margin
}

function feeBeyond({ leg, value, takerRate }: LeveragedValue, margin: Decimal): Decimal {
  return (legSign(leg) === 1 ? value.minus(margin) : value.plus(margin)).times(takerRate)
}
