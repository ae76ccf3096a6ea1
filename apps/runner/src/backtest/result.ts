/** What a finished backtest says. */
import { createHash } from 'node:crypto'
import { decimalText, isDecimal, type Chart, type EquityPoint, type JournalEvent, type OpenPosition, type PredecessorMetrics, type RunMetrics, type Trade, type WatchRow } from '@hedgerow/core'
import { SCHEMA_VERSION, type Course, type PairChange, type RunCounts, type RunHeader as ReportedHeader, type RunMarket, type RunWarning } from '@hedgerow/report/run'
import type { Counterfactual } from './counterfactual.ts'
import type { PathBracket } from './path-bracket.ts'
import type { SimSettings } from './options.ts'
import type { Replay } from './replay.ts'

export type { RunCounts, RunWarning }

/** What ran: enough to run it again, and to tell two results apart. */
export interface RunHeader extends ReportedHeader {
  /** Only where trades are lots, not round trips. */
  readonly tradeMode?: 'fifo'
  readonly sim: SimSettings
}

/** Statistics by the definitions of other engines, under their own names. */
export interface RunCompat {
  /** Only under profile `jesse`. */
  readonly jesse?: PredecessorMetrics
}

/** What a result is made of. */
export interface BacktestRecord {
  readonly header: RunHeader
  readonly trades: readonly Trade[]
  readonly openPositions: readonly OpenPosition[]
  readonly metrics: Readonly<Record<'total' | 'long' | 'short', RunMetrics>>
  readonly compat: RunCompat
  readonly equity: readonly EquityPoint[]
  readonly events: () => readonly JournalEvent[]
  readonly lines: () => Iterable<string>
  readonly counts: RunCounts
  readonly warnings: readonly RunWarning[]
  /** By route: the last variables of its strategy, where it has changed any. */
  readonly vars?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** By route: what its strategy has drawn, where it has. */
  readonly charts?: Readonly<Record<string, readonly Chart[]>>
  /** By route: what its strategy shows of its state at the end, where it does. */
  readonly watchLists?: Readonly<Record<string, readonly WatchRow[]>>
  /** What the same strategy would have been with less of a hedge. */
  readonly counterfactuals?: readonly Counterfactual[]
  /** The same run along both extremes of the path within candles, where it was asked for. */
  readonly bracket?: PathBracket
  /** Tells what was held; without it nothing is known of that. */
  readonly replay?: () => Replay
  /** The prices of each symbol. */
  readonly markets?: readonly RunMarket[]
}

const NO_COLUMN = new Float64Array(0)
const NO_REPLAY: Replay = { positions: [], course: { start: 0, step: 1, length: 0, drawdown: NO_COLUMN, gross: NO_COLUMN, net: NO_COLUMN, hedgeRatio: NO_COLUMN, marginUse: NO_COLUMN, liquidationDistance: NO_COLUMN, nakedTime: NO_COLUMN } }

/** The result of a backtest. Texts and the hash are made when they are asked for. */
export class BacktestResult {
  readonly header: RunHeader
  /** Closed round trips of one leg each, in the order in which they closed. */
  readonly trades: readonly Trade[]
  /** Legs still open at the end; not in the trade statistics. */
  readonly openPositions: readonly OpenPosition[]
  /** Metrics of the account. */
  readonly metrics: RunMetrics
  /** Metrics of each leg, as if it had been held alone in the account. */
  readonly legs: { readonly long: { readonly metrics: RunMetrics }; readonly short: { readonly metrics: RunMetrics } }
  /** What another engine would report; empty but under a compatibility profile. */
  readonly compat: RunCompat
  /** `{ at, equity, long, short }` at every fill and UTC midnight; the legs' contributions sum to the account's gain. */
  readonly equity: readonly EquityPoint[]
  readonly counts: RunCounts
  readonly warnings: readonly RunWarning[]
  /** By route: the last `vars` of its strategy, where it has changed any. They are no part of the journal hash. */
  readonly vars: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** By route: what its strategy has drawn, in columns. */
  readonly charts: Readonly<Record<string, readonly Chart[]>>
  /** By route: what its strategy showed of its state at the end. */
  readonly watchLists: Readonly<Record<string, readonly WatchRow[]>>
  /** The same strategy without its short leg, without its long leg, and in one-way mode; empty unless these runs were asked for. */
  readonly counterfactuals: readonly Counterfactual[]
  /** The same run along O-L-H-C and along O-H-L-C; null unless `sim.bracket` asked for it. */
  readonly bracket: PathBracket | null
  /** The prices of each symbol that the run saw, from its start on. */
  readonly markets: readonly RunMarket[]
  readonly #record: BacktestRecord
  #replay: Replay | null = null
  readonly #lines: () => Iterable<string>
  #hash: string | null = null

