/** Direction and strength of a trend. */
import type { CandleBuffer } from '@hedgerow/core'
import { wilder, type Average } from './averages.ts'
import { firstKnown, scratch, valueAt } from './column.ts'
import { columnOf, indicator, indicators, type Fold, type Indicator, type Indicators, type Outputs } from './indicator.ts'
import { requireFactor, requirePeriods } from './parameters.ts'
import { AverageTrueRange, trueRangeOf } from './volatility.ts'

type Direction = 'plus' | 'minus'
const directions = <Value>(at: (lane: number) => Value): Readonly<Record<Direction, Value>> => ({ plus: at(0), minus: at(1) })

/**
 * Directional indicators +DI and -DI, 0 to 100: 100 x smoothed directional movement / smoothed true range; 0 where there
 * is no range. A bar with equal upward and downward movement counts neither.
 * [P] Wilder 1978, TA-Lib PLUS_DI and MINUS_DI. First values at bar period + 1.
 */
export const di: Indicators<[period?: number], Direction> = indicators('di', 2, directions, (period = 14) => {
  requirePeriods('di', { period })
  const start = (): Fold => {
    const movement = new DirectionalMovement(period)
    return (bars, from, to, outputs, at) => movement.fold(bars, from, to, columnOf(outputs, 0), at, columnOf(outputs, 1), at)
  }
  return { bars: period + 1, start }
})

/**
 * Average directional index, 0 to 100: Wilder's average of 100 x |+DI - -DI| / (+DI + -DI); a bar without movement
 * leaves it as it was. [P] Wilder 1978, TA-Lib ADX. First value at bar 2 x period.
 */
export const adx: Indicator<[period?: number]> = indicator('adx', (period = 14) => {
  requirePeriods('adx', { period })
  const start = (): Fold => {
    const index = new DirectionalIndex(period)
    return (bars, from, to, outputs, at) => index.fold(bars, from, to, columnOf(outputs, 0), at)
  }
  return { bars: 2 * period, start }
})

type Supertrend = 'trend' | 'direction'
const supertrendLines = <Value>(at: (lane: number) => Value): Readonly<Record<Supertrend, Value>> => ({ trend: at(0), direction: at(1) })

/**
 * Supertrend: `trend` is the band (median price -/+ `multiplier` average true ranges, which only moves towards the price
 * until a close passes it), `direction` +1 where the price is above it, -1 below.
 * [P] Seban; TA-Lib SUPERTREND, which starts upwards. First values at bar period + 1.
 */
export const supertrend: Indicators<[period?: number, multiplier?: number], Supertrend> = indicators('supertrend', 2, supertrendLines, (period = 10, multiplier = 3) => {
  requirePeriods('supertrend', { period })
  requireFactor('supertrend', 'multiplier', multiplier)
  const start = (): Fold => {
    const bands = new TrendBands(period, multiplier)
    return (bars, from, to, outputs, at) => bands.fold(bars, from, to, outputs, at)
  }
  return { bars: period + 1, start }
})

/**
 * +DI and -DI of a stream of bars; NaN until `period` movements are known. Sums are smoothed as Wilder does: previous -
 * previous / period + value, from the sum of the first period - 1 values on.
 */
class DirectionalMovement {
  readonly #period: number
  /** Bars so far, up to the period. */
  #count = 0
  #ranges = 0
  #rises = 0
  #falls = 0
  #high: number = Number.NaN
  #low: number = Number.NaN
  #close: number = Number.NaN

  constructor(period: number) {
    this.#period = period
  }

