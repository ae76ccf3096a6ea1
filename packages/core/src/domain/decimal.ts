/**
 * The one place that knows decimal.js. Money, prices and quantities of orders, fills, positions and
 * postings are values of this clone: 40 significant digits, half-even division (SIMULATION 4.1).
 *
 * A JavaScript number never becomes a Decimal here: `0.1 + 0.2` is already wrong before it arrives.
 */
import { Decimal as DecimalJs } from 'decimal.js'
import { HedgerowError } from '../errors.ts'

const Context = DecimalJs.clone({ precision: 40, rounding: DecimalJs.ROUND_HALF_EVEN, toExpNeg: -1e9, toExpPos: 1e9, defaults: true })

const Wide = Context.clone({ precision: 100 })

/** An exact decimal number. */
export type Decimal = DecimalJs

/** What may be turned into a {@link Decimal} without loss: its text, or itself. */
export type DecimalInput = string | Decimal

/** A direction of rounding: floor (to -infinity), ceil (to +infinity), down (to zero), up (from zero), half-up (half from zero). */
export type Rounding = 'floor' | 'ceil' | 'down' | 'up' | 'half-up'

const ROUNDING: Record<Rounding, DecimalJs.Rounding> = {
  floor: DecimalJs.ROUND_FLOOR,
  ceil: DecimalJs.ROUND_CEIL,
  down: DecimalJs.ROUND_DOWN,
  up: DecimalJs.ROUND_UP,
  'half-up': DecimalJs.ROUND_HALF_UP,
}

/** decimal.js keeps seven digits a word. */
const DIGITS_PER_WORD = 7
const WORD_SCALES: readonly number[] = [1, 1e7, 1e14]

const PLAIN = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/

/**
 * Parses a finite decimal.
 *
 * @throws HedgerowError `NOT_A_DECIMAL` for a number, an empty text, NaN, Infinity or anything else.
 */
export function decimal(value: DecimalInput): Decimal {
  if (typeof value === 'string') {
    const text = value.trim()
    if (PLAIN.test(text)) return new Context(text)
  } else if (DecimalJs.isDecimal(value) && value.isFinite()) {
    // All clones share one prototype, so `instanceof` cannot tell them apart; their precision can differ.
    return value.constructor === Context ? value : new Context(value.toFixed())
  }
  throw new HedgerowError('NOT_A_DECIMAL', { found: `${typeof value} ${String(value)}`, expected: 'the text of a finite decimal, such as "0.001"' })
}

/** 0 */
export const ZERO: Decimal = new Context('0')
/** 1 */
export const ONE: Decimal = new Context('1')

/** True for a value made by this module (or by any copy of decimal.js). */
export function isDecimal(value: unknown): value is Decimal {
  return DecimalJs.isDecimal(value)
}

/** `value / step` rounded to a whole number in the named direction, times `step`. A step of zero leaves the value as it is. */
export function roundToStep(value: Decimal, step: Decimal, rounding: Rounding): Decimal {
  if (step.isZero()) return value
  return positiveZero(value.div(step).toDecimalPlaces(0, ROUNDING[rounding]).times(step))
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

/** Rounds to `places` decimals in the named direction. */
export function roundToPlaces(value: Decimal, places: number, rounding: Rounding): Decimal {
  return positiveZero(value.toDecimalPlaces(places, ROUNDING[rounding]))
}

/** The smaller of two. */
export function minDecimal(a: Decimal, b: Decimal): Decimal {
  return a.lt(b) ? a : b
}

/** The larger of two. */
export function maxDecimal(a: Decimal, b: Decimal): Decimal {
  return a.gt(b) ? a : b
}

/** The sum of many; zero for none. */
export function sumDecimals(values: Iterable<Decimal>): Decimal {
  let total = ZERO
  for (const value of values) total = total.plus(value)
  return total
}

/** Fixed notation without exponent, trailing zeros or negative zero: the form in which decimals are written to files and logs. */
export function decimalText(value: Decimal): string {
  return value.isZero() ? '0' : value.toFixed()
}

/**
 * The exact decimal of a double that was parsed from a candle or a configuration, by its shortest text (`String(n)`).
 * For prices of the candle columns only: never for the result of float arithmetic.
 *
 * @throws HedgerowError `NOT_A_DECIMAL` when the number is not finite.
 */
export function decimalOfDouble(value: number): Decimal {
  return decimal(String(value))
}

/**
 * The double nearest to a decimal; with at most 15 significant digits the two name the same value, so comparing doubles is comparing
 * decimals. Ten times as fast as going through text, for what is asked once an order.
 */
export function doubleOf(value: Decimal): number {
  const words = value.d
  const shift = words.length - 1 - Math.floor(value.e / DIGITS_PER_WORD)
  const scale = WORD_SCALES[shift]
  if (scale === undefined || words.length > 3) return value.toNumber()
  let coefficient = 0
  for (const word of words) coefficient = coefficient * 1e7 + word
  // Both operands are exact, so the one division rounds correctly.
  return coefficient <= Number.MAX_SAFE_INTEGER ? (value.s * coefficient) / scale : value.toNumber()
}

/** A counter or a duration in ms as a decimal. Throws `NOT_A_DECIMAL` when it is not a whole number. */
export function decimalOfCount(value: number): Decimal {
  if (Number.isSafeInteger(value)) return new Context(value)
  throw new HedgerowError('NOT_A_DECIMAL', { found: String(value), expected: 'a whole number' })
}

/**
 * The same value in a context of 100 digits, for chains of divisions, roots and powers whose result is rounded once at the end
 * (the annual growth of one good day has 40 digits before its decimal point). Operations follow their left operand;
 * {@link decimal} brings a result back.
 */
export function wide(value: Decimal): Decimal {
  return new Wide(value)
}

/**
 * A statistic that was computed in floats over a price column, as a decimal of `places` decimals; null when it is not finite.
 * For presentation only: never for money that is posted.
 */
export function decimalOfStatistic(value: number, places: number): Decimal | null {
  return Number.isFinite(value) ? positiveZero(new Context(value.toFixed(places))) : null
}

function positiveZero(value: Decimal): Decimal {
  return value.isZero() ? ZERO : value
}
