/**
 * The liquidation of a cross account, as data: what the venue closes, at what price and cost (SIMULATION 2.5). Nothing has happened when
 * a plan exists: the exchange emits its steps as events, and the ledger then holds what the plan says.
 */
import { maxDecimal, ZERO, type Decimal } from '../domain/decimal.ts'
import { sumDecimals } from '../domain/sum.ts'
import { floorToStep } from '../domain/step.ts'
import { LEGS, type Leg } from '../domain/leg.ts'
import { postMoney } from '../domain/money.ts'
import { unrealisedPnl } from '../domain/position.ts'
import { tierAt, tierIndex } from '../domain/tiers.ts'
import type { VenueProfile } from '../driver/venue-profile.ts'
import { HedgerowError } from '../errors.ts'
import { closeHolding } from '../state/position-fold.ts'
import { isIsolated, type MarginAccount, type MarginLeg, type MarginPair } from './margin-account.ts'
import { crossRisk, isUncovered, type Risk } from './risk-curve.ts'

/** A quantity that the venue takes off a leg. Becomes a fill with source `liquidation`. */
export interface LiquidationClose {
  readonly symbol: string
  readonly leg: Leg
  readonly qty: Decimal
  readonly price: Decimal
  /** Gross profit, as the ledger books it. */
  readonly realised: Decimal
  /** Fee of the fill. */
  readonly fee: Decimal
}

/** One thing that the venue did. A clearance fee or a forfeit becomes a `clearance` posting of its negative, insurance an `insurance` posting. */
export type LiquidationStep =
  | { readonly type: 'cancel-orders' }
  /** `tier` is the tier that is left, from 1; 0 when nothing is. */
  | { readonly type: 'reduce'; readonly symbol: string; readonly leg: Leg; readonly qty: Decimal; readonly tier: number; readonly closes: readonly LiquidationClose[] }
  | { readonly type: 'close-pair'; readonly symbol: string; readonly qty: Decimal; readonly closes: readonly LiquidationClose[] }
  | { readonly type: 'close-leg'; readonly symbol: string; readonly leg: Leg; readonly closes: readonly LiquidationClose[]; readonly clearanceFee: Decimal }
  | { readonly type: 'takeover'; readonly closes: readonly LiquidationClose[]; readonly forfeit: Decimal; readonly insurance: Decimal }
  | { readonly type: 'insurance'; readonly amount: Decimal }

/** What a liquidation consists of. */
export interface LiquidationPlan {
  /** False: equity covers the maintenance margin, and there are no steps. */
  readonly triggered: boolean
  /** Before the first step, order loss included. */
  readonly before: Risk
  readonly steps: readonly LiquidationStep[]
  /** Sums over the steps. */
  readonly fees: Decimal
  readonly clearanceFees: Decimal
  readonly insurance: Decimal
  readonly after: { readonly account: MarginAccount; readonly risk: Risk }
}

/**
 * Liquidates the cross legs of all pairs at their marks, if equity is at or below maintenance margin. Which symbol comes first is our
 * policy [A]: the largest unrealised loss, then the largest value, then the order of the pairs.
 */
export function liquidateCross(profile: VenueProfile, account: MarginAccount, qtyStep: (symbol: string) => Decimal): LiquidationPlan {
  const before = crossRisk(profile, account)
  const procedure = PROCEDURES[profile.liquidation.cross]
  if (procedure === null || !isUncovered(before) || crossLegs(account).length === 0) return plan(profile, before, account, [])
  const run: Run = { profile, qtyStep, account: { ...account, pairs: account.pairs.map((pair) => ({ ...pair, orders: [] })) }, steps: [{ type: 'cancel-orders' }] }
  if (isUncovered(riskOf(run))) {
    if (profile.liquidation.settlement === 'bankruptcy') takeAll(run)
    else procedure(run)
  }
  return plan(profile, before, run.account, run.steps)
}

