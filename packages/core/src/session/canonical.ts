/** The one fixed encoding of events: what the journal hash is taken over and what `events.jsonl` holds. */
import { decimalText, isDecimal } from '../domain/decimal.ts'
import type { JournalEvent } from '../domain/events.ts'

/**
 * JSON with keys in alphabetic order, decimals as texts in fixed notation, undefined keys left out.
 * The same event gives the same text on every machine and in every version of a major release.
 */
export function canonicalEvent(event: JournalEvent): string {
  return encode(event)
}

function encode(value: unknown): string {
  if (isDecimal(value)) return `"${decimalText(value)}"`
  if (Array.isArray(value)) return `[${value.map(encode).join(',')}]`
  if (typeof value === 'object' && value !== null) return encodeObject(value)
  return JSON.stringify(value)
}

function encodeObject(value: object): string {
  const parts: string[] = []
  for (const [key, item] of Object.entries(value).sort(byKey)) {
    if (item !== undefined) parts.push(`${JSON.stringify(key)}:${encode(item)}`)
  }
  return `{${parts.join(',')}}`
}

function byKey([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0
}
