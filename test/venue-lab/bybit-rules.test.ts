/** The rules that a hedge-mode program meets at Bybit, asked for over the wire. */
import { bybitUta } from '@hedgerow/driver-bybit'
import { startBybitLab, type BybitLab, type BybitLabOptions } from '@hedgerow/venue-lab'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ask, place, RawStream, send } from './raw-client.ts'

let lab: BybitLab

async function start(options: Partial<BybitLabOptions> = {}): Promise<BybitLab> {
  lab = await startBybitLab({ profile: bybitUta, positionMode: 'hedge', market: { type: 'script', prices: { BTCUSDT: '50000', ETHUSDT: '3000' } }, sim: { slippage: 'none' }, ...options })
  return lab
}

afterEach(async () => { await lab.close() })

const stop = { side: 'Sell', reduceOnly: true, triggerPrice: '49000', triggerDirection: 2 }

describe('position mode', () => {
  it('shows one row in one-way mode and two in hedge mode, flat or not, the empty leg with an empty side', async () => {
    await start({ positionMode: 'one-way' })
    const rows = async (): Promise<unknown> => (await ask(lab, 'GET', '/v5/position/list', { category: 'linear', symbol: 'BTCUSDT' })).result.list?.map(({ positionIdx, side, size }) => [positionIdx, side, size])
    expect(await rows()).toEqual([[0, '', '0']])
    expect(await ask(lab, 'POST', '/v5/position/switch-mode', { category: 'linear', symbol: 'BTCUSDT', mode: 3 })).toMatchObject({ retCode: 0 })
    expect(await rows()).toEqual([[1, '', '0'], [2, '', '0']])
    await place(lab, { side: 'Sell', positionIdx: 2 })
    expect(await rows()).toEqual([[1, '', '0'], [2, 'Sell', '0.100']])
    expect((await ask(lab, 'GET', '/v5/position/list', { category: 'linear', settleCoin: 'USDT' })).result.list?.map(({ symbol, positionIdx }) => [symbol, positionIdx])).toEqual([['BTCUSDT', 2]])
  })

  it('refuses an index of the other mode, by code and words', async () => {
    await start()
    expect(await place(lab, { positionIdx: 0 })).toMatchObject({ retCode: 10001, retMsg: 'position idx not match position mode' })
    await ask(lab, 'POST', '/v5/position/switch-mode', { category: 'linear', symbol: 'ETHUSDT', mode: 0 })
    expect(await place(lab, { symbol: 'ETHUSDT', positionIdx: 1 })).toMatchObject({ retCode: 10001, retMsg: 'position idx not match position mode' })
  })

  it('does not switch while a position or an order is there, and says which; as it is already is a code of its own', async () => {
    await start()
    const change = (mode: number, symbol = 'BTCUSDT'): ReturnType<typeof ask> => ask(lab, 'POST', '/v5/position/switch-mode', { category: 'linear', symbol, mode })
    expect(await change(3)).toMatchObject({ retCode: 110025, retMsg: 'Position mode is not modified' })
    await place(lab, { orderType: 'Limit', price: '40000' })
    expect(await change(0)).toMatchObject({ retCode: 110028 })
    await ask(lab, 'POST', '/v5/order/cancel-all', { category: 'linear', symbol: 'BTCUSDT' })
    await place(lab, {})
    expect(await change(0)).toMatchObject({ retCode: 110024 })
    // By coin: what is free is switched, the rest is left without a word.
    expect(await ask(lab, 'POST', '/v5/position/switch-mode', { category: 'linear', coin: 'USDT', mode: 0 })).toMatchObject({ retCode: 0 })
    expect(lab.control.state().symbols.map(({ positionMode }) => positionMode)).toEqual(['hedge', 'one-way'])
  })

  it('has one leverage for both legs in cross, one each in isolated, and a code for the same again', async () => {
    await start()
    const set = (buyLeverage: string, sellLeverage: string): ReturnType<typeof ask> => ask(lab, 'POST', '/v5/position/set-leverage', { category: 'linear', symbol: 'BTCUSDT', buyLeverage, sellLeverage })
    expect(await set('10', '10')).toMatchObject({ retCode: 110043 })
    expect(await set('10', '5')).toMatchObject({ retCode: 10001 })
    expect(await ask(lab, 'POST', '/v5/account/set-margin-mode', { setMarginMode: 'ISOLATED_MARGIN' })).toMatchObject({ retCode: 0 })
    expect(await set('10', '5')).toMatchObject({ retCode: 0 })
    expect((await ask(lab, 'GET', '/v5/position/list', { category: 'linear', symbol: 'BTCUSDT' })).result.list?.map(({ leverage }) => leverage)).toEqual(['10', '5'])
    await place(lab, {})
    expect(await ask(lab, 'POST', '/v5/account/set-margin-mode', { setMarginMode: 'REGULAR_MARGIN' })).toMatchObject({ retCode: 110073, result: { reasons: [{ reasonMsg: 'You have existing positions or orders' }] } })
    expect(await ask(lab, 'POST', '/v5/position/add-margin', { category: 'linear', symbol: 'BTCUSDT', positionIdx: 1, margin: '100' })).toMatchObject({ retCode: 0, result: { positionIdx: 1, positionBalance: '602.475' } })
  })
})

