/** The candles of a market at every zoom: the real ones, and longer ones made of them. */
import type { PriceColumns } from '../shared/candle-bytes.ts'
import type { CandleRef, PageMarket } from '../shared/page-data.ts'
import type { Payload } from './payload.ts'
import { at, lastAtOrBelow } from './search.ts'

/** Bars with their starts and ends, ms. */
export interface Bars extends PriceColumns {
  /** Length that a bar should have; where real candles were left out, one is longer. */
  readonly step: number
  readonly time: Float64Array
  readonly end: Float64Array
}

const MINUTE = 60_000
const STEPS: readonly number[] = [1, 5, 15, 30, 60, 120, 240, 480, 1440, 10_080].map((minutes) => minutes * MINUTE)

/** Bars of one market by their length. */
export class MarketBars {
  readonly steps: readonly number[]
  readonly #base: Bars
  readonly #levels = new Map<number, Bars>()

  constructor(payload: Payload, market: PageMarket) {
    this.#base = baseBars(payload, market)
    this.steps = [market.step, ...STEPS.filter((step) => step > market.step)]
    this.#levels.set(market.step, this.#base)
  }

  /** Bars of a step out of {@link steps}. */
  level(step: number): Bars {
    const known = this.#levels.get(step)
    if (known !== undefined) return known
    const made = longerBars(this.#base, step)
    this.#levels.set(step, made)
    return made
  }

  /** The last close of a bar that has ended at `time`; the first open before that. */
  priceAt(time: number): number {
    const { end, close, open } = this.#base
    const row = lastAtOrBelow(end, time)
    return row < 0 ? at(open, 0) : at(close, row)
  }

  get firstPrice(): number {
    return at(this.#base.open, 0)
  }
}

/** Bars that grow, in the order of time. */
class GrowingBars {
  readonly #columns: readonly [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array]
  #rows = 0

  constructor(most: number) {
    const column = (): Float64Array => new Float64Array(most)
    this.#columns = [column(), column(), column(), column(), column(), column()]
  }

  push(time: number, end: number, from: PriceColumns, row: number): void {
    const [times, ends, open, high, low, close] = this.#columns
    const index = this.#rows++
    times[index] = time
    ends[index] = end
    open[index] = at(from.open, row)
    high[index] = at(from.high, row)
    low[index] = at(from.low, row)
    close[index] = at(from.close, row)
  }

  /** Goes on with the last bar. */
  extend(from: PriceColumns, row: number): void {
    const [, , , high, low, close] = this.#columns
    const index = this.#rows - 1
    high[index] = Math.max(at(high, index), at(from.high, row))
    low[index] = Math.min(at(low, index), at(from.low, row))
    close[index] = at(from.close, row)
  }

  get lastTime(): number {
    return this.#rows === 0 ? Number.NaN : at(this.#columns[0], this.#rows - 1)
  }

  finish(step: number): Bars {
    const [time, end, open, high, low, close] = this.#columns.map((column) => column.slice(0, this.#rows)) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array]
    return { step, time, end, open, high, low, close }
  }
}

/** Candles with their times; missing ones are left out. */
function timedCandles(payload: Payload, ref: CandleRef): Bars {
  const columns = payload.candles(ref)
  const [starts, lengths] = [payload.column(ref.starts), payload.column(ref.lengths)]
  const bars = new GrowingBars(ref.length)
  let row = 0
  for (const [piece, start] of starts.entries()) {
    for (let index = 0; index < at(lengths, piece); index++, row++) {
      const time = start + index * ref.step
      if (!Number.isNaN(at(columns.close, row))) bars.push(time, time + ref.step, columns, row)
    }
  }
  return bars.finish(ref.step)
}

/** Real candles, and longer ones where none were kept. */
function baseBars(payload: Payload, market: PageMarket): Bars {
  const real = timedCandles(payload, market.candles)
  if (market.coarse === null) return real
  const coarse = timedCandles(payload, market.coarse)
  const bars = new GrowingBars(real.time.length + coarse.time.length)
  let next = 0
  for (let row = 0; row < coarse.time.length; row++) {
    const [time, end] = [at(coarse.time, row), at(coarse.end, row)]
    const from = next
    while (at(real.time, next) < end) {
      bars.push(at(real.time, next), at(real.end, next), real, next)
      next++
    }
    if (next === from) bars.push(time, end, coarse, row)
  }
  return bars.finish(market.step)
}

function longerBars(base: Bars, step: number): Bars {
  const bars = new GrowingBars(base.time.length)
  for (let row = 0; row < base.time.length; row++) {
    const start = Math.floor(at(base.time, row) / step) * step
    if (bars.lastTime === start) bars.extend(base, row)
    else bars.push(start, Math.max(start + step, at(base.end, row)), base, row)
  }
  return bars.finish(step)
}

/** Bars `from` to `to` (exclusive): views of the same columns. */
export function slice({ step, time, end, open, high, low, close }: Bars, from: number, to: number): Bars {
  const part = (column: Float64Array): Float64Array => column.subarray(from, to)
  return { step, time: part(time), end: part(end), open: part(open), high: part(high), low: part(low), close: part(close) }
}
