/** The price (or volume) that an indicator reads of each bar. */
import { cell, HedgerowError, type CandleBuffer } from '@hedgerow/core'

/** `hl2` = (high + low) / 2, `hlc3` = (high + low + close) / 3, `ohlc4` = (open + high + low + close) / 4. */
export type Source = 'open' | 'high' | 'low' | 'close' | 'volume' | 'hl2' | 'hlc3' | 'ohlc4'

/** Reads one value of row `row`. */
export type SourceReader = (bars: CandleBuffer, row: number) => number

/** Typical price: (high + low + close) / 3. */
export const typicalPrice: SourceReader = (bars, row) => (cell(bars.high, row) + cell(bars.low, row) + cell(bars.close, row)) / 3

const READERS: Readonly<Record<Source, SourceReader>> = {
  open: (bars, row) => cell(bars.open, row),
  high: (bars, row) => cell(bars.high, row),
  low: (bars, row) => cell(bars.low, row),
  close: (bars, row) => cell(bars.close, row),
  volume: (bars, row) => cell(bars.volume, row),
  hl2: (bars, row) => (cell(bars.high, row) + cell(bars.low, row)) / 2,
  hlc3: typicalPrice,
  ohlc4: (bars, row) => (cell(bars.open, row) + cell(bars.high, row) + cell(bars.low, row) + cell(bars.close, row)) / 4,
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
