/** What whoever trades here may ask for, and how it takes effect at the venue. */
import type { Amendment, OrderId } from '@hedgerow/core'
import { amend } from './amend.ts'
import { cancelOrder } from './answers.ts'
import { arrive } from './arrival.ts'
import type { LiveOrder } from './live-order.ts'
import type { Simulation } from './simulation.ts'

/** A new order, the end of one, or a change of one. */
export type Command = { readonly type: 'arrive'; readonly live: LiveOrder } | { readonly type: 'cancel'; readonly orderId: OrderId } | { readonly type: 'amend'; readonly orderId: OrderId; readonly change: Amendment }

/**
 * Executes a command where the path stands. No answer to one about an order that is no longer live: its end was told. Once the run has ended
 * only orders with that role arrive.
 */
export function execute(sim: Simulation, command: Command): void {
  if (sim.isEnded && !(command.type === 'arrive' && command.live.order.role === 'end-of-run')) return
  if (command.type === 'arrive') return arriveOrWait(sim, command.live)
  const live = sim.orderOf(command.orderId)
  if (live === undefined) return
  if (command.type === 'cancel') cancelOrder(sim, live, 'requested')
  else if (amend(sim, live, command.change)) arriveOrWait(sim, live)
}

/** Where its symbol does not trade at the moment an order waits for the next open. */
function arriveOrWait(sim: Simulation, live: LiveOrder): void {
  if (live.stage !== 'arriving') return
  if (live.book.last.tape.has(sim.minute) || live.order.role === 'end-of-run') arrive(sim, live)
  else sim.waiting.push(live)
}
