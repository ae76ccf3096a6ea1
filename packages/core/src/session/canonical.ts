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
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (isDecimal(value)) return `"${decimalText(value)}"`
  return Array.isArray(value) ? `[${value.map(encode).join(',')}]` : encodeObject(value as Readonly<Record<string, unknown>>)
}

function encodeObject(value: Readonly<Record<string, unknown>>): string {
  let text = ''
  for (const { key, head } of fieldsOf(Object.keys(value))) {
    const item = value[key]
    if (item !== undefined) text += `${text === '' ? '' : ','}${head}${encode(item)}`
  }
  return `{${text}}`
}

/** A key, and how its value begins. */
interface Field {
  readonly key: string
  readonly head: string
}

/** Fields in alphabetic order, by the keys as objects have them: events have a few dozen shapes, and sorting takes longer than the rest. */
const known = new Map<string, readonly Field[]>()
/** What strategies keep may have any keys, and any number of them. */
const MOST_KNOWN = 512
const MOST_KEYS = 64
/** Between keys that do not hold it themselves, so that a text of so many keys is of these. */
const BETWEEN = '\n'

function fieldsOf(keys: string[]): readonly Field[] {
  if (keys.length > MOST_KEYS) return sortedFields(keys)
  const shape = keys.join(BETWEEN)
  const before = known.get(shape)
  if (before?.length === keys.length) return before
  const fields = sortedFields(keys)
  if (known.size < MOST_KNOWN && !keys.some((key) => key.includes(BETWEEN))) known.set(shape, fields)
  return fields
}

function sortedFields(keys: string[]): readonly Field[] {
  return keys.toSorted(byCode).map((key): Field => ({ key, head: `${JSON.stringify(key)}:` }))
}

function byCode(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
