/** Rounding to the steps of an instrument: of its prices, of its quantities. */
import { shortDecimal, trimmed, type Decimal } from './decimal.ts'
import { isSafe, power, unitsOfDouble, wholeUnits, type Rounding } from './whole.ts'

/** `value / step` rounded to a whole number in the named direction, times `step`. A step of zero leaves the value as it is. */
export function roundToStep(value: Decimal, step: Decimal, rounding: Rounding): Decimal {
  if (step.isZero()) return value
  const units = typeof value.source === 'number' ? unitsOfDouble(value.source, step, rounding) : unitsOf(value, step, rounding)
  return isSafe(units * step.digits) ? trimmed(shortDecimal(units * step.digits + 0, step.scale)) : byRest(value, step, rounding)
}

/** The largest multiple of `step` that is not above `value`. */
export function floorToStep(value: Decimal, step: Decimal): Decimal {
  return roundToStep(value, step, 'floor')
}

/** The smallest multiple of `step` that is not below `value`. */
export function ceilToStep(value: Decimal, step: Decimal): Decimal {
  return roundToStep(value, step, 'ceil')
}

/** True when `value` is a whole multiple of `step` (a step of zero has no grid: always true). */
export function isOnStep(value: Decimal, step: Decimal): boolean {
  return step.isZero() || value.mod(step).isZero()
}

/** `value / step` as a whole number where both are short; else NaN. */
function unitsOf(value: Decimal, step: Decimal, rounding: Rounding): number {
  const scale = Math.max(value.scale, step.scale)
  const whole = value.digits * power(scale - value.scale)
  const unit = step.digits * power(scale - step.scale)
  return isSafe(whole) && unit > 0 ? wholeUnits(whole, unit, rounding) : Number.NaN
}

/** By what is left of an exact division: a quotient that had to be rounded could lie on the other side of a whole number. */
function byRest(value: Decimal, step: Decimal, rounding: Rounding): Decimal {
  const rest = value.mod(step)
  const cut = value.minus(rest)
  if (rest.isZero() || rounding === 'down') return cut
  const isBelow = rest.isNegative()
  const isAway = rounding === 'half-up' ? rest.abs().times(2).gte(step) : rounding === 'up' || (rounding === 'floor') === isBelow
  if (!isAway) return cut
  return isBelow ? cut.minus(step) : cut.plus(step)
}
