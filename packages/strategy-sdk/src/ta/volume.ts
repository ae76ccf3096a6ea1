/** Indicators of price and volume. */
import { barStart, barTime, cell, parseTimeframe, type CandleBuffer, type Timeframe } from '@hedgerow/core'
import { indicator, put, type Fold, type Indicator } from './indicator.ts'
import { requirePeriods } from './parameters.ts'
import { SlidingSum } from './sliding.ts'
import { readerOf, typicalPrice, type Source, type SourceReader } from './source.ts'

/**
 * Money flow index, 0 to 100: the share of `period` bars' typical price x volume that came with a rising typical price;
 * bars with an equal one count neither way; 0 where no money flowed.
 * [P] Quong and Soudack 1989, TA-Lib MFI. First value at bar period + 1.
 */
export const mfi: Indicator<[period?: number]> = indicator('mfi', (period = 14) => {
  requirePeriods('mfi', { period })
  const start = (): Fold => {
    const flow = new MoneyFlow(period)
    return (bars, row, outputs, to) => put(outputs, 0, to, flow.next(bars, row))
  }
  return { bars: period + 1, start }
})

/**
 * On-balance volume: starts with the first bar's volume; adds a bar's volume where the source rose, takes it away where
 * it fell. Its level depends on the first bar; only its changes mean something. [P] Granville 1963, TA-Lib OBV. First value at bar 1.
 */
export const obv: Indicator<[source?: Source]> = indicator('obv', (source = 'close') => {
  const read = readerOf(source)
  const start = (): Fold => {
    const balance = new Balance(read)
    return (bars, row, outputs, to) => put(outputs, 0, to, balance.next(bars, row))
  }
  return { bars: 1, start }
})

/**
 * Volume-weighted average price since the last start of an `anchor` timeframe (UTC): sum(source x volume) / sum(volume);
 * the source itself while nothing was traded. The first anchor may lack bars that the series does not have.
 * [P] the standard definition, on the typical price. First value at bar 1.
 */
export const vwap: Indicator<[anchor?: string, source?: Source]> = indicator('vwap', (anchor = '1D', source = 'hlc3') => {
  const timeframe = parseTimeframe(anchor)
  const read = readerOf(source)
  const start = (): Fold => {
    const average = new AnchoredAverage(timeframe, read)
    return (bars, row, outputs, to) => put(outputs, 0, to, average.next(bars, row))
  }
  return { bars: 1, start }
})

class MoneyFlow {
  readonly #inflows: SlidingSum
  readonly #outflows: SlidingSum
  #previous: number = Number.NaN

  constructor(period: number) {
    this.#inflows = new SlidingSum(period)
    this.#outflows = new SlidingSum(period)
  }

  next(bars: CandleBuffer, row: number): number {
    const price = typicalPrice(bars, row)
    const previous = this.#previous
    this.#previous = price
    if (Number.isNaN(previous)) return Number.NaN
    const flow = price * cell(bars.volume, row)
    const inflow = this.#inflows.next(price > previous ? flow : 0)
    const total = inflow + this.#outflows.next(price < previous ? flow : 0)
    return total === 0 ? 0 : (100 * inflow) / total
  }
}

class Balance {
  readonly #read: SourceReader
  #previous: number = Number.NaN
  #volume = 0

  constructor(read: SourceReader) {
    this.#read = read
  }

  next(bars: CandleBuffer, row: number): number {
    const value = this.#read(bars, row)
    const volume = cell(bars.volume, row)
    if (value > this.#previous || Number.isNaN(this.#previous)) this.#volume += volume
    else if (value < this.#previous) this.#volume -= volume
    this.#previous = value
    return this.#volume
  }
}

class AnchoredAverage {
  readonly #timeframe: Timeframe
  readonly #read: SourceReader
  #until: number = Number.NEGATIVE_INFINITY
  #money = 0
  #volume = 0

  constructor(timeframe: Timeframe, read: SourceReader) {
    this.#timeframe = timeframe
    this.#read = read
  }

  next(bars: CandleBuffer, row: number): number {
    const time = barTime(bars, row)
    if (time >= this.#until) {
      this.#until = barStart(this.#timeframe, time) + this.#timeframe.ms
      this.#money = 0
      this.#volume = 0
    }
    const value = this.#read(bars, row)
    const volume = cell(bars.volume, row)
    this.#money += value * volume
    this.#volume += volume
    return this.#volume === 0 ? value : this.#money / this.#volume
  }
}
