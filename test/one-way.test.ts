/** One-way mode: one leg of a symbol at a time. */
import { backtest } from 'hedgerow'
import { describe, expect, it } from 'vitest'
import { candlesOf } from './support/random-market.ts'
import { scripted, type Action } from './support/scripted.ts'

const candles = candlesOf(Array.from({ length: 20 }, (_, index) => (index === 6 ? [0, 0, 0, -30] : [0, 0, 0, 0])))

const run = (list: readonly Action[], positionMode: 'one-way' | 'hedge') => backtest({
  exchange: { profile: 'exact', positionMode, leverage: 5 }, routes: [{ symbol: 'XUSDT', timeframe: '1m', strategy: scripted(list) }],
  candles: { XUSDT: candles }, instruments: [{ symbol: 'XUSDT', tickSize: '0.1', qtyStep: '0.1' }], warmupCandles: 0, closeAtEnd: false,
})

const bothRest: readonly Action[] = [
  { bar: 2, leg: 'long', intent: 'open', type: 'limit', qty: '1', offset: -10 },
  { bar: 2, leg: 'short', intent: 'open', type: 'limit', qty: '1', offset: 10 },
]

describe('one-way mode', () => {
  it('where openers of both legs rest, the first opening fill cancels the other leg\'s', async () => {
    const result = await run(bothRest, 'one-way')
    expect(result.openPositions.map((position) => position.leg)).toEqual(['long'])
    expect(result.events.flatMap((event) => (event.type === 'order.canceled' ? [[event.leg, event.reason]] : []))).toEqual([['short', 'leg-conflict']])
  })

  it('in hedge mode the other opener goes on resting', async () => {
    const result = await run(bothRest, 'hedge')
    const canceledBeforeTheEnd = result.events.filter((event) => event.type === 'order.canceled' && event.at < result.header.end)
    expect(canceledBeforeTheEnd).toEqual([])
  })

  it('opening a leg while the other is open is denied, in words', async () => {
    const result = await run([{ bar: 2, leg: 'long', intent: 'open', type: 'market', qty: '1', offset: 0 }, { bar: 5, leg: 'short', intent: 'open', type: 'market', qty: '1', offset: 0 }], 'one-way')
    const denials = result.events.flatMap((event) => (event.type === 'order.denied' ? [event] : []))
    expect(denials.map(({ code, leg }) => [code, leg])).toEqual([['LEG_CONFLICT', 'short']])
    expect(denials[0]?.message).toMatch(/Scripted, XUSDT short, order 2 .*long leg of 1 is open.*Expected: a flat pair.*positionMode: 'hedge'/s)
  })
})
