/** What happened on the account, as the venue books it: executions and transfers, in one sequence. */
import type { Decimal, Intent, Leg, Liquidity, PostingKind, Side, TimeMs } from '@hedgerow/core'
import type { VenueOrder } from './order.ts'

/** Why a quantity changed hands. */
export type ExecutionKind = 'trade' | 'liquidation' | 'adl'

interface Booked {
  /** Unique on the account. */
  readonly id: string
  /** Rising; executions that belong together share one. */
  readonly sequence: number
  readonly at: TimeMs
  readonly symbol: string
  readonly leg: Leg
  readonly qty: Decimal
  readonly price: Decimal
  readonly mark: Decimal
  /** Wallet after it. */
  readonly wallet: Decimal
}

/** A fill. */
export interface Execution<Terms> extends Booked {
  readonly type: 'execution'
  readonly kind: ExecutionKind
  readonly intent: Intent
  readonly side: Side
  readonly fee: Decimal
  readonly feeRate: Decimal
  readonly liquidity: Liquidity
  /** Gross profit booked by it. */
  readonly realised: Decimal
  /** The order as it is; null when the venue acted by itself. */
  readonly order: VenueOrder<Terms> | null
  /** What was left of the order after it. */
  readonly leavesQty: Decimal
}

/** Funding of one leg. */
export interface Funding extends Booked {
  readonly type: 'funding'
  /** Positive: longs pay. */
  readonly rate: Decimal
  /** Positive when received. */
  readonly amount: Decimal
}

/** Money that came or went. */
export interface Transfer {
  readonly type: 'transfer'
  readonly id: string
  readonly at: TimeMs
  readonly kind: PostingKind
  readonly amount: Decimal
  readonly wallet: Decimal
}

/** One row of the account's history. */
export type AccountRecord<Terms> = Execution<Terms> | Funding | Transfer

/** What happened to an order. */
export type OrderCause = 'accepted' | 'triggered' | 'amended' | 'filled' | 'ended'

/** What the outside may want to be told, in the order in which it happened. */
export type AccountChange<Terms> =
  | { readonly type: 'order'; readonly order: VenueOrder<Terms>; readonly cause: OrderCause }
  | { readonly type: 'booked'; readonly record: Execution<Terms> | Funding }
  | { readonly type: 'position'; readonly symbol: string; readonly leg: Leg; readonly cause: 'fill' | 'order' | 'setting' | 'liquidation' | 'adl' }
  | { readonly type: 'wallet' }
