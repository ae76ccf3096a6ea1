/** The price (or volume) that an indicator reads of each bar. */
import { HedgerowError, type CandleBuffer } from '@hedgerow/core'
import { copyRows, valueAt } from './column.ts'

/** `hl2` = (high + low) / 2, `hlc3` = (high + low + close) / 3, `ohlc4` = (open + high + low + close) / 4. */
export type Source = 'open' | 'high' | 'low' | 'close' | 'volume' | 'hl2' | 'hlc3' | 'ohlc4'

/** Reads a value of each of the rows `from` up to `to`, the first into row `at` of a column. */
export type SourceReader = (bars: CandleBuffer, from: number, to: number, column: Float64Array, at: number) => void

/** Typical price: (high + low + close) / 3. */
export const typicalPrice: SourceReader = ({ high, low, close }, from, to, column, at) => {
  for (let row = from; row < to; row++) column[at + row - from] = (valueAt(high, row) + valueAt(low, row) + valueAt(close, row)) / 3
}

/** Median price: (high + low) / 2. */
export const medianPrice: SourceReader = ({ high, low }, from, to, column, at) => {
  for (let row = from; row < to; row++) column[at + row - from] = (valueAt(high, row) + valueAt(low, row)) / 2
}

const READERS: Readonly<Record<Source, SourceReader>> = {
  open: (bars, from, to, column, at) => copyRows(bars.open, from, to, column, at),
  high: (bars, from, to, column, at) => copyRows(bars.high, from, to, column, at),
  low: (bars, from, to, column, at) => copyRows(bars.low, from, to, column, at),
  close: (bars, from, to, column, at) => copyRows(bars.close, from, to, column, at),
  volume: (bars, from, to, column, at) => copyRows(bars.volume, from, to, column, at),
  hl2: medianPrice,
  hlc3: typicalPrice,
  ohlc4: ({ open, high, low, close }, from, to, column, at) => {
    for (let row = from; row < to; row++) column[at + row - from] = (valueAt(open, row) + valueAt(high, row) + valueAt(low, row) + valueAt(close, row)) / 4
  },
}

/**
 * The reader of a source.
 *
 * @throws HedgerowError `PARAMETER_INVALID` for an unknown name.
 */
export function readerOf(source: Source): SourceReader {
  if (!Object.hasOwn(READERS, source)) throw new HedgerowError('PARAMETER_INVALID', { where: 'ta', found: `source ${JSON.stringify(source)}`, expected: `one of ${Object.keys(READERS).join(' ')}` })
  return READERS[source]
}
