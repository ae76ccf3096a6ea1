/**
 * Moving averages of a stream of numbers: what the indicators are composed of. Each is NaN until it has enough values;
 * a value that is not known yet itself (NaN) is passed on and not taken, so that averages of averages just chain.
 */
import { SlidingSum, SlidingWeightedSum } from './sliding.ts'

/** A fold of a stream of numbers into one number. */
export interface Average {
  next(value: number): number
}

/** The mean of the last `period` values. */
export class SimpleAverage implements Average {
  readonly #period: number
  readonly #sum: SlidingSum

  constructor(period: number) {
    this.#period = period
    this.#sum = new SlidingSum(period)
  }

  next(value: number): number {
    return this.#sum.next(value) / this.#period
  }
}

/** The mean of the last `period` values with linear weights: sum(i x value_i) / sum(i), i = 1 for the oldest. */
export class WeightedAverage implements Average {
  readonly #weights: number
  readonly #sum: SlidingWeightedSum

  constructor(period: number) {
    this.#weights = (period * (period + 1)) / 2
    this.#sum = new SlidingWeightedSum(period)
  }

  next(value: number): number {
    return this.#sum.next(value) / this.#weights
  }
}

/**
 * `average = previous + weight x (value - previous)`, seeded with the mean of the first `period` values.
 * Exponential: weight 2 / (period + 1). Wilder: weight 1 / period.
 */
export class RecursiveAverage implements Average {
  readonly #period: number
  readonly #weight: number
  #count = 0
  /** The sum of the values so far, then the average. */
  #state = 0

  constructor(period: number, weight: number) {
    this.#period = period
    this.#weight = weight
  }

  next(value: number): number {
    if (Number.isNaN(value)) return value
    if (this.#count >= this.#period) {
      this.#state += (value - this.#state) * this.#weight
      return this.#state
    }
    this.#state += value
    this.#count++
    if (this.#count < this.#period) return Number.NaN
    this.#state /= this.#period
    return this.#state
  }
}

/** Exponential moving average (weight 2 / (period + 1)). */
export function exponential(period: number): RecursiveAverage {
  return new RecursiveAverage(period, 2 / (period + 1))
}

/** Wilder's moving average (weight 1 / period). */
export function wilder(period: number): RecursiveAverage {
  return new RecursiveAverage(period, 1 / period)
}