describe('order entry', () => {
  it.each([
    ['a reduce-only order of an empty leg', { side: 'Sell', reduceOnly: true }, 110017, 'current position is zero, cannot fix reduce-only order qty'],
    ['a stop of an empty leg', { ...stop, positionIdx: 2, side: 'Buy', triggerPrice: '51000', triggerDirection: 1 }, 110017, /zero/],
    ['a stop without a direction', { ...stop, triggerDirection: undefined }, 10001, /triggerDirection/],
    ['a falling trigger above the price', { triggerPrice: '51000', triggerDirection: 2 }, 110093, 'expect Falling, but trigger_price[510000000] >= current[500000000]??LastPrice'],
    ['a rising trigger below the price', { triggerPrice: '49000', triggerDirection: 1 }, 110092, 'expect Rising, but trigger_price[490000000] <= current[500000000]??LastPrice'],
    ['too small a value', { symbol: 'ETHUSDT', qty: '0.01', orderType: 'Limit', price: '300' }, 110094, /minimum order value/],
    ['a quantity off the step', { qty: '0.0005' }, 10001, 'Qty invalid'],
    ['a price off the tick', { orderType: 'Limit', price: '40000.05' }, 10001, /price/],
    ['a quantity above the largest market order', { qty: '51' }, 10001, /too large/],
    ['more than the margin', { qty: '5' }, 110007, 'ab not enough for new order'],
    ['more than the risk limit of the leverage', { qty: '45' }, 110090, /max. limit/],
    ['a client id with other letters', { orderLinkId: 'a b' }, 10001, /orderLinkId/],
    ['a symbol that is not there', { symbol: 'NOPEUSDT' }, 10001, /symbol/],
    ['another category', { category: 'inverse' }, 10001, /category/],
    ['exits on a reduce-only order', { side: 'Sell', reduceOnly: true, stopLoss: '48000' }, 10001, /takeProfit/],
  ])('refuses %s', async (_, order, code, message) => {
    await start('qty' in order && order.qty === '45' ? { leverage: '100', balance: '1000000' } : {})
    const answer = await place(lab, order)
    expect(answer.retCode).toBe(code)
    expect(answer.retMsg).toMatch(message)
    expect(lab.control.state().orders).toEqual([])
  })

  it('takes a client id once and for ever', async () => {
    await start()
    await place(lab, { orderLinkId: 'once' })
    expect(await place(lab, { orderLinkId: 'once' })).toMatchObject({ retCode: 110072, retMsg: 'OrderLinkedID is duplicate' })
    expect(lab.control.state().symbols[0]?.long.qty).toBe('0.1')
    // A refused order does not use its id up.
    expect(await place(lab, { orderLinkId: 'free', qty: '5' })).toMatchObject({ retCode: 110007 })
    expect(await place(lab, { orderLinkId: 'free' })).toMatchObject({ retCode: 0 })
  })

  it('takes ten conditional orders a symbol, both legs together, and five hundred others', async () => {
    await start({ balance: '100000000' })
    lab.control.limitRequests(10_000)
    await place(lab, {})
    for (let index = 0; index < 10; index += 1) expect(await place(lab, { ...stop, triggerPrice: String(49_000 - index) })).toMatchObject({ retCode: 0 })
    expect(await place(lab, stop)).toMatchObject({ retCode: 110009 })
    const request = Array.from({ length: 20 }, () => ({ symbol: 'BTCUSDT', side: 'Buy', orderType: 'Limit', price: '40000', qty: '0.001', positionIdx: 1 }))
    for (let batch = 0; batch < 25; batch += 1) await ask(lab, 'POST', '/v5/order/create-batch', { category: 'linear', request })
    expect(lab.control.state().orders).toHaveLength(510)
    expect(await place(lab, { orderType: 'Limit', price: '40000', qty: '0.001' })).toMatchObject({ retCode: 110020 })
    expect(await place(lab, { symbol: 'ETHUSDT', qty: '1' })).toMatchObject({ retCode: 0 })
  }, 30_000)

  it('closes a leg whole with quantity zero, clips what is too much, and never turns a leg around', async () => {
    await start()
    await place(lab, { qty: '0.3' })
    await place(lab, { side: 'Sell', positionIdx: 2, qty: '0.2' })
    await place(lab, { side: 'Sell', qty: '0.5', reduceOnly: true, orderLinkId: 'over' })
    expect(lab.control.state().symbols[0]).toMatchObject({ long: { qty: '0' }, short: { qty: '0.2' } })
    expect((await ask(lab, 'GET', '/v5/order/history', { category: 'linear', orderLinkId: 'over' })).result.list).toMatchObject([{ orderStatus: 'Cancelled', cumExecQty: '0.300', cancelType: 'CancelByReduceOnly' }])
    await place(lab, { side: 'Buy', positionIdx: 2, qty: '0', reduceOnly: true, closeOnTrigger: true })
    expect(lab.control.state().symbols[0]).toMatchObject({ long: { qty: '0' }, short: { qty: '0' } })
  })

  it('cancels a post-only order that would take, and the rest of an immediate one', async () => {
    await start()
    await place(lab, { orderType: 'Limit', price: '50100', timeInForce: 'PostOnly', orderLinkId: 'post' })
    await place(lab, { orderType: 'Limit', price: '49000', timeInForce: 'IOC', orderLinkId: 'ioc' })
    expect((await ask(lab, 'GET', '/v5/order/history', { category: 'linear' })).result.list).toMatchObject([
      { orderLinkId: 'ioc', orderStatus: 'Cancelled', rejectReason: 'EC_NoImmediateQtyToFill' }, { orderLinkId: 'post', orderStatus: 'Cancelled', rejectReason: 'EC_PostOnlyWillTakeLiquidity', timeInForce: 'PostOnly' },
    ])
  })

  it('amends quantity, price and trigger of a working order, and nothing else', async () => {
    await start()
    const amend = (params: object): ReturnType<typeof ask> => ask(lab, 'POST', '/v5/order/amend', { category: 'linear', symbol: 'BTCUSDT', ...params })
    await place(lab, {})
    await place(lab, { orderType: 'Limit', price: '40000', orderLinkId: 'limit' })
    await place(lab, { ...stop, orderLinkId: 'stop' })
    expect(await amend({ orderLinkId: 'limit', qty: '0.2', price: '41000' })).toMatchObject({ retCode: 0 })
    expect(await amend({ orderLinkId: 'stop', triggerPrice: '48000', positionIdx: 2, side: 'Buy' })).toMatchObject({ retCode: 0 })
    expect(await amend({ orderLinkId: 'stop', triggerPrice: '51000' })).toMatchObject({ retCode: 110093 })
    expect(await amend({ orderLinkId: 'limit', price: '41000' })).toMatchObject({ retCode: 10001 })
    expect(await amend({ orderLinkId: 'nowhere', price: '1' })).toMatchObject({ retCode: 110001 })
    expect(lab.control.state().orders).toMatchObject([{ clientId: 'limit', leavesQty: '0.2', price: '41000', leg: 'long' }, { clientId: 'stop', trigger: '48000', leg: 'long', intent: 'close' }])
  })

  it('cancels everything of a symbol, on both legs; single orders by either id; a batch row by row', async () => {
    await start()
    await place(lab, {})
    await place(lab, { side: 'Sell', positionIdx: 2 })
    await place(lab, { ...stop, orderLinkId: 'a' })
    await place(lab, { side: 'Buy', positionIdx: 2, reduceOnly: true, triggerPrice: '51000', triggerDirection: 1, orderLinkId: 'b' })
    const batch = await ask(lab, 'POST', '/v5/order/cancel-batch', { category: 'linear', request: [{ symbol: 'BTCUSDT', orderLinkId: 'a' }, { symbol: 'BTCUSDT', orderLinkId: 'gone' }] })
    expect(batch.retExtInfo).toEqual({ list: [{ code: 0, msg: 'OK' }, { code: 110001, msg: 'order not exists or too late to cancel' }] })
    await place(lab, { ...stop, orderLinkId: 'c' })
    expect((await ask(lab, 'POST', '/v5/order/cancel-all', { category: 'linear', symbol: 'BTCUSDT', orderFilter: 'Order' })).result.list).toEqual([])
    expect((await ask(lab, 'POST', '/v5/order/cancel-all', { category: 'linear', symbol: 'BTCUSDT' })).result.list).toMatchObject([{ orderLinkId: 'b' }, { orderLinkId: 'c' }])
    expect(await ask(lab, 'POST', '/v5/order/cancel', { category: 'linear', symbol: 'BTCUSDT', orderLinkId: 'c' })).toMatchObject({ retCode: 110001 })
  })

  it('answers a batch with one code for each order', async () => {
    await start()
    const answer = await ask(lab, 'POST', '/v5/order/create-batch', { category: 'linear', request: [
      { symbol: 'BTCUSDT', side: 'Buy', orderType: 'Market', qty: '0.5', positionIdx: 1, orderLinkId: 'l' }, { symbol: 'BTCUSDT', side: 'Sell', orderType: 'Market', qty: '0.5', positionIdx: 0 },
      { symbol: 'BTCUSDT', side: 'Sell', orderType: 'Market', qty: '0.4', positionIdx: 2, orderLinkId: 's' },
    ] })
    expect(answer).toMatchObject({ retCode: 0, result: { list: [{ orderLinkId: 'l' }, { orderId: '' }, { orderLinkId: 's' }] }, retExtInfo: { list: [{ code: 0, msg: 'OK' }, { code: 10001, msg: 'position idx not match position mode' }, { code: 0, msg: 'OK' }] } })
    expect(lab.control.state().symbols[0]).toMatchObject({ long: { qty: '0.5' }, short: { qty: '0.4' } })
  })
})

