/** The candles of a market at every zoom: the real ones, and longer ones made of them. */
import type { PageMarket } from '../shared/page-data.ts'
import type { Payload } from './payload.ts'
import { at, lastAtOrBelow } from './search.ts'

/** Bars with their starts and ends, ms. */
export interface Bars {
  /** Length that a bar should have; where real candles were left out, one is longer. */
  readonly step: number
  readonly time: Float64Array
  readonly end: Float64Array
  readonly open: Float64Array
  readonly high: Float64Array
  readonly low: Float64Array
  readonly close: Float64Array
}

const MINUTE = 60_000
const STEPS: readonly number[] = [1, 5, 15, 30, 60, 240, 1440, 10_080].map((minutes) => minutes * MINUTE)

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

/** Real candles, and longer ones where none were kept; missing candles are left out. */
function baseBars(payload: Payload, market: PageMarket): Bars {
  const rows: number[][] = []
  const add = ({ start, step, length }: { start: number; step: number; length: number }, columns: ReturnType<Payload['candles']>, keeps: (time: number) => boolean): void => {
    for (let row = 0; row < length; row++) {
      const time = start + row * step
      if (!Number.isNaN(at(columns.close, row)) && keeps(time)) rows.push([time, time + step, at(columns.open, row), at(columns.high, row), at(columns.low, row), at(columns.close, row)])
    }
  }
  const { coarse } = market
  if (coarse !== null) {
    const overlaps = (time: number): boolean => market.candles.some(({ start, step, length }) => time < start + step * length && time + coarse.step > start)
    add(coarse, payload.candles(coarse), overlapFinder(market, coarse.step) ?? overlaps)
  }
  for (const ref of market.candles) add(ref, payload.candles(ref), () => true)
  if (coarse !== null) rows.sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0))
  const column = (index: number): Float64Array => Float64Array.from(rows, (row) => row[index] ?? Number.NaN)
  return { step: market.step, time: column(0), end: column(1), open: column(2), high: column(3), low: column(4), close: column(5) }
}

/** True for a longer candle that no kept range touches. */
function overlapFinder({ candles }: PageMarket, step: number): (time: number) => boolean {
  const starts = Float64Array.from(candles, ({ start }) => start)
  return (time) => {
    const last = candles[lastAtOrBelow(starts, time + step - 1)]
    return last === undefined || last.start + last.step * last.length <= time
  }
}

function longerBars(base: Bars, step: number): Bars {
  const rows: number[][] = []
  for (let row = 0; row < base.time.length; row++) {
    const start = Math.floor(at(base.time, row) / step) * step
    const last = rows.at(-1)
    if (last === undefined || last[0] !== start) {
      rows.push([start, Math.max(start + step, at(base.end, row)), at(base.open, row), at(base.high, row), at(base.low, row), at(base.close, row)])
      continue
    }
    last[3] = Math.max(last[3] ?? 0, at(base.high, row))
    last[4] = Math.min(last[4] ?? 0, at(base.low, row))
    last[5] = at(base.close, row)
  }
  const column = (index: number): Float64Array => Float64Array.from(rows, (values) => values[index] ?? Number.NaN)
  return { step, time: column(0), end: column(1), open: column(2), high: column(3), low: column(4), close: column(5) }
}

/** Bars `from` to `to` (exclusive): views of the same columns. */
export function slice({ step, time, end, open, high, low, close }: Bars, from: number, to: number): Bars {
  const part = (column: Float64Array): Float64Array => column.subarray(from, to)
  return { step, time: part(time), end: part(end), open: part(open), high: part(high), low: part(low), close: part(close) }
}
