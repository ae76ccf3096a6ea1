/** The driver against a local venue that speaks the protocol and enforces its rules: real sockets, signed requests, both legs. */
import { decimal, type Leg, type Order, type VenueConnection, type VenueReport, type VenueSnapshot } from '@hedgerow/core'
import { bybit, bybitUta } from '@hedgerow/driver-bybit'
import { startBybitLab, type BybitLab } from '@hedgerow/venue-lab'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { orderOf, type OrderInput } from '../../packages/driver-bybit/test/live.ts'

const SYMBOL = 'BTCUSDT'

let lab: BybitLab
let connection: VenueConnection
let reports: VenueReport[]
let startedAt: number
let waiting: (() => void)[]

beforeEach(async () => {
  lab = await startBybitLab({ profile: bybitUta, market: { type: 'script', prices: { [SYMBOL]: '50000', ETHUSDT: '2000' } } })
  const { live } = bybit
  if (live === null) throw new Error('the driver has no live half')
  const { key, secret } = lab.credentials
  connection = await live.create({ apiKey: key, apiSecret: secret, url: lab.restUrl, redial: { firstMs: 5, mostMs: 20 } }, { clock: { now: () => Date.now() }, logger: { log: () => undefined } })
  reports = []
  waiting = []
  connection.setClockOffset(await connection.serverTime() - Date.now())
  startedAt = lab.control.now - 1
  await connection.connect((report) => {
    reports.push(report)
    for (const wake of waiting.splice(0)) wake()
  }, { symbols: [SYMBOL, 'ETHUSDT'], timeframes: ['1m'], account: true })
})

afterEach(async () => {
  await connection.close()
  await lab.close()
})

/** The first report of a type, from a place in the list on, that fits. */
async function next<Type extends VenueReport['type']>(type: Type, fits: (report: Extract<VenueReport, { type: Type }>) => boolean = () => true, from = 0): Promise<Extract<VenueReport, { type: Type }>> {
  for (let seen = from; ;) {
    for (; seen < reports.length; seen += 1) {
      const report = reports[seen] as Extract<VenueReport, { type: Type }>
      if (report.type === type && fits(report)) return report
    }
    await new Promise<void>((resolve) => { waiting.push(resolve) })
  }
}

const order = (input: OrderInput): Order => orderOf({ qty: '0.01', ...input })
const send = (clientId: string, input: OrderInput): void => { connection.submit({ clientId, order: order(input), positionMode: 'hedge' }) }
const filled = (clientId: string): Promise<unknown> => next('order', (report) => report.clientId === clientId && report.status === 'filled')
const rests = (clientId: string): Promise<unknown> => next('order', (report) => report.clientId === clientId && report.status === 'open')
const snapshot = (): Promise<VenueSnapshot> => connection.snapshot({ symbols: [SYMBOL], since: startedAt })
const held = ({ positions }: VenueSnapshot): Partial<Record<Leg, string>> => Object.fromEntries(positions.map(({ leg, qty }) => [leg, qty.toFixed()]))

/** Both legs open: 0.01 long, 0.02 short. */
async function openBoth(): Promise<void> {
  expect(await connection.setPositionMode(SYMBOL, 'hedge')).toEqual({ outcome: 'changed' })
  send('open-long', {})
  send('open-short', { leg: 'short', qty: '0.02' })
  await Promise.all([filled('open-long'), filled('open-short')])
}

describe('settings', () => {
  it('the mode is switched, read back, so already, and stood in the way of', async () => {
    expect((await snapshot()).settings[0]?.positionMode).toBe('one-way')
    expect(await connection.setPositionMode(SYMBOL, 'hedge')).toEqual({ outcome: 'changed' })
    expect((await snapshot()).settings[0]?.positionMode).toBe('hedge')
    expect(await connection.setPositionMode(SYMBOL, 'hedge')).toEqual({ outcome: 'already' })
    send('rest', { type: 'limit', price: '40000' })
    await rests('rest')
    expect(await connection.setPositionMode(SYMBOL, 'one-way')).toMatchObject({ outcome: 'blocked', by: 'orders', code: '110028' })
    send('open', {})
    await filled('open')
    expect(await connection.setPositionMode(SYMBOL, 'one-way')).toMatchObject({ outcome: 'blocked' })
    expect((await snapshot()).settings[0]?.positionMode).toBe('hedge')
  })

  it('leverage and margin mode are changed, and so already', async () => {
    const leverage = { long: decimal('20'), short: decimal('20') }
    expect([await connection.setLeverage(SYMBOL, leverage), await connection.setLeverage(SYMBOL, leverage)]).toEqual([{ outcome: 'changed' }, { outcome: 'already' }])
    expect(await connection.setMarginMode(SYMBOL, 'cross')).toEqual({ outcome: 'already' })
    expect(await connection.setMarginMode(SYMBOL, 'isolated')).toEqual({ outcome: 'changed' })
    const { settings } = await snapshot()
    expect([settings[0]?.marginMode, settings[0]?.leverage.short.toFixed()]).toEqual(['isolated', '20'])
  })
})