describe('lists', () => {
  it('answers twenty rows, at most fifty, and the rest behind a cursor', async () => {
    await start({ balance: '10000000' })
    lab.control.limitRequests(10_000)
    for (let index = 0; index < 65; index += 1) await place(lab, { orderType: 'Limit', price: '40000', qty: '0.001', orderLinkId: `n${index}` })
    const page = async (params: object): Promise<{ readonly ids: readonly unknown[]; readonly cursor: string }> => {
      const { list = [], nextPageCursor } = (await ask(lab, 'GET', '/v5/order/realtime', { category: 'linear', symbol: 'BTCUSDT', ...params })).result
      return { ids: list.map(({ orderLinkId }) => orderLinkId), cursor: String(nextPageCursor) }
    }
    expect((await page({})).ids).toHaveLength(20)
    const first = await page({ limit: 200 })
    expect(first.ids).toHaveLength(50)
    // A row that is gone between two pages leaves no hole and no double.
    await ask(lab, 'POST', '/v5/order/cancel', { category: 'linear', symbol: 'BTCUSDT', orderLinkId: 'n60' })
    const second = await page({ limit: 50, cursor: first.cursor })
    expect([...first.ids, ...second.ids]).toEqual(Array.from({ length: 65 }, (_, index) => `n${64 - index}`))
    expect(second.cursor).toBe('')
  })

  it('knows closed orders by id until the service restarts, then only in history', async () => {
    await start()
    await place(lab, { orderLinkId: 'done' })
    const find = async (path: string): Promise<number | undefined> => (await ask(lab, 'GET', path, { category: 'linear', symbol: 'BTCUSDT', orderLinkId: 'done' })).result.list?.length
    expect(await find('/v5/order/realtime')).toBe(1)
    lab.control.forgetClosedOrders()
    expect(await find('/v5/order/realtime')).toBe(0)
    expect(await find('/v5/order/history')).toBe(1)
  })

  it('lists executions without an index, funding among them, one row a leg', async () => {
    await start()
    await place(lab, { qty: '0.2' })
    await place(lab, { side: 'Sell', positionIdx: 2, qty: '0.1' })
    lab.control.fund('BTCUSDT', '0.0001')
    const { list = [] } = (await ask(lab, 'GET', '/v5/execution/list', { category: 'linear', symbol: 'BTCUSDT' })).result
    expect(list.map(({ execType, side, execQty, execFee, closedSize }) => [execType, side, execQty, execFee, closedSize])).toEqual([
      ['Funding', 'Sell', '0.100', '-0.5', '0.000'], ['Funding', 'Buy', '0.200', '1', '0.000'], ['Trade', 'Sell', '0.100', '2.75', '0.000'], ['Trade', 'Buy', '0.200', '5.5', '0.000'],
    ])
    expect(list.every((row) => !('positionIdx' in row))).toBe(true)
    expect((await ask(lab, 'GET', '/v5/execution/list', { category: 'linear', execType: 'Trade' })).result.list).toHaveLength(2)
    expect((await ask(lab, 'GET', '/v5/account/transaction-log', { type: 'SETTLEMENT' })).result.list?.map(({ funding, change }) => [funding, change])).toEqual([['0.5', '0.5'], ['-1', '-1']])
    expect(await ask(lab, 'GET', '/v5/execution/list', { category: 'linear', startTime: 0, endTime: 700_000_000 })).toMatchObject({ retCode: 10001 })
  })
})

