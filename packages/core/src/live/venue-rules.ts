/**
 * What follows from a fill at every venue that we simulate, done by us where a venue does not do it: alternatives go when one of them is done
 * or shrink to what is left of the leg, and closers go with their leg. Found anew from the state each time, so a crash loses nothing.
 */
import type { Decimal } from '../domain/decimal.ts'
import type { CancelReason } from '../domain/events.ts'
import type { OrderId, OrderState } from '../domain/order.ts'
import { remainingQty } from '../domain/order.ts'
import type { SessionState } from '../state/session-state.ts'

/** What to change so that orders fit their legs. */
export interface Leftovers {
  readonly cancels: readonly { readonly orderId: OrderId; readonly reason: CancelReason }[]
  readonly amends: readonly { readonly orderId: OrderId; readonly qty: Decimal }[]
}

/** Groups of which one order has filled whole. */
export class DoneGroups {
  readonly #keys = new Set<string>()

  note({ order, status }: OrderState): void {
    if (order.group !== undefined && status === 'filled') this.#keys.add(keyOf(order))
  }

  has(order: OrderState['order']): boolean {
    return order.group !== undefined && this.#keys.has(keyOf(order))
  }
}

/** Live orders that no longer fit their leg or their group. */
export function leftovers(state: SessionState, done: DoneGroups): Leftovers {
  const cancels: Leftovers['cancels'][number][] = []
  const amends: Leftovers['amends'][number][] = []
  for (const live of state.orders.live()) {
    const { order, filledQty } = live
    if (done.has(order)) {
      cancels.push({ orderId: order.id, reason: 'oco' })
      continue
    }
    if (order.intent === 'open') continue
    const held = state.positions.pair(order.symbol)[order.leg].qty
    if (held.isZero()) cancels.push({ orderId: order.id, reason: 'position-closed' })
    else if (order.group !== undefined && remainingQty(live).gt(held)) amends.push({ orderId: order.id, qty: filledQty.plus(held) })
  }
  return { cancels, amends }
}

function keyOf({ symbol, leg, strategy, group }: OrderState['order']): string {
  return `${symbol} ${leg} ${strategy} ${group ?? ''}`
}
