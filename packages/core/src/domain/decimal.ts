/**
 * The one place that knows decimal.js. Money, prices and quantities of orders, fills, positions and postings are {@link Decimal}s:
 * 40 significant digits, half-even division (SIMULATION 4.1).
 *
 * Nearly every such value has at most 15 digits, so it is a whole number of some power of ten that a double holds exactly. A decimal is
 * kept like that while it can be, and its arithmetic is then that of whole doubles: exact, and some twenty times as fast. Whatever would
 * not be exact is computed with whole numbers of any size (`big.ts`), and by decimal.js what is no sum, product or quotient: roots, powers, and
 * everything in the wide context. Which of them has computed a value cannot be told from it.
 *
 * A double with more digits, such as 0.98 of a price, names a decimal by its shortest text. That text is read when it is needed: to compare
 * the decimal, or to round it to a step, the double is enough unless it is within its own error of the answer.
 *
 * A JavaScript fraction never becomes a Decimal here: `0.1 + 0.2` is already wrong before it arrives.
 */
import { Decimal as DecimalJs } from 'decimal.js'
import { HedgerowError } from '../errors.ts'
import { bigDouble, bigDifference, bigOf, bigProduct, bigQuotient, bigRest, bigSum, bigText, compareBig, roundedBig, significantBig, type Big } from './big.ts'
import { isSafe, MAX_SCALE, placesOfDouble, power, wholeText, wholeUnits, type Rounding } from './whole.ts'

const Context = DecimalJs.clone({ precision: 40, rounding: DecimalJs.ROUND_HALF_EVEN, toExpNeg: -1e9, toExpPos: 1e9, defaults: true })

const Wide = Context.clone({ precision: 100 })

/** What may be turned into a {@link Decimal} without loss: its text, or itself. */
export type DecimalInput = string | Decimal

/** The other side of an operation: a decimal, its text, or a whole number. */
export type Operand = Decimal | string | number

const ROUNDING: Record<Rounding, DecimalJs.Rounding> = {
  floor: DecimalJs.ROUND_FLOOR, ceil: DecimalJs.ROUND_CEIL, down: DecimalJs.ROUND_DOWN, up: DecimalJs.ROUND_UP, 'half-up': DecimalJs.ROUND_HALF_UP,
}

const PLAIN = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/

/** Where the value of a decimal is that is not short. */
type Source = Big | DecimalJs | number

let make: (digits: number, scale: number, source: Source | null) => Decimal

/** By this the decimals of two copies of this package know each other: a strategy may bring its own. */
const BRAND = '@hedgerow/core:Decimal'

/** An exact decimal number. Immutable; operations follow their left operand. */
export class Decimal {
  /** The value times `10^scale`, a safe integer and never -0; NaN where `source` has the value. */
  declare readonly digits: number
  /** Places, from 0 to 22. */
  declare readonly scale: number
  /** The value where it is not short: a whole number of any size, the double whose shortest text it is, or what decimal.js has. */
  declare readonly source: Source | null

  private constructor(digits: number, scale: number, source: Source | null) {
    this.digits = digits
    this.scale = scale
    this.source = source
  }

  /** What it is, in any copy of this package. */
  get brand(): string {
    return BRAND
  }

  static {
    make = (digits, scale, source) => new Decimal(digits, scale, source)
  }

  plus(value: Operand): Decimal {
    const other = value instanceof Decimal ? value : operand(value)
    if (other === ZERO) return this
    return shortSum(this, other.digits, other.scale) ?? longSum(this, other, 1)
  }

  minus(value: Operand): Decimal {
    const other = value instanceof Decimal ? value : operand(value)
    if (other === ZERO) return this
    return shortSum(this, -other.digits, other.scale) ?? longSum(this, other, -1)
  }

  times(value: Operand): Decimal {
    const other = value instanceof Decimal ? value : operand(value)
    return shortProduct(this, other) ?? longProduct(this, other)
  }

