/** A value in doubles with a bound of its error: enough to round it where no rounding boundary is near, at a thousandth of the cost of 100 digits. */
import { shortDecimal, type Decimal } from '../domain/decimal.ts'
import { isSafe, power } from '../domain/whole.ts'
import { UNIT_OF_FRACTIONS } from './curve-units.ts'

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

/** `sqrt(square / divisor)`: the whole number read as a double, the quotient and the root round once each. */
export function rootEstimate({ square, divisor }: { readonly square: bigint; readonly divisor: number }): Estimate {
  const value = Math.sqrt(Number(square) / divisor)
  return { value, error: value * ROUNDING * 4 }
}

/** An estimate in units of fractions (`curve-units.ts`) as the fraction itself. */
export function fractionEstimate({ value, error }: Estimate): Estimate {
  const fraction = value * UNIT_OF_FRACTIONS
  return { value: fraction, error: error * UNIT_OF_FRACTIONS * 2 + Math.abs(fraction) * ROUNDING * 4 }
}

/** `sum / count x sqrt(factor) / risk`, sum and risk in the same units. */
export function ratioEstimate({ sum, count, factor }: { readonly sum: bigint; readonly count: number; readonly factor: number }, risk: Estimate): Estimate {
  const value = (Number(sum) / count) * Math.sqrt(factor) / risk.value
  return { value, error: Math.abs(value) * (2 * risk.error / risk.value + ROUNDING * 12) }
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
