/** Values as errors show them. */
import { decimalText, isDecimal } from '@hedgerow/core'

/** A short text of any value. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (isDecimal(value)) return decimalText(value)
  if (typeof value === 'function') return `function ${value.name}`
  return typeof value === 'object' && value !== null ? (JSON.stringify(value) ?? 'an object') : String(value)
}
