/** Changing a resting order (SIMULATION 3.4): it keeps its place only when nothing but its quantity shrinks. */
import type { Amendment } from '@hedgerow/core'
import { announceAmendment, cancelOrder } from './answers.ts'
import type { LiveOrder } from './live-order.ts'
import { takeOut } from './order-list.ts'
import type { Simulation } from './simulation.ts'

/** Applies a change. True when the order has lost its place and has to arrive again. `qty` counts what is filled already. */
export function amend(sim: Simulation, live: LiveOrder, change: Amendment): boolean {
  const { order } = live
  const remaining = (change.qty ?? order.qty).minus(live.filled)
  if (remaining.lte(0)) {
    cancelOrder(sim, live, 'requested')
    return false
  }
  const moves = isNew(order.price, change.price) || isNew(order.trigger, change.trigger)
  const keepsPlace = !moves && remaining.lte(live.remaining)
  live.order = { ...order, ...change }
  live.remaining = remaining
  announceAmendment(sim, live)
  if (keepsPlace || live.stage === 'arriving') return false
  loseQueuePlace(sim, live)
  return true
}

function loseQueuePlace(sim: Simulation, live: LiveOrder): void {
  const { book } = live
  book.lift(live)
  takeOut(book.orders, live)
  sim.requeue(live)
  book.add(live)
}

function isNew(before: LiveOrder['order']['price'], after: LiveOrder['order']['price']): boolean {
  return after !== undefined && before?.eq(after) !== true
}
