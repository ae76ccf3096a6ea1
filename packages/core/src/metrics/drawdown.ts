/** How far and how long a curve was below its peak. The peak includes the first point. */
import { maxDecimal, minDecimal, ONE, ZERO, type Decimal } from '../domain/decimal.ts'

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
