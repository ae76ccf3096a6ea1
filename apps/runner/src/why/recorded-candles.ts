/** The candles of a recorded run, loaded again from where they came from. */
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { cell, isHedgerowError, type CandleColumns, type TimeMs } from '@hedgerow/core'
import type { CandleData } from '../data/candle-data.ts'
import { loadCandles } from '../data/load.ts'
import type { CandleOrigin } from '../output/run-sources.ts'
import type { RecordedRun } from './recorded-run.ts'

/** Candles of a symbol, or why there are none. */
export type KnownCandles = { readonly columns: CandleColumns } | { readonly unknown: string }

/** The lowest low or highest high of whole candles. */
export interface Extreme {
  readonly price: number
  /** Start of its candle. */
  readonly at: TimeMs
  /** Base units that its candle traded. */
  readonly volume: number
}

/** Loads the candles of a symbol; `given` is a file that the user names instead. What is loaded must be what the run saw. */
export async function candlesOf({ header, sources }: RecordedRun, symbol: string, given: string | null): Promise<KnownCandles> {
  const origin = given === null ? sources?.candles[symbol] : { file: given }
  if (origin === undefined || origin === null) return { unknown: `where the candles of ${symbol} came from was not recorded (${origin === null ? 'a program passed them in' : 'the run was not written by `hedgerow backtest`'}): name their file with --candles` }
  try {
    const columns = await load(origin, symbol)
    if (columns === null) return { unknown: `${placeOf(origin)} does not exist any more: name the file with --candles` }
    const wanted = header.data.find((row) => row.symbol === symbol)
    if (wanted !== undefined && wanted.hash !== columns.hash) return { unknown: `${placeOf(origin)} does not hold the candles of the run any more, its hash differs` }
    return { columns }
  } catch (error) {
    if (!isHedgerowError(error)) throw error
    return { unknown: `${placeOf(origin)} could not be read (${error.code})` }
  }
}

async function load(origin: NonNullable<CandleOrigin>, symbol: string): Promise<CandleData | null> {
  if ('file' in origin) return existsSync(origin.file) ? await loadCandles(origin.file) : null
  if (!existsSync(origin.folder)) return null
  const { ParquetCandleStore } = await import('../store/parquet-candle-store.ts')
  const { folder, venue, timeframe, start, end } = origin
  return await new ParquetCandleStore(folder).candles({ venue, symbol, kind: 'candles', timeframe }, { start, end })
}

function placeOf(origin: NonNullable<CandleOrigin>): string {
  return 'file' in origin ? basename(origin.file) : `the data folder's ${origin.venue} ${origin.timeframe}`
}

/** Row of the candle that a moment lies in; null outside. */
export function rowAt({ start, step, length }: CandleColumns, at: TimeMs): number | null {
  const row = Math.floor((at - start) / step)
  return row >= 0 && row < length ? row : null
}

/** The extreme of the candles that lie whole in a span; null where none does. */
export function extremeOf(columns: CandleColumns, side: 'low' | 'high', { from, to }: { readonly from: TimeMs; readonly to: TimeMs }): Extreme | null {
  const { start, step, length, volume } = columns
  let found: Extreme | null = null
  const last = Math.min(length, Math.floor((to - start) / step))
  for (let row = Math.max(0, Math.ceil((from - start) / step)); row < last; row++) {
    const price = cell(columns[side], row)
    if (found === null ? !Number.isNaN(price) : side === 'low' ? price < found.price : price > found.price) found = { price, at: start + row * step, volume: cell(volume, row) }
  }
  return found
}
