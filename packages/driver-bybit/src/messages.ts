/** Messages of the sockets, translated into reports row by row. A row that cannot be read is reported as unknown; it spoils no other row. */
import type { TimeMs, UnknownReport, VenueReport, VenueStream } from '@hedgerow/core'
import { z } from '@hedgerow/core/zod'
import { CATEGORY } from './mapping.ts'
import { executionReport } from './payloads/execution.ts'
import { moment } from './payloads/fields.ts'
import { candleReport, priceReport, streamedCandle, tickerRow } from './payloads/market.ts'
import { orderReport } from './payloads/order.ts'
import { positionReports, positionRow } from './payloads/position.ts'
import { walletReport, walletRow } from './payloads/wallet.ts'
import { timeframeOfInterval } from './timeframes.ts'

/** What has a topic is a message of it, whatever its times look like: nothing of an account may be lost for them. */
const time = moment.optional().catch(undefined)
const frame = z.object({ topic: z.string(), creationTime: time, ts: time, data: z.unknown().optional() })

/** Markets that account topics carry as well, and that are not this driver's. */
const OTHER_CATEGORIES: ReadonlySet<string> = new Set(['spot', 'inverse', 'option'])

/** Letters of a value that are quoted. */
const EXCERPT = 60

/** What a row says, or what is wrong with it. */
type Reader = (row: unknown) => VenueReport | readonly VenueReport[] | z.ZodError | null

/** Reports of one message; null for one that is about the connection itself (login, subscription, pong). */
export function readMessage(stream: VenueStream, message: unknown, now: () => TimeMs): readonly VenueReport[] | null {
  const read = frame.safeParse(message)
  if (!read.success) return null
  const { topic, creationTime, ts, data } = read.data
  const at = creationTime ?? ts ?? now()
  const readRow = readerOf(topic, at)
  const unknown = (found: string, symbol: string | null): UnknownReport => ({ type: 'unknown', at, stream, found: `${topic}: ${found}`, symbol })
  if (readRow === null) return [unknown('this topic was not asked for', null)]
  const rows: readonly unknown[] = Array.isArray(data) ? data : [data]
  return rows.flatMap((row): readonly VenueReport[] => {
    const category = textOf(row, 'category')
    if (category !== null && OTHER_CATEGORIES.has(category)) return []
    if (category !== null && category !== CATEGORY) return [unknown(`field category is ${JSON.stringify(category.slice(0, EXCERPT))}: expected a known market`, textOf(row, 'symbol'))]
    const reports = readRow(row)
    if (reports instanceof z.ZodError) return [unknown(issueText(reports, row), textOf(row, 'symbol'))]
    return reports === null ? [] : 'type' in reports ? [reports] : reports
  })
}

/** The first thing that is wrong, in words: field, value, and what was expected. `above` leads to the input. */
export function issueText(error: z.ZodError, input: unknown, above: readonly string[] = []): string {
  const [issue] = error.issues
  const path = issue?.path ?? []
  let value = input
  for (const key of path) value = memberOf(value, key)
  const place = [...above, ...path].map(String).join('.')
  return `${place === '' ? 'the row' : `field ${place}`} is ${JSON.stringify(value)?.slice(0, EXCERPT) ?? 'missing'}: ${issue?.message ?? 'not known'}`
}

/** Null for a topic that this driver does not subscribe to. */
function readerOf(topic: string, at: TimeMs): Reader | null {
  if (topic === 'order') return reader(orderReport, (report) => report)
  if (topic === 'execution') return reader(executionReport, (report) => report)
  // The same matches, sooner and without their fees: `execution` brings them whole.
  if (topic === 'execution.fast') return () => null
  if (topic === 'position') return reader(positionRow, (row) => positionReports(row, at))
  if (topic === 'wallet') return reader(walletRow, (row) => walletReport(row, at))
  const [name = '', interval = '', ...rest] = topic.split('.')
  if (name === 'tickers') return reader(tickerRow, (row) => priceReport(row, at))
  const timeframe = timeframeOfInterval(interval)
  return name === 'kline' && timeframe !== null ? reader(streamedCandle, (candle) => candleReport(candle, { symbol: rest.join('.'), timeframe })) : null
}

function reader<Row>(schema: z.ZodType<Row>, report: (row: Row) => VenueReport | readonly VenueReport[] | null): Reader {
  return (row) => {
    const read = schema.safeParse(row)
    return read.success ? report(read.data) : read.error
  }
}

function memberOf(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined
}

function textOf(row: unknown, key: string): string | null {
  const value = memberOf(row, key)
  return typeof value === 'string' ? value : null
}
