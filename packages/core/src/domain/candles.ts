/** Candles as columns. The base series of a run is dense: candle i starts at `start + i x step`. */
import type { TimeMs } from './time.ts'

/**
 * A dense grid of candles. A minute that the source lacks is a row of NaN in every column: no comparison with it
 * is true, so nothing can trigger on it. Such rows never reach a strategy.
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
  return Number.isNaN(columns.close[index] ?? Number.NaN)
}
