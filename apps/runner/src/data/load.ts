/** Loads candles, marks and funding from files: CSV, plain or gzip, and Parquet, whose reader is loaded when the first such file is. */
import type { TimeMs } from '@hedgerow/core'
import type { CandleData } from './candle-data.ts'
import { readCandleCsv } from './read-candles.ts'
import { isParquet, readDataFile } from './read-file.ts'
import { readFundingCsv } from './read-funding.ts'

/**
 * Loads candles. Columns by name (`timestamp_ms` or `timestamp`, `time`, `date`; `open high low close volume`; others are
 * ignored) or, without a header, in that order. Times are the start of the candle in ms, s or ISO 8601, UTC.
 * The spacing is the most frequent one; what is missing becomes rows of NaN and is listed in `gaps`.
 *
 * @throws HedgerowError `DATA_FILE_MISSING`, `DATA_EMPTY`, `DATA_INVALID`, `DATA_UNSORTED`, `DATA_PRECISION`, `DATA_GAP` naming file, line and column.
 */
export async function loadCandles(path: string): Promise<CandleData> {
  const bytes = await readDataFile(path)
  return isParquet(bytes) ? await (await import('../store/load-parquet.ts')).candlesOfParquet(path, bytes, 'candles') : readCandleCsv(path, bytes, 'required')
}

/** Loads mark candles: like candles; a volume is not needed, and the spacing may be coarser than that of the candles (they then serve funding only). */
export async function loadMarks(path: string): Promise<CandleData> {
  const bytes = await readDataFile(path)
  return isParquet(bytes) ? await (await import('../store/load-parquet.ts')).candlesOfParquet(path, bytes, 'marks') : readCandleCsv(path, bytes, 'optional')
}

/**
 * Loads funding rates: columns `timestamp_ms` and `rate`, and `symbol` where the file has several. Rates are fractions, as they are written.
 *
 * @throws HedgerowError `DATA_FILE_MISSING`, `DATA_EMPTY`, `DATA_INVALID` (also for several symbols, unless one is named), `DATA_UNSORTED` naming file and line.
 */
export async function loadFunding(path: string, options: { readonly symbol?: string } = {}): Promise<readonly (readonly [timeMs: TimeMs, rate: string])[]> {
  const bytes = await readDataFile(path)
  return isParquet(bytes) ? await (await import('../store/load-parquet.ts')).fundingOfParquet(path, bytes, options.symbol) : readFundingCsv(path, bytes, options.symbol)
}
