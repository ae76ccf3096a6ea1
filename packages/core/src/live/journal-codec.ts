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
export function encodeEntry(entry: JournalEntry): string {
  return JSON.stringify(plain(entry))
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

function plain(value: unknown): unknown {
  if (isDecimal(value)) return decimalText(value)
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, OPAQUE_KEYS.has(key) ? item : plain(item)]])))
}

function revived(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return DECIMAL_KEYS.has(key) ? decimal(value) : value
  if (Array.isArray(value)) return value.map((item) => revived(item))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, OPAQUE_KEYS.has(name) ? item : revived(item, name)]))
}
