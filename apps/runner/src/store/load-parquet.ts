/** Loads a Parquet file for a run, as a CSV file is loaded: the first row that cannot be right refuses it. */
import { cell, decimalOfDouble, decimalText, HedgerowError, type SeriesKind, type TimeMs } from '@hedgerow/core'
import { CandleData } from '../data/candle-data.ts'
import { denseCandles, requireExactPrices } from '../data/check-candles.ts'
import { fundingOf } from '../data/read-funding.ts'
import { readParquetSource, type ParquetSource } from './read-parquet-source.ts'

/** Candles or marks of a Parquet file. Throws as `loadCandles` does, naming row group and row. */
export async function candlesOfParquet(path: string, bytes: Uint8Array, kind: 'candles' | 'marks'): Promise<CandleData> {
  const { rows: { time, columns }, numbers, placeOf, stamp } = await wholeSource(path, bytes, kind)
  const none = new Float64Array(time.length)
  const { open = none, high = none, low = none, close = none, volume = none } = columns
  const raw = { time, open, high, low, close, volume }
  const nameOf = (row: number): string => placeOf(cell(numbers, row))
  const { columns: grid, gaps } = denseCandles(raw, nameOf)
  requireExactPrices(raw, nameOf)
  const origin = stamp?.origin ?? null
  return new CandleData(grid, { source: origin === null ? path : `${origin}, ${path}`, gaps, synthetic: origin !== null })
}

/** Funding rates of a Parquet file. Throws as `loadFunding` does, naming row group and row. */
export async function fundingOfParquet(path: string, bytes: Uint8Array, symbol?: string): Promise<readonly (readonly [timeMs: TimeMs, rate: string])[]> {
  const { rows: { time, columns: { rate = new Float64Array(0) } }, numbers, placeOf } = await wholeSource(path, bytes, 'funding', symbol)
  if (time.length === 0) throw new HedgerowError('DATA_EMPTY', { where: path, found: `no row of ${symbol ?? 'any symbol'}`, expected: 'at least one settlement' })
  const rows = fundingRows(time, rate)
  fundingOf(path, rows, (row) => placeOf(cell(numbers, row)))
  return rows
}

/** `[timeMs, rate]` of columns, the rates as texts in fixed notation. */
export function fundingRows(time: Float64Array, rate: Float64Array): readonly (readonly [timeMs: TimeMs, rate: string])[] {
  return Array.from(time, (at, row) => [at, decimalText(decimalOfDouble(cell(rate, row)))])
}

async function wholeSource(path: string, bytes: Uint8Array, kind: SeriesKind, symbol?: string): Promise<ParquetSource> {
  const source = await readParquetSource(path, bytes, { kind, columns: {}, symbol })
  const [first] = source.violations
  if (first !== undefined) throw new HedgerowError('DATA_INVALID', { where: first.where, found: first.found, expected: first.expected })
  return source
}
