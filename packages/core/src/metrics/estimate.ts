/** A value in doubles with a bound of its error: enough to round it where no rounding boundary is near, at a thousandth of the cost of 100 digits. */
import { shortDecimal, type Decimal } from '../domain/decimal.ts'
import { isSafe, power } from '../domain/whole.ts'

/** The exact value differs from `value` by at most `error`. */
export interface Estimate {
  readonly value: number
  readonly error: number
}

/** Half a unit in the last place, relatively: what one rounded operation adds. */
const ROUNDING = 2 ** -53
/** What the power of the platform may be off by, in units of {@link ROUNDING}; the standard sets no bound, known libraries stay below 2. */
const POWER_ERROR = 16

/** `(end / start)^exponent - 1` for `start > 0`, `end >= 0`; each operand may be off by half a unit in its last place. */
export function growthEstimate({ start, end, exponent }: { readonly start: number; readonly end: number; readonly exponent: number }): Estimate {
  const factor = end / start
  const grown = factor ** exponent
  const relative = (3 * exponent + Math.abs(Math.log(factor)) * exponent * 2 + POWER_ERROR) * ROUNDING * 2
  const value = grown - 1
  return { value, error: grown * relative + Math.abs(value) * ROUNDING }
}

/** `a / b` for an exact `b` that is off by half a unit in its last place. */
export function quotientEstimate({ value, error }: Estimate, divisor: number): Estimate {
  const quotient = value / divisor
  return { value: quotient, error: error / Math.abs(divisor) + Math.abs(quotient) * ROUNDING * 4 }
}

/** The exact value rounded half-up to `places`; null where the error leaves two answers. */
export function roundedEstimate({ value, error }: Estimate, places: number): Decimal | null {
  const unit = power(places)
  const scaled = value * unit
  const digits = Math.round(scaled)
  const doubt = error * unit + Math.abs(scaled) * ROUNDING * 2
  return isSafe(digits) && Math.abs(Math.abs(scaled - digits) - 1 / 2) > doubt && doubt < 1 / 2 ? shortDecimal(digits + 0, places) : null
}
