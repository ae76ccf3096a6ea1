/** What the venue tells about orders, and the bookkeeping that goes with it. */
import type { CancelReason, Decimal, ErrorCode } from '@hedgerow/core'
import type { LiveOrder } from './live-order.ts'
import { exactPrice } from './prices.ts'
import type { Simulation } from './simulation.ts'

/** The order is at the venue: told when it comes for the first time. */
export function accept(sim: Simulation, live: LiveOrder): void {
  const { order } = live
  if (live.accepted) return
  live.accepted = true
  sim.tell({ type: 'order.accepted', at: sim.now, orderId: order.id, symbol: order.symbol, leg: order.leg })
}

/** The venue refuses the order: it is gone. */
export function reject(sim: Simulation, live: LiveOrder, code: ErrorCode): void {
  const { order } = live
  drop(sim, live)
  sim.tell({ type: 'order.rejected', at: sim.now, orderId: order.id, symbol: order.symbol, leg: order.leg, code })
}

/** The rest of the order will not fill: it is gone. Nothing when it already was. */
export function cancelOrder(sim: Simulation, live: LiveOrder, reason: CancelReason): void {
  const { order } = live
  if (live.stage === 'gone') return
  drop(sim, live)
  sim.tell({ type: 'order.canceled', at: sim.now, orderId: order.id, symbol: order.symbol, leg: order.leg, reason })
}

/** The order ran out of time or margin: it is gone. */
export function expire(sim: Simulation, live: LiveOrder, reason: CancelReason): void {
  const { order } = live
  drop(sim, live)
  sim.tell({ type: 'order.expired', at: sim.now, orderId: order.id, symbol: order.symbol, leg: order.leg, reason })
}

/** The conditional order fires where the path stands. */
export function announceTrigger(sim: Simulation, live: LiveOrder): void {
  const { order } = live
  const price = exactPrice(sim, live.lane)
  if (price !== null) sim.tell({ type: 'order.triggered', at: sim.now, orderId: order.id, symbol: order.symbol, leg: order.leg, price, triggerBy: live.source })
}

/** Takes the order down to what is left to close; its place in the queue stays. */
export function shrink(sim: Simulation, live: LiveOrder, remaining: Decimal): void {
  live.remaining = remaining
  const order = { ...live.order, qty: live.filled.plus(remaining) }
  live.order = order
  sim.tell({ type: 'order.reduced', at: sim.now, orderId: order.id, symbol: order.symbol, leg: order.leg, qty: order.qty, reason: 'oco' })
}

/** The order was changed as asked. */
export function announceAmendment(sim: Simulation, { order }: LiveOrder): void {
  const { qty, price, trigger } = order
  sim.tell({ type: 'order.amended', at: sim.now, orderId: order.id, symbol: order.symbol, leg: order.leg, qty, ...(price === undefined ? {} : { price }), ...(trigger === undefined ? {} : { trigger }) })
}

/** Forgets an order that is done. */
export function drop(sim: Simulation, live: LiveOrder): void {
  live.book.remove(live)
  sim.orders.delete(live.order.id)
}