  constructor(record: BacktestRecord) {
    this.#record = record
    this.header = record.header
    this.trades = record.trades
    this.openPositions = record.openPositions
    this.metrics = record.metrics.total
    this.legs = { long: { metrics: record.metrics.long }, short: { metrics: record.metrics.short } }
    this.compat = record.compat
    this.equity = record.equity
    this.counts = record.counts
    this.warnings = record.warnings
    this.vars = record.vars ?? {}
    this.charts = record.charts ?? {}
    this.watchLists = record.watchLists ?? {}
    this.counterfactuals = record.counterfactuals ?? []
    this.bracket = record.bracket ?? null
    this.markets = record.markets ?? []
    this.#lines = record.lines
  }

  /** Everything that happened, oldest first. Made from columns on the first access. */
  get events(): readonly JournalEvent[] {
    return this.#record.events()
  }

  /** Both legs of a symbol after each change, with their liquidation prices; found by going through the events once more. */
  get positions(): readonly PairChange[] {
    return this.#replayed.positions
  }

  /** Drawdown, exposure and margin over time. */
  get course(): Course {
    return this.#replayed.course
  }

  get #replayed(): Replay {
    return (this.#replay ??= this.#record.replay?.() ?? NO_REPLAY)
  }

  /** This result with runs to compare it with. */
  withCounterfactuals(counterfactuals: readonly Counterfactual[]): BacktestResult {
    return new BacktestResult({ ...this.#record, counterfactuals })
  }

  /** This result with both extremes of the path beside it. */
  withBracket(bracket: PathBracket): BacktestResult {
    return new BacktestResult({ ...this.#record, bracket })
  }

  /** The events in canonical JSON, one a line, without line ends. */
  eventLines(): Iterable<string> {
    return this.#lines()
  }

  /** SHA-256 over the event lines: the same data, options, seed and version give the same hash. */
  get journalHash(): string {
    if (this.#hash === null) {
      const hash = createHash('sha256')
      for (const line of this.#lines()) hash.update(line).update('\n')
      this.#hash = hash.digest('hex')
    }
    return this.#hash
  }

  /** Everything but the events, decimals as texts in fixed notation. */
  toJSON(): Record<string, unknown> {
    const { header, trades, openPositions, metrics, legs, compat, equity, counts, warnings, vars, charts, watchLists, counterfactuals, bracket, journalHash } = this
    const shown = Object.entries({ vars, charts, watchLists, counterfactuals, bracket: bracket ?? {} }).filter(([, rows]) => Object.keys(rows).length > 0)
    return plain({ schemaVersion: SCHEMA_VERSION, kind: 'backtest', header, metrics, legs, compat, counts, warnings, openPositions, trades, equity, ...Object.fromEntries(shown), journalHash })
  }
}

/** A value as JSON holds it: decimals as texts in fixed notation, columns as lists. */
export function plain(value: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainValue(item)]))
}

function plainValue(value: unknown): unknown {
  if (isDecimal(value)) return decimalText(value)
  if (value instanceof Float64Array) return [...value]
  if (Array.isArray(value)) return value.map(plainValue)
  return typeof value === 'object' && value !== null ? plain(value) : value
}
