/** How metrics are written: half-up, once, at the end (ratios 10 places, daily returns and what follows from them 12). */
import { decimal, roundToPlaces, type Decimal } from '../domain/decimal.ts'

/** Places of a ratio. */
export const RATIO_PLACES = 10
/** Places of a statistic of daily returns. */
export const RETURN_PLACES = 12

/** Rounds half-up to `places` decimals, into the default decimal context; a value that does not exist stays null. */
export function rounded(value: Decimal, places: number): Decimal
export function rounded(value: Decimal | null, places: number): Decimal | null
export function rounded(value: Decimal | null, places: number): Decimal | null {
  return value === null ? null : decimal(roundToPlaces(value, places, 'half-up'))
}

/** `a / b`; null when either does not exist or `b` is zero. */
export function ratio(a: Decimal | null, b: Decimal | null): Decimal | null {
  return a === null || b === null || b.isZero() ? null : a.div(b)
}
