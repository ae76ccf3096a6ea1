/**
 * Aggregates of the last `period` values in amortised constant time, without ever subtracting a value that leaves.
 *
 * The stream is cut into blocks of `period` values. When a block is full its suffixes are aggregated backwards, in
 * place; a window is then a suffix of the last block and a prefix of the current one (van Herk 1992, Gil and Werman
 * 1993, for extremes; the same holds for every associative aggregate). So no rounding error outlives its values: a
 * result depends on the values of its window only, with a relative error of at most `period` x 2^-53 of the sum of
 * their magnitudes, however long the stream has run.
 *
 * Each `next` takes the newest value and returns NaN until `period` values were taken. The sums pass on a value that is
 * not known yet (NaN) without taking it.
 */
import { cell } from '@hedgerow/core'

/** The sum of the last `period` values. */
export class SlidingSum {
  readonly #period: number
  /** Positions before `#at`: values of the current block. The others: sums from there to the end of the last block. */
  readonly #block: Float64Array
  #at = 0
  #prefix = 0
  #full = false

  constructor(period: number) {
    this.#period = period
    this.#block = new Float64Array(period)
  }

  next(value: number): number {
    if (Number.isNaN(value)) return value
    this.#prefix += value
    this.#block[this.#at++] = value
    if (this.#at === this.#period) return this.#closeBlock()
    return this.#full ? cell(this.#block, this.#at) + this.#prefix : Number.NaN
  }

  #closeBlock(): number {
    const total = this.#prefix
    let sum = 0
    for (let index = this.#period - 1; index >= 0; index--) {
      sum += cell(this.#block, index)
      this.#block[index] = sum
    }
    this.#at = 0
    this.#prefix = 0
    this.#full = true
    return total
  }
}

/** The largest (`sign` 1) or smallest (`sign` -1) of the last `period` values; exact. */
export class SlidingExtreme {
  readonly #period: number
  readonly #sign: 1 | -1
  readonly #block: Float64Array
  #at = 0
  #prefix: number = Number.NEGATIVE_INFINITY
  #full = false

  constructor(period: number, sign: 1 | -1) {
    this.#period = period
    this.#sign = sign
    this.#block = new Float64Array(period)
  }

