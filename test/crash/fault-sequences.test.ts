/**
 * Faults that come together, with a process of its own and both legs open. What has to hold afterwards: no order twice, no leg without its stop, no
 * fill lost, both books equal, the other leg untouched. They take minutes: `npm run test:all`.
 */
import { decimal } from '@hedgerow/core'
import { afterEach, describe, expect, it } from 'vitest'
import { CrashScene, NEWS, SYMBOL, type CrashOptions } from './crash-scene.ts'

const CREATE = '/v5/order/create'
const BOTH = 'long 1 short 0.5'
const MORE = 'long 3 short 0.5'
const NONE = 'long 0 short 0'
const PRIVATE = { path: '/v5/private' }
/** The venue answers nothing, until faults are cleared. */
const OUTAGE = { type: 'lost-request', times: 100_000 } as const
/** A session that notices a dead stream within seconds. */
const QUICK = `connection: { url: URL, pingEveryMs: 250, staleAfterMs: 2000, timeoutMs: 2500, redial: { firstMs: 50, mostMs: 500 } }, reconcileEveryMs: 3000`

const scenes: CrashScene[] = []

async function bothOpen(options: CrashOptions = {}): Promise<CrashScene> {
  const scene = await CrashScene.open({ ...options, live: options.live ?? QUICK })
  scenes.push(scene)
  await scene.start()
  await scene.minutes(5)
  expect([scene.held(), scene.stops()]).toEqual([BOTH, BOTH])
  return scene
}

afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close()
})

