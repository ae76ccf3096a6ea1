/** Ranges of several windows over the same bars, each made of the next shorter one. */
import type { CandleBuffer } from '@hedgerow/core'
import { ROWS, valueAt } from './column.ts'
import { SlidingRange } from './sliding-extremes.ts'

/**
 * The highest highs and the lowest lows of windows of several lengths; exact. Only the shortest is taken from the bars: a
 * window of up to twice the length is two of the shorter one, as extremes do not mind the bars that both have.
 */
export class NestedRanges {
  readonly #range: SlidingRange
  readonly #shortest: RangeWindow
  /** In ascending order; where one is more than twice as long as the one before, others lie between them. */
  readonly #longer: readonly RangeWindow[]
  /** How many of the longer ones get their ranges. */
  readonly #covered: number

  /** Only of windows up to `read` bars are the ranges themselves looked at: of the longest one there may be middles alone. */
  constructor(periods: readonly number[], read: number) {
    const [shortest = 1, ...longer] = ladderOf(periods)
    this.#range = new SlidingRange(shortest)
    this.#shortest = new RangeWindow(shortest, (longer[0] ?? shortest) - shortest)
    this.#longer = longer.map((period, index) => new RangeWindow(period, (longer[index + 1] ?? period) - period))
    this.#covered = (longer.at(-1) ?? 0) > read ? longer.length - 1 : longer.length
  }

  /** The window of so many bars, one of the periods. */
  of(period: number): RangeWindow {
    return this.#longer.find((window) => window.period === period) ?? this.#shortest
  }

  /** Reads rows `from` up to `to` of the bars. */
  fold(bars: CandleBuffer, from: number, to: number): void {
    const longer = this.#longer
    let window = this.#shortest
    window.advance(to - from)
    this.#range.fold(bars, from, to, window.highs, window.from, window.lows, window.from)
    for (let index = 0; index < longer.length; index++) {
      const next = longer[index]
      if (next === undefined) return
      next.advance(to - from)
      if (index < this.#covered) next.cover(window)
      else next.shorter = window
      window = next
    }
  }
}

/** The ranges of one window at the rows of the last fold, and before them at as many as the next longer window looks back. */
export class RangeWindow {
  readonly period: number
  readonly highs: Float64Array
  readonly lows: Float64Array
  /** Rows of the last fold. */
  from: number
  to: number
  /** Of a window of middles alone: what its ranges would be made of. */
  shorter: RangeWindow | null = null
  /** Bars by which the next longer window exceeds this one. */
  readonly #lag: number

  constructor(period: number, lag: number) {
    this.period = period
    this.#lag = lag
    // Twice the lag: so no more rows are moved, when the end is reached, than were written since they were moved last.
    this.highs = new Float64Array(2 * lag + ROWS)
    this.lows = new Float64Array(2 * lag + ROWS)
    this.from = lag
    this.to = lag
  }

  /** Makes room for the rows of a fold. */
  advance(rows: number): void {
    if (this.to + rows > this.highs.length) {
      this.highs.copyWithin(0, this.to - this.#lag, this.to)
      this.lows.copyWithin(0, this.to - this.#lag, this.to)
      this.to = this.#lag
    }
    this.from = this.to
    this.to += rows
  }

  /** Takes what the shorter window has now or, where that reaches further, had `lag` bars ago. */
  cover(shorter: RangeWindow): void {
    widen(shorter.highs, shorter.lows, shorter.from, shorter.to, shorter.#lag, this.highs, this.lows, this.from)
  }

  /** Writes the middles of the ranges into a column, the first into row `at`. */
  middles(column: Float64Array, at: number): void {
    const { highs, lows, from, to, shorter } = this
    if (shorter !== null) return middlesOf(shorter.highs, shorter.lows, shorter.from, shorter.to, shorter.#lag, column, at)
    for (let row = from; row < to; row++) column[at + row - from] = (valueAt(highs, row) + valueAt(lows, row)) / 2
  }
}

/** Which of two rows is the more extreme is as good as random: it decides where to read, which costs less than a branch that is guessed wrongly. */
function widen(highs: Float64Array, lows: Float64Array, from: number, to: number, lag: number, widerHighs: Float64Array, widerLows: Float64Array, at: number): void {
  for (let row = from; row < to; row++) {
    const isHigher = Number(valueAt(highs, row - lag) > valueAt(highs, row)) | 0
    const isLower = Number(valueAt(lows, row - lag) < valueAt(lows, row)) | 0
    widerHighs[at + row - from] = valueAt(highs, row - lag * isHigher)
    widerLows[at + row - from] = valueAt(lows, row - lag * isLower)
  }
}

/** The middles of what {@link widen} would write. */
function middlesOf(highs: Float64Array, lows: Float64Array, from: number, to: number, lag: number, column: Float64Array, at: number): void {
  for (let row = from; row < to; row++) {
    const isHigher = Number(valueAt(highs, row - lag) > valueAt(highs, row)) | 0
    const isLower = Number(valueAt(lows, row - lag) < valueAt(lows, row)) | 0
    column[at + row - from] = (valueAt(highs, row - lag * isHigher) + valueAt(lows, row - lag * isLower)) / 2
  }
}

/** The periods in ascending order, with doubles of each between those that are further apart. */
function ladderOf(periods: readonly number[]): readonly number[] {
  const ladder: number[] = []
  for (const period of new Set(periods.toSorted((a, b) => a - b))) {
    for (let last = ladder.at(-1) ?? period; 2 * last < period; last *= 2) ladder.push(2 * last)
    ladder.push(period)
  }
  return ladder
}
