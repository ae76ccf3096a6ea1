/** Returns of a curve and what is computed from them. Fractions are whole numbers of 10^-60, results decimals of 100 digits. */
import { decimal, decimalOfCount, wide, type Decimal } from '../domain/decimal.ts'
import { changeFrom, decimalOfUnits, sumOf, sumOfSquares } from './curve-units.ts'
import { ratio, RATIO_PLACES, rounded } from './rounding.ts'

/** Days in a year of a market that never closes. */
export const YEAR_DAYS: Decimal = decimal('365')

/** `E_i / E_(i-1) - 1` for each point but the first; null when one of them does not exist. */
export function returnsOf(points: readonly bigint[]): bigint[] | null {
  const returns: bigint[] = []
  for (const [index, point] of points.entries()) {
    const before = points[index - 1]
    if (before === undefined) continue
    if (before <= 0n) return null
    returns.push(changeFrom(before, point))
  }
  return returns
}

/** Their mean; null of none. */
export function meanOf(fractions: readonly bigint[]): Decimal | null {
  return ratio(decimalOfUnits(sumOf(fractions)), wide(decimalOfCount(fractions.length)))
}

/** `sqrt((n x sum of squares - square of the sum) / (n x (n - 1)))`: nothing is rounded before the root, so equal returns deviate by zero. */
export function sampleDeviation(returns: readonly bigint[]): Decimal | null {
  const count = returns.length
  if (count < 2) return null
  const sum = sumOf(returns)
  return decimalOfUnits(BigInt(count) * sumOfSquares(returns) - sum * sum, { squares: true }).div(count * (count - 1)).sqrt()
}

/** `sqrt(sum of squares / divisor)`; null without values to divide by. */
export function rootOfMean(fractions: readonly bigint[] | null, divisor: number): Decimal | null {
  return fractions === null || divisor < 1 ? null : decimalOfUnits(sumOfSquares(fractions), { squares: true }).div(divisor).sqrt()
}

/** A daily ratio `mean / risk` as that of a year, `x sqrt(365)`, to 10 places; null where there is no risk to divide by. */
export function annualised(mean: Decimal | null, risk: Decimal | null): Decimal | null {
  const daily = ratio(mean, risk)
  return daily === null ? null : rounded(daily.times(wide(YEAR_DAYS).sqrt()), RATIO_PLACES)
}
