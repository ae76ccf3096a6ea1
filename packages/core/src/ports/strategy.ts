/** What the session and a strategy know of each other. */
import type { CandleSeries } from '../domain/candle-series.ts'
import type { Decimal } from '../domain/decimal.ts'
import type { Filled, JournalEvent } from '../domain/events.ts'
import type { Instrument } from '../domain/instrument.ts'
import type { Leg, MarginMode, PositionMode } from '../domain/leg.ts'
import type { OrderId, OrderState } from '../domain/order.ts'
import type { PairOfPositions } from '../domain/position-pair.ts'
import type { TimeMs } from '../domain/time.ts'
import type { Timeframe } from '../domain/timeframe.ts'
import type { Trade } from '../domain/trade.ts'
import type { Broker } from './broker.ts'
import type { Chart, WatchRow } from './chart.ts'

/** The account as the strategy may read it. Quote units. */
export interface AccountReading {
  /** Deposits plus everything booked. */
  readonly balance: Decimal
  /** Balance plus unrealised profit at the marks. */
  readonly equity: Decimal
  /** What the venue would let new orders use. */
  readonly availableMargin: Decimal
  /** Maintenance margin over margin balance; null when nothing is held. */
  readonly marginRatio: Decimal | null
}

/** How declared orders behave where profiles differ. */
export interface DeclarationRules {
  /** `close`: market orders execute at the close of the bar, before entries are asked for. */
  readonly fillAt: 'open' | 'close'
  /** The compatibility rules of the one-way predecessor: entry-side variable only while open, magnitudes, full re-placing, forming candles. */
  readonly predecessor: boolean
}

/** Everything a strategy can read and command. One per route. */
export interface StrategyContext {
  /** Name of the route: unique in the session. */
  readonly name: string
  readonly exchange: string
  /** What everything that names no symbol is about. */
  readonly symbol: string
  /** All symbols of the route: one, or those of a portfolio. */
  readonly symbols: readonly string[]
  readonly timeframe: string
  readonly positionMode: PositionMode
  readonly marginMode: MarginMode
  /** Legs that this route owns, of each of its symbols. */
  readonly legs: readonly Leg[]
  readonly rules: DeclarationRules
  readonly fee: { readonly maker: Decimal; readonly taker: Decimal }
  readonly warmupCandles: number
  readonly broker: Broker
  /** Values shared by all strategies of the session. */
  readonly sharedVars: Map<string, unknown>

  /** The same route, with another of its symbols as what everything that names no symbol is about. Throws `UNKNOWN_SYMBOL`. */
  forSymbol(symbol: string): StrategyContext
  now(): TimeMs
  /** Route bars since the first tradable one: 0 there, negative in warm-up. */
  index(): number
  /** Last price of the symbol at this point: the close of the last candle, or the price of the fill being told. */
  price(symbol?: string): Decimal
  markPrice(symbol?: string): Decimal
  /** Closed bars of the route's own series or of a data route. */
  candles(symbol?: string, timeframe?: string): CandleSeries
  instrument(symbol?: string): Instrument
  leverage(symbol?: string, leg?: Leg): Decimal
  /** Both legs of a symbol (of the account, whoever opened them). */
  pair(symbol?: string): PairOfPositions
  /** Price at which the leg would be liquidated; null where there is none. */
  liquidationPrice(leg: Leg, symbol?: string): Decimal | null
  /** Margin that the leg takes; zero when flat. */
  marginOf(leg: Leg, symbol?: string): Decimal
  /** The largest quantity that the available margin lets this leg open at a price, floored to the step. */
  maxOpenQty(leg: Leg, price?: Decimal, symbol?: string): Decimal
  account(): AccountReading
  order(id: OrderId): OrderState
  /** Live orders of this route, oldest first. */
  liveOrders(): readonly OrderState[]
  /** Closed trades of this route, oldest first. */
  trades(): readonly Trade[]
  /** Equity of the account at the start and at every UTC midnight since, oldest first. */
  dailyEquity(): readonly DayOfEquity[]
  funding(symbol?: string): FundingReading
  /** Tells all other routes, after the hook that is running has returned. */
  emit(name: string, payload: unknown): void
  /** Variables of an earlier run to go on from; null where there are none. */
  savedVars(): Readonly<Record<string, unknown>> | null
  /** Journals the variables of the strategy: plain JSON that does not change afterwards. */
  saveVars(vars: Readonly<Record<string, unknown>>): void
  log(level: 'info' | 'warn' | 'error', text: string): void
  /** Tells the reader of the result: one row a code, the first text, and how often. Logged the first time. */
  warn(code: string, text: string): void
}

/** The account at one UTC midnight, or at the start. */
export interface DayOfEquity {
  readonly at: TimeMs
  /** Balance plus unrealised profit, quote units. */
  readonly equity: Decimal
}

/** Funding as it may be known now. */
export interface FundingReading {
  /** Rate of the last settlement; null before the first. */
  readonly lastRate: Decimal | null
  /** Rate announced for the next settlement; null unless a predicted series is loaded. */
  readonly predictedRate: Decimal | null
  /** Time of the next settlement; null when funding is not modelled. */
  readonly nextAt: TimeMs | null
}

/** How a fill changed its leg. */
export type LegChange = 'opened' | 'increased' | 'reduced' | 'closed'

/** A time that comes again and again: each boundary of a timeframe after the start of the run, at which a strategy is told the name. */
export interface Timer {
  readonly name: string
  readonly every: Timeframe
}

/**
 * What a strategy is told, after the state has changed. `route`: a fill changed a leg of another route, whose strategy has been told, or a
 * resting entry of it was cancelled. `message`: another route said something.
 */
export type StrategyEvent =
  | { readonly type: 'fill'; readonly fill: Filled; readonly order: OrderState | null; readonly change: LegChange; readonly trade: Trade | null }
  | { readonly type: 'order'; readonly event: Exclude<JournalEvent, Filled>; readonly order: OrderState }
  | { readonly type: 'route'; readonly route: string; readonly symbol: string; readonly leg: Leg; readonly change: LegChange | 'canceled' }
  | { readonly type: 'message'; readonly route: string; readonly name: string; readonly payload: unknown }
  | { readonly type: 'timer'; readonly name: string }
  | { readonly type: 'account'; readonly event: Extract<JournalEvent, { type: 'funding.settled' | 'account.liquidated' | 'account.posted' }> }

/** A strategy as the session sees it. All calls are synchronous. */
export interface Strategy {
  /** Once, before the first bar (warm-up bars included). */
  start(context: StrategyContext): void
  /**
   * Each closed bar of the route's timeframe comes in two steps: `manage` (before, cancel entries, onBar, updatePosition)
   * and `enter` (entries, after). Between them market orders execute where `rules.fillAt` is `close`.
   */
  bar(step: 'manage' | 'enter'): void
  /** After every event that concerns the route. */
  handle(event: StrategyEvent): void
  /** The end of the run: `before` while orders are still possible, `after` the last event. */
  end(step: 'before' | 'after'): void
  /** True when open positions must survive the end of the run. */
  readonly preventForcedClosure: boolean
  /** Times at which the strategy wants to be called beside its bars; at one moment bars come first. */
  readonly timers?: readonly Timer[]
  /** What the strategy has drawn so far. */
  readonly charts?: readonly Chart[]
  /** What the strategy shows of its state now. */
  watchList?(): readonly WatchRow[]
}
