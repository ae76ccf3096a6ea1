/** Oscillators of price: how fast and how far it moves. Definitions are TA-Lib's unless stated. */
import { cell, type CandleBuffer } from '@hedgerow/core'
import { exponential, SimpleAverage, wilder } from './averages.ts'
import { indicator, indicators, put, type Fold, type Indicator, type Indicators, type Outputs } from './indicator.ts'
import { requirePeriods } from './parameters.ts'
import { SlidingRange } from './sliding.ts'
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
      return (bars, row, outputs, to) => fold.next(read(bars, row), outputs, to)
    }
    return { bars: slow + signal - 1, start }
  },
)

/**
 * Relative strength index, 0 to 100: 100 x gain / (gain + loss), both Wilder's averages of the moves between bars; 0
 * where the price never moved. [P] Wilder 1978, TA-Lib RSI. First value at bar period + 1.
 */
export const rsi: Indicator<[period?: number, source?: Source]> = indicator('rsi', (period = 14, source = 'close') =>
  ofMoves('rsi', period, source, (moves) => ratio(moves.gain, moves.gain + moves.loss)),
)

/**
 * Chande momentum oscillator, -100 to 100: 100 x (gain - loss) / (gain + loss); 0 where the price never moved.
 * [P] TA-Lib CMO: gain and loss are Wilder's averages, as in the RSI (Chande's own are plain sums). First value at bar period + 1.
 */
export const cmo: Indicator<[period?: number, source?: Source]> = indicator('cmo', (period = 14, source = 'close') =>
  ofMoves('cmo', period, source, (moves) => ratio(moves.gain - moves.loss, moves.gain + moves.loss)),
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
      const range = new SlidingRange(fastK)
      const k = new SimpleAverage(slowK)
      const d = new SimpleAverage(slowD)
      return (bars, row, outputs, to) => {
        range.next(cell(bars.high, row), cell(bars.low, row))
        const slow = k.next(ratio(cell(bars.close, row) - range.low, range.high - range.low))
        put(outputs, 0, to, slow)
        put(outputs, 1, to, d.next(slow))
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
    return (bars, row, outputs, to) => put(outputs, 0, to, window.next(typicalPrice(bars, row)))
  }
  return { bars: period, start }
})

/** Rate of change in percent: 100 x (value / value `period` bars ago - 1); 0 where that was zero. [P] TA-Lib ROC. First value at bar period + 1. */
export const roc: Indicator<[period?: number, source?: Source]> = indicator('roc', (period = 10, source = 'close') => {
  requirePeriods('roc', { period })
  const read = readerOf(source)
  const start = (): Fold => {
    const earlier = new Float64Array(period)
    let at = 0
    return (bars, row, outputs, to) => {
      const value = read(bars, row)
      const before = cell(earlier, at)
      put(outputs, 0, to, before === 0 ? 0 : (value / before - 1) * 100)
      earlier[at] = value
      if (++at === period) at = 0
    }
  }
  return { bars: period + 1, start }
})

class Macd {
  readonly #fast: ReturnType<typeof exponential>
  readonly #slow: ReturnType<typeof exponential>
  readonly #signal: ReturnType<typeof exponential>
  /** Bars that only the slow average takes: both then have their first value at the same bar. */
  #head: number

  constructor(fast: number, slow: number, signal: number) {
    this.#fast = exponential(fast)
    this.#slow = exponential(slow)
    this.#signal = exponential(signal)
    this.#head = slow - fast
  }

  next(value: number, outputs: Outputs, to: number): void {
    const slow = this.#slow.next(value)
    if (this.#head > 0) {
      this.#head--
      return
    }
    const line = this.#fast.next(value) - slow
    const signal = this.#signal.next(line)
    put(outputs, 0, to, line)
    put(outputs, 1, to, signal)
    put(outputs, 2, to, line - signal)
  }
}

/** Wilder's averages of the rises and of the falls between values; NaN until `period` moves are known. */
class Moves {
  readonly #gains: ReturnType<typeof wilder>
  readonly #losses: ReturnType<typeof wilder>
  #previous: number = Number.NaN
  gain: number = Number.NaN
  loss: number = Number.NaN

  constructor(period: number) {
    this.#gains = wilder(period)
    this.#losses = wilder(period)
  }

  next(value: number): void {
    const move = value - this.#previous
    this.#previous = value
    this.gain = this.#gains.next(Math.max(move, 0))
    this.loss = this.#losses.next(Math.max(-move, 0))
  }
}

function ofMoves(name: string, period: number, source: Source, value: (moves: Moves) => number): { bars: number; start: () => Fold } {
  requirePeriods(name, { period })
  const read = readerOf(source)
  const start = (): Fold => {
    const moves = new Moves(period)
    return (bars: CandleBuffer, row: number, outputs: Outputs, to: number) => {
      moves.next(read(bars, row))
      put(outputs, 0, to, value(moves))
    }
  }
  return { bars: period + 1, start }
}

/** The last `period` values, kept for what has no update in constant time. */
class DeviationWindow {
  readonly #values: Float64Array
  #at = 0

  constructor(period: number) {
    this.#values = new Float64Array(period)
  }

  /** The deviation of `value` from the mean in units of 0.015 mean absolute deviations. Measured from `value` itself, so equal values give zero. */
  next(value: number): number {
    const values = this.#values
    values[this.#at] = value
    if (++this.#at === values.length) this.#at = 0
    let sum = 0
    for (let index = 0; index < values.length; index++) sum += value - cell(values, index)
    const distance = sum / values.length
    let deviation = 0
    for (let index = 0; index < values.length; index++) deviation += Math.abs(cell(values, index) - value + distance)
    return deviation === 0 ? 0 : distance / (0.015 * (deviation / values.length))
  }
}

/** 100 x part / whole; 0 where the whole is zero. */
function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : (100 * part) / whole
}
