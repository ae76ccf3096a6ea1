/** What goes wrong between a venue and its clients, one fault at a time, and in plans that a seed decides. */
import { bybitUta } from '@hedgerow/driver-bybit'
import { planTroubles, randomOf, startBybitLab, type BybitLab, type PlanOptions } from '@hedgerow/venue-lab'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ask, place, RawStream, send } from './raw-client.ts'

let lab: BybitLab

beforeEach(async () => {
  lab = await startBybitLab({ profile: bybitUta, positionMode: 'hedge', market: { type: 'script', prices: { BTCUSDT: '50000' } }, sim: { slippage: 'none' }, controlPort: 0 })
})

afterEach(async () => { await lab.close() })

const create = '/v5/order/create'
const held = (): string | undefined => lab.control.state().symbols[0]?.long.qty

describe('answers', () => {
  it.each([
    ['lost-response', '0.1'], ['lost-request', '0'],
  ] as const)('%s: no answer comes; held afterwards: %s', async (type, qty) => {
    lab.control.faults.arm({ type, route: create })
    await expect(place(lab, { orderLinkId: 'x' })).rejects.toThrow('fetch failed')
    expect(held()).toBe(qty)
    expect((await ask(lab, 'GET', '/v5/order/realtime', { category: 'linear', symbol: 'BTCUSDT', orderLinkId: 'x' })).result.list).toHaveLength(qty === '0' ? 0 : 1)
    expect(lab.control.faults.struck).toBe(1)
  })

  it('a failed answer after the order was taken, and a page with status 200, do not say what happened', async () => {
    lab.control.faults.arm({ type: 'failed-response', route: create, status: 503 }, { type: 'html', route: create })
    const order = { category: 'linear', symbol: 'BTCUSDT', side: 'Buy', orderType: 'Market', qty: '0.1', positionIdx: 1 }
    expect(await send(lab, 'POST', create, order)).toMatchObject({ status: 503, text: expect.stringContaining('<html>') as string })
    expect(await send(lab, 'POST', create, order)).toMatchObject({ status: 200, text: expect.stringContaining('<html>') as string })
    expect(held()).toBe('0.2')
  })

  it('a refusal of the gateway, or with a code, executes nothing unless it is asked to', async () => {
    lab.control.faults.arm({ type: 'refused', status: 403 }, { type: 'code', code: 10006, message: 'Too many visits!', times: 2 }, { type: 'code', code: 10016, executed: true })
    expect(await send(lab, 'GET', '/v5/market/time')).toMatchObject({ status: 403 })
    expect([await place(lab, {}), await place(lab, {})]).toMatchObject([{ retCode: 10006 }, { retCode: 10006 }])
    expect(held()).toBe('0')
    expect(await place(lab, {})).toMatchObject({ retCode: 10016 })
    expect(held()).toBe('0.1')
    expect(await place(lab, {})).toMatchObject({ retCode: 0 })
  })

  it('strikes only the route that it names, and waits for it', async () => {
    lab.control.faults.arm({ type: 'refused', status: 503, route: '/v5/order/cancel' })
    expect(await place(lab, {})).toMatchObject({ retCode: 0 })
    expect(lab.control.faults.armed).toEqual([{ type: 'refused', status: 503, route: '/v5/order/cancel', times: 1 }])
    expect(() => lab.control.faults.arm({ type: 'refused', status: 200 })).toThrow('status')
  })
})

describe('frames', () => {
  it('come twice, out of order, or when they are released', async () => {
    const stream = await RawStream.account(lab, ['execution'])
    const ids = (): readonly unknown[] => stream.rows('execution').map(({ orderLinkId }) => orderLinkId)
    lab.control.faults.arm({ type: 'duplicate-frame', topic: 'execution' })
    await place(lab, { orderLinkId: 'a' })
    await expect.poll(ids).toEqual(['a', 'a'])
    lab.control.faults.arm({ type: 'reorder-frame', topic: 'execution' })
    await place(lab, { orderLinkId: 'b' })
    await place(lab, { orderLinkId: 'c' })
    await expect.poll(() => ids().slice(2)).toEqual(['c', 'b'])
    lab.control.faults.arm({ type: 'hold-frame', topic: 'execution' }, { type: 'drop-frame', topic: 'execution' })
    await place(lab, { orderLinkId: 'd' })
    await place(lab, { orderLinkId: 'lost' })
    await place(lab, { orderLinkId: 'e' })
    await expect.poll(() => ids().slice(4)).toEqual(['e'])
    lab.control.releaseFrames()
    await expect.poll(() => ids().slice(4)).toEqual(['e', 'd'])
  })

  it('may come before the answer, and the topics of one act in any order', async () => {
    const stream = await RawStream.account(lab)
    lab.control.tellsBeforeAnswering = true
    lab.control.shuffleTopics(randomOf(3))
    lab.control.faults.arm({ type: 'slow-response', ms: 100 })
    const answer = place(lab, {})
    await stream.until(({ topic }) => topic === 'execution')
    expect(lab.control.wire.at(-1)?.path).toBe(create)
    await answer
    const topics = stream.frames.flatMap(({ topic }) => topic ?? [])
    expect(topics.toSorted()).toEqual(['execution', 'order', 'order', 'position', 'position', 'wallet'])
    expect(topics).not.toEqual(['execution', 'order', 'order', 'position', 'position', 'wallet'])
  })

  it('end with a cut; a half-open stream stays and says nothing more', async () => {
    const [cut, dead] = [await RawStream.account(lab, ['order']), await RawStream.open(lab.publicWsUrl)]
    expect(lab.control.cut({ path: '/v5/private' })).toBe(1)
    await expect.poll(() => cut.isClosed).toBe(true)
    expect(lab.control.halfOpen()).toBe(1)
    dead.say({ op: 'ping' })
    // What was said before it would come first on another stream that lives.
    const alive = await RawStream.account(lab, ['order'])
    await place(lab, {})
    await alive.until(({ topic }) => topic === 'order')
    expect([dead.isClosed, dead.frames]).toEqual([false, []])
  })
})

