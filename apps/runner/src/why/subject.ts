/** What a question is about: an order by its number or tag, or a bar by its index or a moment in it. */
import { barStart, HedgerowError, parseTimeframe, timeText } from '@hedgerow/core'
import { parseTimeText } from '../data/time-text.ts'
import { ordersOf, type Bar } from './bar-story.ts'
import type { RecordedOrder, RecordedRun } from './recorded-run.ts'

/** Orders, or bars: one for each route that has it. */
export type Subject = { readonly orders: readonly RecordedOrder[] } | { readonly bars: readonly Bar[] }

/** Most orders of one tag that are told at once. */
const MOST = 5

/** @throws HedgerowError `USAGE_INVALID` saying what the run has. */
export function subjectOf(run: RecordedRun, text: string): Subject {
  const bar = /^bar[:=](\d+)$/.exec(text)
  if (bar !== null) return { bars: barsAt(run, text, (first, ms) => first + Number(bar[1]) * ms) }
  if (/^#?\d{1,9}$/.test(text)) return { orders: [orderOf(run, Number(text.replace('#', '')))] }
  const at = /^\d{10,}$/.test(text) ? Number(text) : parseTimeText(text)
  if (Number.isFinite(at)) return { bars: barsAt(run, text, (_first, _ms, timeframe) => barStart(parseTimeframe(timeframe), at)) }
  const tagged = ordersOf(run.events).filter(({ tag }) => tag === text)
  if (tagged.length > 0) return { orders: tagged.slice(-MOST) }
  throw new HedgerowError('USAGE_INVALID', { where: 'hedgerow why', found: `"${text}"`, expected: `${ordersText(run)}; a tag of one; bar:INDEX; or a moment such as ${timeText(run.header.start)}`, remedy: 'Call `hedgerow why RUN` alone to see what the run has.' })
}

function orderOf(run: RecordedRun, id: number): RecordedOrder {
  const found = ordersOf(run.events).find((order) => order.id === id)
  if (found !== undefined) return found
  throw new HedgerowError('USAGE_INVALID', { where: 'hedgerow why', found: `order ${id}`, expected: ordersText(run), remedy: 'Call `hedgerow why RUN` alone to see what the run has; a bar is written bar:7.' })
}

function ordersText({ events }: RecordedRun): string {
  const ids = ordersOf(events).map(({ id }) => id)
  return ids.length === 0 ? 'no order: the run sent none' : `an order from ${Math.min(...ids.slice(0, 1))} to ${ids.reduce((most, id) => Math.max(most, id), 0)}`
}

/** The bar of each route whose start is asked for, where the run has it. */
function barsAt({ header }: RecordedRun, text: string, startOf: (first: number, ms: number, timeframe: string) => number): readonly Bar[] {
  const bars = header.routes.flatMap((route): Bar[] => {
    const { ms } = parseTimeframe(route.timeframe)
    // The first bar of which a whole part lies in the run.
    const first = barStart(parseTimeframe(route.timeframe), header.start)
    const start = startOf(first, ms, route.timeframe)
    return start < first || start >= header.end ? [] : [{ route, index: Math.round((start - first) / ms), start, end: start + ms }]
  })
  if (bars.length > 0) return bars
  const counts = header.routes.map(({ name, timeframe }) => `${Math.floor((header.end - header.start) / parseTimeframe(timeframe).ms)} bars of ${timeframe} (${name})`)
  throw new HedgerowError('USAGE_INVALID', { where: 'hedgerow why', found: `"${text}"`, expected: `a bar from ${timeText(header.start)} to ${timeText(header.end)}: ${counts.join(', ')}, from bar:0 on`, remedy: 'Name a bar of the run.' })
}
