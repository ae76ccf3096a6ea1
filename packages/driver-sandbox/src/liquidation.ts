/** What the venue does when it liquidates, as events (SIMULATION 2.5). */
import {
  automaticAddition, availableMargin, decimalOfDouble, decimalText, HedgerowError, isolatedCurve, isUncovered, LEGS, liquidateCross, liquidateIsolated, riskAt, ZERO,
  type Decimal, type Leg, type LiquidationClose, type LiquidationStep, type Risk,
} from '@hedgerow/core'
import { marginAccount } from './admission.ts'
import { cancelOrder } from './answers.ts'
import { markPrice } from './prices.ts'
import { isolatedLegOf } from './risk-watch.ts'
import type { Simulation } from './simulation.ts'
import { uncoveredHere, type Target } from './strike.ts'
import type { SymbolBook } from './symbol-book.ts'

/** Liquidates whatever its margin no longer covers where the path stands. */
export function liquidateHere(sim: Simulation): void {
  for (const target of uncoveredHere(sim)) liquidate(sim, target)
}

/** Runs the venue's procedure where the path stands. */
export function liquidate(sim: Simulation, target: Target): void {
  if (target.type === 'account') return liquidateAccount(sim)
  const mark = markPrice(sim, target.book)
  if (mark !== null && sim.setup.rules.autoAddMargin && isSavedByMargin(sim, { ...target, mark })) return
  if (mark === null || !liquidateLeg(sim, { ...target, mark })) throw untriggered(`${target.book.market.symbol} ${target.leg}`)
}

/** Moves margin to the leg as long as it needs some and there is some to move. True when that covers it. */
function isSavedByMargin(sim: Simulation, { book, leg, mark }: { readonly book: SymbolBook; readonly leg: Leg; readonly mark: Decimal }): boolean {
  const { profile } = sim.setup
  for (;;) {
    const isolated = isolatedLegOf(sim, book, leg)
    if (!isUncovered(riskAt(isolatedCurve(profile, isolated), mark))) return true
    const amount = automaticAddition(profile, { ...isolated, available: availableMargin(profile, marginAccount(sim)) })
    if (amount.isZero()) return false
    sim.post({ type: 'margin.moved', at: sim.now, symbol: book.market.symbol, leg, amount })
  }
}

/** The compatibility rule: after a candle's orders, a leg whose level the candle's range touched is taken over at its bankruptcy price. */
export function liquidateByRange(sim: Simulation): void {
  if (sim.risk.kind !== 'candle-range') return
  for (const book of sim.books) {
    const { tape } = book.last
    if (!tape.has(sim.minute)) continue
    const extremes = { long: tape.low(sim.minute), short: tape.high(sim.minute) }
    for (const leg of LEGS) {
      const bounds = sim.risk.boundsOf(sim)[book.market.index]
      const isTouched = bounds !== undefined && (leg === 'long' ? extremes.long <= bounds.below : extremes.short >= bounds.above)
      if (isTouched) liquidateLeg(sim, { book, leg, mark: decimalOfDouble(extremes[leg]) })
    }
  }
}

function liquidateAccount(sim: Simulation): void {
  const account = marginAccount(sim)
  const steps = new Map(sim.setup.markets.map(({ symbol, instrument }) => [symbol, instrument.qtyStep]))
  const plan = liquidateCross(sim.setup.profile, account, (symbol) => steps.get(symbol) ?? ZERO)
  const subject = account.pairs.find(({ symbol }) => symbol === closesOf(plan.steps)[0]?.symbol) ?? account.pairs[0]
  if (!plan.triggered || subject === undefined) throw untriggered('cross account')
  const orders = sim.books.flatMap((book) => book.orders)
  announce(sim, { symbol: subject.symbol, leg: null, mark: subject.mark, before: plan.before, steps: plan.steps })
  for (const live of orders) cancelOrder(sim, live, 'liquidation')
  const closes = closesOf(plan.steps)
  for (const step of plan.steps) perform(sim, step, closes.at(-1))
}

