/** What a run has to ask about: its orders by what became of them. */
import { timeText } from '@hedgerow/core'
import { ordersOf, type Part } from './bar-story.ts'
import type { RecordedRun } from './recorded-run.ts'

const SHOWN = 8

/** Orders by outcome, with their numbers. */
export function overviewOf({ events, header }: RecordedRun): readonly Part[] {
  const outcomes = new Map<string, number[]>()
  const last = new Map<number, string>()
  for (const event of events) {
    if (event.type === 'order.denied') last.set(event.order.id, `denied, ${event.code}`)
    else if (event.type === 'order.submitted') last.set(event.order.id, 'never answered')
    else if (event.type === 'order.accepted') last.set(event.orderId, 'still live')
    else if (event.type === 'order.filled' && event.orderId !== null) last.set(event.orderId, 'filled')
    else if (event.type === 'order.rejected') last.set(event.orderId, `refused by the venue, ${event.code}`)
    else if ((event.type === 'order.canceled' || event.type === 'order.expired') && last.get(event.orderId) !== 'filled') last.set(event.orderId, `unfilled, ${event.reason}`)
  }
  for (const { id } of ordersOf(events)) outcomes.set(last.get(id) ?? '', [...(outcomes.get(last.get(id) ?? '') ?? []), id])
  const rows = [...outcomes].map(([outcome, ids]) => `${outcome.padEnd(32)}${String(ids.length).padStart(6)}   ${ids.slice(0, SHOWN).join(', ')}${ids.length > SHOWN ? ', …' : ''}`)
  const span = `${header.routes.map(({ name, symbol, timeframe }) => `${name} on ${symbol} ${timeframe}`).join(', ')}, ${timeText(header.start)} to ${timeText(header.end)}`
  return [{ title: span, lines: rows.length === 0 ? ['No order was sent: the entry rules never held, or the strategy waits for more data. Ask about a bar: bar:0.'] : ['outcome                         orders   numbers', ...rows] }]
}