/** A liquidation in progress. */
interface Run {
  readonly profile: VenueProfile
  readonly qtyStep: (symbol: string) => Decimal
  account: MarginAccount
  readonly steps: LiquidationStep[]
}

const PROCEDURES: Record<VenueProfile['liquidation']['cross'], ((run: Run) => void) | null> = {
  'net-ladder': (run) => {
    while (isUncovered(riskOf(run)) && (reduceWorstNet(run) || closeWorstPair(run)));
    coverDeficit(run)
  },
  'whole-positions': (run) => {
    while (isUncovered(riskOf(run)) && closeWorstLeg(run));
    coverDeficit(run)
  },
  none: null,
}

/** Takes the net of the worst symbol down to the next lower tier; in the lowest tier takes all of it [P ladder, A ordering]. */
function reduceWorstNet(run: Run): boolean {
  const worst = ranked(crossLegs(run.account).map((one) => ({ ...one, netQty: netOf(run.account, one.pair, one.held) })).filter(({ netQty }) => netQty.gt(0)), ({ pair, netQty }) => ({
    loss: crossPnl(run.account, pair), value: netQty.times(pair.mark),
  }))
  if (worst === undefined) return false
  const { pair, held, netQty } = worst
  const { qty, tier } = ladderStep(pair, netQty, run.qtyStep(pair.symbol))
  const closes = [closeAtMark(run, pair.symbol, { leg: held.leg, qty, takerFee: true })]
  run.steps.push({ type: 'reduce', symbol: pair.symbol, leg: held.leg, qty, tier, closes })
  return true
}

function closeWorstPair(run: Run): boolean {
  const worst = ranked(run.account.pairs.filter((pair) => crossLegsOf(run.account, pair).length > 0), (pair) => ({
    loss: crossPnl(run.account, pair), value: pair.long.qty.times(pair.mark),
  }))
  if (worst === undefined) return false
  const { symbol } = worst
  const { qty } = worst.long
  const closes = LEGS.map((leg) => closeAtMark(run, symbol, { leg, qty, takerFee: true }))
  run.steps.push({ type: 'close-pair', symbol, qty, closes })
  return true
}

/** Closes the leg with the lowest profit, then the larger value, then long [A]; the fee is the clearance fee [P]. */
function closeWorstLeg(run: Run): boolean {
  const worst = ranked(crossLegs(run.account), ({ pair, held }) => ({ loss: unrealisedPnl(held, pair.mark), value: held.qty.times(pair.mark) }))
  if (worst === undefined) return false
  const { pair, held } = worst
  const clearanceFee = postMoney(run.profile.money, held.qty.times(pair.mark).times(run.profile.liquidation.clearanceFeeRate))
  const closes = [closeAtMark(run, pair.symbol, { leg: held.leg, qty: held.qty, takerFee: false })]
  run.account = { ...run.account, wallet: run.account.wallet.minus(clearanceFee) }
  run.steps.push({ type: 'close-leg', symbol: pair.symbol, leg: held.leg, closes, clearanceFee })
  return true
}

/** Worst case: everything goes at once, and so does all equity; a deficit is the insurance fund's. */
function takeAll(run: Run): void {
  const closes = crossLegs(run.account).map(({ pair, held }) => closeAtMark(run, pair.symbol, { leg: held.leg, qty: held.qty, takerFee: false }))
  const left = riskOf(run).equity
  run.account = { ...run.account, wallet: run.account.wallet.minus(left) }
  run.steps.push({ type: 'takeover', closes, forfeit: maxDecimal(left, ZERO), insurance: maxDecimal(left.neg(), ZERO) })
}

/** The insurance fund brings a negative balance to zero. */
function coverDeficit(run: Run): void {
  const { equity } = riskOf(run)
  if (!equity.lt(0)) return
  run.account = { ...run.account, wallet: run.account.wallet.minus(equity) }
  run.steps.push({ type: 'insurance', amount: equity.neg() })
}

