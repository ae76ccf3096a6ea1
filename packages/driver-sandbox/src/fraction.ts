/**
 * Where on a leg of a candle's path something happens. A leg moves linearly, so a price level lies at the fraction
 * `(level - from) / (to - from)`; fractions of different series are compared exactly, in floats where these suffice.
 */
import { decimalOfDouble, type Decimal } from '@hedgerow/core'

/** The fraction at which a move `from` .. `to` meets `level`. Doubles that name decimals; `from` differs from `to`. */
export interface Fraction {
  readonly level: number
  readonly from: number
  readonly to: number
}

/** Where a leg begins. */
export const LEG_START: Fraction = { level: 0, from: 0, to: 1 }
/** Where a leg ends. */
export const LEG_END: Fraction = { level: 1, from: 0, to: 1 }

/** Each operand is off by half a unit in the last place, each of three operations rounds once: four units bound the sum. */
const RELATIVE_ERROR = 4 * Number.EPSILON

/** The fraction as a double, from 0 to 1. */
export function ratioOf(fraction: Fraction): number {
  return (fraction.level - fraction.from) / (fraction.to - fraction.from)
}

/** Negative when `a` comes first, zero when both are at the same point. */
export function compareFractions(a: Fraction, b: Fraction): number {
  if (a.from === b.from && a.to === b.to) return a.to > a.from ? a.level - b.level : b.level - a.level
  const difference = ratioOf(a) - ratioOf(b)
  return Math.abs(difference) > errorOf(a) + errorOf(b) ? difference : exactDifference(a, b)
}

/** The price on a move `from` .. `to` at a fraction that another series defines: 40 digits. */
export function priceAt(fraction: Fraction, from: number, to: number): Decimal {
  const start = decimalOfDouble(from)
  const { numerator, denominator } = exact(fraction)
  return start.plus(decimalOfDouble(to).minus(start).times(numerator).div(denominator))
}

function errorOf({ level, from, to }: Fraction): number {
  return (RELATIVE_ERROR * (Math.abs(level) + Math.abs(from) + Math.abs(to))) / Math.abs(to - from)
}

function exactDifference(a: Fraction, b: Fraction): number {
  const left = exact(a)
  const right = exact(b)
  const difference = left.numerator.times(right.denominator).comparedTo(right.numerator.times(left.denominator))
  return left.denominator.isNegative() === right.denominator.isNegative() ? difference : 0 - difference
}

function exact({ level, from, to }: Fraction): { readonly numerator: Decimal; readonly denominator: Decimal } {
  const start = decimalOfDouble(from)
  return { numerator: decimalOfDouble(level).minus(start), denominator: decimalOfDouble(to).minus(start) }
}
