/**
 * What a venue says, as plain data in the venue's own time: one value per fact, translated and not judged.
 * Core correlates reports with orders, drops what it has seen, and decides; a driver only reads payloads.
 */
import type { Candle } from '../domain/candles.ts'
import type { Decimal } from '../domain/decimal.ts'
import type { Liquidity } from '../domain/events.ts'
import type { Intent, Leg, PositionMode, Side } from '../domain/leg.ts'
import type { OrderType, TriggerBy } from '../domain/order.ts'
import type { TimeMs } from '../domain/time.ts'

/**
 * Where the venue says that an order stands. `open` rests or waits for its trigger; `triggered` has fired and is on its way to the book.
 * The last four are final, and each may have filled before.
 */
export type VenueOrderStatus = 'open' | 'triggered' | 'partially-filled' | 'filled' | 'canceled' | 'expired' | 'rejected'

/** One order as a stream, a query or a snapshot shows it. */
export interface OrderReport {
  readonly type: 'order'
  readonly at: TimeMs
  readonly symbol: string
  /** From the venue's own leg field; null where the row has none. */
  readonly leg: Leg | null
  /** The venue's reduce-only flag, or its leg and side, as intent; null where the row does not say. */
  readonly intent: Intent | null
  readonly side: Side
  /** Ours, or whatever another program used; null when the order has none. */
  readonly clientId: string | null
  readonly venueOrderId: string
  readonly status: VenueOrderStatus
  /** Null for a kind of order that Hedgerow does not place. */
  readonly orderType: OrderType | null
  readonly qty: Decimal
  /** Filled over the life of the order. */
  readonly filledQty: Decimal
  readonly price: Decimal | null
  readonly trigger: Decimal | null
  readonly triggerBy: TriggerBy | null
  /** Orders of one symbol: a later row has a higher one, where the venue numbers them; else null. */
  readonly sequence: number | null
  /** The venue's reason of an end or a rejection, verbatim; null without one. */
  readonly reason: string | null
}

/** The venue answered a command with a refusal: it did nothing. Core looks the code up in the manifest. */
export interface CommandRefused {
  readonly type: 'refused'
  readonly at: TimeMs
  readonly command: 'submit' | 'cancel' | 'amend'
  readonly clientId: string
  /** The venue's code, verbatim. */
  readonly code: string
  readonly message: string
  /** When the venue lets the next request through, where it says so. */
  readonly retryAt?: TimeMs
}

/** A command was sent and nothing that can be relied on came back: time-out, reset, 5xx, an answer that is none. It may have worked. */
export interface CommandUnanswered {
  readonly type: 'unanswered'
  readonly at: TimeMs
  readonly command: 'submit' | 'cancel' | 'amend'
  readonly clientId: string
  /** What came back instead of an answer, in words, without secrets. */
  readonly found: string
}

/** The venue took a command; what became of it comes as order reports, perhaps before this. */
export interface CommandTaken {
  readonly type: 'taken'
  readonly at: TimeMs
  readonly command: 'submit' | 'cancel' | 'amend'
  readonly clientId: string
  /** Null where the answer does not name it. */
  readonly venueOrderId: string | null
}

/** A quantity changed hands. */
export interface ExecutionReport {
  readonly type: 'execution'
  readonly at: TimeMs
  /** Unique for the symbol; the same fact has the same id in every stream and query. */
  readonly executionId: string
  readonly symbol: string
  /** Null where the venue does not name it: core joins it from the order. */
  readonly leg: Leg | null
  readonly side: Side
  /** Ours, or whatever another program used; empty when the order has none; null where the venue does not say. */
  readonly clientId: string | null
  readonly venueOrderId: string
  readonly price: Decimal
  readonly qty: Decimal
  /** Quote units, positive when paid. */
  readonly fee: Decimal
  readonly feeAsset: string
  /** The part of the quantity that reduced a position; null where the venue does not say. */
  readonly closedQty: Decimal | null
  readonly liquidity: Liquidity
  /** `trade` for every ordinary match, whoever placed the order. */
  readonly source: 'trade' | 'liquidation' | 'adl'
  readonly sequence: number | null
}

