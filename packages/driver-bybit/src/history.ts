/** History of the market in pages, oldest first. The venue answers newest first, and at most so many rows a question. */
import { parseTimeframe, type Candle, type HistoryQuery, type ListedInstrument, type Logger, type SeriesRows, type TimeMs } from '@hedgerow/core'
import { VenueFailure, type Transport } from '@hedgerow/driver-ccxt'
import { z } from '@hedgerow/core/zod'
import { serverTime } from './account.ts'
import { CATEGORY, SETTLE_ASSET } from './mapping.ts'
import { issueText } from './messages.ts'
import { contract, PERPETUAL } from './payloads/instrument.ts'
import { candleRow, fundingRow, markRow, type FundingRow } from './payloads/market.ts'
import { ask, askAll, pageOf, type ListPage } from './requests.ts'
import { intervalOf } from './timeframes.ts'

/** One row less than the venue answers: each page ends with the candle after its own, which proves that its last one is over. */
const CANDLES_A_PAGE = 999
const SETTLEMENTS_A_PAGE = 200
const CONTRACTS_A_PAGE = 1000
const LISTED = pageOf(z.looseObject({ symbol: z.string(), contractType: z.string(), settleCoin: z.string() }))
const CONTRACTS = pageOf(contract)
const [CANDLES, MARKS, FUNDING] = [pageOf(candleRow), pageOf(markRow), pageOf(fundingRow)]

/**
 * Every perpetual that settles in the asset. One that cannot be read is left out with a warning: a new kind of contract must not keep anybody
 * from trading the others.
 */
export async function listInstruments(transport: Transport, logger: Logger): Promise<ListedInstrument[]> {
  const rows = await askContracts(transport, {}, LISTED)
  return rows.filter((row) => row.contractType === PERPETUAL && row.settleCoin === SETTLE_ASSET).flatMap((row) => {
    const read = contract.safeParse(row)
    if (!read.success) logger.log('warn', `${row.symbol} is left out: ${issueText(read.error, row)}`)
    return read.success ? [read.data.listed] : []
  })
}

/** Pages of a series. A range that begins before the listing begins at the listing; one without an end goes to now. */
export async function* history(transport: Transport, query: HistoryQuery): AsyncIterable<SeriesRows> {
  const [listed] = await askContracts(transport, { symbol: query.symbol }, CONTRACTS)
  if (listed === undefined) throw new VenueFailure({ kind: 'refused', request: 'GET /v5/market/instruments-info', code: null, text: `there is no contract ${query.symbol}`, retryAt: null })
  const now = await serverTime(transport)
  const range = { start: Math.max(query.start ?? 0, listed.launchedAt), end: Math.min(query.end ?? now, now) }
  if (query.kind === 'funding') yield* settlements(transport, query.symbol, { ...range, intervalMs: listed.listed.instrument.fundingIntervalMs })
  else yield* candles(transport, query, { ...range, now })
}

function askContracts<Row>(transport: Transport, filter: Readonly<Record<string, string>>, page: z.ZodType<ListPage<Row>>): Promise<Row[]> {
  return askAll(transport, { path: 'v5/market/instruments-info', access: 'public', params: { category: CATEGORY, limit: CONTRACTS_A_PAGE, ...filter }, page })
}

/**
 * A candle is over when the venue lists the one after it, or when that one would be over too: at a boundary the venue lists a candle for a
 * while after its time as it was before its last trades, and a symbol that is silent or delisted has none after it.
 */
async function* candles(transport: Transport, { symbol, kind, timeframe }: HistoryQuery, { start, end, now }: { readonly start: TimeMs; readonly end: TimeMs; readonly now: TimeMs }): AsyncIterable<SeriesRows> {
  const { ms, origin, text } = parseTimeframe(timeframe ?? '1m')
  const isMark = kind === 'marks'
  const first = origin + Math.ceil((start - origin) / ms) * ms
  for (let from = first; from < end; from += CANDLES_A_PAGE * ms) {
    const until = Math.min(from + CANDLES_A_PAGE * ms, end)
    const { list } = await ask(transport, {
      method: 'GET', path: isMark ? 'v5/market/mark-price-kline' : 'v5/market/kline', access: 'public',
      params: { category: CATEGORY, symbol, interval: intervalOf(text), start: from, end: until + ms - 1, limit: CANDLES_A_PAGE + 1 },
    }, isMark ? MARKS : CANDLES)
    const newest = list.reduce((latest, { time }) => Math.max(latest, time), 0)
    const closed = list.filter(({ time }) => time >= from && time < until && (time < newest || time + 2 * ms <= now)).toReversed()
    if (closed.length > 0) yield candleRows(closed, isMark)
  }
}

function candleRows(rows: readonly Candle[], isMark: boolean): SeriesRows {
  const column = (name: keyof Candle): Float64Array => Float64Array.from(rows, (row) => row[name])
  const prices = { open: column('open'), high: column('high'), low: column('low'), close: column('close') }
  return { time: column('time'), columns: isMark ? prices : { ...prices, volume: column('volume') } }
}

/** Windows of as many settlements as fit a page; where they came more often than today, a window is asked for again from its newest part backwards. */
async function* settlements(transport: Transport, symbol: string, { start, end, intervalMs }: { readonly start: TimeMs; readonly end: TimeMs; readonly intervalMs: number }): AsyncIterable<SeriesRows> {
  const windowMs = SETTLEMENTS_A_PAGE * intervalMs
  for (let from = start; from < end; from += windowMs) {
    const rows = await settlementsOf(transport, symbol, from, Math.min(from + windowMs, end))
    if (rows.length > 0) yield { time: Float64Array.from(rows, ({ time }) => time), columns: { rate: Float64Array.from(rows, ({ rate }) => rate) } }
  }
}

async function settlementsOf(transport: Transport, symbol: string, from: TimeMs, until: TimeMs): Promise<FundingRow[]> {
  const found: FundingRow[] = []
  for (let before = until; before > from;) {
    const { list } = await ask(transport, {
      method: 'GET', path: 'v5/market/funding/history', access: 'public', params: { category: CATEGORY, symbol, startTime: from, endTime: before - 1, limit: SETTLEMENTS_A_PAGE },
    }, FUNDING)
    const inside = list.filter(({ time }) => time >= from && time < before)
    found.push(...inside)
    before = inside.length < SETTLEMENTS_A_PAGE ? from : Math.min(...inside.map(({ time }) => time))
  }
  return found.toReversed()
}
