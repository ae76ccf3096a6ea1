/** How far and how long a curve was below its peak. The peak includes the first point. */
import { decimalOfStatistic, maxDecimal, minDecimal, ONE, ZERO, type Decimal } from '../domain/decimal.ts'
import { RETURN_PLACES } from './rounding.ts'

/** `E / peak - 1` (at most 0) of each point after the first; null when a peak is not above zero. */
export function drawdowns(points: readonly Decimal[]): Decimal[] | null {
  const depths: Decimal[] = []
  let peak = points[0]
  if (peak === undefined || !peak.gt(0)) return null
  for (const point of points.slice(1)) {
    peak = maxDecimal(peak, point)
    depths.push(point.div(peak).minus(ONE))
  }
  return depths
}

/** The lowest drawdown; zero when there was none. */
export function deepest(depths: readonly Decimal[] | null): Decimal | null {
  return depths === null ? null : depths.reduce(minDecimal, ZERO)
}

/** The longest run of points below the peak so far; touching the peak ends the run. */
export function longestUnderwater(points: readonly Decimal[]): number {
  let [peak, run, longest] = [points[0], 0, 0]
  for (const point of points) {
    if (peak === undefined || point.gte(peak)) [peak, run] = [point, 0]
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
