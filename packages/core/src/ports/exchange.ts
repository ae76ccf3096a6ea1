/** The exchange: it takes commands, returns nothing, and answers with events. */
import type { ExchangeEvent } from '../domain/events.ts'
import type { Order, OrderId } from '../domain/order.ts'
import type { Decimal } from '../domain/decimal.ts'
import type { TimeMs } from '../domain/time.ts'

/** New values of a resting order; what is left out stays. */
export interface Amendment {
  readonly qty?: Decimal
  readonly price?: Decimal
  readonly trigger?: Decimal
}

/** Takes the answers of an exchange, one at a time, in order. */
export type EventSink = (event: ExchangeEvent) => void

/** Commands return nothing; facts arrive as events. */
export interface Exchange {
  /** Answers `order.accepted`, `order.rejected` or `order.unconfirmed`, then fills. */
  submit(order: Order): void
  /** Answers `order.canceled`, or nothing when the order is no longer live. */
  cancel(orderId: OrderId): void
  /** Answers `order.amended`, or `order.rejected` of the amendment's order when it can no longer be changed. */
  amend(orderId: OrderId, change: Amendment): void
}

/** An exchange that lives in simulated time. */
export interface SimulatedExchange extends Exchange {
  /**
   * Lets everything happen up to and including `at`, telling each event to the sink before the next thing happens.
   * Commands that the sink's owner sends while it runs arrive at that point of the candle's path.
   */
  advanceTo(at: TimeMs): void
}
