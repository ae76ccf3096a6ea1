/** `events.jsonl`: what happened, one event a line in canonical JSON, under a header. */
import { decimal, type JournalEvent } from '@hedgerow/core'

/** Keys whose values are decimals in an event or in the order that it carries. */
const AMOUNTS: ReadonlySet<string> = new Set([
  'activation', 'amount', 'distance', 'distanceRatio', 'equity', 'fee', 'maintenanceMargin', 'mark', 'price', 'qty', 'rate', 'stopLoss', 'takeProfit', 'trigger',
])

/** The events of a file, without its header. Throws SyntaxError for a line that is no JSON. */
export function eventsOf(text: string): readonly JournalEvent[] {
  return text.split('\n').flatMap((line) => (line === '' || line.startsWith('{"type":"run.header"') ? [] : [JSON.parse(line, revived) as JournalEvent]))
}

function revived(key: string, value: unknown): unknown {
  return typeof value === 'string' && AMOUNTS.has(key) ? decimal(value) : value
}
