/** Journal entries as text and back: canonical JSON, decimals as texts in fixed notation that come back exact. */
import { decimal, decimalText, isDecimal } from '../domain/decimal.ts'
import { HedgerowError } from '../errors.ts'
import type { JournalEntry } from '../ports/journal.ts'

/** Keys whose texts are decimals, wherever they stand in an event, an order or an input. */
const DECIMAL_KEYS: ReadonlySet<string> = new Set([
  'qty', 'price', 'trigger', 'fee', 'mark', 'rate', 'amount', 'equity', 'maintenanceMargin', 'wallet', 'distance', 'distanceRatio', 'activation', 'takeProfit', 'stopLoss',
])
/** Keys under which nothing is ours to read. */
const OPAQUE_KEYS: ReadonlySet<string> = new Set(['vars', 'change', 'candle', 'candles', 'series'])

/** One line, without its end. */
export function encodeEntry({ sequence, seenAt, input, records }: JournalEntry): string {
  const text = objectText(input)
  let list = ''
  // An event of the venue is its own record: it is said once more, not worked out once more.
  for (const record of records) list += `${list === '' ? '' : ','}${record === input ? text : objectText(record)}`
  return `{"sequence":${sequence},"seenAt":${seenAt},"input":${text},"records":[${list}]}`
}

/** @throws HedgerowError `JOURNAL_DAMAGED` for a text that is no entry. */
export function decodeEntry(text: string): JournalEntry {
  try {
    const entry = revived(JSON.parse(text))
    if (isEntry(entry)) return entry
  } catch (cause) {
    throw new HedgerowError('JOURNAL_DAMAGED', { found: text.slice(0, 200), expected: 'an entry of a journal', cause })
  }
  throw new HedgerowError('JOURNAL_DAMAGED', { found: text.slice(0, 200), expected: 'an entry of a journal' })
}

function isEntry(value: unknown): value is JournalEntry {
  return typeof value === 'object' && value !== null && 'sequence' in value && 'input' in value && 'records' in value && Array.isArray(value.records)
}

/** As `JSON.stringify` writes it, decimals as texts: said in one pass, because it is said several times for each order. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return PLAIN.test(value) ? `"${value}"` : JSON.stringify(value)
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null'
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  if (typeof value !== 'object' || value === null) return 'null'
  if (Array.isArray(value)) return `[${value.map(textOf).join(',')}]`
  return isDecimal(value) ? `"${decimalText(value)}"` : objectText(value)
}

/** Nothing in it has to be escaped. */
const PLAIN = /^[\w .:+-]*$/

function objectText(value: object): string {
  const fields = value as Readonly<Record<string, unknown>>
  let text = ''
  for (const key of Object.keys(fields)) {
    const item = fields[key]
    if (item !== undefined) text += `${text === '' ? '' : ','}"${key}":${typeof item === 'object' && OPAQUE_KEYS.has(key) ? JSON.stringify(item) : textOf(item)}`
  }
  return `{${text}}`
}

function revived(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return DECIMAL_KEYS.has(key) ? decimal(value) : value
  if (Array.isArray(value)) return value.map((item) => revived(item))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, OPAQUE_KEYS.has(name) ? item : revived(item, name)]))
}
