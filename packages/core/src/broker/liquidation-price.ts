/** Liquidation prices: derived on demand from the risk curves, never stored, never compared with (SIMULATION 1.9, 2.3, 2.4). */
import { ZERO, type Decimal } from '../domain/decimal.ts'
import { legSign, type Leg } from '../domain/leg.ts'
import { singleTier } from '../domain/tiers.ts'
import type { VenueProfile } from '../driver/venue-profile.ts'
import { isIsolated, type MarginAccount, type MarginPair } from './margin-account.ts'
import { crossBacking, crossCurve, firstZero, isolatedCurve, riskAt, slopeAt, type IsolatedLeg, type RiskCurve } from './risk-curve.ts'

/** A price at which equity no longer exceeds maintenance margin, or why there is none. */
export type LiquidationLevel =
  | { readonly price: Decimal; /** The side of the level that liquidates. */ readonly danger: 'below' | 'above' }
  | { readonly price: null; readonly reason: 'fully-hedged' | 'no-boundary' }

/** The level of one symbol of a cross account. */
export interface SymbolLevel {
  readonly symbol: string
  readonly level: LiquidationLevel
}

/**
 * Levels of the symbols that hold cross positions, the others standing at their marks. The level is on the side where equity minus
 * maintenance margin falls: below where its slope at the mark is positive, else above; with the tier valid at the level.
 */
export function crossLevels(profile: VenueProfile, account: MarginAccount): readonly SymbolLevel[] {
  const curves = account.pairs.map((pair) => ({ pair, curve: crossCurve(profile, account, pair) }))
  let total = crossBacking(profile, account)
  for (const { pair, curve } of curves) total = total.plus(slackOf(curve, pair.mark))
  return curves
    .filter(({ pair }) => holdsCross(account, pair))
    .map(({ pair, curve }) => ({ symbol: pair.symbol, level: levelFrom(curve, { backing: total.minus(slackOf(curve, pair.mark)), mark: pair.mark }) }))
}

/** The level of one pair that a backing stands behind, wherever the mark is: for accounts whose slack changes sign once. */
export function pairLevel(curve: RiskCurve, backing: Decimal): LiquidationLevel {
  if (neverMoves(curve)) return { price: null, reason: 'fully-hedged' }
  const price = firstZero(curve, { backing, from: ZERO, direction: 'up' })
  return price === null || price.isZero() ? { price: null, reason: 'no-boundary' } : { price, danger: slopeAt(curve, price).gt(0) ? 'below' : 'above' }
}

/**
 * The level of an isolated leg. Long 1 at 40,000, 50x, 0.5 %, taker 0.055 %, 3,000 added: 36,380.25 [P LIQ-021].
 */
export function isolatedLevel(profile: VenueProfile, leg: IsolatedLeg): LiquidationLevel {
  return pairLevel(isolatedCurve(profile, leg), ZERO)
}

/** The level that concerns a leg: its own when it is isolated, the symbol's when it is cross; null when flat or when there is none. */
export function liquidationPriceOf(profile: VenueProfile, account: MarginAccount, where: { readonly symbol: string; readonly leg: Leg }): Decimal | null {
  const pair = account.pairs.find(({ symbol }) => symbol === where.symbol)
  const held = pair?.[where.leg]
  if (pair === undefined || held === undefined || held.qty.isZero()) return null
  if (!isIsolated(account, held)) return crossLevels(profile, account).find(({ symbol }) => symbol === where.symbol)?.level.price ?? null
  return isolatedLevel(profile, { symbol: pair.symbol, held, leverage: pair.leverage[where.leg], tiers: pair.tiers, takerRate: account.takerRate }).price
}

/** A position whose tier is given. */
export interface FixedRatePosition {
  readonly leg: Leg
  readonly qty: Decimal
  readonly entryPrice: Decimal
  readonly rate: Decimal
  readonly deduction: Decimal
}

/**
 * The curve of positions of one symbol whose tiers are given; its level is the venue's closed form
 * `(W - otherMM + otherPnl + sum of deductions - sum of side x qty x entry) / (sum of qty x rate - sum of side x qty)` [P LIQ-001..028].
 */
export function fixedRateCurve(positions: readonly FixedRatePosition[]): RiskCurve {
  return positions.reduce<RiskCurve>((curve, { leg, qty, entryPrice, rate, deduction }) => ({
    slope: curve.slope.plus(qty.times(legSign(leg))),
    base: curve.base.minus(qty.times(entryPrice).times(legSign(leg))),
    reserve: ZERO,
    tiered: [...curve.tiered, { qty, tiers: singleTier({ rate, deduction }) }],
  }), { slope: ZERO, base: ZERO, reserve: ZERO, tiered: [] })
}

function levelFrom(curve: RiskCurve, { backing, mark }: { readonly backing: Decimal; readonly mark: Decimal }): LiquidationLevel {
  if (neverMoves(curve)) return { price: null, reason: 'fully-hedged' }
  const danger = slopeAt(curve, mark).gt(0) ? 'below' : 'above'
  const price = firstZero(curve, { backing, from: mark, direction: danger === 'below' ? 'down' : 'up' })
  return price === null || price.lte(0) ? { price: null, reason: 'no-boundary' } : { price, danger }
}

function slackOf(curve: RiskCurve, price: Decimal): Decimal {
  const { equity, maintenanceMargin } = riskAt(curve, price)
  return equity.minus(maintenanceMargin)
}

/** No price changes the slack: equal legs of which the venue charges only the net. */
function neverMoves(curve: RiskCurve): boolean {
  return curve.slope.isZero() && curve.tiered.length === 0
}

function holdsCross(account: MarginAccount, pair: MarginPair): boolean {
  return [pair.long, pair.short].some((held) => !held.qty.isZero() && !isIsolated(account, held))
}
