/** Unmodified ccxt works against the local Bybit, and sends what was recorded of it. */
import { bybitUta } from '@hedgerow/driver-bybit'
import { startBybitLab, type BybitLab } from '@hedgerow/venue-lab'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ccxtBybit, type CcxtBybit } from './ccxt-client.ts'

const S = 'BTC/USDT:USDT'

let lab: BybitLab

describe('ccxt against the local Bybit', () => {
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

  it('sends what was recorded of it, and is answered as the venue would', async () => {
    await exchange.loadMarkets()
    await exchange.setPositionMode(true, S)
    const open = (side: string, positionIdx: number, more: object = {}) => exchange.createOrder(S, 'market', side, 0.5, undefined, { positionIdx, ...more })
    expect(await sent(() => open('buy', 1, { clientOrderId: 'cid-1' }))).toEqual(['POST /v5/order/create {"symbol":"BTCUSDT","side":"Buy","orderType":"Market","orderLinkId":"cid-1","category":"linear","qty":"0.5","positionIdx":1}', 'ok'])
    expect(await sent(() => open('sell', 2))).toEqual(['POST /v5/order/create {"symbol":"BTCUSDT","side":"Sell","orderType":"Market","category":"linear","qty":"0.5","positionIdx":2}', 'ok'])
    expect(await sent(() => open('sell', 1, { stopLossPrice: 48_000, triggerBy: 'MarkPrice', closeOnTrigger: true }))).toEqual(['POST /v5/order/create {"symbol":"BTCUSDT","side":"Sell","orderType":"Market","category":"linear","qty":"0.5","triggerDirection":2,"triggerPrice":"48000","reduceOnly":true,"positionIdx":1,"triggerBy":"MarkPrice","closeOnTrigger":true}', 'ok'])
    expect(await sent(() => open('buy', 2, { takeProfitPrice: 48_000 }))).toEqual(['POST /v5/order/create {"symbol":"BTCUSDT","side":"Buy","orderType":"Market","category":"linear","qty":"0.5","triggerDirection":2,"triggerPrice":"48000","reduceOnly":true,"positionIdx":2}', 'ok'])
    expect(await sent(() => open('buy', 1, { triggerPrice: 53_000, triggerDirection: 'ascending' }))).toEqual(['POST /v5/order/create {"symbol":"BTCUSDT","side":"Buy","orderType":"Market","category":"linear","qty":"0.5","triggerDirection":1,"triggerPrice":"53000","positionIdx":1}', 'ok'])
    // Pitfall 2: the stop of a long, as ccxt's `hedged` sends it, names the other leg and is refused: the long would have no stop.
    expect(await sent(() => exchange.createOrder(S, 'market', 'sell', 0.5, undefined, { hedged: true, stopLossPrice: 47_000 }))).toEqual([expect.stringContaining('"reduceOnly":true,"positionIdx":2'), 'InvalidOrder'])
    expect(await sent(() => exchange.createOrder(S, 'limit', 'buy', 0.1, 49_000, { positionIdx: 1, stopLoss: { triggerPrice: 48_000 }, takeProfit: { triggerPrice: 53_000 }, clientOrderId: 'entry' }))).toEqual([expect.stringContaining('"stopLoss":"48000","takeProfit":"53000"'), 'ok'])
    expect(await sent(() => exchange.cancelOrder('', S, { orderLinkId: 'entry' }))).toEqual([expect.stringContaining('POST /v5/order/cancel'), 'ok'])
    expect(await sent(() => exchange.createOrder(S, 'market', 'sell', 0.5, undefined, { positionIdx: 1, stopLossPrice: 48_500, takeProfitPrice: 53_000, tradingStopEndpoint: true, tpslMode: 'Full' }))).toEqual([expect.stringContaining('POST /v5/position/trading-stop {"symbol":"BTCUSDT","stopLoss":"48500"'), 'ok'])
    expect(await sent(() => exchange.createOrder(S, 'market', 'sell', 0.5, 51_000, { positionIdx: 1, trailingAmount: 100 }))).toEqual([expect.stringContaining('"activePrice":"51000","trailingStop":"100","positionIdx":1'), 'ok'])
    expect(await sent(() => exchange.fetchPositions([S]))).toEqual(['GET /v5/position/list?symbol=BTCUSDT&limit=200&category=linear', 'ok'])
    expect(await sent(() => exchange.fetchOpenOrders(S, undefined, undefined, { trigger: true }))).toEqual(['GET /v5/order/realtime?symbol=BTCUSDT&category=linear&orderFilter=StopOrder', 'ok'])
    expect(await sent(() => exchange.fetchBalance())).toEqual(['GET /v5/account/wallet-balance?accountType=UNIFIED', 'ok'])
    expect(await sent(() => exchange.cancelAllOrders(S, { trigger: true }))).toEqual(['POST /v5/order/cancel-all {"symbol":"BTCUSDT","category":"linear","orderFilter":"StopOrder"}', 'ok'])
    expect(await sent(() => exchange.setLeverage(10, S))).toEqual(['POST /v5/position/set-leverage {"symbol":"BTCUSDT","buyLeverage":"10","sellLeverage":"10","category":"linear"}', 'BadRequest'])
    expect(await sent(() => exchange.fetchOHLCV(S, '1m', lab.control.now - 120_000, 2))).toEqual([expect.stringContaining('GET /v5/market/kline?symbol=BTCUSDT&start='), 'ok'])
    expect(await sent(() => exchange.fetchFundingHistory(S))).toEqual(['GET /v5/execution/list?execType=Funding&symbol=BTCUSDT&category=linear&size=100', 'ok'])
    expect(await sent(() => exchange.fetchFundingRateHistory(S))).toEqual(['GET /v5/market/funding/history?limit=200&symbol=BTCUSDT&category=linear', 'ok'])
  })

  it('hears candles, orders, fills, positions and the wallet', async () => {
    await exchange.loadMarkets()
    await exchange.setPositionMode(true, S)
    const heard = [exchange.watchOHLCV(S, '1m'), exchange.watchOrders(S), exchange.watchMyTrades(S), exchange.watchBalance()] as const
    await vi.waitUntil(() => new Set(lab.control.streams.flatMap(({ topics }) => topics)).size === 4)
    await exchange.createOrder(S, 'market', 'buy', 0.5, undefined, { positionIdx: 1 })
    await lab.control.glide({ BTCUSDT: '50100' })
    const [candles, orders, trades, balance] = await Promise.all(heard)
    // Pitfall 17: the unified call keeps the last message of a turn only; the closed minute is among the raw ones.
    expect(candles.at(-1)?.slice(1, 5)).toEqual([50_100, 50_100, 50_100, 50_100])
    expect(messages.flatMap(({ topic, data }) => (topic === 'kline.1.BTCUSDT' ? (data as { confirm: boolean; high: string }[]).map(({ confirm, high }) => [confirm, high]) : []))).toContainEqual([true, '50100.0'])
    expect(orders.map(({ side, info }) => [side, info['positionIdx']])).toEqual([['buy', 1]])
    expect(trades.map(({ side, price, amount, fee }) => [side, price, amount, fee.cost])).toEqual([['buy', 50_000, 0.5, 13.75]])
    expect(balance.total['USDT']).toBe(9986.25)
    // Every raw message arrives, whatever the unified calls kept of them.
    expect(messages.flatMap(({ topic, data }) => (topic === 'order' ? (data as { orderStatus: string }[]).map(({ orderStatus }) => orderStatus) : []))).toEqual(['New', 'Filled'])
  })

  it('finds its account as it was when it comes back after being killed', async () => {
    await exchange.loadMarkets()
    await exchange.setPositionMode(true, S)
    await exchange.createOrder(S, 'market', 'buy', 0.4, undefined, { positionIdx: 1 })
    await exchange.createOrder(S, 'market', 'sell', 0.4, undefined, { positionIdx: 2 })
    await exchange.createOrder(S, 'market', 'sell', 0.4, undefined, { positionIdx: 1, stopLossPrice: 49_000, clientOrderId: 'stop' })
    await exchange.close()
    exchange = await ccxtBybit(lab)
    await exchange.loadMarkets()
    expect((await exchange.fetchPositions([S])).map(({ side, contracts }) => [side, contracts])).toEqual([['long', 0.4], ['short', 0.4]])
    expect((await exchange.fetchOpenOrders(S)).map(({ clientOrderId }) => clientOrderId)).toEqual(['stop'])
  })
})

/** The first request of a call, and how the call ended. */
async function sent(call: () => Promise<unknown>): Promise<unknown> {
  const before = lab.control.wire.length
  const answer = await call().catch((error: unknown) => error)
  const { method, path, query, body } = lab.control.wire[before] ?? { method: '', path: '', query: '', body: '' }
  return [`${method} ${path}${query === '' ? '' : `?${query}`} ${body}`.trim(), answer instanceof Error ? answer.name : 'ok']
}
