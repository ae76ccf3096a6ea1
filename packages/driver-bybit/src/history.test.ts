/** History in pages: every row once, oldest first, and none that is still forming. */
import type { HistoryQuery, SeriesRows } from '@hedgerow/core'
import { describe, expect, it } from 'vitest'
import { openLive } from '../test/live.ts'
import type { Answer, Seen } from '../test/loopback.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const LAUNCH = Date.UTC(2024, 0, 1)

const contractRow = {
  symbol: 'BTCUSDT', contractType: 'LinearPerpetual', status: 'Trading', settleCoin: 'USDT', launchTime: String(LAUNCH), priceFilter: { tickSize: '0.1' }, fundingInterval: 480,
  lotSizeFilter: { qtyStep: '0.001', minOrderQty: '0.001', maxOrderQty: '100' },
}

/** The venue's way: newest first, and the newest of the range when there are more than it answers. */
function newest(rows: readonly unknown[], { query }: Seen): Answer {
  return { result: { category: 'linear', symbol: 'BTCUSDT', list: rows.toReversed().slice(0, Number(query['limit'] ?? 200)) } }
}

/** A row for each minute up to the newest that the venue lists. */
const klines = (marks: boolean, listedUpTo: number) => (seen: Seen): Answer => {
  const [start, end] = [Number(seen.query['start']), Math.min(Number(seen.query['end']), listedUpTo)]
  const rows: string[][] = []
  for (let time = Math.ceil(start / MINUTE) * MINUTE; time <= end; time += MINUTE) rows.push([String(time), '1', '2', '0.5', '1.5', ...(marks ? [] : ['10', '15'])])
  return newest(rows, seen)
}

const settlements = (times: readonly number[]) => (seen: Seen): Answer =>
  newest(times.filter((time) => time >= Number(seen.query['startTime']) && time <= Number(seen.query['endTime'])).map((time) => ({ symbol: 'BTCUSDT', fundingRate: '0.0001', fundingRateTimestamp: String(time) })), seen)

async function read(query: Partial<HistoryQuery>, now: number, answers: Readonly<Record<string, (seen: Seen) => Answer>>): Promise<{ pages: SeriesRows[]; requests: Seen[] }> {
  const { host, connection, close } = await openLive({ connect: false })
  host.list('v5/market/instruments-info', [contractRow]).on('v5/market/time', { result: { timeSecond: '0', timeNano: `${now}000000` } })
  for (const [path, answer] of Object.entries(answers)) host.on(path, answer)
  const pages: SeriesRows[] = []
  for await (const page of connection.history({ symbol: 'BTCUSDT', kind: 'candles', timeframe: '1m', ...query })) pages.push(page)
  await close()
  return { pages, requests: host.requests }
}

const times = (pages: readonly SeriesRows[]): number[] => pages.flatMap(({ time }) => [...time])

/** The last candle that is taken, where the venue lists them up to one. */
async function lastOf(listedUpTo: number, now: number, end: number = now): Promise<number | undefined> {
  return times((await read({ start: LAUNCH, end }, now, { 'v5/market/kline': klines(false, listedUpTo) })).pages).at(-1)
}

describe('candles', () => {
  it('come in pages of a thousand without gap or overlap, and end before the one that forms', async () => {
    const start = LAUNCH + 5 * MINUTE
    const now = start + 2_500 * MINUTE + 30_000
    const { pages, requests } = await read({ start }, now, { 'v5/market/kline': klines(false, now) })
    expect(pages.map(({ time }) => time.length)).toEqual([999, 999, 502])
    expect(times(pages)).toEqual(Array.from({ length: 2_500 }, (_, index) => start + index * MINUTE))
    expect(Object.fromEntries(Object.entries(pages[0]?.columns ?? {}).map(([name, column]) => [name, column[0]]))).toEqual({ open: 1, high: 2, low: 0.5, close: 1.5, volume: 10 })
    expect(requests.find(({ path }) => path.endsWith('kline'))?.query).toEqual({ category: 'linear', symbol: 'BTCUSDT', interval: '1', start: String(start), end: String(start + 1000 * MINUTE - 1), limit: '1000' })
  })

  it('end before one that the venue still lists as its newest after its time: its last trades may be missing', async () => {
    const last = LAUNCH + 10 * MINUTE
    expect(await lastOf(last, last + MINUTE + 2_000)).toBe(last - MINUTE)
    expect(await lastOf(last, last + 2 * MINUTE - 1, last + MINUTE)).toBe(last - MINUTE)
  })

  it('end with one that has another after it, or would have had one that is over as well', async () => {
    const last = LAUNCH + 10 * MINUTE
    expect(await lastOf(last + MINUTE, last + MINUTE + 2_000)).toBe(last)
    expect(await lastOf(last + MINUTE, last + MINUTE, last + MINUTE)).toBe(last)
    expect(await lastOf(last, last + 2 * MINUTE)).toBe(last)
  })

  it('at the end of a page are proven by the page itself', async () => {
    const full = LAUNCH + 998 * MINUTE
    expect(await lastOf(full, full + MINUTE + 1)).toBe(full - MINUTE)
    expect(await lastOf(full + MINUTE, full + MINUTE + 1)).toBe(full)
  })

  it('begin with the listing, and stop at the end that was asked for', async () => {
    const { pages } = await read({ start: 0, end: LAUNCH + 3 * MINUTE }, LAUNCH + HOUR, { 'v5/market/kline': klines(false, LAUNCH + HOUR) })
    expect(times(pages)).toEqual([LAUNCH, LAUNCH + MINUTE, LAUNCH + 2 * MINUTE])
  })

  it('of the mark price have no volume', async () => {
    const { pages } = await read({ kind: 'marks', end: LAUNCH + MINUTE }, LAUNCH + HOUR, { 'v5/market/mark-price-kline': klines(true, LAUNCH + HOUR) })
    expect(Object.keys(pages[0]?.columns ?? {})).toEqual(['open', 'high', 'low', 'close'])
  })

  it('are refused for a length that the venue does not have', async () => {
    await expect(read({ timeframe: '7m' }, LAUNCH + HOUR, { 'v5/market/kline': klines(false, LAUNCH + HOUR) })).rejects.toThrow('TIMEFRAME_INVALID')
  })
})

describe('funding', () => {
  it('is complete where it settled every hour before it settled every eight', async () => {
    const hourly = Array.from({ length: 700 }, (_, index) => LAUNCH + index * HOUR)
    const eighthly = Array.from({ length: 300 }, (_, index) => LAUNCH + 700 * HOUR + index * 8 * HOUR)
    const now = LAUNCH + 4_000 * HOUR
    const { pages } = await read({ kind: 'funding', timeframe: null }, now, { 'v5/market/funding/history': settlements([...hourly, ...eighthly]) })
    expect(times(pages)).toEqual([...hourly, ...eighthly])
    expect(pages[0]?.columns['rate']?.[0]).toBe(0.0001)
  })
})

it('a page that fails ends the history with an error, not with less of it', async () => {
  await expect(read({}, LAUNCH + 3_000 * MINUTE, { 'v5/market/kline': ({ query }) => (Number(query['start']) > LAUNCH ? 'drop' : { result: { list: [] } }) })).rejects.toThrow('VENUE_UNREACHABLE')
})
