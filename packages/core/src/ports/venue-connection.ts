/**
 * A live connection to one account of one venue. It is thin: commands go out and return nothing, facts come in as reports, questions are
 * promises. It retries no command, keeps no positions, joins no fill to an order and guesses no leg; core does.
 */
import type { Decimal } from '../domain/decimal.ts'
import type { Instrument } from '../domain/instrument.ts'
import type { Leg, MarginMode, PositionMode } from '../domain/leg.ts'
import type { Order } from '../domain/order.ts'
import type { TimeMs } from '../domain/time.ts'
import type { SeriesRows, TimeRange } from './candle-store.ts'
import type { Amendment } from './exchange.ts'
import type { ExecutionReport, FundingReport, OrderReport, PositionReport, VenueSink, WalletReport } from './venue-report.ts'

/** What to listen to. */
export interface Subscriptions {
  readonly symbols: readonly string[]
  /** Closed candles of these timeframes, of every symbol. */
  readonly timeframes: readonly string[]
  /** False for paper trading: no key is needed, and the account stream stays closed. */
  readonly account: boolean
}

/** An order on its way to the venue. Leg and intent are in the order; the mode says how the venue wants them said. */
export interface Submission {
  /** Sent as the venue's client order id, on every kind of order. */
  readonly clientId: string
  /** Fitted to the instrument. Its `bracket`, `group`, `tag` and `expiresAt` are core's business and are not sent. */
  readonly order: Order
  readonly positionMode: PositionMode
}

/** Names an order at the venue. */
export interface OrderAddress {
  readonly clientId: string
  /** Null until the venue has named it. */
  readonly venueOrderId: string | null
  readonly symbol: string
  /** True for orders that wait for a trigger: some venues keep them apart. */
  readonly conditional: boolean
}

/** New values for an order as it stands. */
export interface VenueAmendment extends OrderAddress {
  readonly order: Order
  readonly change: Amendment
}

/** Settings of one symbol, read back from the venue. */
export interface SymbolSettings {
  readonly symbol: string
  readonly positionMode: PositionMode
  readonly marginMode: MarginMode
  readonly leverage: Readonly<Record<Leg, Decimal>>
}

/** What a snapshot is about. */
export interface SnapshotQuery {
  readonly symbols: readonly string[]
  /** Executions and funding from here on, oldest first, to the last page. */
  readonly since: TimeMs
}

/** The account at one moment, asked piece by piece: rows may be seconds apart. */
export interface VenueSnapshot {
  /** Venue time before the first question: nothing older than this is missing. */
  readonly at: TimeMs
  readonly settings: readonly SymbolSettings[]
  /** Two rows a symbol, flat legs included. */
  readonly positions: readonly PositionReport[]
  /** Everything that is open, conditional orders included, whoever placed it, to the last page. */
  readonly orders: readonly OrderReport[]
  readonly wallet: WalletReport
  readonly executions: readonly ExecutionReport[]
  readonly funding: readonly FundingReport[]
}

/** The answer to a change of a setting. Codes and texts are the venue's. */
export type SettingAnswer =
  | { readonly outcome: 'changed' | 'already' }
  /** What has to be gone first; core names the orders and positions from a snapshot. */
  | { readonly outcome: 'blocked'; readonly by: 'orders' | 'positions'; readonly code: string; readonly message: string }
  | { readonly outcome: 'refused'; readonly code: string; readonly message: string }

/** What the key may do, for the person who set it up. Null where the venue does not say. */
export interface AccountReport {
  readonly mayTrade: boolean | null
  readonly mayWithdraw: boolean | null
  /** True when the key works from listed addresses only. */
  readonly addressBound: boolean | null
  readonly expiresAt: TimeMs | null
  /** Kind of the account in the venue's words. */
  readonly kind: string
}

/** An instrument as the venue lists it today. */
export interface ListedInstrument {
  readonly instrument: Instrument
  /** False while the venue takes no openers for it. */
  readonly trading: boolean
}

/** A series of the venue's history. */
export interface HistoryQuery extends TimeRange {
  readonly symbol: string
  readonly kind: 'candles' | 'marks' | 'funding'
  /** Null for funding. */
  readonly timeframe: string | null
}

/** Kinds of request that a venue may count apart. */
export type RequestKind = 'submit' | 'amend' | 'cancel' | 'query'

/**
 * A connection. Promises reject with a HedgerowError: `VENUE_UNREACHABLE` or `VENUE_ANSWER_INVALID` when nothing is known,
 * `VENUE_REFUSED` with the venue's code in the cause, `CREDENTIALS_REFUSED`. A rejection is never an empty answer.
 */
export interface VenueConnection {
  /** Group of the manifest's rate limits that each kind of request counts against; kinds that share a group share its budget. */
  readonly budgets: Readonly<Record<RequestKind, string>>

  /** Opens the streams and resolves once all are up. From then on it reconnects by itself until it is closed. */
  connect(sink: VenueSink, subscriptions: Subscriptions): Promise<void>
  /** Added to local time in signatures: venue time minus ours, ms. */
  setClockOffset(offsetMs: number): void

  /** Sends once. Answers `taken`, `refused` or `unanswered` of this client id; order reports and executions follow or come first. */
  submit(submission: Submission): void
  cancel(address: OrderAddress): void
  /** Only where the manifest says `amendable`; elsewhere core cancels and submits. */
  amend(amendment: VenueAmendment): void

  serverTime(): Promise<TimeMs>
  account(): Promise<AccountReport>
  instruments(): Promise<readonly ListedInstrument[]>
  snapshot(query: SnapshotQuery): Promise<VenueSnapshot>
  /** The order of a client id, live or done, from wherever the venue keeps it; null only when the venue says definitely that there is none. */
  findOrder(clientId: string, symbol: string): Promise<OrderReport | null>

  /** Changes only what it names; a later snapshot proves it. Where the scope is the account, the symbol is ignored. */
  setPositionMode(symbol: string, mode: PositionMode): Promise<SettingAnswer>
  setMarginMode(symbol: string, mode: MarginMode): Promise<SettingAnswer>
  setLeverage(symbol: string, leverage: Readonly<Record<Leg, Decimal>>): Promise<SettingAnswer>

  /**
   * Pages of history, oldest first, without overlap. Candles that are still forming are left out; one is over when the venue lists the one after
   * it, or when that one would be over as well by the venue's clock. Needs no key.
   */
  history(query: HistoryQuery): AsyncIterable<SeriesRows>
  /** Closes every socket and timer; nothing is reported afterwards. Orders stay where they are. */
  close(): Promise<void>
}