  next(value: number): number {
    const signed = this.#sign * value
    if (signed > this.#prefix) this.#prefix = signed
    this.#block[this.#at++] = signed
    if (this.#at === this.#period) return this.#sign * this.#closeBlock()
    return this.#full ? this.#sign * larger(cell(this.#block, this.#at), this.#prefix) : Number.NaN
  }

  #closeBlock(): number {
    const extreme = this.#prefix
    let running = Number.NEGATIVE_INFINITY
    for (let index = this.#period - 1; index >= 0; index--) {
      running = larger(cell(this.#block, index), running)
      this.#block[index] = running
    }
    this.#at = 0
    this.#prefix = Number.NEGATIVE_INFINITY
    this.#full = true
    return extreme
  }
}

/** The highest high and the lowest low of the last `period` bars; exact. NaN until there are so many. */
export class SlidingRange {
  readonly #period: number
  readonly #highs: Float64Array
  readonly #lows: Float64Array
  #at = 0
  #prefixHigh: number = Number.NEGATIVE_INFINITY
  #prefixLow: number = Number.POSITIVE_INFINITY
  #full = false
  high: number = Number.NaN
  low: number = Number.NaN

  constructor(period: number) {
    this.#period = period
    this.#highs = new Float64Array(period)
    this.#lows = new Float64Array(period)
  }

  /** Half way between the two. */
  get middle(): number {
    return (this.high + this.low) / 2
  }

  next(high: number, low: number): void {
    if (high > this.#prefixHigh) this.#prefixHigh = high
    if (low < this.#prefixLow) this.#prefixLow = low
    this.#highs[this.#at] = high
    this.#lows[this.#at++] = low
    if (this.#at === this.#period) this.#closeBlock()
    else if (this.#full) {
      this.high = larger(cell(this.#highs, this.#at), this.#prefixHigh)
      this.low = smaller(cell(this.#lows, this.#at), this.#prefixLow)
    }
  }

  #closeBlock(): void {
    this.high = this.#prefixHigh
    this.low = this.#prefixLow
    let high: number = Number.NEGATIVE_INFINITY
    let low: number = Number.POSITIVE_INFINITY
    for (let index = this.#period - 1; index >= 0; index--) {
      high = larger(cell(this.#highs, index), high)
      low = smaller(cell(this.#lows, index), low)
      this.#highs[index] = high
      this.#lows[index] = low
    }
    this.#at = 0
    this.#prefixHigh = Number.NEGATIVE_INFINITY
    this.#prefixLow = Number.POSITIVE_INFINITY
    this.#full = true
  }
}

/** The sum of the last `period` values, weighted 1 (oldest) to `period` (newest). */
export class SlidingWeightedSum {
  readonly #period: number
  readonly #sums: Float64Array
  readonly #weighted: Float64Array
  #at = 0
  #sum = 0
  #weightedSum = 0
  #full = false

  constructor(period: number) {
    this.#period = period
    this.#sums = new Float64Array(period)
    this.#weighted = new Float64Array(period)
  }

  next(value: number): number {
    if (Number.isNaN(value)) return value
    this.#sums[this.#at++] = value
    this.#sum += value
    this.#weightedSum += this.#at * value
    if (this.#at === this.#period) return this.#closeBlock()
    return this.#full ? cell(this.#weighted, this.#at) + this.#weightedSum + (this.#period - this.#at) * this.#sum : Number.NaN
  }

  /** Putting a value before the others moves each of them one weight up. */
  #closeBlock(): number {
    const total = this.#weightedSum
    let sum = 0
    let weighted = 0
    for (let index = this.#period - 1; index >= 0; index--) {
      sum += cell(this.#sums, index)
      weighted += sum
      this.#weighted[index] = weighted
    }
    this.#at = 0
    this.#sum = 0
    this.#weightedSum = 0
    this.#full = true
    return total
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
  #full = false
  /** Mean of the window; NaN until it is full. */
  mean: number = Number.NaN
  /** Population variance of the window; NaN until it is full. */
  variance: number = Number.NaN

  constructor(period: number) {
    this.#period = period
    this.#means = new Float64Array(period)
    this.#squares = new Float64Array(period)
    this.#reciprocals = Float64Array.from({ length: period + 1 }, (_, count) => (count === 0 ? 0 : 1 / count))
  }

  next(value: number): void {
    this.#means[this.#at++] = value
    const delta = value - this.#mean
    this.#mean += delta * cell(this.#reciprocals, this.#at)
    this.#square += delta * (value - this.#mean)
    if (this.#at === this.#period) this.#closeBlock()
    else if (this.#full) this.#merge()
  }

  #merge(): void {
    const older = this.#period - this.#at
    const olderMean = cell(this.#means, this.#at)
    const delta = this.#mean - olderMean
    const share = this.#at * cell(this.#reciprocals, this.#period)
    this.mean = olderMean + delta * share
    this.variance = (cell(this.#squares, this.#at) + this.#square + delta * delta * older * share) / this.#period
  }

  #closeBlock(): void {
    this.mean = this.#mean
    this.variance = this.#square / this.#period
    this.#mean = 0
    this.#square = 0
    for (let index = this.#period - 1; index >= 0; index--) {
      const value = cell(this.#means, index)
      const delta = value - this.#mean
      this.#mean += delta * cell(this.#reciprocals, this.#period - index)
      this.#square += delta * (value - this.#mean)
      this.#means[index] = this.#mean
      this.#squares[index] = this.#square
    }
    this.#at = 0
    this.#mean = 0
    this.#square = 0
    this.#full = true
  }
}

/** Half the cost of `Math.max`, which has to tell 0 from -0 and to pass NaN on; neither is among prices. */
function larger(a: number, b: number): number {
  return a > b ? a : b
}

function smaller(a: number, b: number): number {
  return a < b ? a : b
}
