/** Returns of a curve and what is computed from them. Fractions are whole numbers of 10^-60, results decimals of 100 digits. */
import { decimal, decimalOfCount, wide, type Decimal } from '../domain/decimal.ts'
import { changeFrom, decimalOfUnits, sumOf, sumOfSquares } from './curve-units.ts'
import { fractionEstimate, ratioEstimate, rootEstimate, roundedEstimate } from './estimate.ts'
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

/** `sqrt(square / divisor)`, not drawn yet; `square` is one of fractions, and above or at zero. */
export interface Root {
  readonly square: bigint
  readonly divisor: number
}

/** `sqrt((n x sum of squares - square of the sum) / (n x (n - 1)))`: nothing is rounded before the root, so equal returns deviate by zero. */
export function sampleDeviation(returns: readonly bigint[]): Root | null {
  const count = returns.length
  if (count < 2) return null
  const sum = sumOf(returns)
  return { square: BigInt(count) * sumOfSquares(returns) - sum * sum, divisor: count * (count - 1) }
}

/** `sqrt(sum of squares / divisor)`; null without values to divide by. */
export function rootOfMean(fractions: readonly bigint[] | null, divisor: number): Root | null {
  return fractions === null || divisor < 1 ? null : { square: sumOfSquares(fractions), divisor }
}

/** In doubles where they leave no doubt, else with 100 digits. */
export function roundedRoot(root: Root | null, places: number): Decimal | null {
  if (root === null) return null
  return roundedEstimate(fractionEstimate(rootEstimate(root)), places) ?? rounded(drawn(root), places)
}

/** A daily ratio `mean / risk` as that of a year, `x sqrt(365)`, to 10 places; null where there is no return, or no risk to divide by. */
export function annualised(returns: readonly bigint[], risk: Root | null): Decimal | null {
  if (returns.length === 0 || risk === null || risk.square === 0n) return null
  const estimate = ratioEstimate({ sum: sumOf(returns), count: returns.length, factor: YEAR_DAYS.toNumber() }, rootEstimate(risk))
  return roundedEstimate(estimate, RATIO_PLACES) ?? rounded(ratio(meanOf(returns), drawn(risk))?.times(wide(YEAR_DAYS).sqrt()) ?? null, RATIO_PLACES)
}

function drawn({ square, divisor }: Root): Decimal {
  return decimalOfUnits(square, { squares: true }).div(divisor).sqrt()
}
