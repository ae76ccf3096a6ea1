/** Ranges, deviations and the channels built of them. */
import { cell, type CandleBuffer } from '@hedgerow/core'
import { exponential, wilder, type Average } from './averages.ts'
import { indicator, indicators, put, type Fold, type Indicator, type Indicators, type Outputs } from './indicator.ts'
import { requireFactor, requirePeriods } from './parameters.ts'
import { SlidingExtreme, SlidingMoments, SlidingRange } from './sliding.ts'
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
    return (bars, row, outputs, to) => put(outputs, 0, to, range.next(bars, row))
  }
  return { bars: period + 1, start }
})

/** Population standard deviation of the last `period` values. [P] TA-Lib STDDEV. First value at bar `period`. */
export const stddev: Indicator<[period?: number, source?: Source]> = indicator('stddev', (period = 5, source = 'close') => {
  requirePeriods('stddev', { period })
  const read = readerOf(source)
  const start = (): Fold => {
    const moments = new SlidingMoments(period)
    return (bars, row, outputs, to) => {
      moments.next(read(bars, row))
      put(outputs, 0, to, Math.sqrt(moments.variance))
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
    return (bars, row, outputs, to) => {
      moments.next(read(bars, row))
      writeBand(outputs, to, moments.mean, deviations * Math.sqrt(moments.variance))
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
    return (bars, row, outputs, to) => writeBand(outputs, to, middle.next(read(bars, row)), multiplier * range.next(bars, row))
  }
  return { bars: Math.max(period, atrPeriod + 1), start }
})

/** Donchian channel: highest high and lowest low of the last `period` bars, and their middle. [P] TA-Lib DONCHIAN. First value at bar `period`. */
export const donchian: Indicators<[period?: number], Band> = indicators('donchian', 3, band, (period = 20) => {
  requirePeriods('donchian', { period })
  const start = (): Fold => {
    const range = new SlidingRange(period)
    return (bars, row, outputs, to) => {
      range.next(cell(bars.high, row), cell(bars.low, row))
      put(outputs, 0, to, range.high)
      put(outputs, 1, to, range.middle)
      put(outputs, 2, to, range.low)
    }
  }
  return { bars: period, start }
})

/** The highest of the last `period` values (highs unless told otherwise). [P] TA-Lib MAX. First value at bar `period`. */
export const highest: Indicator<[period: number, source?: Source]> = indicator('highest', (period: number, source: Source = 'high') => extreme('highest', period, source, 1))

/** The lowest of the last `period` values (lows unless told otherwise). [P] TA-Lib MIN. First value at bar `period`. */
export const lowest: Indicator<[period: number, source?: Source]> = indicator('lowest', (period: number, source: Source = 'low') => extreme('lowest', period, source, -1))

/** Wilder's true range of a stream of bars; NaN at the first, which has no previous close. */
export class TrueRange {
  #previousClose: number = Number.NaN

  next(bars: CandleBuffer, row: number): number {
    const high = cell(bars.high, row)
    const low = cell(bars.low, row)
    const previous = this.#previousClose
    this.#previousClose = cell(bars.close, row)
    return Math.max(high - low, Math.abs(high - previous), Math.abs(low - previous))
  }
}

/** Average true range of a stream of bars; NaN until `period` true ranges are known. */
export class AverageTrueRange {
  readonly #range = new TrueRange()
  readonly #average: Average

  constructor(period: number) {
    this.#average = wilder(period)
  }

  next(bars: CandleBuffer, row: number): number {
    return this.#average.next(this.#range.next(bars, row))
  }
}

function startTrueRange(): Fold {
  const range = new TrueRange()
  return (bars, row, outputs, to) => put(outputs, 0, to, range.next(bars, row))
}

function extreme(name: string, period: number, source: Source, sign: 1 | -1): { bars: number; start: () => Fold } {
  requirePeriods(name, { period })
  const read = readerOf(source)
  const start = (): Fold => {
    const window = new SlidingExtreme(period, sign)
    return (bars, row, outputs, to) => put(outputs, 0, to, window.next(read(bars, row)))
  }
  return { bars: period, start }
}

function writeBand(outputs: Outputs, to: number, middle: number, distance: number): void {
  put(outputs, 0, to, middle + distance)
  put(outputs, 1, to, middle)
  put(outputs, 2, to, middle - distance)
}
