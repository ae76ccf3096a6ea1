/** Extremes of the last `period` values in amortised constant time, by the blocks that sliding.ts explains. */
import type { CandleBuffer } from '@hedgerow/core'
import { valueAt } from './column.ts'
import { blockOf } from './sliding.ts'

/** The largest (`sign` 1) or smallest (`sign` -1) of the last `period` values; exact. */
export class SlidingExtreme {
  readonly #period: number
  readonly #sign: 1 | -1
  readonly #block: Float64Array
  #at = 0
  #prefix: number = Number.NEGATIVE_INFINITY

  constructor(period: number, sign: 1 | -1) {
    this.#period = period
    this.#sign = sign
    this.#block = blockOf(period, Number.NEGATIVE_INFINITY)
  }

  fold(column: Float64Array, from: number, to: number): void {
    const period = this.#period
    const sign = this.#sign
    const block = this.#block
    let at = this.#at
    let prefix = this.#prefix
    for (let row = from; row < to; ) {
      const end = Math.min(to, row + period - at)
      for (; row < end; row++) {
        const value = sign * valueAt(column, row)
        if (value > prefix) prefix = value
        block[at++] = value
        const older = valueAt(block, at)
        column[row] = sign * (prefix > older ? prefix : older)
      }
      if (at < period) break
      this.#closeBlock()
      at = 0
      prefix = Number.NEGATIVE_INFINITY
    }
    this.#at = at
    this.#prefix = prefix
  }

  #closeBlock(): void {
    let extreme: number = Number.NEGATIVE_INFINITY
    for (let index = this.#period - 1; index >= 0; index--) {
      const value = valueAt(this.#block, index)
      if (value > extreme) extreme = value
      this.#block[index] = extreme
    }
  }
}

/**
 * The highest high and the lowest low of the last `period` bars; exact. Which of two is the larger is as good as random:
 * the answer is made the place in memory where it lies, which costs less than a branch that is guessed wrongly.
 */
export class SlidingRange {
  readonly #period: number
  /** Blocks of suffixes alone: the bars keep the values of the current one. */
  readonly #highs: Float64Array
  readonly #lows: Float64Array
  /** Pairs to choose from, older first: of highs in 0 and 1, of lows in 2 and 3; of the two parts of a window's in 4 to 7. */
  readonly #pairs = new Float64Array(8)
  #at = 0
  #high: number = Number.NEGATIVE_INFINITY
  #low: number = Number.POSITIVE_INFINITY

  constructor(period: number) {
    this.#period = period
    this.#highs = blockOf(period, Number.NEGATIVE_INFINITY)
    this.#lows = blockOf(period, Number.POSITIVE_INFINITY)
  }

  /** Reads rows `from` up to `to` of the bars; the first goes into row `highAt` of the highest and `lowAt` of the lowest. */
  fold(bars: CandleBuffer, from: number, to: number, highest: Float64Array, highAt: number, lowest: Float64Array, lowAt: number): void {
    const period = this.#period
    const highs = this.#highs
    const lows = this.#lows
    const pairs = this.#pairs
    const barHigh = bars.high
    const barLow = bars.low
    let at = this.#at
    let runningHigh = this.#high
    let runningLow = this.#low
    for (let row = from; row < to; ) {
      const end = Math.min(to, row + period - at)
      for (; row < end; row++) {
        const high = valueAt(barHigh, row)
        const low = valueAt(barLow, row)
        pairs[0] = runningHigh
        pairs[1] = high
        runningHigh = valueAt(pairs, Number(high > runningHigh) | 0)
        pairs[2] = runningLow
        pairs[3] = low
        runningLow = valueAt(pairs, 2 + (Number(low < runningLow) | 0))
        at++
        const olderHigh = valueAt(highs, at)
        const olderLow = valueAt(lows, at)
        pairs[4] = olderHigh
        pairs[5] = runningHigh
        pairs[6] = olderLow
        pairs[7] = runningLow
        highest[highAt + row - from] = valueAt(pairs, 4 + (Number(runningHigh > olderHigh) | 0))
        lowest[lowAt + row - from] = valueAt(pairs, 6 + (Number(runningLow < olderLow) | 0))
      }
      if (at < period) break
      this.#closeBlock(barHigh, barLow, row - period)
      at = 0
      runningHigh = Number.NEGATIVE_INFINITY
      runningLow = Number.POSITIVE_INFINITY
    }
    this.#at = at
    this.#high = runningHigh
    this.#low = runningLow
  }

  /** The block starts at row `start` of the bars; the suffix that is all of it is no part of a window. */
  #closeBlock(barHigh: Float64Array, barLow: Float64Array, start: number): void {
    const highs = this.#highs
    const lows = this.#lows
    const pairs = this.#pairs
    let highest: number = Number.NEGATIVE_INFINITY
    let lowest: number = Number.POSITIVE_INFINITY
    for (let index = this.#period - 1; index > 0; index--) {
      const high = valueAt(barHigh, start + index)
      const low = valueAt(barLow, start + index)
      pairs[0] = highest
      pairs[1] = high
      highest = valueAt(pairs, Number(high > highest) | 0)
      highs[index] = highest
      pairs[2] = lowest
      pairs[3] = low
      lowest = valueAt(pairs, 2 + (Number(low < lowest) | 0))
      lows[index] = lowest
    }
  }
}
