/** What a person wants to read in the log of a live session: fills, what was denied, and what the venue has not answered. */
import { decimalText } from '../domain/decimal.ts'
import type { JournalRecord } from '../domain/events.ts'
import type { Logger, LogLevel } from '../ports/logger.ts'

/** Writes the lines of records. */
export function logRecords(records: readonly JournalRecord[], logger: Logger): void {
  for (const record of records) {
    const line = wordsOf(record)
    if (line !== null) logger.log(line.level, line.text)
  }
}

/** The line of a record; null for what goes without saying. */
function wordsOf(record: JournalRecord): { readonly level: LogLevel; readonly text: string } | null {
  switch (record.type) {
    case 'order.filled': {
      const { symbol, leg, intent, qty, price, orderId, source } = record
      return { level: 'info', text: `${symbol}: ${intent} ${leg} ${decimalText(qty)} at ${decimalText(price)}${orderId === null ? ` by ${source}` : `, order ${orderId}`}` }
    }
    case 'order.denied':
      return { level: 'warn', text: record.message }
    case 'order.unconfirmed':
      return { level: 'warn', text: `${record.symbol}: order ${record.orderId} of the ${record.leg} leg was not answered: the venue is asked for it by its id` }
    case 'funding.settled':
      return { level: 'info', text: `${record.symbol}: funding of the ${record.leg} leg ${decimalText(record.amount)}` }
    default:
      return null
  }
}