describe('troubles by plan', () => {
  const options: PlanOptions = { seed: 7, count: 200, everyRequests: 5, orderRoutes: [create, '/v5/order/cancel'], codes: { unknown: [10000, 10016], tooMany: 10006 } }

  it('are the same for the same seed, of every kind, and others for another', () => {
    const plan = planTroubles(options)
    expect(planTroubles(options)).toEqual(plan)
    expect(planTroubles({ ...options, seed: 8 })).not.toEqual(plan)
    expect(new Set(plan.map(({ trouble }) => (trouble.type === 'fault' ? trouble.fault.type : trouble.type)))).toEqual(new Set([
      'lost-response', 'lost-request', 'failed-response', 'html', 'code', 'refused', 'slow-response', 'duplicate-frame', 'reorder-frame', 'delay-frame', 'cut', 'half-open', 'skew',
    ]))
  })

  it('come at the request that the plan says', async () => {
    const log = lab.control.letTroubleCome([{ afterRequests: 2, trouble: { type: 'skew', ms: -2000 } }, { afterRequests: 1, trouble: { type: 'fault', fault: { type: 'code', code: 10016 } } }])
    expect((await ask(lab, 'GET', '/v5/account/info')).retCode).toBe(0)
    expect(log?.happened).toEqual([])
    expect((await ask(lab, 'GET', '/v5/account/info')).retCode).toBe(10002)
    expect((await ask(lab, 'GET', '/v5/account/info')).retCode).toBe(10016)
    expect(log).toMatchObject({ isOver: true, happened: [{ type: 'skew' }, { type: 'fault' }] })
  })
})

describe('the control over HTTP', () => {
  it('does what the one in the process does', async () => {
    expect(await post('/order', { symbol: 'BTCUSDT', leg: 'long', intent: 'open', qty: '0.1' })).toMatchObject({ status: 200, answer: { symbols: [{ long: { qty: '0.1', entryPrice: '50000' } }] } })
    expect(await post('/glide', { BTCUSDT: '50100' })).toMatchObject({ answer: { symbols: [{ lastPrice: '50100' }] } })
    expect(await post('/fund', { symbol: 'BTCUSDT', rate: '0.0001' })).toMatchObject({ answer: { records: 2 } })
    expect(await post('/faults', { type: 'lost-response', route: create })).toEqual({ status: 200, answer: [{ type: 'lost-response', route: create, times: 1 }] })
    expect(await post('/liquidate', { symbol: 'BTCUSDT', leg: 'long' })).toMatchObject({ answer: { symbols: [{ long: { qty: '0' } }] } })
    // The clock of the venue goes on.
    expect(await (await fetch(`${lab.controlUrl}/state`)).json()).toEqual({ ...JSON.parse(JSON.stringify(lab.control.state())) as object, serverTime: expect.any(Number) as number })
  })

  it('says what is wrong with a request, and what there is', async () => {
    expect(await post('/faults', { type: 'lost-respons' })).toMatchObject({ status: 400, answer: { error: expect.stringContaining('type') as string } })
    expect(await post('/order', { symbol: 'BTCUSDT', leg: 'long', intent: 'close', qty: '0.1' })).toMatchObject({ status: 400, answer: { error: expect.stringContaining('position is zero') as string } })
    expect(await post('/nothing')).toMatchObject({ status: 404, answer: { actions: expect.arrayContaining(['POST /glide', 'GET /state']) as string[] } })
  })
})

async function post(path: string, body: object = {}): Promise<{ readonly status: number; readonly answer: unknown }> {
  const response = await fetch(`${lab.controlUrl}${path}`, { method: 'POST', body: JSON.stringify(body) })
  return { status: response.status, answer: await response.json() }
}