/** One leg of one symbol as the venue keeps it. A flat leg is a row with quantity zero. In one-way mode both legs are said, one of them flat. */
export interface PositionReport {
  readonly type: 'position'
  readonly at: TimeMs
  readonly symbol: string
  readonly leg: Leg
  /** The mode that the row itself shows. */
  readonly mode: PositionMode
  readonly qty: Decimal
  /** Null when flat. */
  readonly entryPrice: Decimal | null
  readonly markPrice: Decimal | null
  readonly unrealisedPnl: Decimal | null
  readonly liquidationPrice: Decimal | null
  readonly initialMargin: Decimal | null
  readonly maintenanceMargin: Decimal | null
  /** Null where the row does not say. */
  readonly leverage: Decimal | null
  readonly sequence: number | null
}

/** The account in the asset that positions settle in. Null for what the venue does not say. */
export interface WalletReport {
  readonly type: 'wallet'
  readonly at: TimeMs
  readonly asset: string
  /** Deposits plus everything booked. */
  readonly balance: Decimal
  /** Balance plus unrealised profit. */
  readonly equity: Decimal | null
  readonly available: Decimal | null
  readonly initialMargin: Decimal | null
  readonly maintenanceMargin: Decimal | null
}

/** Funding was paid or received by a leg. */
export interface FundingReport {
  readonly type: 'funding'
  /** Time of the settlement. */
  readonly at: TimeMs
  readonly fundingId: string
  readonly symbol: string
  /** Null where the venue does not name it: core takes the leg whose sign the amount has. */
  readonly leg: Leg | null
  readonly qty: Decimal
  readonly mark: Decimal
  readonly rate: Decimal
  /** Quote units, positive when received. */
  readonly amount: Decimal
}

/** Prices of a symbol, as far as the message has them. */
export interface PriceReport {
  readonly type: 'price'
  readonly at: TimeMs
  readonly symbol: string
  readonly last?: Decimal
  readonly mark?: Decimal
  readonly index?: Decimal
  /** Announced for the next settlement, a fraction; and when that is. */
  readonly fundingRate?: Decimal
  readonly nextFundingAt?: TimeMs
}

/** A candle that has closed by the venue's time; one that is forming is never reported. */
export interface CandleReport {
  readonly type: 'candle'
  /** When it closed. */
  readonly at: TimeMs
  readonly symbol: string
  /** Canonical text such as `1m`. */
  readonly timeframe: string
  readonly candle: Candle
}

/** What a connection listens to. */
export type VenueStream = 'account' | 'market'

/** The state of a stream. `up` is said at the start, after every reconnect, and again whenever the other side shows that it lives (a pong, a frame without news). */
export interface StreamReport {
  readonly type: 'stream'
  readonly at: TimeMs
  readonly stream: VenueStream
  /** `stale`: connected and silent for too long. `down`: not connected; the connection is trying again. */
  readonly state: 'up' | 'stale' | 'down'
  /** True on the first `up` after the stream was down or stale: something may have been missed. */
  readonly reconnected: boolean
  /** Why, in words; empty when up. */
  readonly reason: string
}

/** What is left of a budget of requests, from the headers of an answer. */
export interface BudgetReport {
  readonly type: 'budget'
  readonly at: TimeMs
  /** A group of the manifest's rate limits. */
  readonly group: string
  readonly remaining: number
  /** Requests of a full budget, where the venue says it: accounts differ. */
  readonly limit: number | null
  /** When it is full again. */
  readonly resetAt: TimeMs
}

/** A payload that the driver could not read whole: an unknown value, a missing field. Never replaced by a default. */
export interface UnknownReport {
  readonly type: 'unknown'
  readonly at: TimeMs
  readonly stream: VenueStream
  /** What was not understood: topic, field and value, without secrets. */
  readonly found: string
  /** The symbol that it concerns, where that much could be read; else null, and it may concern any. */
  readonly symbol: string | null
}

/** Everything that a venue may say. */
export type VenueReport =
  | OrderReport
  | CommandTaken
  | CommandRefused
  | CommandUnanswered
  | ExecutionReport
  | PositionReport
  | WalletReport
  | FundingReport
  | PriceReport
  | CandleReport
  | StreamReport
  | BudgetReport
  | UnknownReport

/** Takes reports, one at a time, in the order in which they arrive. It never throws and never waits. */
export type VenueSink = (report: VenueReport) => void
