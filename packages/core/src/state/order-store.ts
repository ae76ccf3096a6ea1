/** Every order of a session and what became of it: a fold of order events. What is over is kept in columns. */
import { ZERO, type Decimal } from '../domain/decimal.ts'
import type { JournalEvent } from '../domain/events.ts'
import type { Leg } from '../domain/leg.ts'
import { isLive, type Order, type OrderId, type OrderState, type OrderStatus } from '../domain/order.ts'
import { HedgerowError } from '../errors.ts'
import { FinishedOrders } from './finished-orders.ts'
import { OrderTable } from './order-table.ts'

type Entry = { -readonly [Key in keyof OrderState]: OrderState[Key] }

const NONE: readonly Entry[] = []

/** So many orders are kept as they are, by the end of their ids: a power of two. */
const RECENT = 64
const IN_RECENT = RECENT - 1

/** Folds order events into order states. Fills are deduplicated before they arrive here. */
export class OrderStore {
  /** The orders that something happened to last: they are asked about more often than all others. */
  readonly #recent: (Entry | undefined)[] = Array.from({ length: RECENT })
  /** Older orders that are live, and those that the columns have no room for. */
  readonly #others = new Map<OrderId, Entry>()
  /** The orders that nothing more is expected of, and whatever else wants to share their rows. */
  readonly table: OrderTable = new OrderTable()
  readonly #finished = new FinishedOrders(this.table)
  /** A new list for every change: who goes through the old one may change what is live. */
  #live: readonly Entry[] = NONE

  /** The state of an order. Throws `UNKNOWN_EVENT` for an id that was never submitted. */
  get(id: OrderId): OrderState {
    return this.#find(id) ?? this.#finished.get(id) ?? unknown(id)
  }

  /** Live orders, oldest first: another list once one of them has ended or another has begun. */
  live(): readonly OrderState[] {
    return this.#live
  }

  /** Number of live orders. */
  get liveCount(): number {
    return this.#live.length
  }

  /** Live orders of one leg, oldest first. */
  liveOf(symbol: string, leg: Leg): OrderState[] {
    const found: OrderState[] = []
    for (const entry of this.#live) if (entry.order.leg === leg && entry.order.symbol === symbol) found.push(entry)
    return found
  }

  /** Folds one event; returns the order that it concerns, or null when it concerns none of ours. */
  apply(event: JournalEvent): OrderState | null {
    switch (event.type) {
      case 'order.submitted':
        return this.#add(event.order, 'pending', null)
      case 'order.denied':
        return this.#add(event.order, 'denied', event.code)
      case 'order.accepted':
        return this.#advance(event.orderId, 'open')
      case 'order.unconfirmed':
        return this.#advance(event.orderId, 'unconfirmed')
      case 'order.triggered':
        return this.#trigger(event.orderId)
      case 'order.rejected':
        return this.#finish(event.orderId, 'rejected', event.code)
      case 'order.canceled':
        return this.#finish(event.orderId, 'canceled', event.reason)
      case 'order.expired':
        return this.#finish(event.orderId, 'expired', event.reason)
      case 'order.amended':
      case 'order.reduced':
        return this.#change(event)
      case 'order.filled':
        return event.orderId === null ? null : this.#fill(event.orderId, event.qty, event.price)
      default:
        return null
    }
  }

  #find(id: OrderId): Entry | undefined {
    const recent = this.#recent[id & IN_RECENT]
    return recent?.order.id === id ? recent : this.#others.get(id)
  }

  /** The entry of an order, to be changed. A late event takes an order out of the columns again. */
  #entry(id: OrderId): Entry {
    return this.#find(id) ?? this.#keep({ ...(this.#finished.get(id) ?? unknown(id)) })
  }

  /** Keeps an entry among the recent ones. One that makes room goes into the columns, unless more is expected of it. */
  #keep(entry: Entry): Entry {
    const { id } = entry.order
    const place = id & IN_RECENT
    const old = this.#recent[place]
    this.#recent[place] = entry
    if (this.#others.size > 0) this.#others.delete(id)
    if (old !== undefined && old.order.id !== id && (isLive(old.status) || !this.#finished.add(old))) this.#others.set(old.order.id, old)
    return entry
  }

  #add(order: Order, status: OrderStatus, reason: string | null): Entry {
    const entry = this.#keep({ order, status, filledQty: ZERO, filledValue: ZERO, triggered: false, reason })
    if (isLive(status)) this.#live = this.#live.length === 0 ? [entry] : [...this.#live, entry]
    return entry
  }

  /** Nothing more is expected of an order: it goes into the columns once others need its place. */
  #settle(entry: Entry): void {
    this.#live = this.#live.length === 1 && this.#live[0] === entry ? NONE : this.#live.filter((each) => each !== entry)
    if (this.#others.has(entry.order.id)) this.#keep(entry)
  }

  /** An acknowledgement never lowers a state: it may come after a fill. */
  #advance(id: OrderId, status: OrderStatus): Entry {
    const entry = this.#entry(id)
    if (entry.status === 'pending' || entry.status === 'unconfirmed') entry.status = status
    return entry
  }

  #trigger(id: OrderId): Entry {
    const entry = this.#entry(id)
    entry.triggered = true
    return entry
  }

  #finish(id: OrderId, status: OrderStatus, reason: string): Entry {
    const entry = this.#entry(id)
    if (entry.status === 'filled') return entry
    entry.status = status
    entry.reason = reason
    this.#settle(entry)
    return entry
  }

  #change(event: Extract<JournalEvent, { type: 'order.amended' | 'order.reduced' }>): Entry {
    const entry = this.#entry(event.orderId)
    const changed = { ...entry.order, qty: event.qty }
    if (event.type === 'order.amended') {
      if (event.price !== undefined) changed.price = event.price
      if (event.trigger !== undefined) changed.trigger = event.trigger
    }
    entry.order = changed
    return entry
  }

  #fill(id: OrderId, qty: Decimal, price: Decimal): Entry {
    const entry = this.#entry(id)
    entry.filledQty = entry.filledQty.plus(qty)
    entry.filledValue = entry.filledValue.plus(qty.times(price))
    if (entry.filledQty.gte(entry.order.qty)) {
      entry.status = 'filled'
      this.#settle(entry)
    } else if (isLive(entry.status)) {
      entry.status = 'partially-filled'
    }
    return entry
  }
}

function unknown(id: OrderId): never {
  throw new HedgerowError('UNKNOWN_EVENT', { found: `order ${id}`, expected: 'an order of this session' })
}
