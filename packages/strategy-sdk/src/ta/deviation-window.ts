/** How far a value is from the mean of a window, in units of its mean absolute deviation. */
import { valueAt } from './column.ts'

/**
 * The last `period` values, kept for what has no update in constant time. Where the next value has a place of its own
 * behind a value's, both are measured at once: their windows differ in that place only, and two sums take the time of one.
 */
export class DeviationWindow {
  readonly #values: Float64Array
  #at = 0

  constructor(period: number) {
    this.#values = new Float64Array(period)
  }

  /** Leaves in each row the deviation of its value from the mean in units of 0.015 mean absolute deviations. */
  fold(column: Float64Array, from: number, to: number): void {
    for (let row = from; row < to; ) row += this.#measure(column, row, row + 1 < to && this.#at + 1 < this.#values.length)
  }

  /** Measures a value, or it and the next, and returns how many. Measured from the value itself, so that equal values give zero. */
  #measure(column: Float64Array, row: number, isPair: boolean): 1 | 2 {
    const values = this.#values
    const { length } = values
    const at = this.#at
    const a = valueAt(column, row)
    const b = isPair ? valueAt(column, row + 1) : a
    values[at] = a
    let sumA = 0
    let sumB = 0
    for (let index = 0; index <= at; index++) {
      sumA += a - valueAt(values, index)
      sumB += b - valueAt(values, index)
    }
    if (at + 1 < length) sumA += a - valueAt(values, at + 1)
    for (let index = at + 2; index < length; index++) {
      sumA += a - valueAt(values, index)
      sumB += b - valueAt(values, index)
    }
    const distanceA = sumA / length
    const distanceB = sumB / length
    let deviationA = 0
    let deviationB = 0
    for (let index = 0; index <= at; index++) {
      deviationA += Math.abs(valueAt(values, index) - a + distanceA)
      deviationB += Math.abs(valueAt(values, index) - b + distanceB)
    }
    if (at + 1 < length) {
      deviationA += Math.abs(valueAt(values, at + 1) - a + distanceA)
      deviationB += Math.abs(distanceB)
    }
    for (let index = at + 2; index < length; index++) {
      deviationA += Math.abs(valueAt(values, index) - a + distanceA)
      deviationB += Math.abs(valueAt(values, index) - b + distanceB)
    }
    column[row] = channelIndex(distanceA, deviationA / length)
    if (isPair) {
      column[row + 1] = channelIndex(distanceB, deviationB / length)
      values[at + 1] = b
    }
    const next = at + (isPair ? 2 : 1)
    this.#at = next === length ? 0 : next
    return isPair ? 2 : 1
  }
}

function channelIndex(distance: number, meanDeviation: number): number {
  return meanDeviation === 0 ? 0 : distance / (0.015 * meanDeviation)
}
