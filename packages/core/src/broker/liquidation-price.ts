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
  const slacks = slacksOf(profile, account)
  return slacks.pairs.filter(({ pair }) => holdsCross(account, pair)).map((at) => ({ symbol: at.pair.symbol, level: levelAt(at, slacks.total) }))
}

/** A pair with its curve, and what stands behind maintenance margin at its mark. */
interface PairSlack {
  readonly pair: MarginPair
  readonly curve: RiskCurve
  readonly slack: Decimal
}

/** Of every pair, and of the account as a whole. */
function slacksOf(profile: VenueProfile, account: MarginAccount): { readonly pairs: readonly PairSlack[]; readonly total: Decimal } {
  let total = crossBacking(profile, account)
  const pairs = account.pairs.map((pair): PairSlack => {
    const curve = crossCurve(profile, account, pair)
    const slack = slackOf(curve, pair.mark)
    total = total.plus(slack)
    return { pair, curve, slack }
  })
  return { pairs, total }
}

function levelAt({ pair, curve, slack }: PairSlack, total: Decimal): LiquidationLevel {
  return levelFrom(curve, { backing: total.minus(slack), mark: pair.mark })
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
  return pair === undefined ? null : priceOfLeg({ profile, account, pair }, where.leg, () => crossPriceOf(profile, account, pair))
}

/** The levels of both legs of a symbol, as {@link liquidationPriceOf} tells them: in cross margin it is one, found once. */
export function liquidationPricesOf(profile: VenueProfile, account: MarginAccount, symbol: string): Readonly<Record<Leg, Decimal | null>> {
  const pair = account.pairs.find((candidate) => candidate.symbol === symbol)
  if (pair === undefined) return { long: null, short: null }
  let known: { readonly price: Decimal | null } | null = null
  const cross = (): Decimal | null => (known ??= { price: crossPriceOf(profile, account, pair) }).price
  return { long: priceOfLeg({ profile, account, pair }, 'long', cross), short: priceOfLeg({ profile, account, pair }, 'short', cross) }
}

interface PairOfAccount {
  readonly profile: VenueProfile
  readonly account: MarginAccount
  readonly pair: MarginPair
}

function priceOfLeg({ profile, account, pair }: PairOfAccount, leg: Leg, cross: () => Decimal | null): Decimal | null {
  const held = pair[leg]
  if (held.qty.isZero()) return null
  if (!isIsolated(account, held)) return cross()
  return isolatedLevel(profile, { symbol: pair.symbol, held, leverage: pair.leverage[leg], tiers: pair.tiers, takerRate: account.takerRate }).price
}

function crossPriceOf(profile: VenueProfile, account: MarginAccount, pair: MarginPair): Decimal | null {
  const { pairs, total } = slacksOf(profile, account)
  const at = pairs.find((candidate) => candidate.pair === pair)
  return at === undefined ? null : levelAt(at, total).price
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
