/** Candles as columns. The base series of a run is dense: candle i starts at `start + i x step`. */
import type { TimeMs } from './time.ts'

/** One candle or bar. Prices are quote per base, volume is base units. */
export interface Candle {
  /** Start of the candle. */
  readonly time: TimeMs
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
}

/**
 * A dense grid of candles. A minute that the source lacks is a row of NaN in every column: no comparison with it
 * is true, so nothing can trigger on it. Such rows never reach a strategy.
 *
 * Columns must not change once a run has read them: what is computed from them alone, such as bars of longer timeframes and extremes, is kept for
 * as long as the object lives. Other prices are another object.
 */
export interface CandleColumns {
  /** Start of the first candle. */
  readonly start: TimeMs
  /** Milliseconds between two starts. */
  readonly step: number
  readonly length: number
  readonly open: Float64Array
  readonly high: Float64Array
  readonly low: Float64Array
  readonly close: Float64Array
  /** Base units. */
  readonly volume: Float64Array
}

/** Start of candle `index`. */
export function candleTime(columns: CandleColumns, index: number): TimeMs {
  return columns.start + index * columns.step
}

/** True where the source has no candle. */
export function isMissing(columns: CandleColumns, index: number): boolean {
  return Number.isNaN(cell(columns.close, index))
}

/** Counted once a column: candles do not change. */
const missing = new WeakMap<Float64Array, number>()

/** How many rows of the columns the source lacks. Columns that were counted must not change any more. */
export function missingRows({ close }: CandleColumns): number {
  const known = missing.get(close)
  if (known !== undefined) return known
  let count = 0
  for (let index = 0; index < close.length; index++) if (Number.isNaN(cell(close, index))) count++
  missing.set(close, count)
  return count
}

/** Row `index` as an object. */
export function candleAt(columns: CandleColumns, index: number): Candle {
  const { open, high, low, close, volume } = columns
  return { time: candleTime(columns, index), open: cell(open, index), high: cell(high, index), low: cell(low, index), close: cell(close, index), volume: cell(volume, index) }
}

/** The candles from `index` on: views of the same columns. */
export function candlesFrom(columns: CandleColumns, index: number): CandleColumns {
  const { step, open, high, low, close, volume } = columns
  const rest = (column: Float64Array): Float64Array => column.subarray(index)
  return { start: candleTime(columns, index), step, length: rest(close).length, open: rest(open), high: rest(high), low: rest(low), close: rest(close), volume: rest(volume) }
}

/** One value of a column; NaN beyond its ends. */
export function cell(column: Float64Array, index: number): number {
  return column[index] ?? Number.NaN
}
