/** Indicators of price and volume. */
import { barStart, barTime, parseTimeframe, type CandleBuffer, type Timeframe } from '@hedgerow/core'
import { scratch, valueAt } from './column.ts'
import { columnOf, indicator, type Fold, type Indicator } from './indicator.ts'
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
    return (bars, from, to, outputs, at) => flow.fold(bars, from, to, columnOf(outputs, 0), at)
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
    return (bars, from, to, outputs, at) => balance.fold(bars, from, to, columnOf(outputs, 0), at)
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
    return (bars, from, to, outputs, at) => average.fold(bars, from, to, columnOf(outputs, 0), at)
  }
  return { bars: 1, start }
})

class MoneyFlow {
  readonly #inflows: SlidingSum
  readonly #outflows: SlidingSum
  readonly #out = scratch()
  #previous: number = Number.NaN

  constructor(period: number) {
    this.#inflows = new SlidingSum(period)
    this.#outflows = new SlidingSum(period)
  }

  fold(bars: CandleBuffer, from: number, to: number, column: Float64Array, at: number): void {
    const out = this.#out
    typicalPrice(bars, from, to, column, at)
    this.#split(bars.volume, from, to, column, at)
    this.#inflows.fold(column, at, at + to - from)
    this.#outflows.fold(out, 0, to - from)
    for (let row = 0; row < to - from; row++) {
      const inflow = valueAt(column, at + row)
      const total = inflow + valueAt(out, row)
      column[at + row] = total === 0 ? 0 : (100 * inflow) / total
    }
  }

  /** Flows that came with a rising price take the place of the prices, those with a falling one go to the scratch; the first bar has none. */
  #split(volume: Float64Array, from: number, to: number, column: Float64Array, at: number): void {
    const out = this.#out
    let previous = this.#previous
    for (let row = from; row < to; row++) {
      const price = valueAt(column, at + row - from)
      const flow = Number.isNaN(previous) ? Number.NaN : price * valueAt(volume, row)
      column[at + row - from] = price <= previous ? 0 : flow
      out[row - from] = price >= previous ? 0 : flow
      previous = price
    }
    this.#previous = previous
  }
}

class Balance {
  readonly #read: SourceReader
  #previous: number = Number.NaN
  #volume = 0

  constructor(read: SourceReader) {
    this.#read = read
  }

  fold(bars: CandleBuffer, from: number, to: number, column: Float64Array, at: number): void {
    const { volume } = bars
    let previous = this.#previous
    let balance = this.#volume
    this.#read(bars, from, to, column, at)
    for (let row = from; row < to; row++) {
      const value = valueAt(column, at + row - from)
      if (value > previous || Number.isNaN(previous)) balance += valueAt(volume, row)
      else if (value < previous) balance -= valueAt(volume, row)
      previous = value
      column[at + row - from] = balance
    }
    this.#previous = previous
    this.#volume = balance
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

  fold(bars: CandleBuffer, from: number, to: number, column: Float64Array, at: number): void {
    this.#read(bars, from, to, column, at)
    for (let row = from; row < to; ) {
      if (barTime(bars, row) >= this.#until) this.#startOver(barTime(bars, row))
      let end = row + 1
      while (end < to && barTime(bars, end) < this.#until) end++
      this.#accumulate(bars.volume, row, end, column, at + row - from)
      row = end
    }
  }

  #startOver(time: number): void {
    this.#until = barStart(this.#timeframe, time) + this.#timeframe.ms
    this.#money = 0
    this.#volume = 0
  }

  #accumulate(volumes: Float64Array, from: number, to: number, column: Float64Array, at: number): void {
    let money = this.#money
    let volume = this.#volume
    for (let row = from; row < to; row++) {
      const value = valueAt(column, at + row - from)
      money += value * valueAt(volumes, row)
      volume += valueAt(volumes, row)
      if (volume !== 0) column[at + row - from] = money / volume
    }
    this.#money = money
    this.#volume = volume
  }
}