describe('who may ask', () => {
  // The wall stands still: an offset is one however long a request takes, and a second's worth of requests comes within one.
  beforeEach(() => { vi.useFakeTimers({ toFake: ['Date'] }) })
  afterEach(() => { vi.useRealTimers() })

  it.each([
    ['a wrong signature', { sign: 'f'.repeat(64) }, 10004], ['a key of nobody', { key: 'nobody' }, 10003],
    ['a time before the window', { at: Date.now() - 60_000 }, 10002], ['a clock that is more than a second fast, whatever the window', { at: Date.now() + 60_000, window: 3_600_000 }, 10002],
  ])('refuses %s', async (_, choice, code) => {
    await start()
    expect(await ask(lab, 'GET', '/v5/account/info', {}, choice)).toMatchObject({ retCode: code })
  })

  it('takes a slow clock within the window, and a fast one up to a second', async () => {
    await start()
    const at = (offset: number, window = 5000): Promise<number> => ask(lab, 'GET', '/v5/account/info', {}, { at: Date.now() + offset, window }).then(({ retCode }) => retCode)
    expect([await at(-4000), await at(-20_000, 30_000), await at(999), await at(1000)]).toEqual([0, 0, 0, 10002])
    lab.control.skewClock(-1500)
    expect([await at(0), await at(-1500)]).toEqual([10002, 0])
  })

  it('lets a client whose clock was set before the market ran ahead sign by the wall', async () => {
    await start()
    await lab.control.advance(3_600_000)
    const server = Number((await ask(lab, 'GET', '/v5/market/time')).result['timeNano']) / 1e6
    expect(server).toBeGreaterThan(Date.now() + 3_000_000)
    expect(await ask(lab, 'GET', '/v5/account/info')).toMatchObject({ retCode: 0 })
    expect(await ask(lab, 'GET', '/v5/account/info', {}, { at: Math.floor(server) })).toMatchObject({ retCode: 0 })
  })

  it('counts requests a second by route, and says what is left', async () => {
    await start()
    const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => send(lab, 'POST', '/v5/order/create', { category: 'linear', symbol: 'BTCUSDT', side: 'Buy', orderType: 'Market', qty: '0.001', positionIdx: 1, orderLinkId: `r${index}` })))
    const codes = answers.map(({ text }) => (JSON.parse(text) as { retCode: number }).retCode)
    expect(codes.filter((code) => code === 10006)).toHaveLength(2)
    expect(answers.every(({ headers }) => headers.get('x-bapi-limit') === '10' && Number(headers.get('x-bapi-limit-status')) >= 0 && Number(headers.get('x-bapi-limit-reset-timestamp')) > 0)).toBe(true)
    expect(await ask(lab, 'GET', '/v5/account/info')).toMatchObject({ retCode: 0 })
  })

  it('answers a route that is not there with a status of its own', async () => {
    await start()
    expect(await send(lab, 'GET', '/v5/nowhere')).toMatchObject({ status: 404 })
  })
})