  div(value: Operand): Decimal {
    const other = operand(value)
    return shortQuotient(this, other) ?? long(this, other, bigQuotient, (x, y) => x.div(y))
  }

  /** What is left after a division that is cut to a whole number: it has the sign of this. */
  mod(value: Operand): Decimal {
    const other = operand(value)
    const scale = Math.max(this.scale, other.scale)
    const a = this.digits * power(scale - this.scale)
    const b = other.digits * power(scale - other.scale)
    return isSafe(a) && isSafe(b) && b !== 0 ? make((a % b) + 0, scale, null) : long(this, other, bigRest, (x, y) => x.mod(y))
  }

  neg(): Decimal {
    const { source } = this
    if (source === null) return make(0 - this.digits, this.scale, null)
    // A value of the wide context keeps its digits.
    return DecimalJs.isDecimal(source) ? longResult(source.neg()) : make(Number.NaN, 0, typeof source === 'number' ? -source : { ...source, units: -source.units })
  }

  abs(): Decimal {
    return this.isNegative() ? this.neg() : this
  }

  /** Negative, zero or positive as this is less than, equal to or greater than the other: -1, 0 or 1. */
  comparedTo(value: Operand): number {
    return Math.sign(compare(this, operand(value)))
  }

  eq(value: Operand): boolean {
    return compare(this, value instanceof Decimal ? value : operand(value)) === 0
  }

  lt(value: Operand): boolean {
    return compare(this, value instanceof Decimal ? value : operand(value)) < 0
  }

  lte(value: Operand): boolean {
    return compare(this, value instanceof Decimal ? value : operand(value)) <= 0
  }

  gt(value: Operand): boolean {
    return compare(this, value instanceof Decimal ? value : operand(value)) > 0
  }

  gte(value: Operand): boolean {
    return compare(this, value instanceof Decimal ? value : operand(value)) >= 0
  }

  isZero(): boolean {
    return this.source === null ? this.digits === 0 : DecimalJs.isDecimal(this.source) && this.source.isZero()
  }

  isNegative(): boolean {
    const { source } = this
    if (source === null) return this.digits < 0
    if (typeof source === 'number') return source < 0
    return 'units' in source ? source.units < 0n : source.isNegative()
  }

  /** False for what a division by zero gives. */
  isFinite(): boolean {
    return !DecimalJs.isDecimal(this.source) || this.source.isFinite()
  }

  /** How many places it has, without trailing zeros. */
  decimalPlaces(): number {
    return longOf(this).decimalPlaces()
  }

  floor(): Decimal {
    return this.rounded(0, 'floor')
  }

  ceil(): Decimal {
    return this.rounded(0, 'ceil')
  }

  /** Rounded to at most `places` decimals in the named direction. */
  rounded(places: number, rounding: Rounding): Decimal {
    if (this.source !== null) return longRounded(this, (big) => roundedBig(big, places, rounding), (value) => value.toDecimalPlaces(places, ROUNDING[rounding]))
    if (this.scale <= places) return this
    const unit = power(this.scale - places)
    return make(wholeUnits(this.digits, unit, rounding), places, null)
  }

  /** Rounded to at most `places` decimals, half-even. */
  toDecimalPlaces(places: number): Decimal {
    return longRounded(this, (big) => roundedBig(big, places, 'half-even'), (value) => value.toDecimalPlaces(places))
  }

  /** Rounded to `count` significant digits, half-even. */
  toSignificantDigits(count: number): Decimal {
    return longRounded(this, (big) => significantBig(big, count), (value) => value.toSignificantDigits(count))
  }

  sqrt(): Decimal {
    return longResult(longOf(this).sqrt())
  }

  pow(exponent: Operand): Decimal {
    return longResult(longOf(this).pow(longOf(operand(exponent))))
  }

  /** The double nearest to it. */
  toNumber(): number {
    // Both operands are exact, so the one division rounds correctly.
    const { source } = this
    if (source === null) return this.digits / power(this.scale)
    if (typeof source === 'number') return source
    return 'units' in source ? bigDouble(source) : source.toNumber()
  }

