/** A paper account over a market in memory: what rests meets every minute, those that its stream did not bring as well. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decimal, instrument, type Order, type TradedSymbol, type VenueReport } from '@hedgerow/core'
import { bybitUta } from '@hedgerow/driver-bybit'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { PaperConnection } from '../../apps/runner/src/live/paper-connection.ts'
import { FakeVenue } from './fake-venue.ts'
import { candlesOf, START, SYMBOL } from './live-scene.ts'
import { rest, VirtualTimers } from './virtual-timers.ts'

const MINUTE = 60_000
/** Minutes 0 to 5 stand; in the seventh the price falls through the long stop and comes back, in the eighth it rises through the short one. */
const CLOSES = [100, 100, 100, 100, 100, 100, 90, 110, 100, 100, 100, 100]

let folder = ''
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'hedgerow-paper-')) })
afterEach(() => { rmSync(folder, { recursive: true, force: true }) })

/** An account with both legs open and a stop each, after five minutes; told: its executions and candles, by minute. */
async function account(closes: readonly number[] = CLOSES): Promise<{ readonly venue: FakeVenue; readonly told: string[]; readonly logged: string[]; readonly to: (minute: number) => Promise<void> }> {
  const timers = new VirtualTimers(START + 3 * MINUTE)
  const leverage = { long: decimal('5'), short: decimal('5') }
  const traded: TradedSymbol = { instrument: instrument({ symbol: SYMBOL, tickSize: '0.01', qtyStep: '0.01' }), leverage }
  const common = { profile: bybitUta, positionMode: 'hedge', marginMode: 'cross', startingBalance: decimal('10000') } as const
  const venue = new FakeVenue({ ...common, timers, fillAt: 'open', symbols: [{ ...traded, candles: candlesOf(closes) }] })
  const [told, logged]: [string[], string[]] = [[], []]
  const hear = (report: VenueReport): void => {
    const minute = 'at' in report ? (report.at - START) / MINUTE : 0
    if (report.type === 'execution') told.push(`${minute} ${report.side} ${report.leg ?? '?'} ${report.qty.toFixed()} at ${report.price.toFixed()}`)
    if (report.type === 'candle') told.push(`${minute} candle`)
  }
  const paper = new PaperConnection({
    ...common, market: venue.connect(), fee: { maker: decimal('0'), taker: decimal('0') }, symbols: new Map([[SYMBOL, traded]]), book: join(folder, 'paper.json'), now: () => timers.now(), logger: { log: (level, text) => { logged.push(`${level} ${text}`) } },
  })
  await paper.connect(hear, { symbols: [SYMBOL], timeframes: ['1m'], account: true })
  const place = (id: number, order: Pick<Order, 'leg' | 'intent' | 'type'> & Partial<Order>): void => {
    paper.submit({ clientId: `c${id}`, positionMode: 'hedge', order: { id, symbol: SYMBOL, qty: decimal('1'), timeInForce: 'GTC', postOnly: false, role: 'entry', strategy: 'test', createdAt: timers.now(), ...order } })
  }
  const to = async (minute: number): Promise<void> => {
    await timers.to(START + minute * MINUTE)
    venue.to(timers.now())
    await rest()
  }
  await to(4)
  place(1, { leg: 'long', intent: 'open', type: 'market' })
  place(2, { leg: 'short', intent: 'open', type: 'market' })
  place(3, { leg: 'long', intent: 'close', type: 'stop-market', trigger: decimal('95'), role: 'stop-loss' })
  place(4, { leg: 'short', intent: 'close', type: 'stop-market', trigger: decimal('105'), role: 'stop-loss' })
  await to(5)
  told.length = 0
  return { venue, told, logged, to }
}

it('both stops fill in the minutes that were missed, each in its own, before the next candle is told', async () => {
  const { venue, told, to } = await account()
  venue.market('down')
  for (const minute of [6, 7, 8, 9]) await to(minute)
  expect(told).toEqual([])
  venue.market('up')
  await to(10)
  expect(told.map((line) => line.replace(/^(\d+)\.\d+/, '$1.x'))).toEqual(['6.x sell long 1 at 94.97', '7.x buy short 1 at 105.04', '10 candle'])
})

it('what rests meets every minute, however long it was quiet before', async () => {
  const { told, to } = await account([...Array.from({ length: 40 }, () => 100), 90, 100, 100, 110, 100])
  for (let minute = 6; minute <= 45; minute++) await to(minute)
  expect(told.filter((line) => !line.endsWith('candle')).map((line) => line.replace(/^(\d+)\.\d+/, '$1.x'))).toEqual(['40.x sell long 1 at 94.97', '43.x buy short 1 at 105.04'])
})

it('minutes that nobody tells are passed by with a warning', async () => {
  const { venue, told, logged, to } = await account()
  venue.market('down')
  for (const minute of [6, 7, 8, 9]) await to(minute)
  venue.market('up')
  venue.faults.history = 'fails'
  await to(10)
  expect(told).toEqual(['10 candle'])
  expect(logged.join('\n')).toContain(`warn paper: ${SYMBOL} orders are not matched on the candles from 2024-01-01T00:05Z to 2024-01-01T00:10Z, which were missed`)
})
