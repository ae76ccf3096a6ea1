/** Oscillators of price: how fast and how far it moves. Definitions are TA-Lib's unless stated. */
import type { CandleBuffer } from '@hedgerow/core'
import { exponential, simple, wilder, type Average } from './averages.ts'
import { copyRows, scratch, valueAt } from './column.ts'
import { DeviationWindow } from './deviation-window.ts'
import { columnOf, indicator, indicators, type Fold, type Indicator, type Indicators, type Outputs } from './indicator.ts'
import { requirePeriods } from './parameters.ts'
import { SlidingRange } from './sliding-extremes.ts'
import { readerOf, typicalPrice, type Source } from './source.ts'

type Line = 'macd' | 'signal' | 'histogram'
const macdLines = <Value>(at: (lane: number) => Value): Readonly<Record<Line, Value>> => ({ macd: at(0), signal: at(1), histogram: at(2) })

/**
 * MACD: `macd` = EMA(fast) - EMA(slow), `signal` = EMA(signal) of it, `histogram` = macd - signal. `fast` is below `slow`.
 * [P] TA-Lib MACD: both EMAs have their first value at bar `slow`, the fast one from the mean of the `fast` bars that end
 * there. First values at bar slow + signal - 1.
 */
export const macd: Indicators<[fast?: number, slow?: number, signal?: number, source?: Source], Line> = indicators(
  'macd',
  3,
  macdLines,
  (fast = 12, slow = 26, signal = 9, source = 'close') => {
    requirePeriods('macd', { fast, slow, signal, 'slow - fast': slow - fast })
    const read = readerOf(source)
    const start = (): Fold => {
      const fold = new Macd(fast, slow, signal)
      return (bars, from, to, outputs, at) => {
        read(bars, from, to, columnOf(outputs, 0), at)
        fold.fold(outputs, at, at + to - from)
      }
    }
    return { bars: slow + signal - 1, start }
  },
)

/**
 * Relative strength index, 0 to 100: 100 x gain / (gain + loss), both Wilder's averages of the moves between bars; 0
 * where the price never moved. [P] Wilder 1978, TA-Lib RSI. First value at bar period + 1.
 */
export const rsi: Indicator<[period?: number, source?: Source]> = indicator('rsi', (period = 14, source = 'close') =>
  ofMoves('rsi', period, source, 0),
)

/**
 * Chande momentum oscillator, -100 to 100: 100 x (gain - loss) / (gain + loss); 0 where the price never moved.
 * [P] TA-Lib CMO: gain and loss are Wilder's averages, as in the RSI (Chande's own are plain sums). First value at bar period + 1.
 */
export const cmo: Indicator<[period?: number, source?: Source]> = indicator('cmo', (period = 14, source = 'close') =>
  ofMoves('cmo', period, source, 1),
)

type Stochastic = 'k' | 'd'
const stochasticLines = <Value>(at: (lane: number) => Value): Readonly<Record<Stochastic, Value>> => ({ k: at(0), d: at(1) })

/**
 * Slow stochastic, 0 to 100: the place of the close in the range of the last `fastK` bars (0 where there is no range),
 * `k` its simple average over `slowK`, `d` that of `k` over `slowD`.
 * [P] Lane, TA-Lib STOCH. First values at bar fastK + slowK + slowD - 2.
 */
export const stochastic: Indicators<[fastK?: number, slowK?: number, slowD?: number], Stochastic> = indicators(
  'stochastic',
  2,
  stochasticLines,
  (fastK = 14, slowK = 3, slowD = 3) => {
    requirePeriods('stochastic', { fastK, slowK, slowD })
    const start = (): Fold => {
      const place = new RangePlace(fastK)
      const slow = simple(slowK)
      const slower = simple(slowD)
      return (bars, from, to, outputs, at) => {
        const k = columnOf(outputs, 0)
        const d = columnOf(outputs, 1)
        place.fold(bars, from, to, k, at)
        slow.fold(k, at, at + to - from)
        copyRows(k, at, at + to - from, d, at)
        slower.fold(d, at, at + to - from)
      }
    }
    return { bars: fastK + slowK + slowD - 2, start }
  },
)

/**
 * Commodity channel index: (typical price - its mean) / (0.015 x mean absolute deviation), over `period` bars; 0 where
 * the deviation is zero. Costs O(period) a bar: a mean absolute deviation has no shorter update.
 * [P] Lambert 1980, TA-Lib CCI. First value at bar `period`.
 */
export const cci: Indicator<[period?: number]> = indicator('cci', (period = 20) => {
  requirePeriods('cci', { period })
  const start = (): Fold => {
    const window = new DeviationWindow(period)
    return (bars, from, to, outputs, at) => {
      typicalPrice(bars, from, to, columnOf(outputs, 0), at)
      window.fold(columnOf(outputs, 0), at, at + to - from)
    }
  }
  return { bars: period, start }
})