  /** Fixed notation without trailing zeros; with `places`, exactly that many decimals, rounded half-even. */
  toFixed(places?: number): string {
    if (places !== undefined) return longOf(this).toFixed(places)
    if (this.source === null) return wholeText(this.digits, this.scale)
    const big = bigOfValue(this)
    return big === null ? longOf(this).toFixed() : bigText(big)
  }

  toString(): string {
    return this.toFixed()
  }

  toJSON(): string {
    return this.toFixed()
  }
}

/**
 * Parses a finite decimal.
 *
 * @throws HedgerowError `NOT_A_DECIMAL` for a number, an empty text, NaN, Infinity or anything else.
 */
export function decimal(value: DecimalInput): Decimal {
  const given: unknown = value
  if (typeof given === 'string') {
    const text = given.trim()
    if (PLAIN.test(text)) return parsed(text)
  } else if (isOwn(given)) {
    if (!DecimalJs.isDecimal(given.source)) return given
    // All clones of decimal.js share one prototype, so `instanceof` cannot tell them apart; their precision can differ.
    if (given.isFinite()) return given.source.constructor === Context ? given : longResult(new Context(given.toFixed()))
  } else if (DecimalJs.isDecimal(given) && given.isFinite()) {
    return longResult(new Context(given.toFixed()))
  }
  throw new HedgerowError('NOT_A_DECIMAL', { found: `${typeof value} ${String(value)}`, expected: 'the text of a finite decimal, such as "0.001"' })
}

/** 0 */
export const ZERO: Decimal = make(0, 0, null)
/** 1 */
export const ONE: Decimal = make(1, 0, null)

/** True for a decimal that is `digits / 10^scale`: whoever keeps very many keeps these two. */
export function isShort(value: Decimal): boolean {
  return value.source === null
}

/** The decimal that was kept by its digits and its scale. */
export function shortDecimal(digits: number, scale: number): Decimal {
  return make(digits, scale, null)
}

/** True for a value made by this module, and for one of decimal.js that {@link decimal} reads. */
export function isDecimal(value: unknown): value is Decimal {
  return isOwn(value) || DecimalJs.isDecimal(value)
}

/** Of this class, in this copy of the package or in another: their fields are the same. */
function isOwn(value: unknown): value is Decimal {
  return value instanceof Decimal || (typeof value === 'object' && value !== null && 'brand' in value && value.brand === BRAND)
}

/** Rounds to `places` decimals in the named direction. */
export function roundToPlaces(value: Decimal, places: number, rounding: Rounding): Decimal {
  const rounded = value.rounded(places, rounding)
  return rounded.isZero() ? ZERO : rounded
}

/** The smaller of two. */
export function minDecimal(a: Decimal, b: Decimal): Decimal {
  return a.lt(b) ? a : b
}

/** The larger of two. */
export function maxDecimal(a: Decimal, b: Decimal): Decimal {
  return a.gt(b) ? a : b
}

/** Fixed notation without exponent, trailing zeros or negative zero: the form in which decimals are written to files and logs. */
export function decimalText(value: Decimal): string {
  return value.isZero() ? '0' : value.toFixed()
}

/**
 * The exact decimal of a double that was parsed from a candle, a configuration or a strategy, by its shortest text (`String(n)`).
 * Never for the result of float arithmetic on money.
 *
 * @throws HedgerowError `NOT_A_DECIMAL` when the number is not finite.
 */
export function decimalOfDouble(value: number): Decimal {
  const places = placesOfDouble(value)
  if (places >= 0) return make(Math.round(value * power(places)) + 0, places, null)
  return Number.isFinite(value) && Math.abs(value) > SMALLEST && Math.abs(value) < LARGEST ? make(Number.NaN, 0, value) : decimal(String(value))
}

/** Doubles between these are decimals that decimal.js holds exactly, and far from where doubles lose precision. */
const [SMALLEST, LARGEST] = [1e-200, 1e200]

