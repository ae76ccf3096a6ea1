/** How far and how long a curve was below its peak. The peak includes the first point. */
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
  let [peak, run, longest] = [points[0], 0, 0]
  for (const point of points) {
    if (peak === undefined || point >= peak) [peak, run] = [point, 0]
    else longest = Math.max(longest, (run += 1))
  }
  return longest
}

/** Candles `from` (inclusive) to `to` (exclusive) of a column. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** The fold of many points, in floats, into the deepest drawdown. */
export class Drawdown {
  #peak: number
  #depth = 0

  constructor(first: number) {
    this.#peak = first
  }

  /** The next point of the curve. */
  see(point: number): void {
    if (point >= this.#peak) this.#peak = point
    else this.#depth = Math.min(this.#depth, point / this.#peak - 1)
  }

  /** The next points, each `intercept + slope x price`; missing prices (NaN) are passed over. */
  seeLine(prices: Float64Array, { from, to }: Span, { slope, intercept }: { readonly slope: number; readonly intercept: number }): void {
    if (slope === 0) return this.see(intercept)
    let peak = this.#peak
    let depth = this.#depth
    let floor = peak * (1 + depth)
    for (let index = from; index < to; index++) {
      const point = intercept + slope * (prices[index] ?? Number.NaN)
      if (point >= peak) {
        peak = point
        floor = peak * (1 + depth)
      } else if (point < floor) {
        depth = point / peak - 1
        floor = point
      }
    }
    this.#peak = peak
    this.#depth = depth
  }

  /** At most 0, 12 places; null when the curve never was above zero. */
  depth(): Decimal | null {
    return this.#peak > 0 ? decimalOfStatistic(this.#depth, RETURN_PLACES) : null
  }
}