describe('streams', () => {
  it('asks for a login, knows its topics, and answers pings in the words of each stream', async () => {
    await start()
    const account = await RawStream.open(lab.privateWsUrl)
    account.say({ op: 'subscribe', args: ['order'] })
    expect(await account.until(({ op }) => op === 'subscribe')).toMatchObject({ success: false, ret_msg: 'Request not authorized' })
    account.say({ op: 'auth', args: ['nobody', Date.now() + 1000, 'x'] })
    expect(await account.until(({ op }) => op === 'auth')).toMatchObject({ success: false, ret_msg: 'Invalid apikey' })
    const market = await RawStream.open(lab.publicWsUrl)
    market.say({ op: 'subscribe', req_id: '7', args: ['kline.7.BTCUSDT'] })
    expect(await market.until(({ op }) => op === 'subscribe')).toMatchObject({ success: false, ret_msg: 'Invalid topic: kline.7.BTCUSDT' })
    market.say({ op: 'ping', req_id: '8' })
    expect(await market.until(({ op }) => op === 'ping')).toMatchObject({ success: true, ret_msg: 'pong', req_id: '8' })
    const own = await RawStream.account(lab)
    own.say({ op: 'ping', req_id: '9' })
    expect(await own.until(({ op }) => op === 'pong')).toMatchObject({ req_id: '9', args: [expect.stringMatching(/^\d+$/)] })
  })

  it('tells a fill as execution, order, position and wallet, and the position again when an order comes or goes', async () => {
    await start()
    const stream = await RawStream.account(lab)
    await place(lab, { orderLinkId: 'm' })
    await stream.until(({ topic }) => topic === 'wallet')
    expect(stream.frames.flatMap(({ topic }) => topic ?? []).filter((topic, index, all) => topic !== all[index - 1])).toEqual(['execution', 'order', 'position', 'wallet'])
    expect(stream.rows('order').map(({ orderStatus, positionIdx }) => [orderStatus, positionIdx])).toEqual([['New', 1], ['Filled', 1]])
    const before = stream.rows('position').length
    const seq = stream.rows('position').at(-1)?.['seq']
    await place(lab, { orderType: 'Limit', price: '40000' })
    await stream.until(({ topic, data }) => topic === 'order' && data?.[0]?.['orderType'] === 'Limit')
    await expect.poll(() => stream.rows('position').length).toBe(before + 1)
    expect(stream.rows('position').at(-1)).toMatchObject({ side: 'Buy', size: '0.100', seq })
  })

  it('closes minutes on the market stream, each interval at its own end', async () => {
    await start({ market: { type: 'script', prices: { BTCUSDT: '50000' }, startAt: Math.floor(Date.now() / 300_000) * 300_000 } })
    const stream = await RawStream.open(lab.publicWsUrl)
    stream.say({ op: 'subscribe', args: ['kline.1.BTCUSDT', 'kline.5.BTCUSDT', 'tickers.BTCUSDT', 'publicTrade.BTCUSDT'] })
    await stream.until(({ topic }) => topic === 'tickers.BTCUSDT')
    for (const price of ['50100', '49900', '50200', '50000', '50050']) await lab.control.glide({ BTCUSDT: price })
    await stream.until(({ topic, data }) => topic === 'kline.5.BTCUSDT' && data?.[0]?.['confirm'] === true)
    expect(stream.rows('kline.1.BTCUSDT').filter(({ confirm }) => confirm).map(({ open, high, low, close }) => [open, high, low, close])).toEqual([
      ['50000.0', '50100.0', '50000.0', '50100.0'], ['50100.0', '50100.0', '49900.0', '49900.0'], ['49900.0', '50200.0', '49900.0', '50200.0'], ['50200.0', '50200.0', '50000.0', '50000.0'], ['50000.0', '50050.0', '50000.0', '50050.0'],
    ])
    expect(stream.rows('kline.5.BTCUSDT').filter(({ confirm }) => confirm)).toMatchObject([{ open: '50000.0', high: '50200.0', low: '49900.0', close: '50050.0' }])
    const { result } = await ask(lab, 'GET', '/v5/market/kline', { category: 'linear', symbol: 'BTCUSDT', interval: '5', limit: '2' })
    expect(result.list?.[1]).toEqual([expect.any(String), '50000.0', '50200.0', '49900.0', '50050.0', expect.any(String), expect.any(String)])
  })
})