describe('orders of both legs', () => {
  it('open side by side, are protected each on its own, and one is stopped out while the other stays', async () => {
    await openBoth()
    expect(held(await snapshot())).toEqual({ long: '0.01', short: '0.02' })
    send('stop-long', { intent: 'close', type: 'stop-market', trigger: '49000', more: { role: 'stop-loss' } })
    send('stop-short', { leg: 'short', intent: 'close', type: 'stop-market', qty: '0.02', trigger: '53000', more: { role: 'stop-loss' } })
    await Promise.all([rests('stop-long'), rests('stop-short')])
    const { orders } = await snapshot()
    expect(orders.map(({ clientId, leg, intent, orderType, trigger }) => `${clientId} ${leg} ${intent} ${orderType} ${trigger?.toFixed()}`).toSorted((a, b) => (a < b ? -1 : 1))).toEqual(['stop-long long close stop-market 49000', 'stop-short short close stop-market 53000'])
    await lab.control.glide({ [SYMBOL]: '48900' })
    await filled('stop-long')
    const after = await snapshot()
    expect(held(after)).toEqual({ long: '0', short: '0.02' })
    expect(after.orders.map(({ clientId }) => clientId)).toEqual(['stop-short'])
    const sides = after.executions.map(({ clientId, side, closedQty }) => `${clientId} ${side} ${closedQty?.toFixed()}`)
    expect(sides).toEqual(['open-long buy 0', 'open-short sell 0', 'stop-long sell 0.01'])
  })

  it('are amended and cancelled one by one', async () => {
    await openBoth()
    const exit: OrderInput = { leg: 'short', intent: 'close', type: 'limit', qty: '0.02', price: '48000' }
    send('target', exit)
    await rests('target')
    const address = { clientId: 'target', venueOrderId: null, symbol: SYMBOL, conditional: false }
    connection.amend({ ...address, order: order(exit), change: { price: decimal('47000') } })
    await next('order', ({ clientId, price }) => clientId === 'target' && price?.toFixed() === '47000')
    connection.cancel(address)
    await next('order', ({ clientId, status }) => clientId === 'target' && status === 'canceled')
    expect((await snapshot()).orders).toEqual([])
    connection.cancel(address)
    expect(await next('refused', ({ command }) => command === 'cancel')).toMatchObject({ code: '110001' })
  })

  it('are refused with the venue\'s code when they name a mode that the symbol is not in', async () => {
    send('wrong', { leg: 'short' })
    expect(await next('refused')).toMatchObject({ clientId: 'wrong', code: '10001', message: expect.stringContaining('position idx not match position mode') as string })
    expect((await snapshot()).orders).toEqual([])
  })
})

