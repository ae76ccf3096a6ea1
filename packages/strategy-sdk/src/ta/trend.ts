/** Direction and strength of a trend. */
import { cell, type CandleBuffer } from '@hedgerow/core'
import { wilder } from './averages.ts'
import { indicator, indicators, put, type Fold, type Indicator, type Indicators, type Outputs } from './indicator.ts'
import { requireFactor, requirePeriods } from './parameters.ts'
import { SlidingRange } from './sliding.ts'
import { AverageTrueRange, TrueRange } from './volatility.ts'

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
    return (bars, row, outputs, to) => {
      movement.next(bars, row)
      put(outputs, 0, to, movement.plus)
      put(outputs, 1, to, movement.minus)
    }
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
    return (bars, row, outputs, to) => put(outputs, 0, to, index.next(bars, row))
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
    return (bars, row, outputs, to) => bands.next(bars, row, outputs, to)
  }
  return { bars: period + 1, start }
})

type Cloud = 'conversion' | 'base' | 'spanA' | 'spanB' | 'leadA' | 'leadB'
const cloud = <Value>(at: (lane: number) => Value): Readonly<Record<Cloud, Value>> => ({
  conversion: at(0),
  base: at(1),
  spanA: at(2),
  spanB: at(3),
  leadA: at(4),
  leadB: at(5),
})

/**
 * Ichimoku: `conversion`, `base` and `leadB` are the middles of the range of the last 9, 26 and 52 bars, `leadA` the middle
 * of conversion and base; `spanA` and `spanB`, the cloud at this bar, are the leads of displacement - 1 bars ago (charts
 * count the current bar as the first of 26). The lagging line is the close itself, drawn back.
 * [P] Hosoda 1969. First values at bar max(periods) + displacement - 1.
 */
export const ichimoku: Indicators<[conversion?: number, base?: number, lead?: number, displacement?: number], Cloud> = indicators(
  'ichimoku',
  6,
  cloud,
  (conversion = 9, base = 26, lead = 52, displacement = 26) => {
    requirePeriods('ichimoku', { conversion, base, lead, displacement })
    const start = (): Fold => {
      const lines = new CloudLines(conversion, base, lead, displacement)
      return (bars, row, outputs, to) => lines.next(bars, row, outputs, to)
    }
    return { bars: Math.max(conversion, base, lead) + displacement - 1, start }
  },
)

/** Wilder's smoothing of sums: previous - previous / period + value, seeded with the sum of the first period - 1 values. */
class SmoothedSum {
  readonly #period: number
  #count = 1
  value = 0

  constructor(period: number) {
    this.#period = period
  }

  next(value: number): void {
    if (this.#count < this.#period) this.#count++
    else this.value -= this.value / this.#period
    this.value += value
  }
}

class DirectionalMovement {
  readonly #range = new TrueRange()
  readonly #ranges: SmoothedSum
  readonly #rises: SmoothedSum
  readonly #falls: SmoothedSum
  #previousHigh: number = Number.NaN
  #previousLow: number = Number.NaN

  constructor(period: number) {
    this.#ranges = new SmoothedSum(period)
    this.#rises = new SmoothedSum(period)
    this.#falls = new SmoothedSum(period)
  }

  get plus(): number {
    return this.#share(this.#rises)
  }

  get minus(): number {
    return this.#share(this.#falls)
  }

  next(bars: CandleBuffer, row: number): void {
    const range = this.#range.next(bars, row)
    const rise = cell(bars.high, row) - this.#previousHigh
    const fall = this.#previousLow - cell(bars.low, row)
    this.#previousHigh = cell(bars.high, row)
    this.#previousLow = cell(bars.low, row)
    if (Number.isNaN(range)) return
    this.#ranges.next(range)
    this.#rises.next(rise > fall && rise > 0 ? rise : 0)
    this.#falls.next(fall > rise && fall > 0 ? fall : 0)
  }

  #share(movement: SmoothedSum): number {
    return this.#ranges.value === 0 ? 0 : (100 * movement.value) / this.#ranges.value
  }
}

class DirectionalIndex {
  readonly #movement: DirectionalMovement
  readonly #average: ReturnType<typeof wilder>
  readonly #period: number
  #bars = 0
  #value: number = Number.NaN

  constructor(period: number) {
    this.#movement = new DirectionalMovement(period)
    this.#average = wilder(period)
    this.#period = period
  }

  next(bars: CandleBuffer, row: number): number {
    this.#movement.next(bars, row)
    this.#bars++
    if (this.#bars <= this.#period) return Number.NaN
    const { plus, minus } = this.#movement
    const sum = plus + minus
    if (sum !== 0) this.#value = this.#average.next((100 * Math.abs(plus - minus)) / sum)
    else if (this.#bars <= 2 * this.#period) this.#value = this.#average.next(0)
    return this.#value
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

  next(bars: CandleBuffer, row: number, outputs: Outputs, to: number): void {
    const close = cell(bars.close, row)
    const distance = this.#multiplier * this.#range.next(bars, row)
    if (Number.isNaN(distance)) return
    const median = (cell(bars.high, row) + cell(bars.low, row)) / 2
    if (median + distance < this.#upper || this.#previousClose > this.#upper) this.#upper = median + distance
    if (median - distance > this.#lower || this.#previousClose < this.#lower) this.#lower = median - distance
    if (!Number.isNaN(this.#previousClose)) this.#turn(close)
    this.#previousClose = close
    put(outputs, 0, to, this.#direction === 1 ? this.#lower : this.#upper)
    put(outputs, 1, to, this.#direction)
  }

  #turn(close: number): void {
    if (this.#direction === 1 && close < this.#lower) this.#direction = -1
    else if (this.#direction === -1 && close > this.#upper) this.#direction = 1
  }
}

class CloudLines {
  readonly #conversion: SlidingRange
  readonly #base: SlidingRange
  readonly #lead: SlidingRange
  /** The leads of the last `displacement` bars. */
  readonly #leadsA: Float64Array
  readonly #leadsB: Float64Array
  #at = 0

  constructor(conversion: number, base: number, lead: number, displacement: number) {
    this.#conversion = new SlidingRange(conversion)
    this.#base = new SlidingRange(base)
    this.#lead = new SlidingRange(lead)
    this.#leadsA = new Float64Array(displacement)
    this.#leadsB = new Float64Array(displacement)
  }

  next(bars: CandleBuffer, row: number, outputs: Outputs, to: number): void {
    const high = cell(bars.high, row)
    const low = cell(bars.low, row)
    this.#conversion.next(high, low)
    this.#base.next(high, low)
    this.#lead.next(high, low)
    const conversion = this.#conversion.middle
    const base = this.#base.middle
    this.#leadsA[this.#at] = (conversion + base) / 2
    this.#leadsB[this.#at] = this.#lead.middle
    put(outputs, 0, to, conversion)
    put(outputs, 1, to, base)
    put(outputs, 4, to, cell(this.#leadsA, this.#at))
    put(outputs, 5, to, cell(this.#leadsB, this.#at))
    if (++this.#at === this.#leadsA.length) this.#at = 0
    put(outputs, 2, to, cell(this.#leadsA, this.#at))
    put(outputs, 3, to, cell(this.#leadsB, this.#at))
  }
}
