/** The candles of the bench: seeded markets, made once a run and read by every child as the bytes of their columns. */
import { closeSync, existsSync, openSync, readSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { CandleColumns } from '@hedgerow/core'
import { synthesizeCandles } from 'hedgerow'
import { CandleData } from '../../apps/runner/src/data/candle-data.ts'

/** One-minute candles in a year of 365 days. */
export const CANDLES_A_YEAR = 525_600
/** 2023-01-01T00:00Z */
export const START: number = Date.UTC(2023, 0, 1)
const MINUTE_MS = 60_000
/** A year of this seed gives 216 trades to the crosses of the averages over 8 and 21 hours. */
const SEED = 58
const COLUMNS = ['open', 'high', 'low', 'close', 'volume'] as const

/** Which candles: so many years of the market of a symbol. */
export interface DataSpec {
  readonly years: number
  /** From 0; each symbol is a market of its own. */
  readonly symbol: number
}

/** Makes the file of a market where it is not there yet, in the folder of the run. */
export function prepareData(folder: string, spec: DataSpec): void {
  const path = fileOf(folder, spec)
  if (existsSync(path)) return
  const data = synthesizeCandles({ seed: SEED + spec.symbol, start: START, count: spec.years * CANDLES_A_YEAR })
  const file = openSync(`${path}.part`, 'w')
  for (const name of COLUMNS) for (let done = 0; done < data[name].byteLength;) done += writeSync(file, data[name], done)
  closeSync(file)
  renameSync(`${path}.part`, path)
}

/** Reads what {@link prepareData} made. */
export function readData(folder: string, spec: DataSpec): CandleData {
  const count = spec.years * CANDLES_A_YEAR
  const file = openSync(fileOf(folder, spec), 'r')
  try {
    const [open, high, low, close, volume] = COLUMNS.map((_, index) => readColumn(file, index, count))
    if (open === undefined || high === undefined || low === undefined || close === undefined || volume === undefined) throw new Error('a column is missing')
    const columns: CandleColumns = { start: START, step: MINUTE_MS, length: count, open, high, low, close, volume }
    return new CandleData(columns, { source: `synthetic (seed ${SEED + spec.symbol})`, gaps: [], synthetic: true })
  } finally {
    closeSync(file)
  }
}

function readColumn(file: number, index: number, count: number): Float64Array {
  const column = new Float64Array(count)
  const read = readSync(file, column, 0, column.byteLength, index * column.byteLength)
  if (read !== column.byteLength) throw new Error(`column ${index} has ${read} of ${column.byteLength} bytes`)
  return column
}

function fileOf(folder: string, { years, symbol }: DataSpec): string {
  return join(folder, `market-${symbol}-${years}y.columns`)
}
