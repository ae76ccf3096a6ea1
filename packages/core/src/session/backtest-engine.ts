/**
 * Runs a session over history: it knows the calendar of bar closes and the end, and lets the exchange do everything in between.
 * The same session runs live; only who tells the time and who answers the commands differs.
 */
import type { Command } from '../broker/outbox.ts'
import type { CandleColumns } from '../domain/candles.ts'
import { timeText, type TimeMs } from '../domain/time.ts'
import { HedgerowError } from '../errors.ts'
import type { EventSink, SimulatedExchange } from '../ports/exchange.ts'
import type { BarFeed } from './candle-aggregator.ts'
import type { EventLog } from './event-log.ts'
import type { MarketState } from './market-state.ts'
import type { RunRecorder } from './run-recorder.ts'
import type { Session, SessionEvent } from './session.ts'
import type { StrategyRunner } from './strategy-runner.ts'

/** A simulated exchange that can also be told to let waiting orders arrive now. */
export interface BacktestExchange extends SimulatedExchange {
  arrive(): void
}

/** A route and the bars that it is called on. */
export interface EngineRoute {
  readonly runner: StrategyRunner
  readonly feed: BarFeed
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

/** Route bars between two calls of `onProgress`. */
const BARS_BETWEEN_PROGRESS = 256

/** One run. Make a new engine for another. */
export class BacktestEngine {
  readonly exchange: BacktestExchange
  readonly #options: BacktestEngineOptions

  constructor(options: BacktestEngineOptions) {
    this.#options = options
    this.exchange = options.exchange((event) => this.#dispatch(event))
  }

  /** Runs from start to end. Synchronous; throws what a strategy or the data throws. */
  run(): void {
    const { start, end, routes, onProgress } = this.#options
    this.#advanceFeeds(start)
    this.exchange.advanceTo(start)
    this.#dispatch({ type: 'run.starting', at: start })
    let bars = 0
    for (let at = this.#nextClose(); at <= end; at = this.#nextClose()) {
      this.exchange.advanceTo(at)
      this.#closeBars(at)
      if (++bars % BARS_BETWEEN_PROGRESS === 0 && onProgress?.(at) === true) throw interrupted(at)
    }
    this.exchange.advanceTo(end)
    this.#end(end)
    if (routes.length > 0) onProgress?.(end)
  }

  #nextClose(): TimeMs {
    let next = Number.POSITIVE_INFINITY
    for (const { feed } of this.#options.routes) next = Math.min(next, feed.nextCloseAt)
    return next
  }

  /** All symbols of the moment are known before any strategy is called; routes follow in their order. */
  #closeBars(at: TimeMs): void {
    const { routes, fillAt } = this.#options
    const due = routes.filter(({ feed }) => feed.nextCloseAt === at)
    const entries: Command[] = []
    this.#advanceFeeds(at)
    for (const { runner } of due) {
      runner.context.nextBar()
      this.#dispatch({ type: 'bar.closed', at, runner, step: 'manage' })
      if (fillAt === 'close') this.exchange.arrive()
      const commands = this.#handle({ type: 'bar.closed', at, runner, step: 'enter' })
      if (fillAt === 'close') entries.push(...commands)
      else this.#execute(commands)
    }
    if (fillAt === 'open') return
    this.#execute(entries)
    this.exchange.arrive()
  }

  #advanceFeeds(at: TimeMs): void {
    const { routes, dataFeeds, symbols, market } = this.#options
    for (const { feed } of routes) feed.advanceTo(at)
    for (const feed of dataFeeds) feed.advanceTo(at)
    for (const { symbol, candles, marks } of symbols) {
      const index = lastClosed(candles, at)
      if (index >= 0) market.closeCandle(symbol, candles.close[index] ?? Number.NaN, marks?.close[index] ?? null)
    }
  }

  #end(at: TimeMs): void {
    this.#dispatch({ type: 'run.ending', at })
    this.exchange.arrive()
    this.#dispatch({ type: 'run.closing', at, closePositions: this.#options.closeAtEnd })
    this.exchange.arrive()
    this.#options.recorder.finish(at)
    this.#dispatch({ type: 'run.ended', at })
  }

  #dispatch(event: SessionEvent): void {
    this.#execute(this.#handle(event))
  }

  #handle(event: SessionEvent): readonly Command[] {
    const { session, log, recorder } = this.#options
    if (event.type !== 'bar.closed') recorder.advanceTo(event.at)
    const { records, commands } = session.handle(event)
    if (records.length > 0) {
      log.append(records)
      for (const record of records) recorder.see(record)
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

/** Index of the last candle that has closed at `at`; its last existing one where candles are missing is found by the market. */
function lastClosed({ start, step, length }: CandleColumns, at: TimeMs): number {
  return Math.min(length, Math.floor((at - start) / step)) - 1
}

function interrupted(at: TimeMs): HedgerowError {
  return new HedgerowError('RUN_INTERRUPTED', { found: `stopped at ${timeText(at)}`, expected: 'a run to its end' })
}
