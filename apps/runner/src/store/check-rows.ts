/** Checks rows before they are stored: order, grid, duplicates, and what every candle and rate must be. */
import { barStart, cell, DAY_MS, isHedgerowError, MINUTE_MS, parseTimeframe, timeframeOf, timeText, type SeriesKind, type SeriesRows, type Timeframe, type TimeMs } from '@hedgerow/core'
import type { CandleGap } from '../data/candle-data.ts'
import { PRICES, requireCandle } from '../data/check-candles.ts'
import { EXACT_DIGITS, ExactDoubles } from '../data/exact-doubles.ts'
import { mapColumns, rowText } from './rows.ts'
import type { SourceRows, Violation } from './source-rows.ts'

const MONDAY: TimeMs = 4 * DAY_MS
/** In November 2286. A time beyond is one in another unit. */
const LATEST: TimeMs = 1e13

/** Rows that can be stored, and what was wrong with the others. */
export interface CheckedRows {
  /** Rising in time. */
  readonly rows: SeriesRows
  /** Null for funding. */
  readonly timeframe: Timeframe | null
  /** In the order of the file. */
  readonly violations: readonly Violation[]
  /** Rows that were in the file twice with the same values. */
  readonly repeated: number
  /** The rows of the file were not in rising order of time. */
  readonly sorted: boolean
  readonly gaps: readonly CandleGap[]
}

/** Checks the rows of a file; `timeframe` where it is known, else the most frequent distance. */
export function checkRows(source: SourceRows, timeframe: string | undefined): CheckedRows {
  const order = orderOf(source.rows.time)
  const { rows, numbers } = order === null ? source : { rows: mapColumns(source.rows, (column) => permuted(column, order)), numbers: permuted(source.numbers, order) }
  const grid = source.kind === 'funding' ? null : timeframe === undefined ? timeframeFor(rows.time) : parseTimeframe(timeframe)
  const check = rowCheck(source.kind, rows, grid)
  const violations = [...source.violations]
  const kept: number[] = []
  let repeated = 0
  for (let row = 0; row < rows.time.length; row++) {
    const before = kept.at(-1)
    const again = before !== undefined && cell(rows.time, before) === cell(rows.time, row)
    if (again && sameRow(rows, before, row)) repeated++
    else {
      const wrong = again ? { found: `${timeText(cell(rows.time, row))} a second time: ${rowText(rows, row)}`, expected: `one row a time; before: ${rowText(rows, before)}` } : check(row)
      if (wrong === null) kept.push(row)
      else violations.push({ number: cell(numbers, row), where: source.placeOf(cell(numbers, row)), ...wrong })
    }
  }
  const clean = kept.length === rows.time.length ? rows : mapColumns(rows, (column) => Float64Array.from(kept, (row) => cell(column, row)))
  return { rows: clean, timeframe: grid, violations: violations.sort((a, b) => a.number - b.number), repeated, sorted: order !== null, gaps: grid === null ? [] : gapsBetween(clean.time, grid.ms) }
}

/** Stretches without a candle. */
export function gapsBetween(time: Float64Array, step: number): readonly CandleGap[] {
  const gaps: CandleGap[] = []
  for (let row = 1; row < time.length; row++) {
    const [from, to] = [cell(time, row - 1) + step, cell(time, row)]
    if (to > from) gaps.push({ from, to, minutes: (to - from) / MINUTE_MS })
  }
  return gaps
}

type Wrong = Pick<Violation, 'found' | 'expected'> | null

/** What is wrong with a row by itself; null for nothing. */
function rowCheck(kind: SeriesKind, { time, columns }: SeriesRows, grid: Timeframe | null): (row: number) => Wrong {
  const none = new Float64Array(time.length)
  const { open = none, high = none, low = none, close = none, volume = none, rate = none } = columns
  const raw = { time, open, high, low, close, volume }
  const exact = (kind === 'funding' ? [{ name: 'rate', column: rate }] : PRICES.map((name) => ({ name, column: raw[name] }))).map((column) => ({ ...column, doubles: new ExactDoubles() }))
  return (row) => {
    const at = cell(time, row)
    if (!Number.isSafeInteger(at) || at < 0) return { found: `time ${at}`, expected: 'whole milliseconds since 1970 UTC' }
    if (at >= LATEST) return { found: `time ${at} ms`, expected: 'a time before the year 2286: see --time-unit' }
    if (grid !== null && barStart(grid, at) !== at) return { found: timeText(at), expected: `a start of a candle of ${grid.text}` }
    if (kind === 'funding' && !(Math.abs(cell(rate, row)) < 1)) return { found: `rate ${cell(rate, row)}`, expected: 'a fraction between -1 and 1, such as 0.0001' }
    const wrong = kind === 'funding' ? null : wrongCandle(() => { requireCandle(raw, row, String) })
    const inexact = exact.find(({ column, doubles }) => !doubles.has(cell(column, row)))
    return wrong ?? (inexact === undefined ? null : { found: `${inexact.name} ${cell(inexact.column, row)}`, expected: `at most ${EXACT_DIGITS} significant digits` })
  }
}

function wrongCandle(check: () => void): Wrong {
  try {
    check()
    return null
  } catch (error) {
    if (!isHedgerowError(error)) throw error
    return { found: error.details.found ?? '', expected: error.details.expected ?? '' }
  }
}

/** The rows by time, those of one time in the order of the file; null when they are in order. */
function orderOf(time: Float64Array): Uint32Array | null {
  let rising = true
  for (let row = 1; rising && row < time.length; row++) rising = cell(time, row) >= cell(time, row - 1)
  return rising ? null : Uint32Array.from({ length: time.length }, (_, row) => row).sort((a, b) => cell(time, a) - cell(time, b) || a - b)
}

function permuted(column: Float64Array, order: Uint32Array): Float64Array {
  return Float64Array.from(order, (row) => cell(column, row))
}

function sameRow({ columns }: SeriesRows, a: number, b: number): boolean {
  return Object.values(columns).every((column) => cell(column, a) === cell(column, b))
}

/** The most frequent distance, the shortest of them where two are equally frequent; a minute for a single row. */
function timeframeFor(time: Float64Array): Timeframe {
  const counts = new Map<number, number>()
  for (let row = 1; row < time.length; row++) {
    const distance = cell(time, row) - cell(time, row - 1)
    if (distance >= 1000 && distance % 1000 === 0) counts.set(distance, (counts.get(distance) ?? 0) + 1)
  }
  const [most] = [...counts].sort(([a, countOfA], [b, countOfB]) => countOfB - countOfA || a - b)
  const ms = most?.[0] ?? MINUTE_MS
  const weekly = ms % (7 * DAY_MS) === 0 && (cell(time, 0) - MONDAY) % ms === 0
  return weekly ? parseTimeframe(`${ms / (7 * DAY_MS)}W`) : timeframeOf(ms)
}
