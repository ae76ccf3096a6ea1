/**
 * Moving averages of a stream of numbers: what the indicators are composed of. Each is NaN until it has enough values.
 * Values that are not known yet (NaN), which a stream may begin with, are passed on and not taken, so that averages of
 * averages just chain.
 */
import { firstKnown, valueAt } from './column.ts'
import { SlidingSum, SlidingWeightedSum } from './sliding.ts'

/** A fold of a stream of numbers: takes rows `from` up to `to` of a column, and leaves the average so far in each. */
export interface Average {
  fold(column: Float64Array, from: number, to: number): void
}

/** The mean of the last `period` values. */
export function simple(period: number): Average {
  return new SlidingSum(period, period)
}

/** The mean of the last `period` values with linear weights: sum(i x value_i) / sum(i), i = 1 for the oldest. */
export function weighted(period: number): Average {
  return new SlidingWeightedSum(period, (period * (period + 1)) / 2)
}

/** Exponential moving average (weight 2 / (period + 1)). */
export function exponential(period: number): Average {
  return new RecursiveAverage(period, 2 / (period + 1))
}

/** Wilder's moving average (weight 1 / period). */
export function wilder(period: number): Average {
  return new RecursiveAverage(period, 1 / period)
}

/**
 * `average = previous + weight x (value - previous)`, seeded with the mean of the first `period` values. A value that is
 * not known is not taken later either.
 */
class RecursiveAverage implements Average {
  readonly #period: number
  readonly #weight: number
  #count = 0
  /** The sum of the values so far, then the average. */
  #state = 0

  constructor(period: number, weight: number) {
    this.#period = period
    this.#weight = weight
  }

  fold(column: Float64Array, from: number, to: number): void {
    const weight = this.#weight
    const first = this.#count < this.#period ? this.#seed(column, from, to) : from
    let state = this.#state
    for (let row = first; row < to; row++) {
      const value = valueAt(column, row)
      if (Number.isNaN(value)) continue
      state += (value - state) * weight
      column[row] = state
    }
    this.#state = state
  }

  /** Returns the row after those that it took. */
  #seed(column: Float64Array, from: number, to: number): number {
    let row = firstKnown(column, from, to)
    for (; row < to && this.#count < this.#period; row++) {
      this.#state += valueAt(column, row)
      this.#count++
      if (this.#count === this.#period) this.#state /= this.#period
      column[row] = this.#count === this.#period ? this.#state : Number.NaN
    }
    return row
  }
}