describe.runIf(process.env['HEDGEROW_TESTS'] === 'all')('faults that come together, with both legs open', { timeout: 120_000 }, () => {
  it.each(['lost-response', 'lost-request'] as const)('sockets are cut while the answer to an order is lost (%s)', async (type) => {
    const scene = await bothOpen({ act: 'again' })
    scene.lab.control.faults.arm({ type, route: CREATE })
    const before = scene.seen(CREATE)
    const minutes = scene.minutes(2)
    await scene.until(() => scene.seen(CREATE) > before)
    scene.lab.control.cut()
    await minutes
    expect(await scene.sound()).toBe(type === 'lost-response' ? MORE : BOTH)
  })

  it('executions come twice and out of order, over a reconnect', async () => {
    const scene = await bothOpen({ act: 'again', lab: { sim: { slippage: 'none', volumeShare: decimal('0.0000006') } } })
    const { control } = scene.lab
    control.faults.arm({ type: 'duplicate-frame', topic: 'execution', times: 3 }, { type: 'reorder-frame', topic: 'execution', times: 3 }, { type: 'delay-frame', topic: 'order', ms: 300, times: 3 })
    await scene.minutes(2)
    control.cut(PRIVATE)
    control.faults.arm({ type: 'duplicate-frame', topic: 'execution', times: 3 })
    await scene.minutes(6)
    expect(await scene.sound()).toBe(MORE)
  })

  it.each(['/v5/position/list', '/v5/order/realtime'])('a leg is liquidated while a start reads %s', async (path) => {
    const scene = await bothOpen()
    await scene.died({ now: true })
    scene.lab.control.faults.arm({ type: 'slow-response', route: path, ms: 1_500 })
    const before = scene.seen(path)
    scene.launch()
    await scene.until(() => scene.seen(path) > before)
    scene.lab.control.liquidate({ symbol: SYMBOL, leg: 'long' })
    await scene.running()
    await scene.minutes(1)
    expect(await scene.sound()).toBe('long 0 short 0.5')
  })

  it('an entry fills in part, is cancelled, and its last fill is told after that', async () => {
    const scene = await bothOpen({ act: 'withdraw' })
    const { control } = scene.lab
    control.faults.arm({ type: 'hold-frame', topic: 'execution', times: 1_000 }, { type: 'slow-response', route: '/v5/order/cancel', ms: 800 })
    await control.glide({ [SYMBOL]: '96.9' })
    await scene.minutes(2)
    control.faults.clear()
    control.releaseFrames()
    expect(await scene.sound()).toBe('long 2 short 0.5')
  })

  it('an amendment is answered after its stop has filled', async () => {
    const scene = await bothOpen({ act: 'tighten' })
    const { control } = scene.lab
    control.faults.arm({ type: 'slow-response', route: '/v5/order/amend', ms: 2_000 }, { type: 'delay-frame', topic: 'order', ms: 500, times: 4 })
    await scene.minutes(1)
    control.setLockstep(null)
    await control.glide({ [SYMBOL]: '94' })
    control.setLockstep({ idleMs: 60, mostMs: 4_000 })
    await scene.minutes(1)
    expect(await scene.sound()).toBe('long 0 short 0.5')
  })

  it('a flatten is asked for while the venue answers nothing', async () => {
    const scene = await bothOpen()
    scene.lab.control.faults.arm(OUTAGE)
    await scene.kill('flatten')
    await scene.until(() => scene.seen(CREATE) > 3)
    expect(scene.held()).toBe(BOTH)
    scene.lab.control.faults.clear()
    await scene.until(() => scene.held() === NONE && scene.working().length === 0)
    expect(await scene.sound()).toBe(NONE)
  })

  it('a flatten is asked for while the account stream is dead and answers are lost', async () => {
    const scene = await bothOpen()
    scene.lab.control.halfOpen(PRIVATE)
    scene.lab.control.faults.arm({ type: 'lost-response', route: CREATE, times: 2 })
    await scene.kill('flatten')
    await scene.until(() => scene.held() === NONE && scene.working().length === 0)
    expect(await scene.sound()).toBe(NONE)
  })

  it('a start is killed in the middle of its recovery, and the next one too', async () => {
    const scene = await bothOpen({ act: 'again' })
    scene.lab.control.faults.arm({ type: 'lost-response', route: CREATE }, ...NEWS)
    const before = scene.seen(CREATE)
    const minutes = scene.minutes(2)
    await scene.until(() => scene.seen(CREATE) > before)
    await scene.died({ now: true })
    await minutes
    for (const path of ['/v5/account/info', '/v5/order/realtime']) {
      scene.launch()
      await scene.killAt(path)
    }
    await scene.start()
    await scene.minutes(1)
    expect(await scene.sound()).toBe(MORE)
  })

  it('funding is settled while the venue cannot be reached', async () => {
    const scene = await bothOpen()
    const { control } = scene.lab
    control.faults.arm(OUTAGE)
    control.halfOpen()
    control.fund(SYMBOL, '0.0001')
    await scene.until(async () => (await scene.status()).holds.length > 0)
    control.faults.clear()
    expect(await scene.sound()).toBe(BOTH)
    const funding = (await scene.records()).flatMap((record) => (record.type === 'funding.settled' ? [`${record.leg} ${record.amount.toFixed()}`] : []))
    expect(funding.toSorted()).toEqual(['long -0.01', 'short 0.005'])
  })

  it.each(['liquidate', 'deleverage'] as const)('the venue takes a part of a leg (%s) while sockets are cut', async (act) => {
    const scene = await bothOpen()
    scene.lab.control.cut()
    scene.lab.control[act]({ symbol: SYMBOL, leg: 'long', qty: '0.4' })
    await scene.minutes(1)
    expect(await scene.sound()).toBe('long 0.6 short 0.5')
  })

  it('a leg is closed by hand with its stop still resting: the stop goes, the other leg keeps its own', async () => {
    const scene = await bothOpen()
    const { control } = scene.lab
    control.faults.arm({ type: 'hold-frame', topic: 'execution', times: 1_000 })
    control.placeByHand({ symbol: SYMBOL, leg: 'long', intent: 'close', qty: '1' })
    await scene.until(async () => (await scene.status()).legs.every(({ leg, qty }) => leg === 'short' || qty === '0'))
    control.faults.clear()
    control.releaseFrames()
    expect(await scene.sound()).toBe('long 0 short 0.5')
  })

  it('a leg is enlarged by hand: its stop covers what was added', async () => {
    const scene = await bothOpen()
    scene.lab.control.placeByHand({ symbol: SYMBOL, leg: 'long', intent: 'open', qty: '0.7' })
    expect(await scene.sound()).toBe('long 1.7 short 0.5')
  })

  it('the venue takes no orders for its rate limit, for longer than an opener may wait', async () => {
    const scene = await bothOpen({ act: 'again' })
    scene.lab.control.faults.arm({ type: 'code', route: CREATE, code: 10006, message: 'Too many visits!', times: 100_000 })
    await scene.minutes(2)
    await scene.until(async () => (await scene.records()).some(({ type }) => type === 'order.rejected' || type === 'order.expired'))
    scene.lab.control.faults.clear()
    expect(await scene.sound()).toBe(BOTH)
  })

  it('the venue takes no orders for its rate limit while an entry has just filled: its stop comes as soon as it may', async () => {
    const scene = await bothOpen({ act: 'again' })
    scene.lab.control.faults.arm({ type: 'code', route: CREATE, having: { reduceOnly: true }, code: 10006, message: 'Too many visits!', times: 2 })
    await scene.minutes(2)
    expect(await scene.sound()).toBe(MORE)
  })
})
