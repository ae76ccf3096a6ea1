/** Fills, and what follows from them at the venue (SIMULATION 2.8, 3.4). */
import { doubleOf, floorToStep, minDecimal, oppositeLeg, tradeFee, type Decimal, type Filled, type Leg, type Liquidity } from '@hedgerow/core'
import { cancelOrder, shrink } from './answers.ts'
import { settleFillAtFunding } from './funding.ts'
import type { LiveOrder } from './live-order.ts'
import type { Simulation } from './simulation.ts'

/** Above this share of a candle's volume a fill is reported. */
const LARGE_FILL = 0.05
const NONE: readonly LiveOrder[] = []

/** A price at which an order trades. */
export interface Trade {
  readonly price: Decimal
  readonly liquidity: Liquidity
  /** How far the price is worse than the market's, per unit; none where it is left out. */
  readonly slippage?: Decimal
  /** True: no candle stands behind it, so none limits it. */
  readonly anyVolume?: boolean
}

/**
 * Fills what the leg and the candle's volume allow. A closer is clipped to its leg; what is left of an order that is not done keeps its
 * stage. Cancels the order when its leg is flat, or when it had to fill whole and cannot.
 */
export function fill(sim: Simulation, live: LiveOrder, trade: Trade): void {
  const { book, leg, intent } = live
  const held = intent === 'close' ? sim.heldOn(book, leg) : null
  if (held?.isZero() === true) return cancelOrder(sim, live, 'reduce-only-no-position')
  const wanted = held === null ? live.remaining : minDecimal(live.remaining, held)
  const budget = trade.anyVolume === true ? null : book.budgetOf(sim.minute, sim.setup.rules)
  let qty = wanted
  if (budget?.lt(wanted) === true) {
    if (live.order.timeInForce === 'FOK') return cancelOrder(sim, live, 'fok')
    qty = floorToStep(budget, book.market.instrument.qtyStep)
    if (qty.isZero()) return
  }
  if (budget !== null) book.spend(qty)
  // What the fill's hook sends arrives after it: it is none of the orders that the fill concerns. An opener without a group concerns none of its leg.
  const others = intent === 'open' && live.order.group === undefined ? null : book.ordersOf(leg, live)
  const opposite = book.market.positionMode === 'one-way' && intent === 'open' ? book.ordersOf(oppositeLeg(leg), live) : NONE
  if (sim.setup.profile.execution.predecessor && others !== null && held?.eq(qty) === true) cancelClosers(sim, others)
  bookFill(sim, live, qty, trade)
  if (others !== null) follow(sim, live, others)
  for (const other of opposite) if (other.intent === 'open') cancelOrder(sim, other, 'leg-conflict')
  settleFillAtFunding(sim, live, qty)
}

function bookFill(sim: Simulation, live: LiveOrder, qty: Decimal, { price, liquidity, slippage, anyVolume }: Trade): void {
  const { profile, rules } = sim.setup
  const rate = liquidity === 'maker' && !profile.execution.singleFee ? rules.makerRate : rules.takerRate
  const { id, symbol, leg, intent } = live
  live.remaining = live.remaining.minus(qty)
  if (live.remaining.isZero()) live.book.remove(live)
  if (anyVolume !== true && doubleOf(qty) > LARGE_FILL * live.book.volumeOf(sim.minute)) sim.counts.largeFills += 1
  if (slippage?.isZero() === false) countSlippage(sim, leg, qty.times(slippage))
  const event: Filled = {
    type: 'order.filled', at: sim.now, fillId: sim.nextFillId(), orderId: id, symbol, leg, intent, price, qty,
    fee: tradeFee(profile.money, { value: qty.times(price), rate }), liquidity, source: 'order', role: live.order.role,
  }
  sim.post(event)
}

/** In this order: the rest of a clipped closer, its group, and the closers of a leg that is now flat. */
function follow(sim: Simulation, live: LiveOrder, others: readonly LiveOrder[]): void {
  const { leg, intent, order: { group } } = live
  const held = sim.heldOn(live.book, leg)
  const flattened = intent === 'close' && held.isZero()
  if (flattened) cancelOrder(sim, live, 'reduce-only-clipped')
  for (const other of others) {
    if (group === undefined || other.order.group !== group) continue
    if (live.stage === 'gone') cancelOrder(sim, other, 'oco')
    else if (other.intent === 'close' && other.remaining.gt(held)) shrink(sim, other, held)
  }
  if (flattened) cancelClosers(sim, others)
}

/** What else would close the leg goes with it; with the predecessor, before the fill is told. */
function cancelClosers(sim: Simulation, others: readonly LiveOrder[]): void {
  for (const other of others) if (other.intent === 'close') cancelOrder(sim, other, 'position-closed')
}

function countSlippage({ counts }: Simulation, leg: Leg, cost: Decimal): void {
  if (leg === 'long') counts.longSlippage = counts.longSlippage.plus(cost)
  else counts.shortSlippage = counts.shortSlippage.plus(cost)
}

