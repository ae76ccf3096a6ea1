/** The shapes in which `backtest()` takes candles, marks and funding, brought into dense columns. */
import { createHash } from 'node:crypto'
import { decimal, HedgerowError, timeText, type CandleColumns, type Decimal, type TimeMs } from '@hedgerow/core'

/** `[timeMs, open, high, low, close, volume]`, oldest first. */
export type CandleRow = readonly [timeMs: number, open: number, high: number, low: number, close: number, volume: number]

/** Columns of equal length, oldest first. */
export interface CandleColumnsInput {
  readonly time: Float64Array
  readonly open: Float64Array
  readonly high: Float64Array
  readonly low: Float64Array
  readonly close: Float64Array
  readonly volume: Float64Array
}

/** Rows, columns, or what `loadCandles` returns. */
export type CandleInput = readonly CandleRow[] | CandleColumnsInput | CandleColumns

/** Mark candles; their volume is not read. */
export type MarkInput = CandleInput

/** `[timeMs, rate]`, oldest first. */
export type FundingInput = readonly (readonly [timeMs: number, rate: number | string | Decimal])[]

/** Candles ready for a run. */
export interface CandleSource {
  readonly columns: CandleColumns
  /** SHA-256 over the columns. */
  readonly hash: () => string
}

/**
 * Candles of any accepted shape as dense columns.
 *
 * @throws HedgerowError `DATA_EMPTY`, `DATA_INVALID`, `DATA_UNSORTED`, `DATA_PRECISION`
 */
export function readCandles(symbol: string, input: CandleInput): CandleSource {
  const columns = isDense(input) ? input : denseColumns(symbol, isRows(input) ? columnsOfRows(input) : input)
  return { columns, hash: () => hashOf(columns) }
}

/** Mark candles of any accepted shape as dense columns. */
export function readMarks(symbol: string, input: MarkInput): CandleSource {
  return readCandles(`${symbol} marks`, input)
}

/**
 * Funding rates as decimals.
 *
 * @throws HedgerowError `DATA_INVALID`, `DATA_UNSORTED`
 */
export function readFunding(symbol: string, input: FundingInput): readonly { readonly at: TimeMs; readonly rate: Decimal }[] {
  return input.map(([at, rate], index) => {
    const where = `funding of ${symbol}, row ${index + 1}`
    if (!Number.isSafeInteger(at)) throw new HedgerowError('DATA_INVALID', { where, found: `time ${String(at)}`, expected: 'whole milliseconds UTC' })
    const before = input[index - 1]?.[0]
    if (before !== undefined && at <= before) throw new HedgerowError('DATA_UNSORTED', { where, found: timeText(at), expected: `a time after ${timeText(before)}` })
    return { at, rate: decimal(typeof rate === 'number' ? String(rate) : rate) }
  })
}

function isRows(input: CandleInput): input is readonly CandleRow[] {
  return Array.isArray(input)
}

function isDense(input: CandleInput): input is CandleColumns {
  return !isRows(input) && 'step' in input
}

function columnsOfRows(rows: readonly CandleRow[]): CandleColumnsInput {
  const column = (index: 0 | 1 | 2 | 3 | 4 | 5): Float64Array => Float64Array.from(rows, (row) => row[index])
  return { time: column(0), open: column(1), high: column(2), low: column(3), close: column(4), volume: column(5) }
}

function denseColumns(symbol: string, input: CandleColumnsInput): CandleColumns {
  const { time } = input
  const start = time[0]
  if (start === undefined) throw new HedgerowError('DATA_EMPTY', { where: `candles of ${symbol}`, found: 'no rows', expected: 'at least one candle' })
  let step = Number.POSITIVE_INFINITY
  for (let row = 1; row < time.length; row++) step = Math.min(step, spacingBefore(symbol, time, row))
  if (step === Number.POSITIVE_INFINITY) step = 60_000
  const length = ((time.at(-1) ?? start) - start) / step + 1
  const spread = (column: Float64Array): Float64Array => {
    if (length === column.length) return column
    const dense = new Float64Array(length).fill(Number.NaN)
    for (let row = 0; row < column.length; row++) dense[((time[row] ?? start) - start) / step] = column[row] ?? Number.NaN
    return dense
  }
  for (let row = 0; row < time.length; row++) requireCandle(symbol, input, row)
  return { start, step, length, open: spread(input.open), high: spread(input.high), low: spread(input.low), close: spread(input.close), volume: spread(input.volume) }
}

function spacingBefore(symbol: string, time: Float64Array, row: number): number {
  const [before, now] = [time[row - 1] ?? Number.NaN, time[row] ?? Number.NaN]
  if (now > before) return now - before
  throw new HedgerowError('DATA_UNSORTED', { where: `candles of ${symbol}, row ${row + 1}`, found: timeText(now), expected: `a time after ${timeText(before)}` })
}

function requireCandle(symbol: string, { open, high, low, close, volume }: CandleColumnsInput, row: number): void {
  const [o, h, l, c, v] = [open[row] ?? Number.NaN, high[row] ?? Number.NaN, low[row] ?? Number.NaN, close[row] ?? Number.NaN, volume[row] ?? Number.NaN]
  if (l > 0 && h >= o && h >= c && l <= o && l <= c && v >= 0 && h < Number.POSITIVE_INFINITY) return
  throw new HedgerowError('DATA_INVALID', { where: `candles of ${symbol}, row ${row + 1}`, found: `open ${o}, high ${h}, low ${l}, close ${c}, volume ${v}`, expected: 'positive prices with low <= open, close <= high, and a volume of at least 0' })
}

function hashOf({ start, step, open, high, low, close, volume }: CandleColumns): string {
  const hash = createHash('sha256').update(`${start} ${step}\n`)
  for (const column of [open, high, low, close, volume]) hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength))
  return hash.digest('hex')
}