/**
 * The double nearest to a decimal; with at most 15 significant digits the two name the same value, so comparing doubles is comparing
 * decimals.
 */
export function doubleOf(value: Decimal): number {
  return value.toNumber()
}

/** A counter or a duration in ms as a decimal. Throws `NOT_A_DECIMAL` when it is not a whole number. */
export function decimalOfCount(value: number): Decimal {
  if (Number.isSafeInteger(value)) return make(value + 0, 0, null)
  throw new HedgerowError('NOT_A_DECIMAL', { found: String(value), expected: 'a whole number' })
}

/**
 * The same value in a context of 100 digits, for chains of divisions, roots and powers whose result is rounded once at the end
 * (the annual growth of one good day has 40 digits before its decimal point). Operations follow their left operand;
 * {@link decimal} brings a result back.
 */
export function wide(value: Decimal): Decimal {
  return make(Number.NaN, 0, new Wide(longOf(value)))
}

/**
 * A statistic that was computed in floats over a price column, as a decimal of `places` decimals; null when it is not finite.
 * For presentation only: never for money that is posted.
 */
export function decimalOfStatistic(value: number, places: number): Decimal | null {
  return Number.isFinite(value) ? roundToPlaces(parsed(value.toFixed(places)), places, 'down') : null
}

function operand(value: Operand): Decimal {
  if (value instanceof Decimal) return value
  if (typeof value === 'number') return value === 0 ? ZERO : Number.isSafeInteger(value) ? make(value, 0, null) : longResult(new Context(value))
  if (typeof value === 'string') return decimal(value)
  return isOwn(value) ? value : longResult(new Context(value))
}

/** As decimal.js has it. */
function longOf(value: Decimal): DecimalJs {
  const { source } = value
  if (source === null) return new Context(wholeText(value.digits, value.scale))
  if (typeof source === 'number') return new Context(String(source))
  return 'units' in source ? new Context(bigText(source)) : source
}

/** As a whole number; null for what only decimal.js has: values of the wide context, and those that are not finite. */
function bigOfValue(value: Decimal): Big | null {
  const { source, digits, scale } = trimmed(value)
  if (source === null) return { units: BigInt(digits), scale }
  return typeof source === 'number' ? bigOf(String(source)) : 'units' in source ? source : null
}

/** The result of decimal.js, as short as it can be; one of the wide context stays as it is. */
function longResult(value: DecimalJs): Decimal {
  const big = value.isFinite() && value.constructor === Context ? bigOf(value.toString()) : null
  return big === null ? make(Number.NaN, 0, value) : bigResult(big)
}

/** Short where it can be. */
function bigResult(value: Big): Decimal {
  const digits = Number(value.units) * power(Math.max(0, -value.scale))
  return isSafe(digits) && value.scale <= MAX_SCALE ? make(digits, Math.max(value.scale, 0), null) : make(Number.NaN, 0, value)
}

function parsed(text: string): Decimal {
  const point = text.indexOf('.')
  const digits = Number(point < 0 ? text : text.slice(0, point) + text.slice(point + 1))
  const scale = point < 0 ? 0 : text.length - point - 1
  if (isSafe(digits) && scale <= MAX_SCALE && !/e/i.test(text)) return withoutZeros(digits, scale)
  const big = bigOf(text)
  return big === null ? longResult(new Context(text)) : bigResult(big)
}

/** Its sign is the answer; NaN where there is none. */
function compare(a: Decimal, b: Decimal): number {
  if (a.source === null && b.source === null) {
    if (a.scale === b.scale || b.digits === 0) return a.digits - b.digits
    const left = a.scale < b.scale ? a.digits * power(b.scale - a.scale) : a.digits
    const right = b.scale < a.scale ? b.digits * power(a.scale - b.scale) : b.digits
    if (isSafe(left) && isSafe(right)) return left - right
  }
  if (hasDouble(a) && hasDouble(b)) {
    // Rounding to doubles keeps the order: those that differ tell it. Two that stand for doubles are those.
    const difference = a.toNumber() - b.toNumber()
    if (difference !== 0 || (typeof a.source === 'number' && a.source === b.source)) return difference
  }
  const x = bigOfValue(a)
  const y = bigOfValue(b)
  return x === null || y === null ? longOf(a).comparedTo(longOf(b)) : compareBig(x, y)
}