describe('protection of a leg', () => {
  it('is set by what is attached to an entry, follows the size of the leg, and leaves with it', async () => {
    await start()
    await place(lab, { qty: '0.2', stopLoss: '49000', takeProfit: '52000' })
    await place(lab, { qty: '0.1' })
    await place(lab, { side: 'Sell', positionIdx: 2, qty: '0.4' })
    const rows = (await ask(lab, 'GET', '/v5/position/list', { category: 'linear', symbol: 'BTCUSDT' })).result.list
    expect(rows?.map(({ takeProfit, stopLoss }) => [takeProfit, stopLoss])).toEqual([['52000', '49000'], ['', '']])
    const orders = (await ask(lab, 'GET', '/v5/order/realtime', { category: 'linear', symbol: 'BTCUSDT' })).result.list
    expect(orders?.map(({ stopOrderType, qty, orderLinkId, reduceOnly }) => [stopOrderType, qty, orderLinkId, reduceOnly])).toEqual([['StopLoss', '0.300', '', true], ['TakeProfit', '0.300', '', true]])
    await lab.control.glide({ BTCUSDT: '48900' })
    expect(lab.control.state().symbols[0]).toMatchObject({ long: { qty: '0' }, short: { qty: '0.4' } })
    expect((await ask(lab, 'GET', '/v5/order/history', { category: 'linear', symbol: 'BTCUSDT', orderFilter: 'tpslOrder' })).result.list?.map(({ stopOrderType, orderStatus, cumExecQty }) => [stopOrderType, orderStatus, cumExecQty])).toEqual([
      ['StopLoss', 'Filled', '0.300'], ['TakeProfit', 'Deactivated', '0.000'],
    ])
  })

  it('is set, replaced and taken back through trading-stop, for the leg of the index', async () => {
    await start()
    await place(lab, {})
    await place(lab, { side: 'Sell', positionIdx: 2 })
    const set = (params: object): ReturnType<typeof ask> => ask(lab, 'POST', '/v5/position/trading-stop', { category: 'linear', symbol: 'BTCUSDT', tpslMode: 'Full', ...params })
    const shown = async (): Promise<unknown> => (await ask(lab, 'GET', '/v5/position/list', { category: 'linear', symbol: 'BTCUSDT' })).result.list?.map(({ takeProfit, stopLoss, trailingStop }) => [takeProfit, stopLoss, trailingStop])
    expect(await set({ positionIdx: 2, stopLoss: '49000' })).toMatchObject({ retCode: 10001, retMsg: expect.stringContaining('should be higher') as string })
    await set({ positionIdx: 2, stopLoss: '51000', takeProfit: '48000' })
    await set({ positionIdx: 2, stopLoss: '50500' })
    await set({ positionIdx: 1, trailingStop: '100', activePrice: '51000' })
    expect(await shown()).toEqual([['', '', '100'], ['48000', '50500', '0']])
    await set({ positionIdx: 2, takeProfit: '0' })
    expect(await shown()).toEqual([['', '', '100'], ['', '50500', '0']])
    expect(await set({ positionIdx: 0, stopLoss: '1' })).toMatchObject({ retCode: 10001, retMsg: 'position idx not match position mode' })
  })
})

