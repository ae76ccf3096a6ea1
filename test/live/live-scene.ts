/** A live session over a fake venue: it can be killed at any point and started again on the same journal and venue. */
import {
  decimal, decodeEntry, encodeEntry, instrument, isStart, type CandleColumns, type Journal, type JournalEntry, type LiveConfig, type LiveEngine, type Leg, type StartEntry,
} from '@hedgerow/core'
import { bybit, bybitUta } from '@hedgerow/driver-bybit'
import { parseBacktestOptions } from '../../apps/runner/src/backtest/options-schema.ts'
import type { StrategyClass } from '../../apps/runner/src/backtest/options.ts'
import { resolveVenue } from '../../apps/runner/src/backtest/venue.ts'
import { composeLive } from '../../apps/runner/src/live/compose.ts'
import { FakeVenue, type FakeConnection, type FakeVenueOptions } from './fake-venue.ts'
import { rest, VirtualTimers } from './virtual-timers.ts'

export const SYMBOL = 'ETHUSDT'
export const START = 1_704_067_200_000
const MINUTE = 60_000

/** Entries as text, as a file would keep them. One by one: what a transaction would keep together is cut in more places here. */
export class MemoryJournal implements Journal {
  readonly lines: string[] = []
  /** Throws instead of writing. */
  fails = false
  /** Told before entries are written; throwing stands for a process that is gone. */
  before: (entry: JournalEntry) => void = () => {}
  after: (entry: JournalEntry) => void = () => {}
  /** The process is gone: what it writes is never written, and what waits for it waits for ever. */
  isDead = false

  async append(entries: readonly JournalEntry[]): Promise<void> {
    if (this.fails) throw new Error('disk full')
    for (const entry of entries) {
      this.before(entry)
      if (this.isDead) await new Promise<void>(() => {})
      this.lines.push(encodeEntry(entry))
      this.after(entry)
      if (this.isDead) await new Promise<void>(() => {})
    }
  }

  async *entries(): AsyncGenerator<JournalEntry> {
    for (const line of this.lines) yield decodeEntry(line)
  }

  async lastStart(): Promise<StartEntry | null> {
    return this.lines.map(decodeEntry).findLast(isStart) ?? null
  }

  async close(): Promise<void> {}
}

export interface SceneOptions {
  readonly strategy: StrategyClass
  readonly candles: CandleColumns
  readonly config?: Partial<LiveConfig>
  readonly venue?: Partial<FakeVenueOptions>
  readonly params?: Readonly<Record<string, unknown>>
  /** Of the route. */
  readonly timeframe?: string
  /** A second symbol with a route of its own. */
  readonly second?: { readonly symbol: string; readonly candles: CandleColumns }
}

export const LIMITS: LiveConfig['limits'] = { gross: null, perLeg: null, net: null, perSymbol: null, perOrder: null, dailyLoss: null, priceBand: null, ordersPerMinute: null, marginRate: null, liquidationDistance: null, requireStop: false }

export class LiveScene {
  readonly timers: VirtualTimers
  readonly venue: FakeVenue
  readonly journal = new MemoryJournal()
  readonly logged: string[] = []
  engine: LiveEngine
  connection: FakeConnection
  failure: unknown = null
  readonly #options: SceneOptions
  #minute = 0

  constructor(options: SceneOptions) {
    this.#options = options
    this.timers = new VirtualTimers(START)
    const leverage = decimal('5')
    this.venue = new FakeVenue({
      timers: this.timers, profile: bybitUta, positionMode: 'hedge', marginMode: 'cross', startingBalance: decimal('10000'), fillAt: 'open', sim: { slippage: 'none' },
      symbols: [{ instrument: INSTRUMENT, candles: options.candles, leverage }, ...(options.second === undefined ? [] : [{ instrument: instrument({ ...INSTRUMENT_TEXTS, symbol: options.second.symbol }), candles: options.second.candles, leverage }])], ...options.venue,
    })
    this.connection = this.venue.connect()
    this.engine = this.#compose()
  }

  get minute(): number {
    return this.#minute
  }

