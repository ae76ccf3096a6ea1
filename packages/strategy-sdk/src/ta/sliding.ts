/**
 * Aggregates of the last `period` values in amortised constant time, without ever subtracting a value that leaves.
 *
 * The stream is cut into blocks of `period` values. When a block is full its suffixes are aggregated backwards, in
 * place; a window is then a suffix of the last block and a prefix of the current one (van Herk 1992, Gil and Werman
 * 1993, for extremes; the same holds for every associative aggregate). So no rounding error outlives its values: a
 * result depends on the values of its window only, with a relative error of at most `period` x 2^-53 of the sum of
 * their magnitudes, however long the stream has run.
 *
 * Each `fold` takes rows `from` up to `to` of a column and leaves in each the aggregate of the `period` values that end
 * there, NaN until there are so many; a run to the end of a block is one loop without a question. The sums pass over values at the start that are not known yet (NaN).
 *
 * In a block, rows before `at` are values of the current one, the others suffixes of the last one: of nothing known
 * (NaN) before the first is full, and of no value at all in row `period`.
 */
import { firstKnown, valueAt } from './column.ts'

/** The sum of the last `period` values, divided by `divisor`. */
export class SlidingSum {
  readonly #period: number
  readonly #divisor: number
  readonly #block: Float64Array
  #at = 0
  #prefix = 0

  constructor(period: number, divisor: number = 1) {
    this.#period = period
    this.#divisor = divisor
    this.#block = blockOf(period, 0)
  }

  fold(column: Float64Array, from: number, to: number): void {
    const period = this.#period
    const divisor = this.#divisor
    const block = this.#block
    let at = this.#at
    let prefix = this.#prefix
    for (let row = firstKnown(column, from, to); row < to; ) {
      const end = Math.min(to, row + period - at)
      for (; row < end; row++) {
        const value = valueAt(column, row)
        prefix += value
        block[at++] = value
        column[row] = (valueAt(block, at) + prefix) / divisor
      }
      if (at < period) break
      this.#closeBlock()
      at = 0
      prefix = 0
    }
    this.#at = at
    this.#prefix = prefix
  }

  #closeBlock(): void {
    let sum = 0
    for (let index = this.#period - 1; index >= 0; index--) {
      sum += valueAt(this.#block, index)
      this.#block[index] = sum
    }
  }
}

/** The sum of the last `period` values, weighted 1 (oldest) to `period` (newest), divided by `divisor`. */
export class SlidingWeightedSum {
  readonly #period: number
  readonly #divisor: number
  readonly #sums: Float64Array
  readonly #weighted: Float64Array
  #at = 0
  #sum = 0
  #weightedSum = 0

  constructor(period: number, divisor: number = 1) {
    this.#period = period
    this.#divisor = divisor
    this.#sums = new Float64Array(period)
    this.#weighted = blockOf(period, 0)
  }

  fold(column: Float64Array, from: number, to: number): void {
    const period = this.#period
    const divisor = this.#divisor
    const sums = this.#sums
    const weighted = this.#weighted
    let at = this.#at
    let sum = this.#sum
    let weightedSum = this.#weightedSum
    for (let row = firstKnown(column, from, to); row < to; ) {
      const end = Math.min(to, row + period - at)
      for (; row < end; row++) {
        const value = valueAt(column, row)
        sums[at++] = value
        sum += value
        weightedSum += at * value
        column[row] = (valueAt(weighted, at) + weightedSum + (period - at) * sum) / divisor
      }
      if (at < period) break
      this.#closeBlock()
      at = 0
      sum = 0
      weightedSum = 0
    }
    this.#at = at
    this.#sum = sum
    this.#weightedSum = weightedSum
  }

  /** Putting a value before the others moves each of them one weight up. */
  #closeBlock(): void {
    let sum = 0
    let weighted = 0
    for (let index = this.#period - 1; index >= 0; index--) {
      sum += valueAt(this.#sums, index)
      weighted += sum
      this.#weighted[index] = weighted
    }
  }
}

/**
 * Mean and population variance of the last `period` values. Within a block by Welford's update, across blocks by the
 * pairwise rule of Chan, Golub and LeVeque (1979): exact zero variance for equal values, no cancellation of squares.
 */
export class SlidingMoments {
  readonly #period: number
  readonly #means: Float64Array
  readonly #squares: Float64Array
  /** 1 / n at index n: a division costs more than the rest of an update. */
  readonly #reciprocals: Float64Array
  #at = 0
  #mean = 0
  #square = 0

  constructor(period: number) {
    this.#period = period
    this.#means = blockOf(period, 0)
    this.#squares = blockOf(period, 0)
    this.#reciprocals = Float64Array.from({ length: period + 1 }, (_, count) => (count === 0 ? 0 : 1 / count))
  }

  /** Leaves the means in the column, and puts the variances into another, the first into row `start`. */
  fold(column: Float64Array, from: number, to: number, variances: Float64Array, start: number): void {
    const period = this.#period
    const means = this.#means
    const squares = this.#squares
    const reciprocals = this.#reciprocals
    let at = this.#at
    let mean = this.#mean
    let square = this.#square
    for (let row = from; row < to; row++) {
      const value = valueAt(column, row)
      means[at++] = value
      const delta = value - mean
      mean += delta * valueAt(reciprocals, at)
      square += delta * (value - mean)
      if (at < period) {
        const olderMean = valueAt(means, at)
        const distance = mean - olderMean
        const share = at * valueAt(reciprocals, period)
        column[row] = olderMean + distance * share
        variances[start + row - from] = (valueAt(squares, at) + square + distance * distance * (period - at) * share) / period
      } else {
        column[row] = mean
        variances[start + row - from] = square / period
        this.#closeBlock()
        at = 0
        mean = 0
        square = 0
      }
    }
    this.#at = at
    this.#mean = mean
    this.#square = square
  }

  #closeBlock(): void {
    const period = this.#period
    let mean = 0
    let square = 0
    for (let index = period - 1; index >= 0; index--) {
      const value = valueAt(this.#means, index)
      const delta = value - mean
      mean += delta * valueAt(this.#reciprocals, period - index)
      square += delta * (value - mean)
      this.#means[index] = mean
      this.#squares[index] = square
    }
  }
}

/** A block before its first value; `empty` is the aggregate of none. */
export function blockOf(period: number, empty: number): Float64Array {
  const block = new Float64Array(period + 1).fill(Number.NaN)
  block[period] = empty
  return block
}
