/** Whole numbers in doubles: what arithmetic on them is exact, and how to tell. */

/** A direction of rounding: floor (to -infinity), ceil (to +infinity), down (to zero), up (from zero), half-up (half from zero). */
export type Rounding = 'floor' | 'ceil' | 'down' | 'up' | 'half-up'

/** Powers of ten that are exact doubles; a short decimal has no more places. */
const POWERS: Float64Array = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`))
/** Places of a short decimal at most. */
export const MAX_SCALE: number = POWERS.length - 1
const MAX = Number.MAX_SAFE_INTEGER

/** True for a sum, difference or product of whole doubles that is exact: any that is not lies beyond. NaN is not safe. */
export function isSafe(value: number): boolean {
  return value <= MAX && value >= -MAX
}

/** `10^exponent`; NaN where it is no exact double. */
export function power(exponent: number): number {
  return POWERS[exponent] ?? Number.NaN
}

const PLACES_TRIED = 13
/** By places: the largest double that has at most 15 digits with them. */
const LARGEST: Float64Array = POWERS.slice(0, PLACES_TRIED).map((unit) => 999_999_999_999_999.5 / unit)

/**
 * Places of the decimal of at most 15 digits that a double is nearest to; -1 where there is none. With so few digits only one decimal of
 * its length is nearest to a double, and its shortest text is that decimal. It is nearest with all the places that leave it 15 digits, or with no number of places.
 */
export function placesOfDouble(value: number): number {
  const size = Math.abs(value)
  let most = PLACES_TRIED - 1
  while (most >= 0 && size > (LARGEST[most] ?? 0)) most--
  if (most < 0 || !isNearest(size, most)) return -1
  for (let places = 0; places < most; places++) if (isNearest(size, places)) return places
  return most
}

function isNearest(value: number, places: number): boolean {
  const unit = power(places)
  return Math.round(value * unit) / unit === value
}

/** `value / unit` as a whole number; both are whole. */
export function wholeUnits(value: number, unit: number, rounding: Rounding): number {
  const rest = value % unit
  const cut = (value - rest) / unit + 0
  if (rest === 0 || rounding === 'down') return cut
  if (rounding === 'floor') return rest < 0 ? cut - 1 : cut
  if (rounding === 'ceil') return rest > 0 ? cut + 1 : cut
  const isAway = rounding === 'up' || 2 * Math.abs(rest) >= unit
  return isAway ? cut + Math.sign(rest) : cut
}

/** Both operands are off by half a unit in the last place, and the quotient rounds once: with room, this much relatively. */
const QUOTIENT_ERROR = 2 ** -50

/** `value / step` as a whole number, where doubles say it beyond doubt; else NaN. The step is `digits / 10^scale`. */
export function unitsOfDouble(value: number, { digits, scale }: { readonly digits: number; readonly scale: number }, rounding: Rounding): number {
  const quotient = value / (digits / power(scale))
  const nearest = Math.round(quotient)
  const error = Math.abs(quotient) * QUOTIENT_ERROR
  let below = Math.floor(quotient)
  if (!(error < 0.25) || Math.abs(quotient - below - 0.5) <= error) return Number.NaN
  if (Math.abs(quotient - nearest) <= error) {
    // Rounding to doubles keeps the order: the double of the multiple tells on which side of it the value is, unless they are the same.
    const multiple = nearest * digits
    const level = multiple / power(scale)
    if (value === level || !isSafe(multiple)) return Number.NaN
    below = value < level ? nearest - 1 : nearest
  }
  if (rounding === 'half-up') return nearest
  const isDown = rounding === 'floor' || (rounding === 'down' && value > 0) || (rounding === 'up' && value < 0)
  return isDown ? below : below + 1
}

/** `digits / 10^scale` in fixed notation, without trailing zeros. */
export function wholeText(digits: number, scale: number): string {
  if (scale === 0) return String(digits)
  const text = String(Math.abs(digits)).padStart(scale + 1, '0')
  const places = text.slice(-scale).replace(/0+$/, '')
  return `${digits < 0 ? '-' : ''}${text.slice(0, -scale)}${places === '' ? '' : `.${places}`}`
}
