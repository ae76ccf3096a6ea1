/** What the venue tells about orders, and the bookkeeping that goes with it. */
import type { CancelReason, Decimal, ErrorCode } from '@hedgerow/core'
import type { LiveOrder } from './live-order.ts'
import { exactPrice } from './prices.ts'
import type { Simulation } from './simulation.ts'

/** The order is at the venue: told when it comes for the first time. */
export function accept(sim: Simulation, live: LiveOrder): void {
  if (live.accepted) return
  live.accepted = true
  sim.tell({ type: 'order.accepted', at: sim.now, orderId: live.id, symbol: live.symbol, leg: live.leg })
}

/** The venue refuses the order: it is gone. */
export function reject(sim: Simulation, live: LiveOrder, code: ErrorCode): void {
  live.book.remove(live)
  sim.tell({ type: 'order.rejected', at: sim.now, orderId: live.id, symbol: live.symbol, leg: live.leg, code })
}

/** The rest of the order will not fill: it is gone. Nothing when it already was. */
export function cancelOrder(sim: Simulation, live: LiveOrder, reason: CancelReason): void {
  if (live.stage === 'gone') return
  live.book.remove(live)
  sim.tell({ type: 'order.canceled', at: sim.now, orderId: live.id, symbol: live.symbol, leg: live.leg, reason })
}

/** The order ran out of time or margin: it is gone. */
export function expire(sim: Simulation, live: LiveOrder, reason: CancelReason): void {
  live.book.remove(live)
  sim.tell({ type: 'order.expired', at: sim.now, orderId: live.id, symbol: live.symbol, leg: live.leg, reason })
}

/** The conditional order fires where the path stands. */
export function announceTrigger(sim: Simulation, live: LiveOrder): void {
  const price = exactPrice(sim, live.lane)
  if (price !== null) sim.tell({ type: 'order.triggered', at: sim.now, orderId: live.id, symbol: live.symbol, leg: live.leg, price, triggerBy: live.source })
}

/** Takes the order down to what is left to close; its place in the queue stays. */
export function shrink(sim: Simulation, live: LiveOrder, remaining: Decimal): void {
  const qty = live.filled.plus(remaining)
  live.remaining = remaining
  live.order = { ...live.order, qty }
  sim.tell({ type: 'order.reduced', at: sim.now, orderId: live.id, symbol: live.symbol, leg: live.leg, qty, reason: 'oco' })
}

/** The order was changed as asked. */
export function announceAmendment(sim: Simulation, live: LiveOrder): void {
  const { qty, price, trigger } = live.order
  sim.tell({ type: 'order.amended', at: sim.now, orderId: live.id, symbol: live.symbol, leg: live.leg, qty, ...(price === undefined ? {} : { price }), ...(trigger === undefined ? {} : { trigger }) })
}
