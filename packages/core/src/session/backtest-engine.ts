/**
 * Runs a session over history: it knows the calendar of bar closes, timers and the end, and lets the exchange do everything in between.
 * The same session runs live; only who tells the time and who answers the commands differs.
 */
import type { Command, Outcome } from '../broker/outbox.ts'
import { cell, type CandleColumns } from '../domain/candles.ts'
import { timeText, type TimeMs } from '../domain/time.ts'
import { barStart, requireBuildable } from '../domain/timeframe.ts'
import { HedgerowError, isHedgerowError } from '../errors.ts'
import type { CandlePath } from '../metrics/path-range.ts'
import type { EventSink, SimulatedExchange } from '../ports/exchange.ts'
import type { Timer } from '../ports/strategy.ts'
import type { BarFeed } from './candle-aggregator.ts'
import type { EventLog } from './event-log.ts'
import type { RouteFeed } from './joint-bars.ts'
import type { MarketState, Quote } from './market-state.ts'
import type { RunRecorder } from './run-recorder.ts'
import type { BarClosed, Session, SessionEvent } from './session.ts'
import type { StrategyRunner } from './strategy-runner.ts'

/** A simulated exchange that can also be told what only the one who runs it knows. */
export interface BacktestExchange extends SimulatedExchange {
  /** Lets what was commanded since the last advance arrive now; at the end of the data, at the last prices. */
  arrive(): void
  /** The run is over: cancels every live order as `end-of-run`; from now on only orders of that role arrive, others are not answered. */
  end(): void
  /** The path that a symbol took in the candle that starts at a time. */
  pathAt(symbol: string, start: TimeMs): CandlePath
}

/** A route and the bars that it is called on. */
export interface EngineRoute {
  readonly runner: StrategyRunner
  readonly feed: RouteFeed
}

/** The last prices of one symbol, on the grid of the run. */
export interface EngineSymbol {
  readonly symbol: string
  readonly candles: CandleColumns
  readonly marks?: CandleColumns
}

/** What an engine runs. */
export interface BacktestEngineOptions {
  /** Makes the exchange, whose events go to this sink. */
  readonly exchange: (sink: EventSink) => BacktestExchange
  readonly session: Session
  readonly market: MarketState
  readonly routes: readonly EngineRoute[]
  readonly dataFeeds: readonly BarFeed[]
  readonly symbols: readonly EngineSymbol[]
  readonly log: EventLog
  readonly recorder: RunRecorder
  /** First tradable moment, and the end: exclusive, no candle starts there. */
  readonly start: TimeMs
  readonly end: TimeMs
  /** `close`: market orders of the first step of a bar execute before its second, those of the second once every route has had both. */
  readonly fillAt: 'open' | 'close'
  readonly closeAtEnd: boolean
  /** Told the time now and then; returning true stops the run. */
  readonly onProgress?: (at: TimeMs) => boolean
}

/** A timer of a route, and when it is due next. */
interface RunningTimer extends Timer {
  readonly runner: StrategyRunner
  nextAt: TimeMs
}

/** A route, and when its next bar closes. */
interface RunningRoute extends EngineRoute {
  nextAt: TimeMs
}

/** A symbol with its prices in the market. */
interface QuotedSymbol extends EngineSymbol {
  readonly quote: Quote
}

/** Route bars between two calls of `onProgress`. */
const BARS_BETWEEN_PROGRESS = 256

/** One run. Make a new engine for another. */
export class BacktestEngine {
  readonly exchange: BacktestExchange
  readonly #options: BacktestEngineOptions
  readonly #timers: readonly RunningTimer[]
  /** Of routes and of data routes. */
  readonly #feeds: readonly Pick<BarFeed, 'advanceTo'>[]
  readonly #symbols: readonly QuotedSymbol[]
  readonly #routes: readonly RunningRoute[]