/** Rate of change in percent: 100 x (value / value `period` bars ago - 1); 0 where that was zero. [P] TA-Lib ROC. First value at bar period + 1. */
export const roc: Indicator<[period?: number, source?: Source]> = indicator('roc', (period = 10, source = 'close') => {
  requirePeriods('roc', { period })
  const read = readerOf(source)
  const start = (): Fold => {
    const change = new RelativeChange(period)
    return (bars, from, to, outputs, at) => {
      read(bars, from, to, columnOf(outputs, 0), at)
      change.fold(columnOf(outputs, 0), at, at + to - from)
    }
  }
  return { bars: period + 1, start }
})

class Macd {
  readonly #fast: Average
  readonly #slow: Average
  readonly #signal: Average
  /** Bars that only the slow average takes: both then have their first value at the same bar. */
  #head: number

  constructor(fast: number, slow: number, signal: number) {
    this.#fast = exponential(fast)
    this.#slow = exponential(slow)
    this.#signal = exponential(signal)
    this.#head = slow - fast
  }

  /** The values are in the first output. */
  fold(outputs: Outputs, from: number, to: number): void {
    const lines = columnOf(outputs, 0)
    const signals = columnOf(outputs, 1)
    const histogram = columnOf(outputs, 2)
    const first = Math.min(to, from + this.#head)
    this.#head -= first - from
    copyRows(lines, from, to, signals, from)
    this.#slow.fold(signals, from, to)
    this.#fast.fold(lines, first, to)
    for (let row = from; row < to; row++) {
      const line = valueAt(lines, row) - valueAt(signals, row)
      lines[row] = line
      signals[row] = line
    }
    this.#signal.fold(signals, from, to)
    for (let row = from; row < to; row++) histogram[row] = valueAt(lines, row) - valueAt(signals, row)
  }
}

/** Wilder's averages of the rises and of the falls between values; NaN until `period` moves are known. */
class Moves {
  readonly #gains: Average
  readonly #losses: Average
  #previous: number = Number.NaN

  constructor(period: number) {
    this.#gains = wilder(period)
    this.#losses = wilder(period)
  }

  /** Leaves the rises in the column, and puts the falls into another, from row 0 on. */
  fold(column: Float64Array, from: number, to: number, losses: Float64Array): void {
    let previous = this.#previous
    for (let row = from; row < to; row++) {
      const move = valueAt(column, row) - previous
      previous = valueAt(column, row)
      // Exact, and without a branch that is taken as often as not.
      column[row] = (Math.abs(move) + move) / 2
      losses[row - from] = (Math.abs(move) - move) / 2
    }
    this.#previous = previous
    this.#gains.fold(column, from, to)
    this.#losses.fold(losses, 0, to - from)
  }
}

/** 100 x (gain - lossShare x loss) / (gain + loss). */
function ofMoves(name: string, period: number, source: Source, lossShare: 0 | 1): { bars: number; start: () => Fold } {
  requirePeriods(name, { period })
  const read = readerOf(source)
  const start = (): Fold => {
    const moves = new Moves(period)
    const losses = scratch()
    return (bars, from, to, outputs, at) => {
      const column = columnOf(outputs, 0)
      read(bars, from, to, column, at)
      moves.fold(column, at, at + to - from, losses)
      for (let row = 0; row < to - from; row++) {
        const gain = valueAt(column, at + row)
        const loss = valueAt(losses, row)
        column[at + row] = ratio(gain - lossShare * loss, gain + loss)
      }
    }
  }
  return { bars: period + 1, start }
}

/** The place of the close in the range of the last `period` bars, 0 to 100. */
class RangePlace {
  readonly #range: SlidingRange
  readonly #lows = scratch()

  constructor(period: number) {
    this.#range = new SlidingRange(period)
  }

  fold(bars: CandleBuffer, from: number, to: number, column: Float64Array, at: number): void {
    const lows = this.#lows
    this.#range.fold(bars, from, to, column, at, lows, 0)
    for (let row = 0; row < to - from; row++) {
      const low = valueAt(lows, row)
      column[at + row] = ratio(valueAt(bars.close, from + row) - low, valueAt(column, at + row) - low)
    }
  }
}

/** The change to the value `period` values ago, in percent of that. */
class RelativeChange {
  readonly #earlier: Float64Array
  #at = 0

  constructor(period: number) {
    this.#earlier = new Float64Array(period)
  }

  fold(column: Float64Array, from: number, to: number): void {
    const earlier = this.#earlier
    let at = this.#at
    for (let row = from; row < to; row++) {
      const value = valueAt(column, row)
      const before = valueAt(earlier, at)
      earlier[at] = value
      if (++at === earlier.length) at = 0
      column[row] = before === 0 ? 0 : (value / before - 1) * 100
    }
    this.#at = at
  }
}

/** 100 x part / whole; 0 where the whole is zero. */
function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : (100 * part) / whole
}
