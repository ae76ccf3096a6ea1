/**
 * The session as live inputs drive it: bars are built candle by candle, strategies are called when theirs close, and everything that comes in
 * leads to records and commands. Synchronous and deterministic: the journal replayed through it gives the same state.
 */
import type { Outcome } from '../broker/outbox.ts'
import type { SessionBroker } from '../broker/session-broker.ts'
import type { Decimal } from '../domain/decimal.ts'
import type { ExchangeEvent, JournalRecord } from '../domain/events.ts'
import type { CandlesClosed, CandlesLoaded, LiveInput, SessionStarted } from '../domain/live-input.ts'
import { DAY_MS, type TimeMs } from '../domain/time.ts'
import { barStart } from '../domain/timeframe.ts'
import type { Timer } from '../ports/strategy.ts'
import type { AccountMargin } from '../broker/account-margin.ts'
import type { CandleAggregator } from '../session/candle-aggregator.ts'
import type { EventLog } from '../session/event-log.ts'
import type { MarketState } from '../session/market-state.ts'
import type { Session, SessionEvent } from '../session/session.ts'
import type { StrategyRunner } from '../session/strategy-runner.ts'
import type { SessionState } from '../state/session-state.ts'
import type { DayOfEquity } from '../ports/strategy.ts'
import type { TradingGate } from './trading-gate.ts'

/** A route and the bars of its symbols. */
export interface LiveRoute {
  readonly runner: StrategyRunner
  readonly feeds: readonly CandleAggregator[]
}

/** Bars of one symbol. */
export interface LiveFeed {
  readonly symbol: string
  readonly aggregator: CandleAggregator
}

/** What a live session is made of. */
export interface LiveSessionOptions {
  readonly session: Session
  readonly state: SessionState
  readonly broker: SessionBroker
  readonly market: MarketState
  readonly margin: AccountMargin
  readonly gate: TradingGate
  readonly log: EventLog
  readonly routes: readonly LiveRoute[]
  /** Every aggregator once: of routes and of data routes. */
  readonly feeds: readonly LiveFeed[]
}

/** What an input led to. A strategy that throws does not stop the session: the error is handed on, and what it did before counts. */
export interface LiveOutcome extends Outcome {
  readonly error: unknown
}

interface RunningTimer extends Timer {
  readonly runner: StrategyRunner
}

const NOTHING: LiveOutcome = { records: [], commands: [], error: null }

/** One live session. */
export class LiveSession {
  /** Equity at the start and at every UTC midnight since. */
  readonly daily: DayOfEquity[] = []
  readonly #options: LiveSessionOptions
  #timers: readonly RunningTimer[] = []
  #started: SessionStarted | null = null
  #openedAt: TimeMs | null = null
  /** Close of the last candle of each symbol. */
  readonly #candlesUpTo = new Map<string, TimeMs>()
  #lastOrderId = 0
  #isQuiet = false

  constructor(options: LiveSessionOptions) {
    this.#options = options
  }

  /** The start that holds; null before the first. */
  get started(): SessionStarted | null {
    return this.#started
  }

  /** When the journal began, whoever has started since: what happened at the venue from then on belongs into it. Null before the first start. */
  get openedAt(): TimeMs | null {
    return this.#openedAt
  }

  /** Close of the last candle that a symbol has seen; null before the first. */
  candlesUpTo(symbol: string): TimeMs | null {
    return this.#candlesUpTo.get(symbol) ?? null
  }

  /** Takes an input; the answer is what to journal with it, then what to send. */
  apply(input: LiveInput): LiveOutcome {
    switch (input.type) {
      case 'session.started':
        this.#open(input)
        return NOTHING
      case 'strategies.started':
        return this.#start(input.at)
      case 'candles.closed':
        return this.#closeCandles(input)
      case 'candles.loaded':
        this.#load(input)
        return NOTHING
      case 'gate.changed':
        this.#options.gate.apply(input.change)
        return NOTHING
      default:
        return this.#isQuiet && input.type !== 'orders.wanted' ? this.#note(input) : this.#collect([input])
    }
  }

  /** Takes what an earlier program did as state, without its strategies. */
  fold(input: LiveInput, records: readonly JournalRecord[]): void {
    const { state, log, gate } = this.#options
    if (input.type === 'gate.changed') gate.apply(input.change)
    if (input.type === 'session.started') this.#open(input)
    log.append(records)
    for (const record of records) {
      if (record.type === 'vars.changed') continue
      if (record.type === 'order.submitted' || record.type === 'order.denied') this.#lastOrderId = Math.max(this.#lastOrderId, record.order.id)
      state.apply(record)
    }
  }

