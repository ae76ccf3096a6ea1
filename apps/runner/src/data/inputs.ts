/** The shapes in which `backtest()` takes candles, marks and funding, brought into checked dense columns. */
import { cell, HedgerowError, isMissing, type CandleColumns } from '@hedgerow/core'
import { CandleData } from './candle-data.ts'
import { denseCandles, PRICES, requireExactPrices, type RawCandles, type RowName } from './check-candles.ts'
import { fundingOf, type FundingRow, type FundingSettlement } from './read-funding.ts'

/** `[timeMs, open, high, low, close, volume]`, oldest first. */
export type CandleRow = readonly [timeMs: number, open: number, high: number, low: number, close: number, volume: number]

/** Columns of equal length, oldest first. */
export type CandleColumnsInput = RawCandles

/** Rows, columns, or what `loadCandles` returns. */
export type CandleInput = readonly CandleRow[] | CandleColumnsInput | CandleColumns

/** `[timeMs, open, high, low, close]`, oldest first: prices that nobody traded at. */
export type PriceRow = readonly [timeMs: number, open: number, high: number, low: number, close: number]

/** Columns of such prices. */
export type PriceColumnsInput = Omit<CandleColumnsInput, 'volume'>

/** Mark candles; a volume may be left out and is not read. */
export type MarkInput = CandleInput | readonly PriceRow[] | PriceColumnsInput

/** Index price candles; a volume may be left out and is not read. */
export type IndexInput = MarkInput

/** `[timeMs, rate]`, oldest first. */
export type FundingInput = readonly FundingRow[]

/** Candles ready for a run. */
export interface CandleSource {
  readonly columns: CandleData
  /** SHA-256 over the columns. */
  readonly hash: () => string
}

/**
 * Candles of any accepted shape as dense columns. What `loadCandles` returned has been checked and is taken as it is.
 *
 * @throws HedgerowError `DATA_EMPTY`, `DATA_INVALID`, `DATA_UNSORTED`, `DATA_PRECISION`
 */
export function readCandles(symbol: string, input: CandleInput): CandleSource {
  const data = candleDataOf(`candles of ${symbol}`, input)
  return { columns: data, hash: () => data.hash }
}

/** Mark candles of any accepted shape as dense columns. */
export function readMarks(symbol: string, input: MarkInput): CandleSource {
  const data = candleDataOf(`marks of ${symbol}`, withVolume(input))
  return { columns: data, hash: () => data.hash }
}

/** Index price candles of any accepted shape as dense columns. */
export function readIndexes(symbol: string, input: IndexInput): CandleSource {
  const data = candleDataOf(`indexes of ${symbol}`, withVolume(input))
  return { columns: data, hash: () => data.hash }
}

/**
 * Funding rates as decimals.
 *
 * @throws HedgerowError `DATA_INVALID`, `DATA_UNSORTED`
 */
export function readFunding(symbol: string, input: FundingInput): readonly FundingSettlement[] {
  return fundingOf(`funding of ${symbol}`, input)
}

/** Checked candles of rows. To use them in many runs, convert once. Throws as {@link readCandles} does. */
export function candlesFromRows(rows: readonly CandleRow[], source: string = 'rows'): CandleData {
  const columns = { time: new Float64Array(rows.length), open: new Float64Array(rows.length), high: new Float64Array(rows.length), low: new Float64Array(rows.length), close: new Float64Array(rows.length), volume: new Float64Array(rows.length) }
  for (const [index, row] of rows.entries()) {
    columns.time[index] = row[0]
    columns.open[index] = row[1]
    columns.high[index] = row[2]
    columns.low[index] = row[3]
    columns.close[index] = row[4]
    columns.volume[index] = row[5]
  }
  return candlesFromColumns(columns, source)
}

/** Checked candles of columns. To use them in many runs, convert once. Throws as {@link readCandles} does. */
export function candlesFromColumns(columns: CandleColumnsInput, source: string = 'columns'): CandleData {
  return checked(columns, { source, nameOf: (row) => `${source}, row ${row + 1}` })
}

