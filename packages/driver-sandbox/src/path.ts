/** The four prices that a candle visits, and in which order (SIMULATION 3.2, 3.3). */
import { decimalOfDouble, type CandleColumns } from '@hedgerow/core'
import type { PathRule } from './options.ts'

/** Open, low, high, close; or open, high, low, close. */
export type MonotonePath = 'olhc' | 'ohlc'

/** A rule that one candle alone decides. */
export type CandlePathRule = Exclude<PathRule, 'pessimistic'>

/** Legs of a path. */
export const LEGS_OF_A_CANDLE = 3
/** The point before the first leg: the open. */
export const AT_OPEN: number = -1
/** The point after the last leg: the close. */
export const AT_CLOSE: number = 3

/** The path of one candle under a rule. */
export function pathOf(rule: CandlePathRule, columns: CandleColumns, row: number): MonotonePath {
  if (rule === 'bar-color') return at(columns.close, row) >= at(columns.open, row) ? 'olhc' : 'ohlc'
  if (rule === 'adaptive') return highIsNearer(at(columns.open, row), at(columns.high, row), at(columns.low, row)) ? 'ohlc' : 'olhc'
  return rule
}

/** Writes the four corners of a path. */
export function layOut(path: MonotonePath, { open, high, low, close }: CandleColumns, row: number, corners: Float64Array): void {
  const [first, second] = path === 'olhc' ? [low, high] : [high, low]
  corners[0] = at(open, row)
  corners[1] = at(first, row)
  corners[2] = at(second, row)
  corners[3] = at(close, row)
}

/** A value of a column; NaN outside. */
export function at(column: Float64Array, row: number): number {
  return column[row] ?? Number.NaN
}

/** `high - open < open - low`; floats decide unless the two are equal within rounding. */
function highIsNearer(open: number, high: number, low: number): boolean {
  const difference = high - open - (open - low)
  if (Math.abs(difference) > 8 * Number.EPSILON * high) return difference < 0
  const middle = decimalOfDouble(open)
  return decimalOfDouble(high).minus(middle).lt(middle.minus(decimalOfDouble(low)))
}
