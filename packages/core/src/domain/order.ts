/** Orders on a leg: what is asked for, and what became of it. */
import type { Decimal } from './decimal.ts'
import type { Intent, Leg } from './leg.ts'
import type { TimeMs } from './time.ts'

/**
 * How an order finds its price.
 * `stop-*` fires when the price moves against the leg's direction of the order (a stop that buys fires on a rise, one that sells on a fall);
 * `take-profit-*` the other way round; `trailing-stop` follows the extreme at a distance.
 */
export type OrderType = 'market' | 'limit' | 'stop-market' | 'stop-limit' | 'take-profit-market' | 'take-profit-limit' | 'trailing-stop'

/** Good till cancelled, immediate or cancel, fill or kill. */
export type TimeInForce = 'GTC' | 'IOC' | 'FOK'

/** The price that fires a conditional order. */
export type TriggerBy = 'last' | 'mark' | 'index'

/** What happens when an order of ours meets another: they trade with each other, or the resting, the incoming or both are cancelled. */
export type SelfTradePrevention = 'none' | 'cancel-maker' | 'cancel-taker' | 'cancel-both'

/** Why an order exists; becomes the exit reason of a trade that it closes. */
export type OrderRole = 'entry' | 'exit' | 'stop-loss' | 'take-profit' | 'trailing' | 'end-of-run'

/** How a trailing stop follows: an absolute price distance or a fraction of the extreme (0.01 = 1 %), from an activation price on. */
export interface Trailing {
  readonly distance?: Decimal
  readonly distanceRatio?: Decimal
  readonly activation?: Decimal
}

/** Exits that an opening order brings along: placed for what it has filled, as alternatives of each other. */
export interface Bracket {
  /** Price of a limit order. */
  readonly takeProfit?: Decimal
  /** Trigger of a stop at market. */
  readonly stopLoss?: Decimal
  readonly trailing?: Trailing
}

/** An order as the strategy wants it, fitted to the instrument. Leg and intent say everything; side and reduce-only are derived. */
export interface OrderRequest {
  readonly symbol: string
  readonly leg: Leg
  readonly intent: Intent
  readonly type: OrderType
  /** Base units, positive. */
  readonly qty: Decimal
  /** Limit price; present exactly for the limit types. */
  readonly price?: Decimal
  /** Trigger price; present exactly for the stop and take-profit types. */
  readonly trigger?: Decimal
  readonly triggerBy?: TriggerBy
  readonly trailing?: Trailing
  readonly timeInForce: TimeInForce
  readonly postOnly: boolean
  /** Of the incoming order decides; left out: as the run says. */
  readonly stp?: SelfTradePrevention
  readonly role: OrderRole
  /** Orders of one leg with the same group are alternatives: a fill of one shrinks or cancels the others. */
  readonly group?: string
  /** Names one live order of a leg. */
  readonly tag?: string
  /** The strategy (route name) that owns the order. */
  readonly strategy: string
  /** Venue time after which the order is cancelled. */
  readonly expiresAt?: TimeMs
  /** Only on orders that open. */
  readonly bracket?: Bracket
}

/** Integer sequence number of an order within a session, from 1. Wire client ids are made only where an order goes live. */
export type OrderId = number

/** A numbered order, as it is handed to an exchange. */
export interface Order extends OrderRequest {
  readonly id: OrderId
  /** When it was submitted. */
  readonly createdAt: TimeMs
}

/** `pending` has been sent and not answered; `unconfirmed` has been sent and its outcome is unknown. */
export type OrderStatus = 'pending' | 'open' | 'partially-filled' | 'filled' | 'canceled' | 'expired' | 'rejected' | 'denied' | 'unconfirmed'

/** What became of an order: the fold of its events. */
export interface OrderState {
  readonly order: Order
  readonly status: OrderStatus
  readonly filledQty: Decimal
  /** Sum of fill quantity times fill price. */
  readonly filledValue: Decimal
  /** True once a conditional order has fired. */
  readonly triggered: boolean
  /** Code or reason of a denial, rejection or cancellation; null otherwise. */
  readonly reason: string | null
}

/** True while an order may still fill. */
export function isLive(status: OrderStatus): boolean {
  return status === 'open' || status === 'pending' || status === 'partially-filled' || status === 'unconfirmed'
}

/** Quantity that may still fill. */
export function remainingQty(state: OrderState): Decimal {
  return state.order.qty.minus(state.filledQty)
}

/** True for an order that waits for a trigger: it reserves nothing before it fires. */
export function isConditional(type: OrderType): boolean {
  return type !== 'market' && type !== 'limit'
}
