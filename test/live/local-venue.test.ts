/** `hedgerow live` on the local Bybit: unmodified ccxt, real sockets, both legs; the fills of the same run on the sandbox. */
import { join } from 'node:path'
import { decimal, decimalText, MINUTE_MS, type CandleColumns } from '@hedgerow/core'
import { bybitUta } from '@hedgerow/driver-bybit'
import { startBybitLab, type BybitLab } from '@hedgerow/venue-lab'
import { backtest, synthesizeCandles, type BacktestOptions } from 'hedgerow'
import { afterEach, describe, expect, it } from 'vitest'
import HedgeTimeline from '../../examples/hedge-timeline.ts'
import PairEntry from '../../examples/pair-entry.ts'
import AveragePair from './average-pair.ts'
import { LiveFolder, until } from './live-process.ts'

const SYMBOL = 'ETHUSDT'
const HISTORY = 200
const TIMEOUT = 90_000
/** A session of its own takes seconds. */
const isLong = process.env['HEDGEROW_TESTS'] === 'all'
const PUBLIC = '/v5/public/linear'
/** Prices of an hour that is always the same: made-up markets are busy by the time of day. */
const MADE_AT = Date.UTC(2024, 0, 1)

let lab: BybitLab | null = null
let folder: LiveFolder | null = null

afterEach(async () => {
  folder?.remove()
  await lab?.close()
})

/**
 * A venue in one-way mode, as a new account is, at the start of this minute; a folder to trade on it. Its clock is past the minute that its
 * market stands in: it lists a candle whose time is over and whose trades are still to come.
 */
async function scene(strategy: string, { minutes, params, state = 'state' }: { readonly minutes: number; readonly params: object | ((from: number) => object); readonly state?: string }): Promise<{ readonly venue: BybitLab; readonly home: LiveFolder; readonly candles: CandleColumns; readonly from: number }> {
  const from = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS
  const { step, length, open, high, low, close, volume } = synthesizeCandles({ seed: 7, start: MADE_AT, count: HISTORY + minutes })
  const candles = { start: from - HISTORY * MINUTE_MS, step, length, open, high, low, close, volume }
  const venue = await startBybitLab({ profile: bybitUta, market: { type: 'candles', series: { [SYMBOL]: { candles } }, from }, leverage: '10', sim: { slippage: 'none' } })
  const home = new LiveFolder(venue, { strategy, symbols: [SYMBOL], params: typeof params === 'function' ? params(from) as object : params })
  venue.control.skewClock(from + MINUTE_MS + 1_000 - Date.now())
  venue.control.setLockstep({ mostMs: 5_000, answered: async () => { await home.answered({ state: join(home.path, state) }) } })
  lab = venue
  folder = home
  return { venue, home, candles, from }
}

/** One line a fill: what both sides know of it. */
function venueFills({ control }: BybitLab, from: number): string[] {
  return control.account.records().flatMap((record) => (record.type === 'execution' && record.at >= from ? [fillText(record)] : []))
}

async function simulatedFills(strategy: BacktestOptions['routes'][number]['strategy'], candles: CandleColumns, { from, minutes, params = {} }: { readonly from: number; readonly minutes: number; readonly params?: Record<string, unknown> }): Promise<string[]> {
  const { events } = await backtest({
    exchange: { profile: 'bybit-uta', positionMode: 'hedge', leverage: 5, startingBalance: '10000' }, routes: [{ symbol: SYMBOL, timeframe: '1m', strategy, params }], candles: { [SYMBOL]: candles },
    start: from, end: from + minutes * MINUTE_MS, warmupCandles: 200, closeAtEnd: false, sim: { slippage: 'none' },
  })
  return events.flatMap((event) => (event.type === 'order.filled' ? [fillText(event)] : []))
}

function fillText({ at, leg, intent, price, qty, fee }: { readonly at: number; readonly leg: string; readonly intent: string; readonly price: { toFixed(): string }; readonly qty: { toFixed(): string }; readonly fee: { toFixed(): string } }): string {
  return [new Date(at).toISOString(), intent, leg, qty.toFixed(), '@', price.toFixed(), 'fee', decimalText(decimal(fee.toFixed()))].join(' ')
}

const legsOf = ({ control }: BybitLab): string => (['long', 'short'] as const).map((leg) => `${leg} ${control.account.pair(SYMBOL)[leg].qty.toFixed()}`).join(' ')

describe('hedge-timeline', () => {
  it('switches the mode, holds both legs at once, survives a kill with both open, ends flat, and fills as on the sandbox', async () => {
    const { venue, home, candles, from } = await scene('hedge-timeline', { minutes: 40, params: { longQty: 1, shortQty: 1 } })
    const first = home.spawn(['live'])
    await first.said('running on bybit')
    expect(venue.control.account.desk.positionMode(SYMBOL)).toBe('hedge')
    for (let minute = 0; minute < 15; minute++) await venue.control.advance(MINUTE_MS)
    expect(legsOf(venue)).toBe('long 1 short 1')
    first.child.kill('SIGKILL')
    await first.ended
    const second = home.spawn(['live'])
    await second.said('ETHUSDT long 1 (stops for 0), ETHUSDT short 1')
    for (let minute = 15; minute < 30; minute++) await venue.control.advance(MINUTE_MS)
    expect(legsOf(venue)).toBe('long 0 short 0')
    const stopped = await home.run('stop')
    const secondEnd = await second.ended
    expect(secondEnd.code, secondEnd.stderr).toBe(0)
    expect(stopped.code).toBe(0)
    expect(venueFills(venue, from)).toEqual(await simulatedFills(HedgeTimeline, candles, { from, minutes: 30, params: { longQty: 1, shortQty: 1 } }))
    const replayed = await home.run('replay', 'state/journal.sqlite', '--json')
    expect(JSON.parse(replayed.stdout)).toMatchObject({ fills: 4, legs: [{ leg: 'long', qty: '0' }, { leg: 'short', qty: '0' }] })
    const { key, secret } = venue.credentials
    expect([(await first.ended).stderr, stopped.stdout, replayed.stdout, home.read('state/log.jsonl')].join('\n')).not.toMatch(new RegExp(`${key}|${secret}`))
  }, TIMEOUT)
})