  /** Writes the values at rows `from` up to `to` into two columns, the first into their rows `plusAt` and `minusAt`. */
  fold(bars: CandleBuffer, from: number, to: number, plus: Float64Array, plusAt: number, minus: Float64Array, minusAt: number): void {
    const period = this.#period
    let count = this.#count
    let ranges = this.#ranges
    let rises = this.#rises
    let falls = this.#falls
    let previousHigh = this.#high
    let previousLow = this.#low
    let previousClose = this.#close
    for (let row = from; row < to; row++) {
      const high = valueAt(bars.high, row)
      const low = valueAt(bars.low, row)
      const isKnown = count >= period
      if (isKnown) {
        ranges -= ranges / period
        rises -= rises / period
        falls -= falls / period
      }
      if (count > 0) {
        const rise = high - previousHigh
        const fall = previousLow - low
        ranges += trueRangeOf(high, low, previousClose)
        if (rise > fall && rise > 0) rises += rise
        if (fall > rise && fall > 0) falls += fall
      }
      if (!isKnown) count++
      plus[plusAt + row - from] = isKnown ? ratio(rises, ranges) : Number.NaN
      minus[minusAt + row - from] = isKnown ? ratio(falls, ranges) : Number.NaN
      previousHigh = high
      previousLow = low
      previousClose = valueAt(bars.close, row)
    }
    this.#count = count
    this.#ranges = ranges
    this.#rises = rises
    this.#falls = falls
    this.#high = previousHigh
    this.#low = previousLow
    this.#close = previousClose
  }
}

class DirectionalIndex {
  readonly #movement: DirectionalMovement
  readonly #average: Average
  readonly #minus = scratch()
  /** Bars whose index counts even without a movement: the average starts with them. */
  #head: number
  #value: number = Number.NaN

  constructor(period: number) {
    this.#movement = new DirectionalMovement(period)
    this.#average = wilder(period)
    this.#head = 2 * period
  }

  fold(bars: CandleBuffer, from: number, to: number, column: Float64Array, at: number): void {
    const minus = this.#minus
    this.#movement.fold(bars, from, to, column, at, minus, 0)
    for (let row = 0; row < to - from; row++) {
      const sum = valueAt(column, at + row) + valueAt(minus, row)
      const none = row < this.#head ? 0 : Number.NaN
      column[at + row] = sum === 0 ? none : (100 * Math.abs(valueAt(column, at + row) - valueAt(minus, row))) / sum
    }
    this.#head = Math.max(0, this.#head - (to - from))
    this.#average.fold(column, at, at + to - from)
    this.#hold(column, at, at + to - from)
  }

  /** A bar whose index is not known leaves the value as it was. */
  #hold(column: Float64Array, from: number, to: number): void {
    let held = this.#value
    for (let row = from; row < to; row++) {
      const value = valueAt(column, row)
      if (!Number.isNaN(value)) held = value
      column[row] = held
    }
    this.#value = held
  }
}

class TrendBands {
  readonly #range: AverageTrueRange
  readonly #multiplier: number
  #upper: number = Number.POSITIVE_INFINITY
  #lower: number = Number.NEGATIVE_INFINITY
  #direction: 1 | -1 = 1
  #previousClose: number = Number.NaN

  constructor(period: number, multiplier: number) {
    this.#range = new AverageTrueRange(period)
    this.#multiplier = multiplier
  }

  fold(bars: CandleBuffer, from: number, to: number, outputs: Outputs, at: number): void {
    const trend = columnOf(outputs, 0)
    const sides = columnOf(outputs, 1)
    const multiplier = this.#multiplier
    let upper = this.#upper
    let lower = this.#lower
    let direction = this.#direction
    let previousClose = this.#previousClose
    this.#range.fold(bars, from, to, trend, at)
    for (let row = firstKnown(trend, at, at + to - from); row < at + to - from; row++) {
      const bar = from + row - at
      const close = valueAt(bars.close, bar)
      const distance = multiplier * valueAt(trend, row)
      const median = (valueAt(bars.high, bar) + valueAt(bars.low, bar)) / 2
      if (median + distance < upper || previousClose > upper) upper = median + distance
      if (median - distance > lower || previousClose < lower) lower = median - distance
      if (direction === -1) direction = close > upper ? 1 : -1
      else if (close < lower && !Number.isNaN(previousClose)) direction = -1
      previousClose = close
      trend[row] = direction === 1 ? lower : upper
      sides[row] = direction
    }
    this.#upper = upper
    this.#lower = lower
    this.#direction = direction
    this.#previousClose = previousClose
  }
}

/** 100 x part / whole; 0 where the whole is zero. */
function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : (100 * part) / whole
}
