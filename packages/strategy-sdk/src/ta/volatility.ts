/** Ranges, deviations and the channels built of them. */
import type { CandleBuffer } from '@hedgerow/core'
import { exponential, wilder, type Average } from './averages.ts'
import { scratch, valueAt } from './column.ts'
import { columnOf, indicator, indicators, type Fold, type Indicator, type Indicators, type Outputs } from './indicator.ts'
import { requireFactor, requirePeriods } from './parameters.ts'
import { SlidingExtreme, SlidingRange } from './sliding-extremes.ts'
import { SlidingMoments } from './sliding.ts'
import { readerOf, type Source } from './source.ts'

/** The lines of a channel. */
export type Band = 'upper' | 'middle' | 'lower'

const band = <Value>(at: (lane: number) => Value): Readonly<Record<Band, Value>> => ({ upper: at(0), middle: at(1), lower: at(2) })

/** True range: max(high - low, |high - previous close|, |low - previous close|). [P] TA-Lib TRANGE. First value at bar 2. */
export const trueRange: Indicator<[]> = indicator('trueRange', () => ({ bars: 2, start: startTrueRange }))

/** Average true range: the true range under Wilder's moving average. [P] TA-Lib ATR. First value at bar period + 1. */
export const atr: Indicator<[period?: number]> = indicator('atr', (period = 14) => {
  requirePeriods('atr', { period })
  const start = (): Fold => {
    const range = new AverageTrueRange(period)
    return (bars, from, to, outputs, at) => range.fold(bars, from, to, columnOf(outputs, 0), at)
  }
  return { bars: period + 1, start }
})

/** Population standard deviation of the last `period` values. [P] TA-Lib STDDEV. First value at bar `period`. */
export const stddev: Indicator<[period?: number, source?: Source]> = indicator('stddev', (period = 5, source = 'close') => {
  requirePeriods('stddev', { period })
  const read = readerOf(source)
  const start = (): Fold => {
    const moments = new SlidingMoments(period)
    const means = scratch()
    return (bars, from, to, outputs, at) => {
      const column = columnOf(outputs, 0)
      read(bars, from, to, means, 0)
      moments.fold(means, 0, to - from, column, at)
      for (let row = at; row < at + to - from; row++) column[row] = Math.sqrt(valueAt(column, row))
    }
  }
  return { bars: period, start }
})

type BollingerParams = [period?: number, deviations?: number, source?: Source]

/**
 * Bollinger bands: the simple average and, `deviations` population standard deviations from it, the upper and lower band.
 * [P] TA-Lib BBANDS. First value at bar `period`.
 */
export const bollinger: Indicators<BollingerParams, Band> = indicators('bollinger', 3, band, (period = 20, deviations = 2, source = 'close') => {
  requirePeriods('bollinger', { period })
  requireFactor('bollinger', 'deviations', deviations)
  const read = readerOf(source)
  const start = (): Fold => {
    const moments = new SlidingMoments(period)
    const distances = scratch()
    return (bars, from, to, outputs, at) => {
      const middle = columnOf(outputs, 1)
      read(bars, from, to, middle, at)
      moments.fold(middle, at, at + to - from, distances, 0)
      for (let row = 0; row < to - from; row++) distances[row] = deviations * Math.sqrt(valueAt(distances, row))
      writeBand(outputs, at, at + to - from, distances)
    }
  }
  return { bars: period, start }
})

type KeltnerParams = [period?: number, multiplier?: number, atrPeriod?: number, source?: Source]

/**
 * Keltner channel: the EMA of the typical price and, `multiplier` average true ranges from it, the upper and lower line.
 * [P] TA-Lib KC: the periods of the two averages are independent. First value at bar max(period, atrPeriod + 1).
 */
export const keltner: Indicators<KeltnerParams, Band> = indicators('keltner', 3, band, (period = 20, multiplier = 2, atrPeriod = 10, source = 'hlc3') => {
  requirePeriods('keltner', { period, atrPeriod })
  requireFactor('keltner', 'multiplier', multiplier)
  const read = readerOf(source)
  const start = (): Fold => {
    const middle = exponential(period)
    const range = new AverageTrueRange(atrPeriod)
    const distances = scratch()
    return (bars, from, to, outputs, at) => {
      const column = columnOf(outputs, 1)
      read(bars, from, to, column, at)
      middle.fold(column, at, at + to - from)
      range.fold(bars, from, to, distances, 0)
      for (let row = 0; row < to - from; row++) distances[row] = multiplier * valueAt(distances, row)
      writeBand(outputs, at, at + to - from, distances)
    }
  }
  return { bars: Math.max(period, atrPeriod + 1), start }
})