/** The same without zeros at its end: what is not short with them may be without. */
export function trimmed(value: Decimal): Decimal {
  return value.source !== null || value.scale === 0 || value.digits % 10 !== 0 ? value : withoutZeros(value.digits, value.scale)
}

function withoutZeros(digits: number, scale: number): Decimal {
  for (; scale > 0 && digits % 10 === 0; scale--) digits /= 10
  return make(digits + 0, scale, null)
}

/** `a x b` where it is short; null where it is not. */
function shortProduct(a: Decimal, b: Decimal): Decimal | null {
  const product = a.digits * b.digits
  const scale = a.scale + b.scale
  // Adding zero turns -0 into 0.
  return isSafe(product) && scale <= MAX_SCALE ? make(product + 0, scale, null) : null
}

/** `a + digits / 10^scale` where it is short; null where it is not. */
function shortSum(a: Decimal, digits: number, scale: number): Decimal | null {
  const left = a.scale < scale ? a.digits * power(scale - a.scale) : a.digits
  const right = scale < a.scale ? digits * power(a.scale - scale) : digits
  const sum = left + right
  return isSafe(left) && isSafe(right) && isSafe(sum) ? make(sum + 0, a.scale < scale ? scale : a.scale, null) : null
}

function longSum(a: Decimal, b: Decimal, sign: 1 | -1): Decimal {
  const x = trimmed(a)
  const y = trimmed(b)
  return shortSum(x, sign * y.digits, y.scale) ?? (sign === 1 ? long(a, b, bigSum, (left, right) => left.plus(right)) : long(a, b, bigDifference, (left, right) => left.minus(right)))
}

function longProduct(a: Decimal, b: Decimal): Decimal {
  return shortProduct(trimmed(a), trimmed(b)) ?? long(a, b, bigProduct, (left, right) => left.times(right))
}

/** True where the nearest double costs no parsing. */
function hasDouble({ source }: Decimal): boolean {
  return source === null || typeof source === 'number'
}

/** An operation on values of which at least one is not short, or whose result is not. */
function long(a: Decimal, b: Decimal, exact: (a: Big, b: Big) => Big | null, other: (a: DecimalJs, b: DecimalJs) => DecimalJs): Decimal {
  const x = bigOfValue(a)
  const y = bigOfValue(b)
  const found = x === null || y === null ? null : exact(x, y)
  return found === null ? longResult(other(longOf(a), longOf(b))) : bigResult(found)
}

function longRounded(value: Decimal, exact: (value: Big) => Big | null, other: (value: DecimalJs) => DecimalJs): Decimal {
  const big = bigOfValue(value)
  const found = big === null ? null : exact(big)
  return found === null ? longResult(other(longOf(value))) : bigResult(found)
}

/** Places that a quotient of short decimals is looked for with. */
const QUOTIENT_PLACES = [0, 3, 8] as const

/** The quotient where it is short; null where it is not, or was not found to be. */
function shortQuotient(a: Decimal, b: Decimal): Decimal | null {
  if (a.source !== null || b.source !== null || b.digits === 0) return null
  for (const places of QUOTIENT_PLACES) {
    const scale = a.scale + places - b.scale
    const whole = a.digits * power(places)
    if (!isSafe(whole)) return null
    if (whole % b.digits !== 0) continue
    const digits = whole / b.digits
    const units = scale < 0 ? digits * power(-scale) : digits
    return isSafe(units) && scale <= MAX_SCALE ? make(units + 0, Math.max(scale, 0), null) : null
  }
  return null
}