  /** @throws HedgerowError `TIMEFRAME_INVALID` for a timer that would be due within a candle. */
  constructor(options: BacktestEngineOptions) {
    this.#options = options
    this.#timers = runningTimers(options)
    this.#routes = options.routes.map((route) => ({ ...route, nextAt: Number.NaN }))
    this.#feeds = [...new Set([...options.routes.map(({ feed }) => feed), ...options.dataFeeds])]
    this.#symbols = options.symbols.map((symbol) => ({ ...symbol, quote: options.market.quote(symbol.symbol) }))
    this.exchange = options.exchange((event) => this.#dispatch(event))
    options.recorder.followPaths((symbol, start) => this.exchange.pathAt(symbol, start))
  }

  /** Runs from start to end. Synchronous; throws what a strategy or the data throws. */
  run(): void {
    const { start, end, routes, onProgress } = this.#options
    this.#advanceFeeds(start)
    this.exchange.advanceTo(start)
    this.#dispatch({ type: 'run.starting', at: start })
    this.#passCalls()
    this.exchange.advanceTo(end)
    this.#advanceFeeds(end)
    this.#end(end)
    if (routes.length > 0) onProgress?.(end)
  }

  /** From call to call. The loop stands alone: a function that is compiled while it runs should end with it. */
  #passCalls(): void {
    const { end, onProgress } = this.#options
    let bars = 0
    for (let at = this.#nextCall(); at <= end; at = this.#nextCall()) {
      this.exchange.advanceTo(at)
      this.#closeBars(at)
      if (this.#timers.length > 0) this.#fireTimers(at)
      if (++bars % BARS_BETWEEN_PROGRESS === 0 && onProgress?.(at) === true) throw interrupted(at)
    }
  }

  #nextCall(): TimeMs {
    let next = Number.POSITIVE_INFINITY
    for (const route of this.#routes) {
      route.nextAt = route.feed.nextCloseAt
      if (route.nextAt < next) next = route.nextAt
    }
    for (const { nextAt } of this.#timers) if (nextAt < next) next = nextAt
    return next
  }

  #fireTimers(at: TimeMs): void {
    for (const timer of this.#timers) {
      if (timer.nextAt !== at) continue
      timer.nextAt += timer.every.ms
      this.#dispatch({ type: 'timer.due', at, runner: timer.runner, name: timer.name })
      if (this.#options.fillAt === 'close') this.exchange.arrive()
    }
  }

  /** All symbols of the moment are known before any strategy is called; routes follow in their order. */
  #closeBars(at: TimeMs): void {
    this.#advanceFeeds(at)
    if (this.#options.fillAt === 'close') return this.#closeBarsAtClose(at)
    for (const { nextAt, runner } of this.#routes) {
      if (nextAt !== at) continue
      runner.context.nextBar()
      this.#execute(this.#bar(runner, 'manage', at))
      this.#execute(this.#bar(runner, 'enter', at))
    }
  }

  #closeBarsAtClose(at: TimeMs): void {
    const entries: Command[] = []
    for (const { nextAt, runner } of this.#routes) {
      if (nextAt !== at) continue
      runner.context.nextBar()
      this.#execute(this.#bar(runner, 'manage', at))
      this.exchange.arrive()
      entries.push(...this.#bar(runner, 'enter', at))
    }
    this.#execute(entries)
    this.exchange.arrive()
  }

  #advanceFeeds(at: TimeMs): void {
    for (const feed of this.#feeds) feed.advanceTo(at)
    for (const { quote, candles, marks } of this.#symbols) {
      const index = lastClosed(candles, at)
      if (index >= 0) quote.close(cell(candles.close, index), marks === undefined ? null : (marks.close[index] ?? null))
    }
  }

  #end(at: TimeMs): void {
    this.#dispatch({ type: 'run.ending', at })
    this.exchange.arrive()
    this.exchange.end()
    this.#dispatch({ type: 'run.closing', at, closePositions: this.#options.closeAtEnd })
    this.exchange.arrive()
    this.#options.recorder.finish(at)
    this.#dispatch({ type: 'run.ended', at })
  }

  #bar(runner: StrategyRunner, step: BarClosed['step'], at: TimeMs): readonly Command[] {
    return this.#record(this.#options.session.bar(runner, step, at))
  }

  #dispatch(event: Exclude<SessionEvent, BarClosed>): void {
    this.#execute(this.#handle(event))
  }

  #handle(event: Exclude<SessionEvent, BarClosed>): readonly Command[] {
    const { session, recorder } = this.#options
    if (!leavesAccount(event.type)) recorder.before(event)
    return this.#record(session.handle(event))
  }

  /** Tells what is to be commanded. */
  #record({ records, commands }: Outcome): readonly Command[] {
    if (records.length > 0) {
      const { log, recorder } = this.#options
      log.append(records)
      for (const record of records) if (record.type !== 'vars.changed') recorder.see(record)
    }
    return commands
  }

  #execute(commands: readonly Command[]): void {
    for (const command of commands) {
      if (command.type === 'submit') this.exchange.submit(command.order)
      else if (command.type === 'cancel') this.exchange.cancel(command.orderId)
      else this.exchange.amend(command.orderId, command.change)
    }
  }
}

/** What leaves wallet and positions as they are: the recorder sees the time before it together with the time after it. */
function leavesAccount(type: SessionEvent['type']): boolean {
  switch (type) {
    case 'timer.due':
    case 'order.accepted':
    case 'order.rejected':
    case 'order.unconfirmed':
    case 'order.triggered':
    case 'order.amended':
    case 'order.reduced':
    case 'order.canceled':
    case 'order.expired':
      return true
    default:
      return false
  }
}

/** The first time of a timer is after the start: its own is a moment at which nothing has happened yet. */
function runningTimers({ routes, symbols, start }: BacktestEngineOptions): RunningTimer[] {
  return routes.flatMap(({ runner }) => runner.timers.map((timer) => {
    const [first] = symbols
    if (first !== undefined) located(`${runner.context.name}, timer ${timer.name}`, () => requireBuildable(timer.every, first.candles.step, first.candles.start))
    return { ...timer, runner, nextAt: barStart(timer.every, start) + timer.every.ms }
  }))
}

function located(where: string, check: () => void): void {
  try {
    check()
  } catch (error) {
    throw isHedgerowError(error) ? new HedgerowError(error.code, { ...error.details, where }) : error
  }
}

/** Index of the last candle that has closed at `at`; its last existing one where candles are missing is found by the market. */
function lastClosed({ start, step, length }: CandleColumns, at: TimeMs): number {
  return Math.min(length, Math.floor((at - start) / step)) - 1
}

function interrupted(at: TimeMs): HedgerowError {
  return new HedgerowError('RUN_INTERRUPTED', { found: `stopped at ${timeText(at)}`, expected: 'a run to its end' })
}
