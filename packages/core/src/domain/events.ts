/**
 * Everything that can happen. State is a fold of these; nothing else changes it.
 * Each event carries its venue time `at`; all that concern a position carry their leg.
 */
import type { ErrorCode } from '../errors.ts'
import type { Decimal } from './decimal.ts'
import type { Intent, Leg } from './leg.ts'
import type { Order, OrderId, OrderRole, TriggerBy } from './order.ts'
import type { TimeMs } from './time.ts'

/** We sent an order to the exchange (journalled before it is sent). */
export interface OrderSubmitted { readonly type: 'order.submitted'; readonly at: TimeMs; readonly order: Order }

/** We refused an order: it was never sent. */
export interface OrderDenied {
  readonly type: 'order.denied'
  readonly at: TimeMs
  readonly symbol: string
  readonly leg: Leg
  readonly strategy: string
  readonly order: Order
  readonly code: ErrorCode
  readonly message: string
}

interface OrderEvent {
  readonly at: TimeMs
  readonly orderId: OrderId
  readonly symbol: string
  readonly leg: Leg
}

/** The exchange took the order. */
export interface OrderAccepted extends OrderEvent { readonly type: 'order.accepted' }
/** The exchange refused the order: our code, and the venue's own where there is one. */
export interface OrderRejected extends OrderEvent { readonly type: 'order.rejected'; readonly code: ErrorCode; readonly venueCode?: string }
/** The outcome of a submission is unknown; it is resolved by client order id, never read as a rejection. */
export interface OrderUnconfirmed extends OrderEvent { readonly type: 'order.unconfirmed' }
/** A conditional order fired at this price of its trigger source. */
export interface OrderTriggered extends OrderEvent { readonly type: 'order.triggered'; readonly price: Decimal; readonly triggerBy: TriggerBy }
/** The order was changed as asked. */
export interface OrderAmended extends OrderEvent { readonly type: 'order.amended'; readonly qty: Decimal; readonly price?: Decimal; readonly trigger?: Decimal }
/** The exchange reduced the remaining quantity of a resting order (a sibling of its group was partly filled). */
export interface OrderReduced extends OrderEvent { readonly type: 'order.reduced'; readonly qty: Decimal; readonly reason: CancelReason }
/** The rest of the order will not fill. */
export interface OrderCanceled extends OrderEvent { readonly type: 'order.canceled'; readonly reason: CancelReason }
/** The order ran out of time or margin. */
export interface OrderExpired extends OrderEvent { readonly type: 'order.expired'; readonly reason: CancelReason }

/** Why the rest of an order was cancelled. */
export type CancelReason =
  | 'requested'
  | 'oco'
  | 'position-closed'
  | 'reduce-only-clipped'
  | 'reduce-only-no-position'
  | 'post-only-would-take'
  | 'ioc-remainder'
  | 'not-marketable'
  | 'fok'
  | 'liquidation'
  | 'adl'
  | 'insufficient-margin'
  | 'leg-conflict'
  | 'expired'
  | 'self-trade'
  | 'end-of-run'
  /** The venue took it back by itself, or no longer knows it. */
  | 'venue'

/** Whether the order could trade on arrival. */
export type Liquidity = 'maker' | 'taker'

/** Who caused a fill: one of our orders, the venue's liquidation or auto-deleveraging, or a trade placed elsewhere. */
export type FillSource = 'order' | 'liquidation' | 'adl' | 'external'

/** A quantity of one leg changed hands. The only thing that moves positions. */
export interface Filled {
  readonly type: 'order.filled'
  readonly at: TimeMs
  /** Unique in the session; a fill id that was seen before changes nothing. */
  readonly fillId: string
  /** Null when no order of ours caused it. */
  readonly orderId: OrderId | null
  readonly symbol: string
  readonly leg: Leg
  readonly intent: Intent
  readonly price: Decimal
  readonly qty: Decimal
  /** Quote units, positive when paid, negative for a rebate; rounded by the venue's rule. */
  readonly fee: Decimal
  readonly liquidity: Liquidity
  readonly source: FillSource
  readonly role: OrderRole | 'liquidation' | 'adl'
}

/** Funding was paid or received by one leg. */
export interface FundingSettled {
  readonly type: 'funding.settled'
  readonly at: TimeMs
  readonly symbol: string
  readonly leg: Leg
  readonly qty: Decimal
  readonly mark: Decimal
  readonly rate: Decimal
  /** Quote units, positive when received. */
  readonly amount: Decimal
}

/** Why the wallet changed outside of trading. */
export type PostingKind = 'deposit' | 'withdrawal' | 'clearance' | 'insurance' | 'reconcile-adjust'

/** The wallet changed outside of trading. `amount` is signed: positive adds. */
export interface AccountPosted {
  readonly type: 'account.posted'
  readonly at: TimeMs
  readonly kind: PostingKind
  readonly amount: Decimal
  /** The leg whose liquidation caused it, with its symbol; absent for transfers. */
  readonly symbol?: string
  readonly leg?: Leg
}

/** Isolated margin was moved between the wallet and a leg. Positive `amount` adds to the leg. */
export interface MarginMoved { readonly type: 'margin.moved'; readonly at: TimeMs; readonly symbol: string; readonly leg: Leg; readonly amount: Decimal }

/**
 * The venue liquidated. Comes before the fills and postings that it consists of.
 * Cross: all symbols are in scope and `leg` is null. Isolated: the symbol and leg.
 */
export interface Liquidated {
  readonly type: 'account.liquidated'
  readonly at: TimeMs
  readonly symbol: string
  readonly leg: Leg | null
  readonly mark: Decimal
  readonly equity: Decimal
  readonly maintenanceMargin: Decimal
  /** What the venue did, in order, in words. */
  readonly steps: readonly string[]
}

/** The venue closed a leg that gains against a bankrupt counterparty. Comes before the fill that does it. */
export interface Deleveraged { readonly type: 'account.deleveraged'; readonly at: TimeMs; readonly symbol: string; readonly leg: Leg; readonly qty: Decimal; readonly mark: Decimal }

/** What an exchange may tell us. */
export type ExchangeEvent =
  | OrderAccepted
  | OrderRejected
  | OrderUnconfirmed
  | OrderTriggered
  | OrderAmended
  | OrderReduced
  | OrderCanceled
  | OrderExpired
  | Filled
  | FundingSettled
  | AccountPosted
  | MarginMoved
  | Liquidated
  | Deleveraged

/** What happened: what the exchange said, and what we decided. */
export type JournalEvent = ExchangeEvent | OrderSubmitted | OrderDenied

/** The variables of a strategy, whole, as JSON: what it goes on from after a restart. Nothing else of the state depends on them. */
export interface VarsChanged { readonly type: 'vars.changed'; readonly at: TimeMs; readonly strategy: string; readonly vars: Readonly<Record<string, unknown>> }

/** What is written to the journal. */
export type JournalRecord = JournalEvent | VarsChanged