/** True when the leg was liquidated. */
function liquidateLeg(sim: Simulation, { book, leg, mark }: { readonly book: SymbolBook; readonly leg: Leg; readonly mark: Decimal }): boolean {
  const { symbol, instrument } = book.market
  const plan = liquidateIsolated(sim.setup.profile, isolatedLegOf(sim, book, leg), { mark, qtyStep: instrument.qtyStep })
  if (!plan.triggered) return false
  // A leg that survives keeps the orders that reduce it: without its stop it would go on unprotected.
  const orders = book.orders.filter((live) => live.leg === leg && (!plan.survived || live.intent === 'open'))
  announce(sim, { symbol, leg, mark, before: plan.before, steps: plan.steps })
  for (const live of orders) cancelOrder(sim, live, 'liquidation')
  for (const step of plan.steps) perform(sim, step, { symbol, leg })
  return true
}

interface Announcement {
  readonly symbol: string
  readonly leg: Leg | null
  readonly mark: Decimal
  readonly before: Risk
  readonly steps: readonly LiquidationStep[]
}

function announce(sim: Simulation, { symbol, leg, mark, before, steps }: Announcement): void {
  sim.counts.liquidations += 1
  sim.tell({ type: 'account.liquidated', at: sim.now, symbol, leg, mark, ...before, steps: steps.map((step) => stepText(step, leg)) })
}

/** What the account as a whole lost or was given is booked on the leg that was closed last: the legs' results then sum to the account's. */
function perform(sim: Simulation, step: LiquidationStep, where: { readonly symbol: string; readonly leg: Leg } | undefined): void {
  if ('closes' in step) for (const close of step.closes) postClose(sim, close)
  switch (step.type) {
    case 'close-leg':
      return postMoney(sim, 'clearance', step.clearanceFee.neg(), step)
    case 'takeover':
      postMoney(sim, 'clearance', step.forfeit.neg(), where)
      return postMoney(sim, 'insurance', step.insurance, where)
    case 'insurance':
      return postMoney(sim, 'insurance', step.amount, where)
    case 'cancel-orders':
    case 'reduce':
    case 'close-pair':
  }
}

function postClose(sim: Simulation, { symbol, leg, qty, price, fee }: LiquidationClose): void {
  sim.post({
    type: 'order.filled', at: sim.now, fillId: sim.nextFillId(), orderId: null, symbol, leg, intent: 'close', price, qty, fee,
    liquidity: 'taker', source: 'liquidation', role: 'liquidation',
  })
}

function postMoney(sim: Simulation, kind: 'clearance' | 'insurance', amount: Decimal, where: { readonly symbol: string; readonly leg: Leg } | undefined): void {
  if (amount.isZero()) return
  if (kind === 'insurance') sim.counts.insuranceUsed = sim.counts.insuranceUsed.plus(amount)
  sim.post({ type: 'account.posted', at: sim.now, kind, amount, ...(where === undefined ? {} : { symbol: where.symbol, leg: where.leg }) })
}

/** A step in words; `leg` is the isolated leg, null for a cross account. */
function stepText(step: LiquidationStep, leg: Leg | null): string {
  switch (step.type) {
    case 'cancel-orders':
      return leg === null ? 'cancel all orders' : `cancel orders of ${leg}`
    case 'reduce':
      return leg === null ? `reduce net ${step.symbol} ${step.leg} by ${decimalText(step.qty)} at mark` : `reduce ${step.symbol} ${step.leg} by ${decimalText(step.qty)} to tier ${step.tier}`
    case 'close-pair':
      return `close hedged pair ${step.symbol} ${decimalText(step.qty)} at mark`
    case 'close-leg':
      return `close ${step.symbol} ${step.leg} at mark`
    case 'takeover':
      return leg === null ? 'takeover of all positions at account bankruptcy' : `takeover of ${leg} at bankruptcy price`
    case 'insurance':
    default:
      return 'insurance fund covers deficit'
  }
}

function closesOf(steps: readonly LiquidationStep[]): readonly LiquidationClose[] {
  return steps.flatMap((step) => ('closes' in step ? step.closes : []))
}

function untriggered(where: string): HedgerowError {
  return new HedgerowError('INVARIANT_BROKEN', { where: `liquidation of ${where}`, found: 'margins that cover it', expected: 'the same answer as the check before' })
}