describe.runIf(isLong)('pair-entry', () => {
  it('opens both legs on one bar, protects each at the venue, loses one to its stop while the other stays, and fills as on the sandbox', async () => {
    const params = { squeeze: 0.95, stop: 0.15, target: 0.3 }
    const minutes = 24
    const { venue, home, candles, from } = await scene('pair-entry', { minutes, params })
    const running = home.spawn(['live'])
    await running.said('running on bybit')
    const seen = new Set<string>()
    for (let minute = 0; minute < minutes; minute++) {
      await venue.control.advance(MINUTE_MS)
      seen.add(legsOf(venue).replaceAll(/[\d.]+/g, (qty) => (qty === '0' ? '0' : 'open')))
    }
    const sent = venue.control.wire.filter(({ path }) => path === '/v5/order/create').map(({ body }) => JSON.parse(body) as Record<string, unknown>)
    const stops = sent.filter(({ triggerPrice }) => triggerPrice !== undefined).map(({ side, positionIdx, reduceOnly }) => `${String(side)} ${String(positionIdx)} ${String(reduceOnly)}`)
    expect(new Set(stops)).toEqual(new Set(['Sell 1 true', 'Buy 2 true']))
    expect([...seen]).toContain('long open short open')
    expect([...seen].some((legs) => legs === 'long open short 0' || legs === 'long 0 short open')).toBe(true)
    expect(venueFills(venue, from)).toEqual(await simulatedFills(PairEntry, candles, { from, minutes, params }))
    running.child.kill('SIGTERM')
    expect((await running.ended).code).toBe(0)
  }, TIMEOUT)
})

const averagePair = (from: number): { openAt: number; turnFrom: number; turnUntil: number } => ({ openAt: from + 4 * MINUTE_MS, turnFrom: from + 16 * MINUTE_MS, turnUntil: from + 22 * MINUTE_MS })

describe.runIf(isLong)('a public socket that was down', () => {
  it('leaves no hole in the bars: with both legs open, what is decided afterwards is what the sandbox decides', async () => {
    const minutes = 24
    const { venue, home, candles, from } = await scene('../test/live/average-pair', { minutes, params: averagePair })
    const running = home.spawn(['live'])
    await running.said('running on bybit')
    const pass = async (count: number): Promise<void> => { for (let minute = 0; minute < count; minute++) await venue.control.advance(MINUTE_MS) }
    await pass(8)
    expect(venue.control.halfOpen({ path: PUBLIC })).toBe(1)
    await pass(7)
    expect(legsOf(venue)).toBe('long 1 short 1')
    venue.control.cut({ path: PUBLIC })
    await until(() => venue.control.streams.some(({ path, isDead, topics }) => path === PUBLIC && !isDead && topics.length > 0))
    await pass(minutes - 15)
    // Orders of one moment are sent side by side: which arrives first is the network's.
    expect(venueFills(venue, from).toSorted()).toEqual((await simulatedFills(AveragePair, candles, { from, minutes, params: averagePair(from) })).toSorted())
    expect(home.read('state/log.jsonl')).toContain(`${SYMBOL}: 7 missed candles are loaded`)
    running.child.kill('SIGTERM')
    expect((await running.ended).code).toBe(0)
  }, TIMEOUT)
})

describe('hedgerow paper', () => {
  it('trades both legs on the prices of the venue without a key, and goes on after a kill', async () => {
    const { venue, home } = await scene('hedge-timeline', { minutes: 40, params: {}, state: 'paper' })
    const first = home.spawn(['paper', '--state', 'paper'])
    await first.said('running on bybit')
    for (let minute = 0; minute < 13; minute++) await venue.control.advance(MINUTE_MS)
    first.child.kill('SIGKILL')
    await first.ended
    const second = home.spawn(['paper', '--state', 'paper'])
    await second.said('ETHUSDT long 1 (stops for 0), ETHUSDT short 0.5 (stops for 0)')
    for (let minute = 13; minute < 30; minute++) await venue.control.advance(MINUTE_MS)
    const status = await home.run('status', '--state', 'paper', '--json')
    expect(JSON.parse(status.stdout)).toMatchObject({ phase: 'running', legs: [{ leg: 'long', qty: '0' }, { leg: 'short', qty: '0' }], halts: [], killLevel: 'running' })
    second.child.kill('SIGTERM')
    expect((await second.ended).code).toBe(0)
    expect(venue.control.account.records()).toEqual([])
  }, TIMEOUT)
})
