/**
 * The comparison rule of the oracle: only what is expected is compared; a number as its canonical text (no exponent, no trailing
 * zeros, no negative zero); where either side has more than 12 decimals, within 1e-18.
 */
import { decimal, decimalText, isDecimal, type Decimal } from '@hedgerow/core'
import type { OracleValue } from './op.ts'

/** A value as `JSON.parse` makes it. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue }

/** One place where the answer is not what was expected. */
export interface Difference {
  /** Keys and indexes joined by dots; `$` is the answer as a whole. */
  readonly path: string
  readonly expected: string
  readonly actual: string
}

/** Decimals up to which the text has to be equal. */
const EXACT_PLACES = 12
const TOLERANCE: Decimal = decimal('1e-18')
const NUMERIC = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/

/** Every difference, in the order of the expected keys. Keys that are not expected are not looked at. */
export function differences(expected: JsonValue, actual: OracleValue | undefined, path = ''): readonly Difference[] {
  if (isList(expected)) return listDifferences(expected, actual, path)
  if (isRecord(expected)) return recordDifferences(expected, actual, path)
  return sameLeaf(expected, actual) ? [] : [{ path: path || '$', expected: shown(expected), actual: shown(actual) }]
}

function listDifferences(expected: readonly JsonValue[], actual: OracleValue | undefined, path: string): readonly Difference[] {
  if (!isList(actual)) return [{ path: path || '$', expected: shown(expected), actual: shown(actual) }]
  const items = expected.flatMap((value, index) => (index < actual.length ? differences(value, actual[index], at(path, String(index))) : []))
  if (expected.length === actual.length) return items
  return [{ path: at(path, 'length'), expected: String(expected.length), actual: String(actual.length) }, ...items]
}

function recordDifferences(expected: { readonly [key: string]: JsonValue }, actual: OracleValue | undefined, path: string): readonly Difference[] {
  if (!isRecord(actual)) return [{ path: path || '$', expected: shown(expected), actual: shown(actual) }]
  return Object.entries(expected).flatMap(([key, value]) => differences(value, Object.hasOwn(actual, key) ? actual[key] : undefined, at(path, key)))
}

/** A JSON number stands for a counter or a time: only the same whole number will do. */
function sameLeaf(expected: string | number | boolean | null, actual: OracleValue | undefined): boolean {
  if (typeof expected !== 'string') return actual === expected
  if (typeof actual !== 'string' && !isDecimal(actual)) return false
  if (isDecimal(actual) && !actual.isFinite()) return false
  const [a, b] = [canonical(expected), canonical(actual)]
  return a === b || (NUMERIC.test(a) && NUMERIC.test(b) && Math.max(places(a), places(b)) > EXACT_PLACES && decimal(a).minus(decimal(b)).abs().lte(TOLERANCE))
}

/** The canonical text of a number; any other text as it is. */
export function canonical(value: string | Decimal): string {
  if (isDecimal(value)) return decimalText(value)
  return NUMERIC.test(value) ? decimalText(decimal(value)) : value
}

function places(text: string): number {
  return text.split('.')[1]?.length ?? 0
}

function at(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}

function shown(value: JsonValue | OracleValue | undefined): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'string' || isDecimal(value)) return canonical(value)
  return JSON.stringify(value, (_key, part: unknown) => (isDecimal(part) ? decimalText(part) : part))
}

function isList<Value>(value: Value): value is Extract<Value, readonly unknown[]> {
  return Array.isArray(value)
}

function isRecord<Value>(value: Value): value is Extract<Value, { readonly [key: string]: unknown }> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isDecimal(value)
}
