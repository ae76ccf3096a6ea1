/** What prices a part of a candle visits, where its path is known (SIMULATION 3.2, 5.2). */
import type { RangeOfPrices } from '../domain/block-extremes.ts'
import { cell, type CandleColumns } from '../domain/candles.ts'
import type { TimeMs } from '../domain/time.ts'

/** The order in which a candle visits its prices: open, low, high, close; or open, high, low, close. */
export type CandlePath = 'olhc' | 'ohlc'

/** Says which path a symbol took in the candle that starts at a time. */
export type PathLookup = (symbol: string, start: TimeMs) => CandlePath

/** Legs of a path: the corners between them come at equal distances of time. */
const LEGS_OF_A_PATH = 3

/** No price at all. */
export const NO_PRICES: RangeOfPrices = { low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY }

/**
 * The corners of a candle's path after one moment and up to another. The prices at the two moments themselves are those of fills.
 *
 * Worked: open 100, low 95, high 106, close 104 in a minute of the path O-L-H-C. Up to second 35 it has been at 95, after it at 106 and 104.
 */
export function cornersBetween(candles: CandleColumns, part: { readonly start: TimeMs; readonly path: CandlePath; readonly after: TimeMs; readonly upTo: TimeMs }): RangeOfPrices {
  const { step, open, high, low, close } = candles
  const { start, path, after, upTo } = part
  const row = (start - candles.start) / step
  const seen: Seen = { low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY }
  /** A corner by its number, from 0. Times of fills are whole milliseconds, rounded down. */
  const pass = (corner: number, price: number): void => {
    const time = start + Math.floor((corner * step) / LEGS_OF_A_PATH)
    if (time <= after || time > upTo) return
    if (price < seen.low) seen.low = price
    if (price > seen.high) seen.high = price
  }
  pass(0, cell(open, row))
  pass(1, cell(path === 'olhc' ? low : high, row))
  pass(2, cell(path === 'olhc' ? high : low, row))
  pass(3, cell(close, row))
  return seen
}

interface Seen {
  low: number
  high: number
}
