/** Returns of a curve and what is computed from them, with 100 digits. */
import { decimal, decimalOfCount, ONE, wide, ZERO, type Decimal } from '../domain/decimal.ts'
import { ratio, RATIO_PLACES, rounded } from './rounding.ts'

/** Days in a year of a market that never closes. */
export const YEAR_DAYS: Decimal = decimal('365')

/** `E_i / E_(i-1) - 1` for each point but the first; null when one of them does not exist. */
export function returnsOf(points: readonly Decimal[]): Decimal[] | null {
  const returns: Decimal[] = []
  for (const [index, point] of points.entries()) {
    const before = points[index - 1]
    if (before === undefined) continue
    if (!before.gt(0)) return null
    returns.push(point.div(before).minus(ONE))
  }
  return returns
}

/** Equal returns have no deviation at all: their mean is rounded, so the sum of squares would not be exactly zero. */
export function sampleDeviation(returns: readonly Decimal[], mean: Decimal | null): Decimal | null {
  const [first] = returns
  if (first === undefined || mean === null || returns.length < 2) return null
  if (returns.every((value) => value.eq(first))) return ZERO
  return rootOfMean(returns.map((value) => value.minus(mean)), returns.length - 1)
}

/** `sqrt(sum of squares / divisor)`; null without values to divide by. */
export function rootOfMean(values: readonly Decimal[] | null, divisor: number): Decimal | null {
  if (values === null || divisor < 1) return null
  return sum(values.map((value) => value.times(value))).div(divisor).sqrt()
}

/** A daily ratio `mean / risk` as that of a year, `x sqrt(365)`, to 10 places; null where there is no risk to divide by. */
export function annualised(mean: Decimal | null, risk: Decimal | null): Decimal | null {
  const daily = ratio(mean, risk)
  return daily === null ? null : rounded(daily.times(wide(YEAR_DAYS).sqrt()), RATIO_PLACES)
}

/** How many there are. */
export function count(values: readonly Decimal[]): Decimal {
  return wide(decimalOfCount(values.length))
}

/** Their sum; zero of none. */
export function sum(values: readonly Decimal[]): Decimal {
  return values.reduce((total, value) => total.plus(value), wide(ZERO))
}