/** Donchian channel: highest high and lowest low of the last `period` bars, and their middle. [P] TA-Lib DONCHIAN. First value at bar `period`. */
export const donchian: Indicators<[period?: number], Band> = indicators('donchian', 3, band, (period = 20) => {
  requirePeriods('donchian', { period })
  const start = (): Fold => {
    const range = new SlidingRange(period)
    return (bars, from, to, outputs, at) => {
      const highs = columnOf(outputs, 0)
      const middles = columnOf(outputs, 1)
      const lows = columnOf(outputs, 2)
      range.fold(bars, from, to, highs, at, lows, at)
      for (let row = at; row < at + to - from; row++) middles[row] = (valueAt(highs, row) + valueAt(lows, row)) / 2
    }
  }
  return { bars: period, start }
})

/** The highest of the last `period` values (highs unless told otherwise). [P] TA-Lib MAX. First value at bar `period`. */
export const highest: Indicator<[period: number, source?: Source]> = indicator('highest', (period: number, source: Source = 'high') => extreme('highest', period, source, 1))

/** The lowest of the last `period` values (lows unless told otherwise). [P] TA-Lib MIN. First value at bar `period`. */
export const lowest: Indicator<[period: number, source?: Source]> = indicator('lowest', (period: number, source: Source = 'low') => extreme('lowest', period, source, -1))

/** Wilder's true range of a stream of bars; NaN at the first, which has no previous close. */
class TrueRange {
  #previousClose: number = Number.NaN

  /** Writes the ranges of rows `from` up to `to` into a column, the first into row `at`. */
  fold({ high, low, close }: CandleBuffer, from: number, to: number, column: Float64Array, at: number): void {
    let previous = this.#previousClose
    for (let row = from; row < to; row++) {
      column[at + row - from] = trueRangeOf(valueAt(high, row), valueAt(low, row), previous)
      previous = valueAt(close, row)
    }
    this.#previousClose = previous
  }
}

/** As high is not below low, the largest of the three distances is that between the ends of the range that takes in the previous close. */
export function trueRangeOf(high: number, low: number, previousClose: number): number {
  return (high > previousClose ? high : previousClose) - (low < previousClose ? low : previousClose)
}

/** Average true range of a stream of bars; NaN until `period` true ranges are known. */
export class AverageTrueRange {
  readonly #range = new TrueRange()
  readonly #average: Average

  constructor(period: number) {
    this.#average = wilder(period)
  }

  /** Writes the averages at rows `from` up to `to` into a column, the first into row `at`. */
  fold(bars: CandleBuffer, from: number, to: number, column: Float64Array, at: number): void {
    this.#range.fold(bars, from, to, column, at)
    this.#average.fold(column, at, at + to - from)
  }
}

function startTrueRange(): Fold {
  const range = new TrueRange()
  return (bars, from, to, outputs, at) => range.fold(bars, from, to, columnOf(outputs, 0), at)
}

function extreme(name: string, period: number, source: Source, sign: 1 | -1): { bars: number; start: () => Fold } {
  requirePeriods(name, { period })
  const read = readerOf(source)
  const start = (): Fold => {
    const window = new SlidingExtreme(period, sign)
    return (bars, from, to, outputs, at) => {
      const column = columnOf(outputs, 0)
      read(bars, from, to, column, at)
      window.fold(column, at, at + to - from)
    }
  }
  return { bars: period, start }
}

/** The lines at the given distances, from row 0 on, from the middle that is in its column. */
function writeBand(outputs: Outputs, from: number, to: number, distances: Float64Array): void {
  const upper = columnOf(outputs, 0)
  const middle = columnOf(outputs, 1)
  const lower = columnOf(outputs, 2)
  for (let row = from; row < to; row++) {
    const value = valueAt(middle, row)
    const distance = valueAt(distances, row - from)
    upper[row] = value + distance
    lower[row] = value - distance
  }
}
