/** Turns rows of candles, from wherever they come, into a checked dense grid. */
import { cell, HedgerowError, MINUTE_MS, timeText, type CandleColumns, type TimeMs } from '@hedgerow/core'
import type { CandleGap } from './candle-data.ts'
import { ExactDoubles } from './exact-doubles.ts'

/** Prices of candles as columns of equal length, oldest first, one row a candle. */
export interface RawCandles {
  /** Starts, in ms UTC. */
  readonly time: Float64Array
  readonly open: Float64Array
  readonly high: Float64Array
  readonly low: Float64Array
  readonly close: Float64Array
  readonly volume: Float64Array
}

/** Names a row for people: `candles.csv, line 17`. */
export type RowName = (row: number) => string

/** The names of the price columns. */
export const PRICES = ['open', 'high', 'low', 'close'] as const

/**
 * The rows on a dense grid whose spacing, unless it is given, is the most frequent one, with what is missing.
 *
 * @throws HedgerowError `DATA_EMPTY`, `DATA_INVALID`, `DATA_UNSORTED`, `DATA_GAP` (more missing than a grid can hold)
 */
export function denseCandles(raw: RawCandles, nameOf: RowName, spacing?: number): { readonly columns: CandleColumns; readonly gaps: readonly CandleGap[] } {
  const { time } = raw
  const start = time[0]
  if (start === undefined) throw new HedgerowError('DATA_EMPTY', { where: nameOf(0), found: 'no rows', expected: 'at least one candle' })
  const even = evenSpacing(time)
  if (even === null) requireRising(time, nameOf)
  for (let row = 0; row < time.length; row++) requireCandle(raw, row, nameOf)
  const step = spacing ?? even ?? spacingOf(time)
  const gaps = step === even ? [] : gapsOf(time, step, nameOf)
  const length = (cell(time, time.length - 1) - start) / step + 1
  if (length > 20 * time.length + 100_000) {
    throw new HedgerowError('DATA_GAP', { where: nameOf(0), found: `${time.length} candles spread over a range of ${length}`, expected: 'at least one candle in twenty', remedy: 'Look for a row with a wrong time.' })
  }
  const spread = (column: Float64Array): Float64Array => {
    if (gaps.length === 0) return column
    const dense = new Float64Array(length).fill(Number.NaN)
    for (let row = 0; row < column.length; row++) dense[(cell(time, row) - start) / step] = cell(column, row)
    return dense
  }
  return { columns: { start, step, length, open: spread(raw.open), high: spread(raw.high), low: spread(raw.low), close: spread(raw.close), volume: spread(raw.volume) }, gaps }
}

/**
 * Refuses a candle whose prices are not positive, whose open or close lies outside low to high, or whose volume is negative.
 *
 * @throws HedgerowError `DATA_INVALID` naming row, column, value and expectation.
 */
export function requireCandle(raw: RawCandles, row: number, nameOf: RowName): void {
  const open = cell(raw.open, row)
  const high = cell(raw.high, row)
  const low = cell(raw.low, row)
  const close = cell(raw.close, row)
  const volume = cell(raw.volume, row)
  if (low > 0 && low <= open && low <= close && high >= open && high >= close && high < Number.POSITIVE_INFINITY && volume >= 0 && volume < Number.POSITIVE_INFINITY) return
  for (const [name, price] of Object.entries({ open, high, low, close })) {
    if (!(price > 0 && price < Number.POSITIVE_INFINITY)) throw invalid(nameOf(row), `${name} ${price}`, 'a finite price above zero')
  }
  if (!(volume >= 0 && volume < Number.POSITIVE_INFINITY)) throw invalid(nameOf(row), `volume ${volume}`, 'a finite volume of at least zero')
  if (high < low) throw invalid(nameOf(row), `high ${high} below low ${low}`, 'high at or above low')
  const [name, price] = open < low || open > high ? ['open', open] : ['close', close]
  throw invalid(nameOf(row), `${name} ${price} outside low ${low} to high ${high}`, `${name} within low to high`)
}

/**
 * Refuses prices of more than 15 significant digits: a level set in decimals would not compare exactly with them.
 *
 * @throws HedgerowError `DATA_PRECISION`
 */
export function requireExactPrices(raw: RawCandles, nameOf: RowName): void {
  for (const name of PRICES) {
    const column = raw[name]
    const exact = new ExactDoubles()
    for (let row = 0; row < column.length; row++) {
      const price = cell(column, row)
      if (!exact.has(price)) throw new HedgerowError('DATA_PRECISION', { where: nameOf(row), found: `${name} ${price}`, expected: 'at most 15 significant digits' })
    }
  }
}

function requireRising(time: Float64Array, nameOf: RowName): void {
  for (let row = 0; row < time.length; row++) {
    const at = cell(time, row)
    if (!Number.isSafeInteger(at) || at < 0) throw invalid(nameOf(row), `time ${at}`, 'whole milliseconds or seconds since 1970 UTC')
    if (row > 0 && at <= cell(time, row - 1)) {
      const before = timeText(cell(time, row - 1))
      throw new HedgerowError('DATA_UNSORTED', { where: nameOf(row), found: at === cell(time, row - 1) ? `${timeText(at)} a second time` : `${timeText(at)} after ${before}`, expected: `a time after ${before}` })
    }
  }
}

/** The distance between any two rows of whole, rising times; null where these are not. A minute for a single row. */
function evenSpacing(time: Float64Array): number | null {
  const start = cell(time, 0)
  const step = time.length > 1 ? cell(time, 1) - start : MINUTE_MS
  if (!(start >= 0 && step > 0 && Number.isSafeInteger(start) && Number.isSafeInteger(step) && Number.isSafeInteger(start + (time.length - 1) * step))) return null
  for (let row = 1; row < time.length; row++) if (time[row] !== start + row * step) return null
  return step
}

/** The most frequent distance between rows, the shortest of them where two are equally frequent; a minute for a single row. */
function spacingOf(time: Float64Array): number {
  const first = time.length > 1 ? cell(time, 1) - cell(time, 0) : MINUTE_MS
  const counts = new Map<number, number>()
  for (let row = 1; row < time.length; row++) {
    const distance = cell(time, row) - cell(time, row - 1)
    counts.set(distance, (counts.get(distance) ?? 0) + 1)
  }
  let spacing = first
  for (const [distance, count] of counts) {
    const best = counts.get(spacing) ?? 0
    if (count > best || (count === best && distance < spacing)) spacing = distance
  }
  return spacing
}


function gapsOf(time: Float64Array, step: number, nameOf: RowName): CandleGap[] {
  const gaps: CandleGap[] = []
  for (let row = 1; row < time.length; row++) {
    const from: TimeMs = cell(time, row - 1) + step
    const to = cell(time, row)
    if (to === from) continue
    if ((to - from) % step !== 0 || to < from) {
      throw invalid(nameOf(row), `${timeText(to)}, ${(to - from + step) / 1000} s after the candle before`, `a whole multiple of the spacing, ${step / 1000} s`)
    }
    gaps.push({ from, to, minutes: (to - from) / MINUTE_MS })
  }
  return gaps
}

function invalid(where: string, found: string, expected: string): HedgerowError {
  return new HedgerowError('DATA_INVALID', { where, found, expected })
}
