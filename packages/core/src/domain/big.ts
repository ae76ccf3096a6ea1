/**
 * Decimals of more digits than a double holds, as whole numbers of a power of ten: sums, products and quotients to 40 significant digits, half-even
 * (SIMULATION 4.1). They come from divisions, such as the average price of a leg, and stay in every sum after it; as texts of decimal.js they
 * cost ten times as much.
 */
import type { Rounding } from './whole.ts'

/** `units / 10^scale` without zeros at its end, but for whole numbers of scale 0. The scale is negative for whole numbers with zeros. */
export interface Big {
  readonly units: bigint
  readonly scale: number
}

/** Significant digits of a result. */
const PRECISION = 40
/** Below, a number has fewer digits than are kept, however its double was rounded. */
const SURELY_KEPT = 9e38
const LARGEST_EXPONENT = 400
const NOTHING: Big = { units: 0n, scale: 0 }

const POWERS: readonly bigint[] = Array.from({ length: 160 }, (_, exponent) => 10n ** BigInt(exponent))
const LOG2_10 = Math.log2(10)
/** More than the bits of a double's fraction, by enough for the last to be the one that is left over. */
const DOUBLE_BITS = 56
/** Quotients beyond are near the smallest doubles, which have fewer bits. */
const FARTHEST_SHIFT = 900

function power(exponent: number): bigint {
  return POWERS[exponent] ?? 10n ** BigInt(exponent)
}

/** `a + b` */
export function bigSum(a: Big, b: Big): Big {
  if (a.scale === b.scale) return fitted(a.units + b.units, a.scale)
  const scale = Math.max(a.scale, b.scale)
  return fittedUneven(unitsAt(a, scale) + unitsAt(b, scale), scale)
}

/** `a - b` */
export function bigDifference(a: Big, b: Big): Big {
  if (a.scale === b.scale) return fitted(a.units - b.units, a.scale)
  const scale = Math.max(a.scale, b.scale)
  return fittedUneven(unitsAt(a, scale) - unitsAt(b, scale), scale)
}

/** `a x b` */
export function bigProduct(a: Big, b: Big): Big {
  return fitted(a.units * b.units, a.scale + b.scale)
}

/** `a / b`; null for a divisor of zero. */
export function bigQuotient(a: Big, b: Big): Big | null {
  if (b.units === 0n) return null
  if (a.units === 0n) return NOTHING
  // As many digits as are kept, and two more: whether anything is left decides what half of a unit is.
  const places = Math.max(0, PRECISION + 2 + digitsOf(b.units) - digitsOf(a.units))
  const whole = a.units * power(places)
  const cut = whole / b.units
  const isExact = cut * b.units === whole
  // A digit that no tie has stands for the rest.
  return isExact ? fitted(cut, a.scale - b.scale + places) : fitted(cut * 10n + (isNegative(whole) === isNegative(b.units) ? 1n : -1n), a.scale - b.scale + places + 1)
}

/** What is left of `a` after the division by `b` is cut to a whole number; null for a divisor of zero. */
export function bigRest(a: Big, b: Big): Big | null {
  if (b.units === 0n) return null
  const scale = Math.max(a.scale, b.scale)
  return fitted(unitsAt(a, scale) % unitsAt(b, scale), scale)
}

/** Its sign is that of `a - b`. */
export function compareBig(a: Big, b: Big): number {
  const scale = Math.max(a.scale, b.scale)
  const left = unitsAt(a, scale)
  const right = unitsAt(b, scale)
  return left < right ? -1 : left > right ? 1 : 0
}

/** Rounded to at most `places` decimals. */
export function roundedBig(value: Big, places: number, rounding: Rounding | 'half-even'): Big {
  return value.scale <= places ? value : fitted(divided(value.units, power(value.scale - places), rounding), places)
}

/** Rounded to at most `count` significant digits, half-even; null for what is no number of digits. */
export function significantBig(value: Big, count: number): Big | null {
  if (!Number.isInteger(count) || count < 1) return null
  const surplus = value.units === 0n ? 0 : digitsOf(value.units) - count
  return surplus <= 0 ? value : trimmed(divided(value.units, power(surplus), 'half-even'), value.scale - surplus)
}

