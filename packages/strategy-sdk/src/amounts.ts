/** What an author may write where a quantity or a price is meant, and its exact decimal. */
import { HedgerowError, decimal, decimalOfDouble, isDecimal, ZERO, type Decimal } from '@hedgerow/core'
import { shown } from './shown.ts'

/** A quantity or price as an author writes it: a number counts as its shortest text, `String(n)`. */
export type Amount = number | string | Decimal

/**
 * The exact decimal of an amount.
 *
 * @param where Names the place for the error; called only when there is one.
 * @throws HedgerowError `NOT_POSITIVE` for zero, negative and non-finite values, `NOT_A_DECIMAL` for anything that is not a number.
 */
export function positiveAmount(value: unknown, where: () => string): Decimal {
  if (typeof value === 'number' && value > 0 && value < Infinity) return decimalOfDouble(value)
  const exact = parse(value, where)
  if (exact.gt(ZERO)) return exact
  throw notPositive(value, where)
}

/** The magnitude of an amount, for rules that read a negative quantity as its size. Throws as {@link positiveAmount}. */
export function magnitude(value: unknown, where: () => string): Decimal {
  const exact = parse(value, where).abs()
  if (exact.gt(ZERO)) return exact
  throw notPositive(value, where)
}

function parse(value: unknown, where: () => string): Decimal {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw notPositive(value, where)
    return decimalOfDouble(value)
  }
  if (typeof value === 'string' || isDecimal(value)) {
    try {
      return decimal(value)
    } catch (cause) {
      throw new HedgerowError('NOT_A_DECIMAL', { where: where(), found: shown(value), expected: 'a positive number, its text or a Decimal', cause })
    }
  }
  throw new HedgerowError('NOT_A_DECIMAL', { where: where(), found: shown(value), expected: 'a positive number, its text or a Decimal', remedy: 'Pass a number, such as this.price * 0.99.' })
}

function notPositive(value: unknown, where: () => string): HedgerowError {
  return new HedgerowError('NOT_POSITIVE', { where: where(), found: shown(value), expected: 'a finite number greater than zero' })
}
