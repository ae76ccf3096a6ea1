/** The liquidation of one isolated leg, as data (SIMULATION 2.3, 2.5). The other leg of the pair is untouched. */
import { roundToPlaces, ZERO, type Decimal } from '../domain/decimal.ts'
import { sumDecimals } from '../domain/sum.ts'
import { legSign } from '../domain/leg.ts'
import { postMoney } from '../domain/money.ts'
import type { VenueProfile } from '../driver/venue-profile.ts'
import { closeHolding } from '../state/position-fold.ts'
import { ladderStep, type LiquidationClose, type LiquidationStep } from './liquidation.ts'
import type { MarginLeg } from './margin-account.ts'
import { bankruptcyPrice, isolatedCurve, isUncovered, riskAt, type IsolatedLeg, type Risk } from './risk-curve.ts'

/** What the liquidation of one isolated leg consists of. */
export interface IsolatedLiquidationPlan {
  readonly triggered: boolean
  /** Margin plus unrealised profit, and the maintenance margin with the close fee, before the first step. */
  readonly before: Risk
  readonly steps: readonly LiquidationStep[]
  /** Results and fees of the reductions; a takeover's are not in them. */
  readonly realised: Decimal
  readonly fees: Decimal
  readonly clearanceFees: Decimal
  readonly insurance: Decimal
  readonly survived: boolean
  /** What the leg lost when it did not survive, a magnitude: its whole margin where it is taken over. Null when it survived. */
  readonly loss: Decimal | null
  readonly after: MarginLeg
}

/**
 * Liquidates an isolated leg at a mark, if its margin and profit are at or below its maintenance margin. With `candle-range` the mark is
 * the extreme of the candle that touched the level.
 */
export function liquidateIsolated(profile: VenueProfile, leg: IsolatedLeg, at: { readonly mark: Decimal; readonly qtyStep: Decimal }): IsolatedLiquidationPlan {
  const before = riskAt(isolatedCurve(profile, leg), at.mark)
  const procedure = PROCEDURES[profile.liquidation.isolated]
  const run: Run = { profile, leg, ...at, steps: [], after: leg.held }
  if (procedure === null || leg.held.qty.isZero() || !isUncovered(before)) return plan(run, before)
  run.steps.push({ type: 'cancel-orders' })
  procedure(run)
  return plan(run, before)
}

/** A liquidation in progress. */
interface Run {
  readonly profile: VenueProfile
  readonly leg: IsolatedLeg
  readonly mark: Decimal
  readonly qtyStep: Decimal
  readonly steps: LiquidationStep[]
  after: MarginLeg
}

const PROCEDURES: Record<VenueProfile['liquidation']['isolated'], ((run: Run) => void) | null> = {
  ladder: (run) => {
    while (isUncovered(riskAt(isolatedCurve(run.profile, { ...run.leg, held: run.after }), run.mark)) && reduce(run));
  },
  'whole-position': closeWhole,
  'candle-range': (run) => takeOver(run, { feeOnTop: true }),
  none: null,
}

/** One rung down; from tier 1 the takeover. True while something is left. The margin, result and fee all stay with the leg [P]. */
function reduce(run: Run): boolean {
  const { profile, leg, mark, after } = run
  const rung = ladderStep({ mark, tiers: leg.tiers }, after.qty, run.qtyStep)
  if (rung.qty.eq(after.qty)) {
    takeOver(run, { feeOnTop: false })
    return false
  }
  const { qty, cost, realised } = closeHolding(after, { qty: rung.qty, price: mark }, profile.money)
  const fee = postMoney(profile.money, rung.qty.times(mark).times(leg.takerRate))
  run.after = { ...after, qty, cost, isolatedMargin: marginOf(after).plus(realised).minus(fee) }
  run.steps.push({ type: 'reduce', symbol: leg.symbol, leg: after.leg, qty: rung.qty, tier: rung.tier, closes: [{ symbol: leg.symbol, leg: after.leg, qty: rung.qty, price: mark, realised, fee }] })
  return true
}

/** Decimals of a takeover price. */
const PRICE_PLACES = 8

/**
 * Takes the leg over at its bankruptcy price, so that exactly its margin is lost: price and fee consume it [D]. The price is rounded in the
 * leg's favour and the fee takes the rest. With `feeOnTop` the price leaves no room for the fee, which the wallet pays.
 */
function takeOver(run: Run, { feeOnTop }: { readonly feeOnTop: boolean }): void {
  const { leg, after, profile } = run
  const rate = feeOnTop ? ZERO : leg.takerRate
  const exact = bankruptcyPrice({ held: after, takerRate: rate })
  const price = profile.money.places === null || feeOnTop ? exact : roundToPlaces(exact, PRICE_PLACES, legSign(after.leg) === 1 ? 'ceil' : 'floor')
  const { realised } = closeHolding(after, { qty: after.qty, price }, profile.money)
  const fee = feeOnTop ? postMoney(profile.money, after.qty.times(price).times(leg.takerRate)) : marginOf(after).plus(realised)
  const close: LiquidationClose = { symbol: leg.symbol, leg: after.leg, qty: after.qty, price, realised, fee }
  run.after = { ...after, qty: ZERO, cost: ZERO, isolatedMargin: ZERO }
  run.steps.push({ type: 'takeover', closes: [close], forfeit: ZERO, insurance: ZERO })
}

/** Closes the leg at mark with the clearance fee [P]; what is left of the margin goes back, what is missing is the insurance fund's. */
function closeWhole(run: Run): void {
  const { leg, after, mark, profile } = run
  const { realised } = closeHolding(after, { qty: after.qty, price: mark }, profile.money)
  const clearanceFee = postMoney(profile.money, after.qty.times(mark).times(profile.liquidation.clearanceFeeRate))
  const left = marginOf(after).plus(realised).minus(clearanceFee)
  run.after = { ...after, qty: ZERO, cost: ZERO, isolatedMargin: ZERO }
  run.steps.push({ type: 'close-leg', symbol: leg.symbol, leg: after.leg, closes: [{ symbol: leg.symbol, leg: after.leg, qty: after.qty, price: mark, realised, fee: ZERO }], clearanceFee })
  if (left.lt(0)) run.steps.push({ type: 'insurance', amount: left.neg() })
}

function plan(run: Run, before: Risk): IsolatedLiquidationPlan {
  const survived = !run.after.qty.isZero() || run.leg.held.qty.isZero()
  const reductions = run.steps.flatMap((step) => (step.type === 'reduce' ? step.closes : []))
  const insurance = sumDecimals(run.steps.map((step) => (step.type === 'insurance' ? step.amount : ZERO)))
  const clearanceFees = sumDecimals(run.steps.map((step) => (step.type === 'close-leg' ? step.clearanceFee : ZERO)))
  return {
    triggered: run.steps.length > 0,
    before,
    steps: run.steps,
    realised: sumDecimals(reductions.map(({ realised }) => realised)),
    fees: sumDecimals(reductions.map(({ fee }) => fee)),
    clearanceFees,
    insurance,
    survived,
    loss: survived ? null : lossOf(run.steps).plus(clearanceFees).minus(insurance),
    after: run.after,
  }
}

/** Fees less results of all closes. */
function lossOf(steps: readonly LiquidationStep[]): Decimal {
  return sumDecimals(steps.flatMap((step) => ('closes' in step ? step.closes.map(({ fee, realised }) => fee.minus(realised)) : [])))
}

function marginOf(held: MarginLeg): Decimal {
  return held.isolatedMargin ?? ZERO
}
