/** Unmodified ccxt works against the local Bybit, and sends what was recorded of it. */
import { bybitUta } from '@hedgerow/driver-bybit'
import { startBybitLab, type BybitLab } from '@hedgerow/venue-lab'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ccxtBybit, type CcxtBybit } from './ccxt-client.ts'

const S = 'BTC/USDT:USDT'

describe('ccxt against the local Bybit', () => {
  let lab: BybitLab
  let exchange: CcxtBybit
  const messages: Record<string, unknown>[] = []

  beforeEach(async () => {
    messages.length = 0
    lab = await startBybitLab({ profile: bybitUta, market: { type: 'script', prices: { BTCUSDT: '50000', ETHUSDT: '3000' } }, sim: { slippage: 'none' } })
    exchange = await ccxtBybit(lab, (message) => messages.push(message))
  })

  afterEach(async () => {
    await exchange.close()
    await lab.close()
  })

  it('holds both legs of a symbol, protects each, and closes one without touching the other', async () => {
    await exchange.loadMarkets()
    expect(Object.keys(exchange.markets)).toEqual([S, 'ETH/USDT:USDT'])
    await exchange.setPositionMode(true, S)
    await expect(exchange.setPositionMode(true, S)).rejects.toThrow('110025')
    const updates = exchange.watchOrders(S)
    await vi.waitUntil(() => lab.control.streams.some(({ topics }) => topics.includes('order')))
    await exchange.createOrder(S, 'market', 'buy', 0.5, undefined, { positionIdx: 1, clientOrderId: 'long-1' })
    await exchange.createOrder(S, 'market', 'sell', 0.3, undefined, { positionIdx: 2, clientOrderId: 'short-1' })
    expect((await updates).length).toBeGreaterThan(0)
    const positions = await exchange.fetchPositions([S])
    expect(positions.map(({ side, contracts, hedged, entryPrice }) => [side, contracts, hedged, entryPrice])).toEqual([['long', 0.5, true, 50000], ['short', 0.3, true, 50000]])
    await exchange.createOrder(S, 'market', 'sell', 0.5, undefined, { positionIdx: 1, stopLossPrice: 49000, clientOrderId: 'sl-long' })
    await exchange.createOrder(S, 'market', 'buy', 0.3, undefined, { positionIdx: 2, stopLossPrice: 51000, clientOrderId: 'sl-short' })
    expect((await exchange.fetchOpenOrders(S)).map(({ clientOrderId, info }) => [clientOrderId, info['positionIdx'], info['orderStatus'], info['reduceOnly'], info['triggerDirection']])).toEqual([
      ['sl-short', 2, 'Untriggered', true, 1], ['sl-long', 1, 'Untriggered', true, 2],
    ])
    await lab.control.glide({ BTCUSDT: '48900' })
    expect((await exchange.fetchPositions([S])).map(({ side, contracts }) => [side, contracts])).toEqual([['long', 0], ['short', 0.3]])
    expect((await exchange.fetchOpenOrders(S)).map(({ clientOrderId }) => clientOrderId)).toEqual(['sl-short'])
    const trades = await exchange.fetchMyTrades(S)
    expect(trades.map(({ side, price, amount }) => [side, price, amount])).toEqual([['buy', 50000, 0.5], ['sell', 50000, 0.3], ['sell', 49000, 0.5]])
  })
})