  /** Between the start of a session and that of its strategies, what is reconciled changes the state and is told to nobody. */
  #note(event: ExchangeEvent): LiveOutcome {
    const { state, log, market } = this.#options
    if (state.apply(event) === null) return NOTHING
    if (event.type === 'order.filled') market.trade(event.symbol, event.price)
    log.append([event])
    return { records: [event], commands: [], error: null }
  }

  #start(at: TimeMs): LiveOutcome {
    this.#isQuiet = false
    this.#options.broker.resumeAfter(this.#lastOrderId)
    const outcome = this.#collect([{ type: 'run.starting', at }])
    this.#timers = this.#options.routes.flatMap(({ runner }) => runner.timers.map((timer) => ({ ...timer, runner })))
    return outcome
  }

  /** The first start of a journal says what the account holds. */
  #open(input: SessionStarted): void {
    const isFirst = this.#started === null
    this.#started = input
    this.#isQuiet = true
    if (!isFirst) return
    this.#openedAt = input.at
    this.#options.state.positions.apply({ type: 'account.posted', at: input.at, kind: 'deposit', amount: input.wallet })
    this.#noteDay(input.at)
  }

  #load({ series }: CandlesLoaded): void {
    for (const { symbol, candles } of series) {
      for (const candle of candles) this.#push(symbol, candle, null)
    }
  }

  /** All symbols of the minute are known before any strategy is called; routes follow in their order. */
  #closeCandles({ at, candles }: CandlesClosed): LiveOutcome {
    const { routes, feeds } = this.#options
    const before = new Map(feeds.map(({ aggregator }) => [aggregator, aggregator.buffer.length]))
    for (const { symbol, candle, mark } of candles) this.#push(symbol, candle, mark)
    for (const { aggregator } of feeds) aggregator.closeUpTo(at)
    this.#passDays(at)
    const events: SessionEvent[] = []
    for (const { runner, feeds: own } of routes) {
      if (!own.some((aggregator) => aggregator.buffer.length > (before.get(aggregator) ?? 0) && closedAt(aggregator) === at)) continue
      events.push({ type: 'bar.closed', at, runner, step: 'manage' }, { type: 'bar.closed', at, runner, step: 'enter' })
    }
    return this.#collect([...events, ...this.#timersDue(at)])
  }

  #push(symbol: string, candle: CandlesClosed['candles'][number]['candle'], mark: number | null): void {
    const { feeds, market } = this.#options
    const upTo = this.#candlesUpTo.get(symbol) ?? Number.NEGATIVE_INFINITY
    if (candle.time < upTo) return
    // One that came after its minute was told may be too late for a bar that ended with it.
    for (const feed of feeds) if (feed.symbol === symbol && feed.aggregator.takes(candle.time)) feed.aggregator.push(candle)
    this.#candlesUpTo.set(symbol, candle.time + BASE_MS)
    market.closeCandle(symbol, candle.close, mark)
  }

  #timersDue(at: TimeMs): SessionEvent[] {
    return this.#timers.flatMap((timer): SessionEvent[] => {
      return barStart(timer.every, at) === at ? [{ type: 'timer.due', at, runner: timer.runner, name: timer.name }] : []
    })
  }

  #collect(events: readonly SessionEvent[]): LiveOutcome {
    const { session, log } = this.#options
    const records: JournalRecord[] = []
    const commands: Outcome['commands'][number][] = []
    let failure: unknown = null
    for (const event of events) {
      if (event.type === 'bar.closed' && event.step === 'manage') event.runner.context.nextBar()
      const { outcome, error } = attempt(session, event)
      failure ??= error
      records.push(...outcome.records)
      commands.push(...outcome.commands)
    }
    log.append(records)
    return { records, commands, error: failure }
  }

  #passDays(at: TimeMs): void {
    const last = this.daily.at(-1)
    if (last === undefined || Math.floor(at / DAY_MS) > Math.floor(last.at / DAY_MS)) this.#noteDay(at)
  }

  #noteDay(at: TimeMs): void {
    this.daily.push({ at, equity: this.equity() })
  }

  /** Balance plus unrealised profit at the marks; the balance while no price is known. */
  equity(): Decimal {
    const { state, margin } = this.#options
    return state.positions.positions().every(({ qty }) => qty.isZero()) ? state.positions.wallet : margin.equity()
  }

  /** Loss since the last UTC midnight, quote units; negative for a gain. */
  dailyLoss(): Decimal {
    const start = this.daily.at(-1)?.equity ?? this.equity()
    return start.minus(this.equity())
  }
}

/** Spacing of the candles that bars are built of. */
export const BASE_MS = 60_000

function closedAt({ buffer, timeframe }: CandleAggregator): TimeMs {
  return (buffer.time?.[buffer.length - 1] ?? Number.NaN) + timeframe.ms
}

/** What a hook did before it threw counts; the rest of the outcome is asked for again. */
function attempt(session: Session, event: SessionEvent): { readonly outcome: Outcome; readonly error: unknown } {
  try {
    return { outcome: session.handle(event), error: null }
  } catch (error) {
    return { outcome: session.drain(), error }
  }
}
