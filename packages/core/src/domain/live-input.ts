/**
 * Everything from outside that a live session is told, in the order in which it is told. The journal keeps it: the same inputs through the
 * same session give the same state, the same orders and the same hash. Nothing else of the outside world reaches a strategy.
 */
import type { Candle } from './candles.ts'
import type { Decimal } from './decimal.ts'
import type { ExchangeEvent } from './events.ts'
import type { MarginMode, PositionMode } from './leg.ts'
import type { OrderId } from './order.ts'
import type { TimeMs } from './time.ts'

/**
 * A program begins to trade on this journal for the first time, or goes on with other strategies or another version. What was before is
 * kept as state (orders, positions, money, variables); strategies start anew.
 */
export interface SessionStarted {
  readonly type: 'session.started'
  readonly at: TimeMs
  /** Part of every client order id; the same for the whole journal. */
  readonly run: string
  /** Tells whether a later program is the same: version, routes, parameters, strategy code. */
  readonly fingerprint: string
  readonly venue: string
  readonly positionMode: PositionMode
  readonly marginMode: MarginMode
  /** Wallet from which the ledger counts, quote units. */
  readonly wallet: Decimal
}

/** Warm-up is over: strategies begin, once after each start of the session. */
export interface StrategiesStarted { readonly type: 'strategies.started'; readonly at: TimeMs }

/** One base candle of a symbol, with the mark price at its close where it is known. */
export interface ClosedCandle {
  readonly symbol: string
  readonly candle: Candle
  readonly mark: number | null
}

/** A minute has closed: the candles of all symbols that came in time. Strategies whose bars close are called. */
export interface CandlesClosed {
  readonly type: 'candles.closed'
  /** The close. */
  readonly at: TimeMs
  readonly candles: readonly ClosedCandle[]
}

/** Candles of the past: warm-up, and what was missed while the program did not run. Indicators see them, no strategy is called. */
export interface CandlesLoaded {
  readonly type: 'candles.loaded'
  readonly at: TimeMs
  readonly series: readonly { readonly symbol: string; readonly candles: readonly Candle[] }[]
}

/** How far trading is switched off. Each level includes the ones before it. */
export type KillLevel = 'running' | 'pause' | 'cancel' | 'flatten'

/**
 * What may be traded has changed. `kill` stays until somebody resumes; `hold` (of everything) and `halt` (of a symbol) end when their
 * reason is null: they are lifted by what set them.
 */
export type GateChange =
  | { readonly kind: 'kill'; readonly level: KillLevel; readonly by: string; readonly reason: string }
  | { readonly kind: 'hold'; readonly name: string; readonly reason: string | null }
  | { readonly kind: 'halt'; readonly symbol: string; readonly name: string; readonly reason: string | null }

/** The gate has changed. */
export interface GateChanged {
  readonly type: 'gate.changed'
  readonly at: TimeMs
  readonly change: GateChange
}

/** An order that the framework itself wants: a flatten, a stop that has to stand again. It closes a leg, for the route that owns it. */
export interface WantedClose {
  readonly symbol: string
  readonly leg: 'long' | 'short'
  readonly qty: Decimal
  /** Market without a trigger. */
  readonly trigger?: Decimal
  readonly triggerBy?: 'last' | 'mark' | 'index'
  readonly tag?: string
  readonly role: 'exit' | 'stop-loss'
}

/** Orders of the framework, and orders that it takes back. */
export interface OrdersWanted {
  readonly type: 'orders.wanted'
  readonly at: TimeMs
  readonly why: string
  readonly closes: readonly WantedClose[]
  readonly cancels: readonly OrderId[]
}

/** What a live session is told. */
export type LiveInput = ExchangeEvent | SessionStarted | StrategiesStarted | CandlesClosed | CandlesLoaded | GateChanged | OrdersWanted