function closeAtMark(run: Run, symbol: string, close: { readonly leg: Leg; readonly qty: Decimal; readonly takerFee: boolean }): LiquidationClose {
  const pair = run.account.pairs.find((one) => one.symbol === symbol)
  if (pair === undefined) throw new HedgerowError('INVARIANT_BROKEN', { where: 'liquidation', found: symbol, expected: 'a symbol of the account' })
  const held = pair[close.leg]
  const { money } = run.profile
  const { qty, cost, realised } = closeHolding(held, { qty: close.qty, price: pair.mark }, money)
  const fee = close.takerFee ? postMoney(money, close.qty.times(pair.mark).times(run.account.takerRate)) : ZERO
  const pairs = run.account.pairs.map((one) => (one.symbol === symbol ? { ...one, [close.leg]: { ...held, qty, cost } } : one))
  run.account = { ...run.account, wallet: run.account.wallet.plus(realised).minus(fee), pairs }
  return { symbol, leg: close.leg, qty: close.qty, price: pair.mark, realised, fee }
}

/** What the next rung takes: down to the cap of the next lower tier at mark, floored to the step; in tier 1 everything. */
export function ladderStep(pair: Pick<MarginPair, 'mark' | 'tiers'>, qty: Decimal, qtyStep: Decimal): { readonly qty: Decimal; readonly tier: number } {
  const index = tierIndex(pair.tiers, qty.times(pair.mark))
  if (index === 0) return { qty, tier: 0 }
  return { qty: qty.minus(floorToStep(tierAt(pair.tiers, index - 1).cap.div(pair.mark), qtyStep)), tier: index }
}

function plan(profile: VenueProfile, before: Risk, account: MarginAccount, steps: readonly LiquidationStep[]): LiquidationPlan {
  return {
    triggered: steps.length > 0,
    before,
    steps,
    fees: sumDecimals(steps.flatMap((step) => ('closes' in step ? step.closes.map(({ fee }) => fee) : []))),
    clearanceFees: sumDecimals(steps.map((step) => (step.type === 'close-leg' ? step.clearanceFee : ZERO))),
    insurance: sumDecimals(steps.map(insuranceOf)),
    after: { account, risk: crossRisk(profile, account) },
  }
}

function insuranceOf(step: LiquidationStep): Decimal {
  if (step.type === 'insurance') return step.amount
  return step.type === 'takeover' ? step.insurance : ZERO
}

interface CrossLeg {
  readonly pair: MarginPair
  readonly held: MarginLeg
}

function crossLegsOf(account: MarginAccount, pair: MarginPair): readonly CrossLeg[] {
  return LEGS.map((leg) => ({ pair, held: pair[leg] })).filter(({ held }) => !held.qty.isZero() && !isIsolated(account, held))
}

function crossLegs(account: MarginAccount): readonly CrossLeg[] {
  return account.pairs.flatMap((pair) => crossLegsOf(account, pair))
}

function crossPnl(account: MarginAccount, pair: MarginPair): Decimal {
  return sumDecimals(crossLegsOf(account, pair).map(({ held }) => unrealisedPnl(held, pair.mark)))
}

/** How much of a leg is not offset by the other. */
function netOf(account: MarginAccount, pair: MarginPair, held: MarginLeg): Decimal {
  const other = crossLegsOf(account, pair).find((one) => one.held.leg !== held.leg)
  return other === undefined ? held.qty : held.qty.minus(other.held.qty)
}

function riskOf(run: Run): Risk {
  return crossRisk(run.profile, run.account)
}

/** The first of those with the lowest profit, and among these the largest value. */
function ranked<T>(candidates: readonly T[], rank: (candidate: T) => { readonly loss: Decimal; readonly value: Decimal }): T | undefined {
  let worst: { readonly candidate: T; readonly loss: Decimal; readonly value: Decimal } | undefined
  for (const candidate of candidates) {
    const { loss, value } = rank(candidate)
    if (worst === undefined || loss.lt(worst.loss) || (loss.eq(worst.loss) && value.gt(worst.value))) worst = { candidate, loss, value }
  }
  return worst?.candidate
}
