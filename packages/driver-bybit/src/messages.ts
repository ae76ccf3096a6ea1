/** Messages of the sockets, translated into reports row by row. A row that cannot be read is reported as unknown; it spoils no other row. */
import type { TimeMs, UnknownReport, VenueReport, VenueStream } from '@hedgerow/core'
import { z } from 'zod'
import { CATEGORY } from './mapping.ts'
import { executionReport } from './payloads/execution.ts'
import { moment } from './payloads/fields.ts'
import { candleReport, priceReport } from './payloads/market.ts'
import { orderReport } from './payloads/order.ts'
import { positionReports } from './payloads/position.ts'
import { walletReport } from './payloads/wallet.ts'
import { timeframeOfInterval } from './timeframes.ts'

const frame = z.object({ topic: z.string(), creationTime: moment.optional(), ts: moment.optional(), data: z.unknown() })
const rowName = z.object({ symbol: z.string() })
const rowCategory = z.object({ category: z.string() })

/** Letters of a value that are quoted. */
const EXCERPT = 60

/** A way to read a row. */
type Reader = z.ZodType<VenueReport | readonly VenueReport[] | null>

/** What messages are read with. */
export interface MessageOptions {
  readonly settleAsset: string
  /** Venue time, for what carries none. */
  readonly now: () => TimeMs
}

/** Reports of one message; null for one that is about the connection itself (login, subscription, pong). */
export function readMessage(stream: VenueStream, message: unknown, { settleAsset, now }: MessageOptions): readonly VenueReport[] | null {
  const read = frame.safeParse(message)
  if (!read.success) return null
  const { topic, creationTime, ts, data } = read.data
  const at = creationTime ?? ts ?? now()
  const reader = readerOf(topic, at, settleAsset)
  const unknown = (found: string, row?: unknown): UnknownReport => ({ type: 'unknown', at, stream, found: `${topic}: ${found}`, symbol: rowName.safeParse(row).data?.symbol ?? null })
  if (reader === 'nothing-new') return []
  if (reader === null) return [unknown('this topic was not asked for')]
  const rows: readonly unknown[] = Array.isArray(data) ? data : [data]
  return rows.flatMap((row): readonly VenueReport[] => {
    if (isElsewhere(row)) return []
    const report = reader.safeParse(row)
    if (!report.success) return [unknown(issueText(report.error, row), row)]
    return report.data === null ? [] : 'type' in report.data ? [report.data] : report.data
  })
}

/** The first thing that is wrong, in words: field, value, and what was expected. */
export function issueText(error: z.ZodError, input: unknown): string {
  const [issue] = error.issues
  const path = issue?.path ?? []
  let value = input
  for (const key of path) value = typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined
  return `field ${path.map(String).join('.')} is ${JSON.stringify(value)?.slice(0, EXCERPT) ?? 'missing'}: ${issue?.message ?? 'not known'}`
}

function readerOf(topic: string, at: TimeMs, settleAsset: string): Reader | 'nothing-new' | null {
  const [name = '', ...rest] = topic.split('.')
  if (topic === 'order') return orderReport
  if (topic === 'execution') return executionReport(settleAsset)
  // The same matches, sooner and without their fees: `execution` brings them whole.
  if (topic === 'execution.fast') return 'nothing-new'
  if (topic === 'position') return positionReports(at)
  if (topic === 'wallet') return walletReport(settleAsset, at)
  if (name === 'tickers') return priceReport(at)
  const timeframe = timeframeOfInterval(rest[0] ?? '')
  return name === 'kline' && timeframe !== null ? candleReport(rest.slice(1).join('.'), timeframe) : null
}

/** True for a row of another market: account topics carry all of them. */
function isElsewhere(row: unknown): boolean {
  const read = rowCategory.safeParse(row)
  return read.success && read.data.category !== CATEGORY
}