  /** Starts; the strategy is called from the next closed minute on. */
  async start(): Promise<void> {
    this.venue.to(this.timers.now())
    await this.timers.during(this.engine.start())
  }

  /** Lets minutes pass. */
  async to(minute: number): Promise<void> {
    while (this.#minute < minute) {
      this.#minute += 1
      const at = START + this.#minute * MINUTE
      await this.pass(Math.floor((at - 1 - this.timers.now()) / 2_000) * 2)
      await this.timers.to(at)
      this.venue.to(this.timers.now())
      await rest()
    }
    await this.timers.to(this.timers.now() + 1)
  }

  /** Lets seconds within a minute pass, with a living market. */
  async pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 2) {
      await this.timers.to(this.timers.now() + 2_000)
      this.venue.tickle()
      await rest()
    }
  }

  /** The process is gone at once; what was not in the journal is lost. */
  kill(): void {
    this.connection.kill()
    this.timers.clear()
    this.journal.isDead = true
  }

  /** Starts a new process on the same journal and venue. */
  async restart({ freshStrategies = false }: { readonly freshStrategies?: boolean } = {}): Promise<void> {
    this.kill()
    Object.assign(this.journal, { isDead: false, before: () => {}, after: () => {} })
    this.connection = this.venue.connect()
    this.engine = this.#compose(freshStrategies)
    await this.start()
  }

  /** Both legs, here and there: `long 1/1 short 0.5/0.5`. */
  legs(): string {
    const pair = this.engine.options.state.positions.pair(SYMBOL)
    const text = (leg: Leg): string => `${leg} ${pair[leg].qty.toFixed()}/${this.venue.held(SYMBOL, leg).toFixed()}`
    return `${text('long')} ${text('short')}`
  }

  #compose(freshStrategies = false): LiveEngine {
    const { strategy, config, params = {}, timeframe = '1m', second } = this.#options
    const symbols = second === undefined ? [SYMBOL] : [SYMBOL, second.symbol]
    const leverage = { long: decimal('5'), short: decimal('5') }
    const settings = parseBacktestOptions({
      exchange: { profile: bybitUta, positionMode: 'hedge', leverage: 5, startingBalance: '10000' }, routes: symbols.map((symbol) => ({ symbol, timeframe, strategy, params })), candles: {}, warmupCandles: 0, instruments: symbols.map((symbol) => ({ ...INSTRUMENT_TEXTS, symbol })),
    })
    return composeLive({
      settings, venue: resolveVenue(settings, bybitUta, symbols), manifest: bybit.manifest, run: 'test-run', fingerprint: 'same', logger: { log: (level, text) => { this.logged.push(`${level} ${text}`) } },
      config: {
        symbols, positionMode: 'hedge', marginMode: 'cross', leverage: new Map(symbols.map((symbol) => [symbol, leverage])), allowModeSwitch: false, allowMarginModeSwitch: false, adopt: false, trustVenue: false, foreignOrders: 'ignore', limits: LIMITS,
        triggers: { marginRate: null, silentMs: 10_000, rejectsPerMinute: null, drawdown: null, equityDeviation: null, onDailyLoss: 'cancel' }, intentTtlMs: 10_000, reconcileEveryMs: 60_000, staleMarketMs: 3_000, warmupMs: 0, ...config,
      },
    }, { connection: this.connection, journal: this.journal, timers: this.timers, freshStrategies, onFailure: (error) => { this.failure = error } })
  }
}

const INSTRUMENT_TEXTS = { symbol: SYMBOL, tickSize: '0.01', qtyStep: '0.01' }
const INSTRUMENT = instrument(INSTRUMENT_TEXTS)

/** Candles from closes: each opens where the one before closed, with wicks of one. */
export function candlesOf(closes: readonly number[]): CandleColumns {
  const open = Float64Array.from(closes, (close, index) => closes[index - 1] ?? close)
  const close = Float64Array.from(closes)
  return { start: START, step: MINUTE, length: closes.length, open, close, high: open.map((price, index) => Math.max(price, close[index] ?? price)), low: open.map((price, index) => Math.min(price, close[index] ?? price)), volume: open.map(() => 1_000) }
}