/** In fixed notation. */
export function bigText({ units, scale }: Big): string {
  if (scale <= 0) return `${units * power(-scale)}`
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0')
  return `${units < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

/** The nearest double. */
export function bigDouble(value: Big): number {
  const found = quickDouble(value)
  return Number.isNaN(found) ? exactDouble(value) : found
}

/** The quotient is taken to more bits than a double has, and a last bit says whether anything is left: it rounds once. */
function exactDouble({ units, scale }: Big): number {
  const shift = Math.ceil(scale * LOG2_10) + DOUBLE_BITS
  if (scale <= 0 || shift > FARTHEST_SHIFT) return Number(`${units}e${-scale}`)
  const whole = (units < 0n ? -units : units) << BigInt(shift)
  const divisor = power(scale)
  const cut = whole / divisor
  const size = Number(cut * divisor === whole ? cut : cut | 1n) * 2 ** -shift
  return units < 0n ? -size : size
}

/** Powers of ten as sums of two doubles, the nearest and what it is off by: for as many digits as are kept. */
const DIVISORS = POWERS.slice(0, PRECISION + 1).map((exact) => ({ high: Number(exact), low: Number(exact - BigInt(Number(exact))) }))
/** Relative error of a quotient of such sums, with room. */
const QUOTIENT_ERROR = 2 ** -95

/**
 * The nearest double where sums of two doubles leave no doubt about it, else NaN. With `n + e` for the units and `h + l` for the divisor the
 * quotient is `q = n / h` and the rest `(n - q h + e - q l) / h`, `q h` without error (Dekker 1971); that and its error have to round alike.
 */
function quickDouble({ units, scale }: Big): number {
  const divisor = DIVISORS[scale]
  const n = Number(units)
  if (divisor === undefined || Math.abs(n) > LARGEST_QUICK) return Number.NaN
  const { high, low } = divisor
  const q = n / high
  const rest = (restOf(n, q, high) + Number(units - BigInt(n)) - q * low) / high
  const error = Math.abs(q) * QUOTIENT_ERROR
  const found = q + (rest - error)
  return found === q + (rest + error) ? found : Number.NaN
}

/** Far from where the parts of a product would overflow. */
const LARGEST_QUICK = 1e60
/** Halves a double's bits. */
const SPLITTER = 2 ** 27 + 1

/** `n - q h` without error but for its own rounding; `q h` is near `n`. */
function restOf(n: number, q: number, h: number): number {
  const product = q * h
  const qHigh = q * SPLITTER - (q * SPLITTER - q)
  const hHigh = h * SPLITTER - (h * SPLITTER - h)
  const qLow = q - qHigh
  const hLow = h - hHigh
  return n - product - (qHigh * hHigh - product + qHigh * hLow + qLow * hHigh + qLow * hLow)
}

/** The value of a text such as `12.5` or `1.25e-7`, with all its digits; null beyond what anybody means, whose zeros would fill the memory. */
export function bigOf(text: string): Big | null {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e')
  if (Math.abs(Number(exponent)) > LARGEST_EXPONENT) return null
  const [whole = '', places = ''] = mantissa.split('.')
  return trimmed(BigInt(whole.replace(/^[+-]/, '') + places) * (whole.startsWith('-') ? -1n : 1n), places.length - Number(exponent))
}

/** To the digits that are kept, without zeros at the end. */
function fitted(units: bigint, scale: number): Big {
  return roundedOff(units, scale) ?? trimmed(units, scale)
}

/** A sum of two that have no zeros at their ends, which are not at the same place: so it has none, unless it is a whole number. */
function fittedUneven(units: bigint, scale: number): Big {
  return roundedOff(units, scale) ?? (scale > 0 ? { units, scale } : trimmed(units, scale))
}

/** What has more digits than are kept; null for what has not. */
function roundedOff(units: bigint, scale: number): Big | null {
  if (Math.abs(Number(units)) < SURELY_KEPT) return null
  const surplus = digitsOf(units) - PRECISION
  return surplus > 0 ? trimmed(divided(units, power(surplus), 'half-even'), scale - surplus) : null
}

function trimmed(units: bigint, scale: number): Big {
  if (units === 0n) return NOTHING
  let rest = units
  let places = scale
  for (; rest % 10n === 0n; places--) rest /= 10n
  return { units: rest, scale: places }
}

function unitsAt({ units, scale }: Big, wanted: number): bigint {
  return wanted === scale ? units : units * power(wanted - scale)
}

/** Decimal digits of a number that is not zero. The double nearest to it tells them but for one, also beyond the range of doubles. */
function digitsOf(units: bigint): number {
  const size = units < 0n ? -units : units
  const double = Number(size)
  let digits = Number.isFinite(double) ? Math.max(1, Math.ceil(Math.log2(double) / LOG2_10)) : size.toString().length
  while (size >= power(digits)) digits++
  while (digits > 1 && size < power(digits - 1)) digits--
  return digits
}

/** `units / divisor` as a whole number; the divisor is above zero. */
function divided(units: bigint, divisor: bigint, rounding: Rounding | 'half-even'): bigint {
  const cut = units / divisor
  const rest = units - cut * divisor
  if (rest === 0n || rounding === 'down') return cut
  const away = rest < 0n ? cut - 1n : cut + 1n
  if (rounding === 'up') return away
  if (rounding === 'floor') return rest < 0n ? away : cut
  if (rounding === 'ceil') return rest < 0n ? cut : away
  const doubled = rest < 0n ? -2n * rest : 2n * rest
  if (doubled === divisor) return rounding === 'half-up' || cut % 2n !== 0n ? away : cut
  return doubled > divisor ? away : cut
}

function isNegative(units: bigint): boolean {
  return units < 0n
}
