/** Whether one line crossed another at the last bar. */
import { HedgerowError } from '@hedgerow/core'

/** A column of values, oldest first, or a constant level. */
export type Line = ArrayLike<number> | number

/**
 * True when `a` was at or below `b` on the bar before the last and is above it on the last.
 * Columns are compared from their ends: `crossover(ta.ema.series(candles, 8), ta.ema.series(candles, 21))`.
 *
 * @throws HedgerowError `WARMUP_TOO_SHORT` where one of the four values is not known yet.
 */
export function crossover(a: Line, b: Line): boolean {
  return crossed('crossover', a, b, 1)
}

/** True when `a` was at or above `b` on the bar before the last and is below it on the last. Throws as {@link crossover} does. */
export function crossunder(a: Line, b: Line): boolean {
  return crossed('crossunder', a, b, -1)
}

/** Whether `a` crossed `b`: upwards with direction 1, downwards with -1. */
function crossed(name: string, a: Line, b: Line, direction: 1 | -1): boolean {
  const before = fromEnd(a, 2) - fromEnd(b, 2)
  const now = fromEnd(a, 1) - fromEnd(b, 1)
  if (Number.isNaN(before) || Number.isNaN(now)) throw new HedgerowError('WARMUP_TOO_SHORT', { where: `ta.${name}`, found: 'a line without two known values', expected: 'values at the last two bars of both lines' })
  return direction * before <= 0 && direction * now > 0
}

function fromEnd(line: Line, back: number): number {
  return typeof line === 'number' ? line : line[line.length - back] ?? Number.NaN
}
