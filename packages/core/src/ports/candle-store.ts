/** Market data at rest: candles, mark candles and funding rates, by series and range. */
import type { CandleColumns } from '../domain/candles.ts'
import type { TimeMs } from '../domain/time.ts'

/** What the rows of a series are. */
export type SeriesKind = 'candles' | 'marks' | 'funding'

/** Names a series. */
export interface SeriesId {
  /** The market that printed it, as the user files it; `synthetic` for what no market printed. */
  readonly venue: string
  readonly symbol: string
  readonly kind: SeriesKind
  /** Canonical text such as `1m`; null for funding. */
  readonly timeframe: string | null
}

/** Moments from `start` up to, not including, `end`; without them all that is stored. */
export interface TimeRange {
  readonly start?: TimeMs | undefined
  readonly end?: TimeMs | undefined
}

/** Rows as they are stored, oldest first, no time twice; what the source lacks is no row. */
export interface SeriesRows {
  /** Starts of candles, or moments of settlement, in ms UTC. */
  readonly time: Float64Array
  /** By name: `open high low close volume` (candles), `open high low close` (marks), `rate` (funding, a fraction). */
  readonly columns: Readonly<Record<string, Float64Array>>
}

/** What is stored of a series. */
export interface StoredSeries {
  readonly id: SeriesId
  readonly rows: number
  /** First time. */
  readonly first: TimeMs
  /** Last time: the start of the last candle. */
  readonly last: TimeMs
  /** Who made the rows, where no market did: `synthetic (seed 1)`; else null. */
  readonly origin: string | null
}

/** What happens to rows whose time is stored already with other values. */
export type OverlapRule = 'fail' | 'keep' | 'replace'

/** What an append did. */
export interface AppendReport {
  readonly added: number
  /** Rows that were stored already, with the same values. */
  readonly known: number
  /** Rows that were stored with other values; kept or replaced as the rule said. */
  readonly differing: number
}

/** Keeps series. Reads are exact: the doubles that were appended. */
export interface CandleStore {
  /** Every stored series, in the order of venue, symbol, kind and length of the timeframe. */
  list(): Promise<readonly StoredSeries[]>
  /** Rows within a range; none is no error. Throws `DATA_NOT_STORED` for an unknown series. */
  rows(id: SeriesId, range?: TimeRange): Promise<SeriesRows>
  /** Candles or marks (whose volume is zero) within a range as a dense grid. Throws `DATA_NOT_STORED`, `DATA_EMPTY`. */
  candles(id: SeriesId, range?: TimeRange): Promise<CandleColumns>
  /** Adds rows; an append that is cut short has stored a part of them whole, and may be repeated. Throws `DATA_CONFLICT` under the rule `fail`, before anything is stored. */
  append(id: SeriesId, rows: SeriesRows, overlap: OverlapRule): Promise<AppendReport>
}
