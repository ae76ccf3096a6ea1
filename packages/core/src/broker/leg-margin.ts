/** Margin of one leg of a pair (SIMULATION 1.2, 1.7, 2.2). */
import { minDecimal, ZERO, type Decimal } from '../domain/decimal.ts'
import { legOf, oppositeLeg, type Leg } from '../domain/leg.ts'
import { postMoney } from '../domain/money.ts'
import { unrealisedPnl } from '../domain/position.ts'
import { tierIndex, tierMargin } from '../domain/tiers.ts'
import type { VenueProfile } from '../driver/venue-profile.ts'
import { closeFee } from '../state/position-fold.ts'
import { isIsolated, type MarginAccount, type MarginPair } from './margin-account.ts'

/** Margin of one leg; a flat leg is all zeros. Money is rounded as the venue books it. */
export interface LegMargin {
  readonly symbol: string
  readonly leg: Leg
  readonly isolated: boolean
  /** `qty x mark`, a magnitude. */
  readonly notional: Decimal
  readonly initialMargin: Decimal
  readonly maintenanceMargin: Decimal
  readonly unrealised: Decimal
  /** Tier of the value that is charged, from 1. */
  readonly tier: number
  /** Quantity that the other leg offsets under the profile; zero where the profile knows no offset. */
  readonly hedgedQty: Decimal
  /** Margin locked for this leg alone; null in cross. */
  readonly isolatedMargin: Decimal | null
  /** Isolated: `maintenanceMargin / (isolatedMargin + unrealised)`; null in cross, or when that is not positive. */
  readonly marginRatio: Decimal | null
}

/** What the venue charges a leg with: the part that counts for tiers, and its fee reserve. */
export interface LegCharge {
  /** Quantity that carries tier margin. */
  readonly qty: Decimal
  /** What that quantity cost. */
  readonly cost: Decimal
  /** Close fees that both margins include. */
  readonly reserve: Decimal
  readonly hedgedQty: Decimal
}

/**
 * Splits a leg into what is charged in full and what the other leg offsets. With `hedged: 'net'` in cross a hedged quantity carries no
 * tier margin and `hedgedCloseFeeMultiplier` close fees: observed for one row to the eighth decimal [O MAR-007]; the multiplier is [A].
 */
export function legCharge(profile: VenueProfile, account: Pick<MarginAccount, 'marginMode' | 'takerRate'>, pair: Pick<MarginPair, 'leverage' | Leg>, leg: Leg): LegCharge {
  const held = legOf(pair, leg)
  const { margin } = profile
  const feeOf = (value: Decimal): Decimal => closeFee({ leg, value, leverage: legOf(pair.leverage, leg), takerRate: account.takerRate })
  const other = pair[oppositeLeg(leg)]
  const offsets = margin.hedged === 'net' && !other.qty.isZero() && !isIsolated(account, held) && !isIsolated(account, other)
  if (!offsets) return { qty: held.qty, cost: held.cost, reserve: margin.closeFeeReserve ? feeOf(held.cost) : ZERO, hedgedQty: ZERO }
  const hedgedQty = minDecimal(held.qty, other.qty)
  const hedgedCost = hedgedQty.eq(held.qty) ? held.cost : held.cost.times(hedgedQty).div(held.qty)
  const cost = held.cost.minus(hedgedCost)
  const reserve = margin.closeFeeReserve ? feeOf(cost).plus(feeOf(hedgedCost).times(margin.hedgedCloseFeeMultiplier)) : ZERO
  return { qty: held.qty.minus(hedgedQty), cost, reserve, hedgedQty }
}

/** Initial margin of a leg, unrounded: `qty x price / leverage`, at mark or entry, plus the reserve. */
export function initialMarginOf(profile: VenueProfile, account: MarginAccount, pair: MarginPair, charge: { readonly leg: Leg; readonly reserve: Decimal }): Decimal {
  const held = legOf(pair, charge.leg)
  const base = profile.margin.initialPrice[isIsolated(account, held) ? 'isolated' : 'cross']
  const value = base === 'mark' ? held.qty.times(pair.mark) : held.cost
  return value.div(legOf(pair.leverage, charge.leg)).plus(charge.reserve)
}

/** The row of one leg. */
export function legMargin(profile: VenueProfile, account: MarginAccount, pair: MarginPair, leg: Leg): LegMargin {
  const held = legOf(pair, leg)
  const isolated = isIsolated(account, held)
  if (held.qty.isZero()) return flatRow(pair.symbol, leg, isolated)
  const { money } = profile
  const charge = legCharge(profile, account, pair, leg)
  const charged = profile.margin.maintenancePrice === 'mark' ? charge.qty.times(pair.mark) : charge.cost
  const initialMargin = postMoney(money, initialMarginOf(profile, account, pair, { leg, reserve: charge.reserve }))
  const maintenanceMargin = postMoney(money, tierMargin(pair.tiers, charged).plus(charge.reserve))
  const unrealised = postMoney(money, unrealisedPnl(held, pair.mark))
  const isolatedMargin = isolated ? held.isolatedMargin ?? initialMargin : null
  const backing = isolatedMargin?.plus(unrealised)
  return {
    symbol: pair.symbol, leg, isolated, initialMargin, maintenanceMargin, unrealised, isolatedMargin,
    notional: held.qty.times(pair.mark),
    tier: tierIndex(pair.tiers, charged) + 1,
    hedgedQty: charge.hedgedQty,
    marginRatio: backing?.gt(0) === true ? maintenanceMargin.div(backing) : null,
  }
}

function flatRow(symbol: string, leg: Leg, isolated: boolean): LegMargin {
  return {
    symbol, leg, isolated, notional: ZERO, initialMargin: ZERO, maintenanceMargin: ZERO, unrealised: ZERO,
    tier: 1, hedgedQty: ZERO, isolatedMargin: isolated ? ZERO : null, marginRatio: null,
  }
}
