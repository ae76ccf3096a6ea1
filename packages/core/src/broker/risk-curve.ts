/**
 * Equity and maintenance margin as functions of the mark price: piecewise linear, with a corner where a tier begins.
 * Liquidation is the inequality on margins [P] (SIMULATION 1.9); its price is a zero of these curves, found exactly. Nothing is rounded here.
 */
import { ZERO, type Decimal } from '../domain/decimal.ts'
import { legOf, legSign, LEGS } from '../domain/leg.ts'
import { tierAt, tierIndex, tierMargin, type TierTable } from '../domain/tiers.ts'
import type { VenueProfile } from '../driver/venue-profile.ts'
import { closeFee } from '../state/position-fold.ts'
import { initialMarginOf, legCharge } from './leg-margin.ts'
import { isIsolated, type MarginAccount, type MarginLeg, type MarginPair } from './margin-account.ts'
import { orderLoss } from './order-margin.ts'

/** A quantity whose value falls into the tiers of a table. */
export interface TieredQty {
  readonly qty: Decimal
  readonly tiers: TierTable
}

/** What one symbol contributes at a mark price `p`. */
export interface RiskCurve {
  /** Equity is `base + slope x p`. The slope is long minus short quantity. */
  readonly slope: Decimal
  readonly base: Decimal
  /** Maintenance margin is `reserve + sum of tier margins of qty x p`. */
  readonly reserve: Decimal
  readonly tiered: readonly TieredQty[]
}

/** Equity and the maintenance margin that it has to exceed. */
export interface Risk {
  readonly equity: Decimal
  readonly maintenanceMargin: Decimal
}

/** True when equity no longer exceeds the maintenance margin: equal is not enough [P]. */
export function isUncovered(risk: Risk): boolean {
  return risk.equity.lte(risk.maintenanceMargin)
}

/** The cross legs of a pair; isolated legs contribute nothing. Resting orders are left out: a liquidation cancels them first. */
export function crossCurve(profile: VenueProfile, account: MarginAccount, pair: MarginPair): RiskCurve {
  let curve: RiskCurve = { slope: ZERO, base: ZERO, reserve: ZERO, tiered: [] }
  for (const leg of LEGS) {
    const held = legOf(pair, leg)
    if (held.qty.isZero() || isIsolated(account, held)) continue
    const charge = legCharge(profile, account, pair, leg)
    curve = joined(curve, legCurve(profile, { ...charge, held, tiers: pair.tiers }))
  }
  return curve
}

/** One isolated leg and what its margin depends on. */
export interface IsolatedLeg {
  readonly symbol: string
  readonly held: MarginLeg
  readonly leverage: Decimal
  readonly tiers: TierTable
  readonly takerRate: Decimal
}

/** An isolated leg with the margin that backs it. The close fee is the one at the bankruptcy price of its actual margin, or of its leverage. */
export function isolatedCurve(profile: VenueProfile, leg: IsolatedLeg): RiskCurve {
  const { held, tiers } = leg
  const margin = held.isolatedMargin ?? ZERO
  const curve = legCurve(profile, { held, qty: held.qty, cost: held.cost, tiers, reserve: isolatedReserve(profile, leg) })
  return { ...curve, base: curve.base.plus(margin) }
}

/** The price at which closing an isolated leg with the taker fee consumes exactly its margin: `(cost -/+ margin) / (qty x (1 -/+ taker))` [D LIQ-021]. */
export function bankruptcyPrice(input: { readonly held: MarginLeg; readonly takerRate: Decimal }): Decimal {
  const { held, takerRate } = input
  const sign = legSign(held.leg)
  return held.cost.minus((held.isolatedMargin ?? ZERO).times(sign)).div(held.qty.times(takerRate.times(-sign).plus(1)))
}

/** Equity and maintenance margin of a curve at a price. */
export function riskAt(curve: RiskCurve, price: Decimal): Risk {
  let maintenanceMargin = curve.reserve
  for (const { qty, tiers } of curve.tiered) maintenanceMargin = maintenanceMargin.plus(tierMargin(tiers, qty.times(price)))
  return { equity: curve.base.plus(curve.slope.times(price)), maintenanceMargin }
}

/** Money that backs the cross legs: the wallet without the margins of isolated legs, unrounded. */
export function crossBacking(profile: VenueProfile, account: MarginAccount): Decimal {
  let backing = account.wallet
  for (const pair of account.pairs) {
    for (const leg of LEGS) {
      const held = legOf(pair, leg)
      if (held.qty.isZero() || !isIsolated(account, held)) continue
      backing = backing.minus(held.isolatedMargin ?? initialMarginOf(profile, account, pair, { leg, reserve: legCharge(profile, account, pair, leg).reserve }))
    }
  }
  return backing
}

