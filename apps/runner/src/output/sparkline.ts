/** A line of characters that shows how a value went. */

const LEVELS = '▁▂▃▄▅▆▇█'
const NOTHING = '·'

/** A value that holds from a moment on. */
export interface Step {
  readonly at: number
  readonly value: number
}

/** What a cell of the line shows of the values in its stretch of time: the last, or the largest, so that short ones are seen. */
export type Reading = 'last' | 'largest'

/**
 * A step function cut into `count` stretches of equal length.
 *
 * @param steps In rising order of time; before the first the value is `before`.
 */
export function stretches(steps: readonly Step[], { start, end, count, before, reading }: { readonly start: number; readonly end: number; readonly count: number; readonly before: number; readonly reading: Reading }): number[] {
  const values: number[] = []
  let next = 0
  let current = before
  for (let index = 0; index < count; index++) {
    const until = start + ((end - start) * (index + 1)) / count
    let largest = current
    for (let step = steps[next]; step !== undefined && step.at <= until; step = steps[++next]) {
      current = step.value
      largest = Math.max(largest, current)
    }
    values.push(reading === 'last' ? current : largest)
  }
  return values
}

/** From the lowest value to the highest; a value that never changes is a low line. */
export function sparkline(values: readonly number[]): string {
  const low = Math.min(...values)
  const span = Math.max(...values) - low
  return values.map((value) => level(span === 0 ? 0 : (value - low) / span)).join('')
}

/** Magnitudes from zero up; zero is a dot. */
export function magnitudeLine(values: readonly number[]): string {
  const high = Math.max(...values)
  return values.map((value) => (value === 0 ? NOTHING : level(value / high))).join('')
}

/** @param share 0 to 1 */
function level(share: number): string {
  return LEVELS.charAt(Math.min(LEVELS.length - 1, Math.floor(share * LEVELS.length)))
}