/** Prices in the shape of candles. Shapes that are wrong stay as they are, to be told as such. */
function withVolume(input: MarkInput): unknown {
  if (Array.isArray(input)) return input.map((row: unknown) => (Array.isArray(row) && row.length === 5 ? row.concat(0) : row))
  if (typeof input !== 'object' || input === null || input instanceof CandleData || 'volume' in input || !('time' in input)) return input
  return { ...input, volume: new Float64Array(input.time.length) }
}

function candleDataOf(source: string, input: unknown): CandleData {
  if (input instanceof CandleData) return input
  if (!isCandleInput(input)) throw new HedgerowError('DATA_INVALID', { where: source, found: wrongShape(input) ?? '', expected: 'rows [timeMs, open, high, low, close, volume] of numbers, or columns { time, open, high, low, close, volume } of Float64Array', remedy: 'Pass one of these, or what loadCandles(path) returns.' })
  if (isRows(input)) return candlesFromRows(input, source)
  return 'step' in input ? candlesFromGrid(input, source) : candlesFromColumns(input, source)
}

/** A grid that somebody else made: rows of NaN are missing candles, all others are checked. */
function candlesFromGrid(grid: CandleColumns, source: string): CandleData {
  const { start, step, open, high, low, close, volume } = grid
  if (grid.length !== close.length || !(start >= 0 && step > 0)) throw new HedgerowError('DATA_INVALID', { where: source, found: `a grid of ${grid.length} candles from ${start} every ${step} ms over ${close.length} closes`, expected: 'start and step in ms, and the length of the columns' })
  const rows = Int32Array.from({ length: grid.length }, (_, row) => row).filter((row) => !isMissing(grid, row) || !Number.isNaN(cell(open, row)))
  const pick = (column: Float64Array): Float64Array => Float64Array.from(rows, (row) => cell(column, row))
  const raw = { time: Float64Array.from(rows, (row) => start + row * step), open: pick(open), high: pick(high), low: pick(low), close: pick(close), volume: pick(volume) }
  return checked(raw, { source, nameOf: (row) => `${source}, row ${(rows[row] ?? row) + 1}`, spacing: step })
}

function checked(columns: CandleColumnsInput, { source, nameOf, spacing }: { readonly source: string; readonly nameOf: RowName; readonly spacing?: number }): CandleData {
  const { time } = columns
  for (const name of [...PRICES, 'volume'] as const) {
    const { length } = columns[name]
    if (length !== time.length) throw new HedgerowError('DATA_INVALID', { where: source, found: `${length} values of ${name} for ${time.length} times`, expected: 'columns of equal length' })
  }
  const dense = denseCandles(columns, nameOf, spacing)
  requireExactPrices(columns, nameOf)
  return new CandleData(dense.columns, { source, gaps: dense.gaps })
}

function isCandleInput(input: unknown): input is CandleInput {
  return wrongShape(input) === null
}

function isRows(input: CandleInput): input is readonly CandleRow[] {
  return Array.isArray(input)
}

/** What is wrong with the shape of candles, which may come from where no compiler looked; null where it is one of the accepted. */
function wrongShape(input: unknown): string | null {
  if (Array.isArray(input)) {
    const row = input.findIndex((candidate) => !isCandleRow(candidate))
    return row < 0 ? null : `row ${row + 1} ${JSON.stringify(input[row])}`
  }
  if (typeof input !== 'object' || input === null) return JSON.stringify(input) ?? String(input)
  const names = 'step' in input ? [...PRICES, 'volume'] : ['time', ...PRICES, 'volume']
  const missing = names.find((name) => !(Reflect.get(input, name) instanceof Float64Array))
  return missing === undefined ? null : `no Float64Array \`${missing}\``
}

function isCandleRow(row: unknown): boolean {
  return Array.isArray(row) && row.length >= 6 && row.every((value) => typeof value === 'number')
}
