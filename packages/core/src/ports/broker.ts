/** The broker: turns what a strategy wants into admitted orders. It refuses with an event, never in silence. */
import type { Decimal } from '../domain/decimal.ts'
import type { Intent, Leg } from '../domain/leg.ts'
import type { Bracket, OrderId, OrderRole, OrderType, SelfTradePrevention, TimeInForce, Trailing, TriggerBy } from '../domain/order.ts'
import type { TimeMs } from '../domain/time.ts'
import type { ErrorCode } from '../errors.ts'
import type { Amendment } from './exchange.ts'

/** An order before it is fitted to the steps of the instrument. */
export interface OrderDraft {
  readonly symbol: string
  readonly leg: Leg
  readonly intent: Intent
  readonly type: OrderType
  readonly qty: Decimal
  readonly price?: Decimal
  readonly trigger?: Decimal
  readonly triggerBy?: TriggerBy
  readonly trailing?: Trailing
  readonly timeInForce?: TimeInForce
  readonly postOnly?: boolean
  readonly stp?: SelfTradePrevention
  readonly role: OrderRole
  readonly group?: string
  readonly tag?: string
  readonly expiresAt?: TimeMs
  readonly bracket?: Bracket
  /** `exact` takes the quantity as it is (it came from the leg itself and is on the grid already). */
  readonly fit?: 'floor' | 'exact'
}

/** What a strategy may command. Each call is journalled; the answer is an event. */
export interface Broker {
  /** Fits, checks and submits. The id is valid at once, also of an order that was denied. */
  submit(draft: OrderDraft): OrderId
  /** Journals an order that the strategy's own rules refuse (a filter, the run mode of the leg): it is never sent. */
  deny(draft: OrderDraft, code: ErrorCode): OrderId
  cancel(orderId: OrderId): void
  amend(orderId: OrderId, change: Amendment): void
}
