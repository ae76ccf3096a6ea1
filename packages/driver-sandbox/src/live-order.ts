/** An order that the simulated venue holds. */
import { sideOf, ZERO, type Decimal, type Intent, type Leg, type Order, type OrderId, type Side, type TriggerBy } from '@hedgerow/core'
import type { Lane, SymbolBook } from './symbol-book.ts'

/**
 * What an order waits for: its turn to arrive, a price that it trades at (`limit`), its trigger, the price from which it trails,
 * the level that it trails at, or the next open with volume (`remainder`, of a market order). `gone` is no longer live.
 */
export type Stage = 'arriving' | 'limit' | 'trigger' | 'activation' | 'trailing' | 'remainder' | 'gone'

/** The mutable part of an order at the venue. */
export class LiveOrder {
  readonly id: OrderId
  readonly symbol: string
  readonly leg: Leg
  readonly intent: Intent
  readonly side: Side
  /** As amended. */
  order: Order
  /** The book of its symbol. */
  readonly book: SymbolBook
  stage: Stage = 'arriving'
  remaining: Decimal
  /** How many orders the venue had taken in before it. */
  takenAfter = 0
  /** Place in the queue: the order's id, or the highest id known when it lost its place; then the number of that loss. */
  rank: number
  requeued = 0
  /** Price that it waits for, as an exact double; meaningful in the stages that rest. */
  level: number = Number.NaN
  /** True: it acts when the price rises to the level. */
  rises = false
  /** True: the price has to go beyond the level. */
  strict = false
  /** The price that it watches, and the lane of its series. */
  source: TriggerBy = 'last'
  lane: Lane
  /** Most favourable price since it trails, before minute `extremeUntil`; NaN before that. */
  extreme: number = Number.NaN
  extremeUntil = 0
  /** The level that follows from the extreme, and the extreme that it was computed from. */
  trailLevel: Decimal = ZERO
  trailLevelOf: number = Number.NaN
  /** Upper bound of the margin that it reserves while it rests, in quote units. */
  reserved = 0
  /** Set once the venue has taken it. */
  accepted = false
  /** Set once its trigger has fired. */
  fired = false

  constructor(order: Order, book: SymbolBook) {
    const { id, symbol, leg, intent } = order
    this.id = id
    this.symbol = symbol
    this.leg = leg
    this.intent = intent
    this.side = sideOf(leg, intent)
    this.order = order
    this.book = book
    this.lane = book.last
    this.remaining = order.qty
    this.rank = id
  }

  /** What is filled of its quantity. */
  get filled(): Decimal {
    return this.order.qty.minus(this.remaining)
  }

  /** @throws HedgerowError `INDEX_MISSING`. */
  watch(source: TriggerBy): void {
    this.source = source
    this.lane = this.book.lane(source)
  }

  /** A copy in a copy of its book. */
  copy(book: SymbolBook): LiveOrder {
    return Object.assign(new LiveOrder(this.order, book), this, { book, lane: book.lane(this.source) })
  }
}

/** Negative when `a` stands before `b` in the queue. */
export function byRank(a: LiveOrder, b: LiveOrder): number {
  return a.rank - b.rank || a.requeued - b.requeued
}

/** True when a price triggers or fills the order. */
export function isReached(live: LiveOrder, price: number): boolean {
  if (live.rises) return live.strict ? price > live.level : price >= live.level
  return live.strict ? price < live.level : price <= live.level
}
