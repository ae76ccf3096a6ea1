/**
 * Margin of a PAIR under a venue profile: what both legs of each symbol and the resting openers need, and what is left.
 * One model for every venue; the differences are data (SIMULATION 1.1, 1.2, 1.5, 2.2).
 */
import { maxDecimal, ZERO, type Decimal } from '../domain/decimal.ts'
import { legOf, LEGS } from '../domain/leg.ts'
import { postMoney } from '../domain/money.ts'
import { unrealisedPnl } from '../domain/position.ts'
import type { VenueProfile } from '../driver/venue-profile.ts'
import { initialMarginOf, legCharge, legMargin, type LegMargin } from './leg-margin.ts'
import { isIsolated, type MarginAccount } from './margin-account.ts'
import { orderLoss, orderMargin } from './order-margin.ts'

/** The margin report of an account. Each row is rounded as the venue books it; totals are sums of rounded parts. */
export interface MarginReport {
  /** Two rows a pair, long first, in the order of the pairs. */
  readonly rows: readonly LegMargin[]
  readonly wallet: Decimal
  /** Wallet without the margins of isolated legs. */
  readonly crossWallet: Decimal
  readonly orderMargin: Decimal
  /** Of the legs in the account's margin mode, plus order margin. */
  readonly initialMargin: Decimal
  /** Of the legs in the account's margin mode. */
  readonly maintenanceMargin: Decimal
  /** Of all legs. */
  readonly unrealised: Decimal
  /** Wallet plus all unrealised profit. */
  readonly marginBalance: Decimal
  /** Cross wallet plus the unrealised profit of cross legs. */
  readonly crossMarginBalance: Decimal
  /** At most zero. */
  readonly orderLoss: Decimal
  readonly available: Decimal
  /** Initial and maintenance margin over `crossMarginBalance + orderLoss`; null when that is not positive. */
  readonly initialRate: Decimal | null
  readonly maintenanceRate: Decimal | null
  /** `crossMarginBalance + orderLoss <= maintenanceMargin`, and there is maintenance margin to cover. */
  readonly liquidate: boolean
}

/** The whole report. */
export function assessMargin(profile: VenueProfile, account: MarginAccount): MarginReport {
  const rows = account.pairs.flatMap((pair) => LEGS.map((leg) => legMargin(profile, account, pair, leg)))
  const cross = rows.filter((row) => !row.isolated)
  const inMode = account.marginMode === 'isolated' ? rows : cross
  const orders = sumOf(account.pairs, (pair) => orderMargin(profile, account, pair))
  const loss = sumOf(account.pairs, (pair) => orderLoss(profile, account, pair))
  const unrealised = sumOf(rows, (row) => row.unrealised)
  const crossWallet = account.wallet.minus(sumOf(rows, (row) => row.isolatedMargin ?? ZERO))
  const crossMarginBalance = crossWallet.plus(sumOf(cross, (row) => row.unrealised))
  const initialMargin = sumOf(inMode, (row) => row.initialMargin).plus(orders)
  const maintenanceMargin = sumOf(inMode, (row) => row.maintenanceMargin)
  const balance = crossMarginBalance.plus(loss)
  const rate = (margin: Decimal): Decimal | null => (balance.gt(0) ? margin.div(balance) : null)
  return {
    rows, wallet: account.wallet, crossWallet, orderMargin: orders, initialMargin, maintenanceMargin, unrealised,
    marginBalance: account.wallet.plus(unrealised), crossMarginBalance, orderLoss: loss,
    available: availableOf(profile, {
      balance: profile.margin.isolatedProfitAvailable ? crossWallet.plus(unrealised) : crossMarginBalance,
      taken: sumOf(cross, (row) => row.initialMargin).plus(orders),
    }),
    initialRate: rate(initialMargin), maintenanceRate: rate(maintenanceMargin),
    liquidate: maintenanceMargin.gt(0) && balance.lte(maintenanceMargin),
  }
}

/** Only `available` of the report: what an admission asks for. */
export function availableMargin(profile: VenueProfile, account: MarginAccount): Decimal {
  const { money, margin } = profile
  let balance = account.wallet
  let taken = ZERO
  for (const pair of account.pairs) {
    for (const leg of LEGS) {
      const held = legOf(pair, leg)
      if (held.qty.isZero()) continue
      const isolated = isIsolated(account, held)
      if (!isolated || margin.isolatedProfitAvailable) balance = balance.plus(postMoney(money, unrealisedPnl(held, pair.mark)))
      if (isolated && held.isolatedMargin !== null) taken = taken.plus(held.isolatedMargin)
      else taken = taken.plus(postMoney(money, initialMarginOf(profile, account, pair, { leg, reserve: legCharge(profile, account, pair, leg).reserve })))
    }
    taken = taken.plus(orderMargin(profile, account, pair))
  }
  return availableOf(profile, { balance, taken })
}

/** `balance - taken`; some venues never report less than zero [P], others do [P MAR-025]. */
function availableOf(profile: VenueProfile, { balance, taken }: { readonly balance: Decimal; readonly taken: Decimal }): Decimal {
  const available = balance.minus(taken)
  return profile.margin.clampAvailable ? maxDecimal(ZERO, available) : available
}

function sumOf<T>(parts: readonly T[], amount: (part: T) => Decimal): Decimal {
  let sum = ZERO
  for (const part of parts) sum = sum.plus(amount(part))
  return sum
}
