/** How far and how long a curve was below its peak. The peak includes the first point. */
import { BLOCK_ROWS, type BlockExtremes } from '../domain/block-extremes.ts'
import { cell } from '../domain/candles.ts'
import { decimalOfStatistic, type Decimal } from '../domain/decimal.ts'
import { changeFrom, decimalOfUnits } from './curve-units.ts'
import { RETURN_PLACES } from './rounding.ts'

/** `E / peak - 1` (at most 0) of each point after the first; null when a peak is not above zero. */
export function drawdowns(points: readonly bigint[]): bigint[] | null {
  const depths: bigint[] = []
  let peak = points[0]
  if (peak === undefined || peak <= 0n) return null
  for (const point of points.slice(1)) {
    if (point > peak) peak = point
    depths.push(changeFrom(peak, point))
  }
  return depths
}

/** The lowest drawdown; zero when there was none. */
export function deepest(depths: readonly bigint[] | null): Decimal | null {
  return depths === null ? null : decimalOfUnits(depths.reduce((low, depth) => (depth < low ? depth : low), 0n))
}

/** The longest run of points below the peak so far; touching the peak ends the run. */
export function longestUnderwater(points: readonly bigint[]): number {
  let peak = points[0]
  let run = 0
  let longest = 0
  for (const point of points) {
    if (peak === undefined || point >= peak) {
      peak = point
      run = 0
    } else {
      longest = Math.max(longest, (run += 1))
    }
  }
  return longest
}

/** Prices, and how far they go in each block of rows. */
export interface PriceColumn {
  readonly prices: Float64Array
  readonly extremes: BlockExtremes
}

/** Candles `from` (inclusive) to `to` (exclusive) of a column. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** `intercept + slope x price` */
export interface PriceLine {
  readonly slope: number
  readonly intercept: number
}

/** The fold of many points, in floats, into the deepest drawdown. */
export class Drawdown {
  #peak = 0
  #depth = 0
  /** Points from here up to the peak change nothing. */
  #floor = 0

  constructor(first: number) {
    this.#peak = first
    this.#floor = first
  }

  /** The next point of the curve. */
  see(point: number): void {
    if (point >= this.#peak) this.#rise(point)
    else if (!(point >= this.#floor)) this.#sink(point)
  }

  /** The next points, each a value of the line; missing prices (NaN) are passed over. Rounding to doubles keeps the order of points: the ends of a block bound them. */
  seeLine({ prices, extremes }: PriceColumn, { from, to }: Span, line: PriceLine): void {
    if (line.slope === 0) return this.see(line.intercept)
    for (let row = from; row < to;) {
      const block = Math.floor(row / BLOCK_ROWS)
      const end = Math.min(to, (block + 1) * BLOCK_ROWS)
      const low = line.intercept + line.slope * extremes.lowestIn(block)
      const high = line.intercept + line.slope * extremes.highestIn(block)
      if (line.slope > 0 ? this.mayChange(low, high) : this.mayChange(high, low)) this.#seeRows(prices, row, end, line)
      row = end
    }
  }

  /** False where no point from `low` to `high` changes anything. */
  mayChange(low: number, high: number): boolean {
    return !(high < this.#peak && low >= this.#floor)
  }

  /** At most 0, 12 places; null when the curve never was above zero. */
  depth(): Decimal | null {
    return this.#peak > 0 ? decimalOfStatistic(this.#depth, RETURN_PLACES) : null
  }

  #seeRows(prices: Float64Array, from: number, to: number, { slope, intercept }: PriceLine): void {
    for (let row = from; row < to; row++) {
      const point = intercept + slope * cell(prices, row)
      if (point >= this.#peak || point < this.#floor) this.see(point)
    }
  }

  #rise(point: number): void {
    this.#peak = point
    this.#floor = point * (1 + this.#depth)
  }

  #sink(point: number): void {
    this.#depth = Math.min(this.#depth, point / this.#peak - 1)
    this.#floor = point
  }
}