describe('faults', () => {
  it.each(['lost-response', 'failed-response', 'html'] as const)('%s: the order is there once, unconfirmed, and found by its client id', async (type) => {
    await connection.setPositionMode(SYMBOL, 'hedge')
    lab.control.faults.arm({ type, route: '/v5/order/create' })
    send('once', {})
    await next('unanswered', ({ clientId }) => clientId === 'once')
    expect(await connection.findOrder('once', SYMBOL)).toMatchObject({ clientId: 'once', status: 'filled', leg: 'long' })
    // The same id again opens no second position.
    send('once', {})
    expect(await next('refused', ({ clientId }) => clientId === 'once')).toMatchObject({ code: '110072' })
    expect(held(await snapshot())).toEqual({ long: '0.01', short: '0' })
    expect(await connection.findOrder('never', SYMBOL)).toBeNull()
  })

  it('lost-request: nothing is there, and the venue says so', async () => {
    await connection.setPositionMode(SYMBOL, 'hedge')
    lab.control.faults.arm({ type: 'lost-request', route: '/v5/order/create' })
    send('gone', {})
    await next('unanswered')
    expect(await connection.findOrder('gone', SYMBOL)).toBeNull()
  })

  it('a closed order that the venue no longer keeps among the last ones is found in history', async () => {
    await openBoth()
    lab.control.forgetClosedOrders()
    expect(await connection.findOrder('open-short', SYMBOL)).toMatchObject({ leg: 'short', status: 'filled' })
  })

  it('frames twice, swapped and late: every execution is told', async () => {
    await connection.setPositionMode(SYMBOL, 'hedge')
    lab.control.faults.arm({ type: 'duplicate-frame', topic: 'execution', times: 2 }, { type: 'reorder-frame', times: 3 }, { type: 'delay-frame', topic: 'order', ms: 20, times: 2 })
    // Ten a second is what the venue takes.
    const ids = Array.from({ length: 9 }, (_, index) => `burst-${index}`)
    for (const id of ids) send(id, { leg: id.endsWith('1') ? 'short' : 'long', qty: '0.001' })
    await Promise.all(ids.map((id) => next('execution', ({ clientId }) => clientId === id)))
    const told = new Set(reports.flatMap((report) => (report.type === 'execution' ? [report.executionId] : [])))
    expect(new Set((await snapshot()).executions.map(({ executionId }) => executionId))).toEqual(told)
  })

  it('what happened while the socket was gone is in the snapshot after it came back', async () => {
    await openBoth()
    send('target', { intent: 'close', type: 'limit', price: '51000' })
    await rests('target')
    const before = reports.length
    lab.control.faults.arm({ type: 'drop-frame', times: 20 })
    await lab.control.glide({ [SYMBOL]: '51500' })
    lab.control.faults.clear()
    lab.control.cut()
    await next('stream', ({ stream, reconnected }) => stream === 'account' && reconnected, before)
    const after = await snapshot()
    expect(held(after)).toEqual({ long: '0', short: '0.02' })
    expect(after.executions.map(({ clientId }) => clientId)).toEqual(['open-long', 'open-short', 'target'])
    expect(after.orders).toEqual([])
  })

  it('a clock that is off is refused by the code that says so, and in order once the offset is known', async () => {
    lab.control.skewClock(-5_000)
    send('early', {})
    expect(await next('refused', ({ clientId }) => clientId === 'early')).toMatchObject({ code: '10002' })
    connection.setClockOffset(await connection.serverTime() - Date.now())
    expect(await connection.setPositionMode(SYMBOL, 'hedge')).toEqual({ outcome: 'changed' })
  })
})

describe('the venue acts', () => {
  it('funding is told for both legs, with opposite signs', async () => {
    await openBoth()
    lab.control.fund(SYMBOL, '0.0001')
    await next('funding', ({ amount }) => amount.gt(0))
    await next('funding', ({ amount }) => amount.lt(0))
    const { funding, wallet } = await snapshot()
    // 0.0001 of 500 paid by the long, of 1000 received by the short.
    expect(funding.map(({ amount }) => amount.toFixed()).toSorted((a, b) => Number(a) - Number(b))).toEqual(['-0.05', '0.1'])
    expect(wallet.balance.toFixed()).toBe(lab.control.state().wallet)
  })

  it.each([['liquidate', 'liquidation'], ['deleverage', 'adl']] as const)('%s takes one leg, and the other stays', async (act, source) => {
    await openBoth()
    lab.control[act]({ symbol: SYMBOL, leg: 'short' })
    expect(await next('execution', (report) => report.source === source)).toMatchObject({ side: 'buy', clientId: '' })
    expect(held(await snapshot())).toEqual({ long: '0.01', short: '0' })
  })

  it('the mode is changed elsewhere: the next snapshot shows it', async () => {
    await connection.setPositionMode(SYMBOL, 'hedge')
    lab.control.changePositionMode(SYMBOL, 'one-way')
    expect((await snapshot()).settings[0]?.positionMode).toBe('one-way')
  })
})

describe('the market', () => {
  it('closed candles and prices of both symbols are told, and history has the same candles', async () => {
    await lab.control.glide({ [SYMBOL]: '50500', ETHUSDT: '2050' })
    const candle = await next('candle', ({ symbol }) => symbol === SYMBOL)
    await next('price', ({ symbol, last }) => symbol === 'ETHUSDT' && last !== undefined)
    const times: number[] = []
    const closes: number[] = []
    for await (const page of connection.history({ symbol: SYMBOL, kind: 'candles', timeframe: '1m' })) {
      times.push(...page.time)
      closes.push(...(page.columns['close'] ?? []))
    }
    expect(new Set(times).size).toBe(times.length)
    expect(closes[times.indexOf(candle.candle.time)]).toBe(candle.candle.close)
  })
})