describe('what the venue does by itself', () => {
  it('liquidates and deleverages a leg with its orders gone, named by execType, and the other leg untouched', async () => {
    await start()
    const stream = await RawStream.account(lab)
    await place(lab, { qty: '0.3' })
    await place(lab, { side: 'Sell', positionIdx: 2, qty: '0.2' })
    await place(lab, { ...stop, orderLinkId: 'sl' })
    lab.control.deleverage({ symbol: 'BTCUSDT', leg: 'long', qty: '0.1' })
    lab.control.liquidate({ symbol: 'BTCUSDT', leg: 'long' })
    await stream.until(({ topic, data }) => topic === 'execution' && data?.[0]?.['execType'] === 'BustTrade')
    expect(stream.rows('execution').slice(2).map(({ execType, side, execQty, execFee, orderLinkId, createType, closedSize }) => [execType, side, execQty, execFee, orderLinkId, createType, closedSize])).toEqual([
      ['AdlTrade', 'Sell', '0.100', '0', '', 'CreateByAdl_PassThrough', '0.100'], ['BustTrade', 'Sell', '0.200', '5.5', '', 'CreateByTakeOver_PassThrough', '0.200'],
    ])
    await expect.poll(() => stream.rows('position').map(({ positionStatus }) => positionStatus)).toEqual(expect.arrayContaining(['Adl', 'Liq', 'Normal']))
    expect(lab.control.state()).toMatchObject({ symbols: [{ long: { qty: '0' }, short: { qty: '0.2' } }, {}], orders: [] })
  })

  it('liquidates an account whose margin a move has used up', async () => {
    await start({ balance: '600' })
    await place(lab, {})
    await place(lab, { ...stop, triggerPrice: '20000', orderLinkId: 'far' })
    await lab.control.glide({ BTCUSDT: '40000' })
    expect(lab.control.state()).toMatchObject({ symbols: [{ long: { qty: '0' } }, {}], orders: [] })
    expect((await ask(lab, 'GET', '/v5/execution/list', { category: 'linear', execType: 'BustTrade' })).result.list).toHaveLength(1)
  })

  it('shows what the owner did by hand, without a client id', async () => {
    await start()
    lab.control.placeByHand({ symbol: 'BTCUSDT', leg: 'short', intent: 'open', qty: '0.1' })
    lab.control.transfer('-100')
    lab.control.changePositionMode('ETHUSDT', 'one-way')
    expect((await ask(lab, 'GET', '/v5/order/history', { category: 'linear' })).result.list).toMatchObject([{ orderLinkId: '', positionIdx: 2, orderStatus: 'Filled' }])
    expect(lab.control.state()).toMatchObject({ wallet: '9897.25', symbols: [{ positionMode: 'hedge' }, { positionMode: 'one-way' }] })
  })
})