/** Equity (order loss included where the venue counts it) and maintenance margin of all cross legs at their marks. */
export function crossRisk(profile: VenueProfile, account: MarginAccount): Risk {
  let equity = crossBacking(profile, account)
  let maintenanceMargin = ZERO
  for (const pair of account.pairs) {
    const risk = riskAt(crossCurve(profile, account, pair), pair.mark)
    equity = equity.plus(risk.equity).plus(orderLoss(profile, account, pair))
    maintenanceMargin = maintenanceMargin.plus(risk.maintenanceMargin)
  }
  return { equity, maintenanceMargin }
}

/** Where to look for a zero. */
export interface Search {
  /** Money that is added to the curve's equity. */
  readonly backing: Decimal
  readonly from: Decimal
  readonly direction: 'up' | 'down'
}

/** Digits of a zero: the noise of a 40-digit division is cut, so that a level on the price grid is on the grid. */
const ZERO_DIGITS = 32

/** The first price, from `from` on, at which equity equals maintenance margin; null when there is none (prices end at 0). */
export function firstZero(curve: RiskCurve, search: Search): Decimal | null {
  const tierNow = curve.tiered.map(({ qty, tiers }) => tierIndex(tiers, qty.times(search.from)))
  const startSign = Math.sign(valueAt(lineOf(curve, tierNow, search.backing), search.from).comparedTo(ZERO))
  if (startSign === 0) return search.from
  for (;;) {
    const line = lineOf(curve, tierNow, search.backing)
    const edges = curve.tiered.map((term, index) => edgeOf(term, tierNow[index] ?? 0, search.direction))
    const edge = nearest(edges, search.direction)
    const endSign = edge === null ? Math.sign(line.slope.comparedTo(ZERO)) || startSign : Math.sign(valueAt(line, edge).comparedTo(ZERO))
    if (endSign !== startSign) return line.constant.div(line.slope).neg().toSignificantDigits(ZERO_DIGITS)
    if (edge === null || edge.isZero()) return null
    const step = search.direction === 'up' ? 1 : -1
    edges.forEach((own, index) => { if (own?.eq(edge) === true) tierNow[index] = (tierNow[index] ?? 0) + step })
  }
}

/** Equity minus maintenance margin per unit of price, with the tiers of a price (at a cap: the lower one). */
export function slopeAt(curve: RiskCurve, price: Decimal): Decimal {
  return lineOf(curve, curve.tiered.map(({ qty, tiers }) => tierIndex(tiers, qty.times(price))), ZERO).slope
}

interface Line {
  readonly slope: Decimal
  readonly constant: Decimal
}

function lineOf(curve: RiskCurve, tierNow: readonly number[], backing: Decimal): Line {
  let { slope } = curve
  let constant = curve.base.minus(curve.reserve).plus(backing)
  curve.tiered.forEach(({ qty, tiers }, index) => {
    const tier = tierAt(tiers, tierNow[index] ?? 0)
    slope = slope.minus(qty.times(tier.rate))
    constant = constant.plus(tier.deduction)
  })
  return { slope, constant }
}

function valueAt(line: Line, price: Decimal): Decimal {
  return line.slope.times(price).plus(line.constant)
}

/** Price at which a term leaves its tier; null upwards of the last. */
function edgeOf({ qty, tiers }: TieredQty, index: number, direction: Search['direction']): Decimal | null {
  if (direction === 'down') return index === 0 ? ZERO : tierAt(tiers, index - 1).cap.div(qty)
  return index >= tiers.tiers.length - 1 ? null : tierAt(tiers, index).cap.div(qty)
}

/** The edge that is met first; 0 ends the way down, null leaves the way up open. */
function nearest(edges: readonly (Decimal | null)[], direction: Search['direction']): Decimal | null {
  let found: Decimal | null = direction === 'down' ? ZERO : null
  for (const edge of edges) {
    if (edge !== null && (found === null || (direction === 'down' ? edge.gt(found) : edge.lt(found)))) found = edge
  }
  return found
}

function legCurve(profile: VenueProfile, charge: { readonly held: MarginLeg; readonly qty: Decimal; readonly cost: Decimal; readonly reserve: Decimal; readonly tiers: TierTable }): RiskCurve {
  const { held, qty, tiers } = charge
  const sign = legSign(held.leg)
  const byMark = profile.margin.maintenancePrice === 'mark'
  return {
    slope: held.qty.times(sign),
    base: held.cost.times(-sign),
    reserve: byMark ? charge.reserve : charge.reserve.plus(tierMargin(tiers, charge.cost)),
    tiered: byMark && !qty.isZero() ? [{ qty, tiers }] : [],
  }
}

function joined(a: RiskCurve, b: RiskCurve): RiskCurve {
  return { slope: a.slope.plus(b.slope), base: a.base.plus(b.base), reserve: a.reserve.plus(b.reserve), tiered: [...a.tiered, ...b.tiered] }
}

function isolatedReserve(profile: VenueProfile, { held, leverage, takerRate }: IsolatedLeg): Decimal {
  if (!profile.margin.closeFeeReserve) return ZERO
  if (profile.isolated.closeFeeAt === 'leverage') return closeFee({ leg: held.leg, value: held.cost, leverage, takerRate })
  return bankruptcyPrice({ held, takerRate }).times(held.qty).times(takerRate)
}
