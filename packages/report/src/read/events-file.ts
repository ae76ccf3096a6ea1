/** `events.jsonl`: what happened, one event a line in canonical JSON, under a header. */
import { decimal, type JournalEvent } from '@hedgerow/core'

/** Keys whose values are decimals in an event or in the order that it carries. */
const AMOUNTS: ReadonlySet<string> = new Set([
  'activation', 'amount', 'distance', 'distanceRatio', 'equity', 'fee', 'maintenanceMargin', 'mark', 'price', 'qty', 'rate', 'stopLoss', 'takeProfit', 'trigger',
])

/** The events of a file, without its header. Throws SyntaxError for a line that is no JSON. */
export function eventsOf(text: string): readonly JournalEvent[] {
  return text.split('\n').flatMap((line) => (line === '' || line.startsWith('{"type":"run.header"') ? [] : [revived(JSON.parse(line) as Record<string, unknown>) as object as JournalEvent]))
}

/** Makes decimals of the amounts in an object and in those within it, in place. */
function revived(value: Record<string, unknown>): Record<string, unknown> {
  for (const [key, item] of Object.entries(value)) {
    if (typeof item === 'string') {
      if (AMOUNTS.has(key)) value[key] = decimal(item)
    } else if (typeof item === 'object' && item !== null && !Array.isArray(item)) {
      revived(item as Record<string, unknown>)
    }
  }
  return value
}
