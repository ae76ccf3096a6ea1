/**
 * A curve in whole numbers: its points in one unit, and fractions of them in units of 10^-60. Their sums and squares are exact, and cost a
 * fraction of what decimals of 100 digits do.
 */
import { decimal, decimalText, isShort, wide, type Decimal } from '../domain/decimal.ts'
import { isSafe, power } from '../domain/whole.ts'

/** Places of a fraction: far beyond the 12 that anything is written with. */
const PLACES = 60
const ONE = 10n ** BigInt(PLACES)
/** What one unit of a fraction is worth, as the nearest double. */
export const UNIT_OF_FRACTIONS: number = Number(`1e-${PLACES}`)

/** Points of one curve as whole numbers of one unit that all of them are whole numbers of. */
export function pointsOf(values: readonly Decimal[]): bigint[] {
  if (!values.every(isShort)) return pointsOfTexts(values)
  const scale = values.reduce((most, value) => Math.max(most, value.scale), 0)
  return values.map((value) => {
    const units = value.digits * power(scale - value.scale)
    return isSafe(units) ? BigInt(units) : BigInt(value.digits) * 10n ** BigInt(scale - value.scale)
  })
}

function pointsOfTexts(values: readonly Decimal[]): bigint[] {
  const texts = values.map((value) => {
    const [whole = '', places = ''] = decimalText(value).split('.')
    return { whole, places }
  })
  const scale = Math.max(0, ...texts.map(({ places }) => places.length))
  return texts.map(({ whole, places }) => BigInt(`${whole}${places.padEnd(scale, '0')}`))
}

/** `point / base - 1` as a fraction, the nearest; `base` is above zero. */
export function changeFrom(base: bigint, point: bigint): bigint {
  if (point === base) return 0n
  const doubled = 2n * (point - base) * ONE + base
  const divisor = 2n * base
  const cut = doubled / divisor
  // Division of whole numbers is cut towards zero; below zero that is up.
  return doubled < 0n && cut * divisor !== doubled ? cut - 1n : cut
}

/** A sum of fractions, or with `squares` of products of two, as a decimal of 100 digits. */
export function decimalOfUnits(units: bigint, { squares = false }: { readonly squares?: boolean } = {}): Decimal {
  const places = squares ? 2 * PLACES : PLACES
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, '0')
  return wide(decimal(`${units < 0n ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`))
}

/** Their sum; zero of none. */
export function sumOf(units: readonly bigint[]): bigint {
  let total = 0n
  for (const value of units) total += value
  return total
}

/** The sum of their squares. */
export function sumOfSquares(units: readonly bigint[]): bigint {
  let total = 0n
  for (const value of units) total += value * value
  return total
}
