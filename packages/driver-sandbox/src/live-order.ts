/** An order that the simulated venue holds. */
import { sideOf, ZERO, type Decimal, type Order, type Side, type TriggerBy } from '@hedgerow/core'

/**
 * What an order waits for: its turn to arrive, a price that it trades at (`limit`), its trigger, the price from which it trails,
 * the level that it trails at, or the next open with volume (`remainder`, of a market order). `gone` is no longer live.
 */
export type Stage = 'arriving' | 'limit' | 'trigger' | 'activation' | 'trailing' | 'remainder' | 'gone'

/** The mutable part of an order at the venue. */
export class LiveOrder {
  /** As amended. */
  order: Order
  readonly side: Side
  /** Index of its symbol. */
  readonly symbolIndex: number
  stage: Stage = 'arriving'
  remaining: Decimal
  filled: Decimal = ZERO
  /** Place in the queue: the order's id, or the highest id known when it lost its place; then the number of that loss. */
  rank: number
  requeued = 0
  /** Price that it waits for, as an exact double; meaningful in the stages that rest. */
  level: number = Number.NaN
  /** True: it acts when the price rises to the level. */
  rises = false
  /** True: the price has to go beyond the level. */
  strict = false
  /** The price that it watches. */
  source: TriggerBy = 'last'
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

  constructor(order: Order, symbolIndex: number) {
    this.order = order
    this.side = sideOf(order.leg, order.intent)
    this.symbolIndex = symbolIndex
    this.remaining = order.qty
    this.rank = order.id
  }

  copy(): LiveOrder {
    return Object.assign(new LiveOrder(this.order, this.symbolIndex), this)
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
