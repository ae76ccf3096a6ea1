/**
 * The crash points of a live session, with a process that is really killed (`kill -9`) and started again on the same journal and venue. What has to
 * hold afterwards: no order twice, no leg without its stop, no fill lost, both books equal. They take minutes: `npm run test:all`.
 */
import { join } from 'node:path'
import { writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { decimal } from '@hedgerow/core'
import { afterEach, describe, expect, it } from 'vitest'
import { CrashScene, FULL_DISK, NEWS, SYMBOL, type CrashOptions } from './crash-scene.ts'

const CREATE = '/v5/order/create'
const BOTH = 'long 1 short 0.5'
const MORE = 'long 3 short 0.5'
const NONE = 'long 0 short 0'
/** Later than anybody waits for in these tests. */
const LATE = 5_000
/** Further back than the market has run ahead of the clocks. */
const BEHIND = 900_000

const scenes: CrashScene[] = []

async function open(options?: CrashOptions): Promise<CrashScene> {
  const scene = await CrashScene.open(options)
  scenes.push(scene)
  return scene
}

/** Both legs are open and protected; a minute later something happens to them. */
async function bothOpen(options: CrashOptions, dieAt?: string): Promise<CrashScene> {
  const scene = await open(options)
  await scene.start(dieAt)
  await scene.minutes(5)
  expect([scene.held(), scene.stops()]).toEqual([BOTH, BOTH])
  return scene
}

afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close()
})

describe.runIf(process.env['HEDGEROW_TESTS'] === 'all')('crash points of an order, with both legs open', { timeout: 120_000 }, () => {
  it('1: before the intent is in the journal, nothing was sent, and the strategy decides again', async () => {
    const scene = await bothOpen({ act: 'again' }, 'before order.submitted:l2')
    await scene.minutes(2)
    await scene.died()
    expect(scene.opened()).toEqual(['long 1', 'short 0.5'])
    await scene.start()
    await scene.minutes(3)
    expect(await scene.sound()).toBe(MORE)
    expect(scene.opened()).toEqual(['long 1', 'short 0.5', 'long 2'])
  })

  it('2: after the journal and before the wire, what opens is not sent late', async () => {
    const scene = await bothOpen({ act: 'again' }, 'after order.submitted:l2')
    await scene.minutes(2)
    await scene.died()
    await scene.start()
    await scene.minutes(2)
    expect(await scene.sound()).toBe(BOTH)
    expect(scene.opened()).toEqual(['long 1', 'short 0.5'])
  })

  it('3: while it is sent, the outcome is asked for: what did not arrive ends', async () => {
    const scene = await bothOpen({ act: 'again' })
    scene.lab.control.faults.arm({ type: 'lost-request', route: CREATE })
    const minutes = scene.minutes(2)
    await scene.killAt(CREATE)
    await minutes
    await scene.start()
    await scene.minutes(2)
    expect(await scene.sound()).toBe(BOTH)
    expect(scene.opened()).toEqual(['long 1', 'short 0.5'])
  })

  it('4: after it was sent and before it was answered, the order is found by its id', async () => {
    const scene = await bothOpen({ act: 'again' })
    scene.lab.control.faults.arm({ type: 'slow-response', route: CREATE, ms: LATE }, ...NEWS)
    const minutes = scene.minutes(2)
    await scene.killAt(CREATE)
    await minutes
    await scene.start()
    await scene.minutes(1)
    expect(await scene.sound()).toBe(MORE)
    expect(scene.opened()).toEqual(['long 1', 'short 0.5', 'long 2'])
  })

  it('5: after the answer and before it is in the journal, as 4', async () => {
    // Six orders are answered before: two entries, two stops, two targets.
    const scene = await bothOpen({ act: 'again' }, 'before order.accepted 7')
    await scene.minutes(2)
    await scene.died()
    await scene.start()
    await scene.minutes(1)
    expect(await scene.sound()).toBe(MORE)
    expect(scene.opened()).toEqual(['long 1', 'short 0.5', 'long 2'])
  })

  it('6: after the fill and before its message, executions are replayed', async () => {
    const scene = await bothOpen({ act: 'again' })
    scene.lab.control.faults.arm(...NEWS)
    await scene.minutes(2)
    expect([scene.held(), scene.stops()]).toEqual([MORE, BOTH])
    await scene.died({ now: true })
    await scene.start()
    expect(await scene.sound()).toBe(MORE)
  })

  it('7: after a fill was told and before it is in the journal, it is replayed once', async () => {
    const scene = await bothOpen({ act: 'again' }, 'before order.filled 3')
    await scene.minutes(2)
    await scene.died()
    await scene.start()
    expect(await scene.sound()).toBe(MORE)
  })

  it('8: after a fill is booked and before its stop is at the venue, the stop is placed', async () => {
    const scene = await bothOpen({ act: 'again' }, 'after order.filled 3')
    await scene.minutes(2)
    await scene.died()
    expect([scene.held(), scene.stops()]).toEqual([MORE, BOTH])
    await scene.start()
    expect(await scene.sound()).toBe(MORE)
  })

  it('10: with a target filled and its stop not cancelled, the stop is gone after the start, and the other leg keeps its own', async () => {
    const scene = await bothOpen({})
    scene.lab.control.faults.arm(...NEWS)
    await scene.lab.control.glide({ [SYMBOL]: '121' })
    expect(scene.held()).toBe('long 0 short 0.5')
    await scene.died({ now: true })
    await scene.start()
    await scene.minutes(1)
    expect(await scene.sound()).toBe('long 0 short 0.5')
    expect(scene.working()).toEqual(['short close limit 0.5 at 80', 'short close stop-market 0.5 at 130'])
  })

  it('11: while a stop is amended, the leg is never bare, and the stop ends where it was meant to be', async () => {
    const scene = await bothOpen({ act: 'tighten' })
    scene.lab.control.faults.arm({ type: 'lost-request', route: '/v5/order/amend' })
    const minutes = scene.minutes(2)
    await scene.killAt('/v5/order/amend')
    await minutes
    expect(scene.stops()).toBe(BOTH)
    await scene.start()
    await scene.minutes(1)
    expect(await scene.sound()).toBe(BOTH)
    expect(scene.working()).toContain('long close stop-market 1 at 96')
  })

  it('11: between a new stop and the end of the old one, the leg is never bare, and one stop is left', async () => {
    const scene = await bothOpen({ act: 'replace' })
    scene.lab.control.faults.arm({ type: 'slow-response', route: CREATE, ms: LATE }, { type: 'lost-request', route: '/v5/order/cancel', times: 9 })
    const minutes = scene.minutes(2)
    await scene.killAt(CREATE)
    await minutes
    expect(['long 1 short 0.5', 'long 2 short 0.5']).toContain(scene.stops())
    await scene.start()
    await scene.minutes(1)
    expect(await scene.sound()).toBe(BOTH)
    expect(scene.working()).toContain('long close stop-limit 1 at 96')
  })

  it('12: after a cancel was asked for and did not arrive, a late fill is applied and protected', async () => {
    const scene = await bothOpen({ act: 'withdraw' })
    scene.lab.control.faults.arm({ type: 'lost-request', route: '/v5/order/cancel' })
    const minutes = scene.minutes(2)
    await scene.killAt('/v5/order/cancel')
    await minutes
    await scene.lab.control.glide({ [SYMBOL]: '96.5' })
    expect(scene.held()).toBe('long 2 short 0.5')
    await scene.start()
    await scene.minutes(1)
    expect(await scene.sound()).toBe('long 2 short 0.5')
  })

  it('12: after a cancel was carried out and before that was told, the end is found', async () => {
    const scene = await bothOpen({ act: 'withdraw' })
    scene.lab.control.faults.arm({ type: 'slow-response', route: '/v5/order/cancel', ms: LATE }, ...NEWS)
    const minutes = scene.minutes(2)
    await scene.killAt('/v5/order/cancel')
    await minutes
    await scene.start()
    await scene.minutes(1)
    expect(await scene.sound()).toBe(BOTH)
    expect(scene.working().filter((order) => order.includes('open'))).toEqual([])
  })

  it('13: between the two legs of a pair, the first is unwound', async () => {
    const scene = await open({ act: 'pair' })
    await scene.start()
    scene.lab.control.faults.arm({ type: 'slow-response', route: CREATE, ms: 0 }, { type: 'lost-request', route: CREATE })
    const minutes = scene.minutes(4)
    await scene.killAt(CREATE, 2)
    await minutes
    expect(scene.opened()).toHaveLength(1)
    await scene.start()
    await scene.until(() => scene.held() === NONE)
    expect(await scene.sound()).toBe(NONE)
  })
})

describe.runIf(process.env['HEDGEROW_TESTS'] === 'all')('crash points of the account, with both legs open', { timeout: 120_000 }, () => {
  it('9: with a part of an entry filled and stopped, the stop grows to what is held', async () => {
    const scene = await open({ lab: { sim: { slippage: 'none', volumeShare: decimal('0.0000002') } } })
    await scene.start()
    await scene.minutes(5)
    const part = scene.held()
    expect(part).not.toBe(BOTH)
    await scene.died({ now: true })
    await scene.minutes(1)
    expect(scene.stops()).toBe(part)
    await scene.start()
    await scene.minutes(10)
    expect(await scene.sound()).toBe(BOTH)
  })

  it.each([['did not arrive', 'lost-request'], ['was carried out', 'slow-response']] as const)('14: during a mode switch that %s, the mode is read again', async (_what, type) => {
    const scene = await open({ lab: { positionMode: 'one-way' } })
    scene.lab.control.faults.arm(type === 'lost-request' ? { type, route: '/v5/position/switch-mode' } : { type, route: '/v5/position/switch-mode', ms: LATE })
    scene.launch()
    await scene.killAt('/v5/position/switch-mode')
    expect(scene.lab.control.account.desk.positionMode(SYMBOL)).toBe(type === 'lost-request' ? 'one-way' : 'hedge')
    await scene.start()
    await scene.minutes(5)
    expect(await scene.sound()).toBe(BOTH)
  })

  it('14: with a mode that was changed behind our back while a leg is open on the other side, nothing trades', async () => {
    const scene = await bothOpen({})
    await scene.died({ now: true })
    const { control } = scene.lab
    control.placeByHand({ symbol: SYMBOL, leg: 'long', intent: 'close', qty: '1' })
    control.placeByHand({ symbol: SYMBOL, leg: 'short', intent: 'close', qty: '0.5' })
    control.changePositionMode(SYMBOL, 'one-way')
    control.placeByHand({ symbol: SYMBOL, leg: 'long', intent: 'open', qty: '1' })
    scene.launch()
    expect(await scene.ended()).not.toBe(0)
    expect(scene.printed.join('')).toContain('POSITION_MODE_BLOCKED')
    expect(scene.opened()).toEqual(['long 1', 'short 0.5'])
  })

  it('15: after a leverage was set and before anything else, settings are read again', async () => {
    const scene = await open({ lab: { leverage: '10' } })
    scene.lab.control.faults.arm({ type: 'slow-response', route: '/v5/position/set-leverage', ms: LATE })
    scene.launch()
    await scene.killAt('/v5/position/set-leverage')
    await scene.start()
    expect(scene.seen('/v5/position/set-leverage')).toBe(1)
    await scene.minutes(5)
    expect(scene.lab.control.state().symbols[0]?.leverage).toEqual({ long: '5', short: '5' })
    expect(await scene.sound()).toBe(BOTH)
  })

  it('16: during a settlement, funding is fetched: one posting a leg', async () => {
    const scene = await bothOpen({})
    scene.lab.control.faults.arm(...NEWS)
    scene.lab.control.fund(SYMBOL, '0.0001')
    await scene.died({ now: true })
    await scene.start()
    expect(await scene.sound()).toBe(BOTH)
    const funding = (await scene.records()).flatMap((record) => (record.type === 'funding.settled' ? [`${record.leg} ${record.amount.toFixed()}`] : []))
    expect(funding.toSorted()).toEqual(['long -0.01', 'short 0.005'])
  })

  it.each(['liquidation', 'adl'] as const)('17: during %s of a leg, what the venue did is booked, its orders are gone, and the other leg is protected', async (source) => {
    const scene = await bothOpen({})
    scene.lab.control.faults.arm(...NEWS)
    scene.lab.control[source === 'adl' ? 'deleverage' : 'liquidate']({ symbol: SYMBOL, leg: 'long' })
    await scene.died({ now: true })
    await scene.start()
    await scene.minutes(1)
    expect(await scene.sound()).toBe('long 0 short 0.5')
    const taken = (await scene.records()).flatMap((record) => (record.type === 'order.filled' && record.source === source ? [`${record.leg} ${record.qty.toFixed()}`] : []))
    expect(taken).toEqual(['long 1'])
  })

  it.each(['/v5/position/list', '/v5/execution/list', '/v5/order/realtime', '/v5/account/wallet-balance'])('18: a reconciliation that dies at %s is started again', async (path) => {
    const scene = await bothOpen({})
    await scene.died({ now: true })
    await scene.lab.control.glide({ [SYMBOL]: '94' })
    expect(scene.held()).toBe('long 0 short 0.5')
    scene.lab.control.faults.arm({ type: 'slow-response', route: path, ms: LATE })
    scene.launch()
    await scene.killAt(path)
    await scene.start()
    await scene.minutes(1)
    expect(await scene.sound()).toBe('long 0 short 0.5')
  })

  it('20: a flatten goes on after the restart, and what protects goes last', async () => {
    const scene = await bothOpen({})
    scene.lab.control.faults.arm({ type: 'lost-request', route: CREATE })
    const asked = scene.kill('flatten').catch(() => 'the process is gone')
    await scene.killAt(CREATE)
    await asked
    expect([scene.held(), scene.stops()]).toEqual([BOTH, BOTH])
    await scene.start()
    await scene.until(() => scene.held() === NONE && scene.working().length === 0)
    expect(await scene.sound()).toBe(NONE)
    expect(await scene.status()).toMatchObject({ killLevel: 'flatten', killCause: { name: 'operator', reason: 'test' } })
  })

  it('21: when the journal cannot be written, openers are cancelled, stops stay, nothing more is sent, and a restart recovers', async () => {
    const scene = await bothOpen({ act: 'withdraw' })
    expect(scene.working()).toContain('long open limit 1 at 97')
    const other = new DatabaseSync(join(scene.folder.state, 'journal.sqlite'))
    other.exec('begin immediate')
    await scene.minutes(1)
    expect(await scene.ended()).not.toBe(0)
    expect(scene.printed.join('')).toContain('JOURNAL_FAILED')
    other.close()
    expect(scene.working().filter((order) => order.includes('open'))).toEqual([])
    expect([scene.held(), scene.stops()]).toEqual([BOTH, BOTH])
    await scene.start()
    await scene.minutes(1)
    expect(await scene.sound()).toBe(BOTH)
  })

  it('21: when the disk is full, openers are cancelled, stops stay, nothing more is sent, and a restart on a larger disk recovers', async () => {
    const scene = await open({ act: 'withdraw' })
    const sign = join(scene.folder.path, 'full')
    scene.launch('', { NODE_OPTIONS: `--import=${FULL_DISK}`, HEDGEROW_TEST_DISK_FULL: sign })
    await scene.running()
    await scene.minutes(5)
    expect([scene.held(), scene.stops()]).toEqual([BOTH, BOTH])
    expect(scene.working()).toContain('long open limit 1 at 97')
    writeFileSync(sign, '')
    // What is left of the last page takes some entries yet.
    for (let minute = 0; minute < 60 && scene.isRunning; minute++) await scene.minutes(1)
    expect(await scene.ended()).not.toBe(0)
    expect(scene.printed.join('')).toMatch(/JOURNAL_FAILED[\s\S]*disk is full/)
    expect(scene.working().filter((order) => order.includes('open'))).toEqual([])
    expect([scene.held(), scene.stops()]).toEqual([BOTH, BOTH])
    await scene.start()
    await scene.minutes(1)
    expect(await scene.sound()).toBe(BOTH)
  })

  it('22: after the clock jumped, an order is signed again under its id', async () => {
    const scene = await bothOpen({ act: 'again' })
    scene.lab.control.skewClock(-BEHIND)
    await scene.minutes(2)
    expect(await scene.sound()).toBe(MORE)
    const sent = scene.lab.control.wire.filter(({ path }) => path === CREATE).map(({ body }) => JSON.parse(body) as { qty: string; triggerPrice?: string; orderLinkId: string })
    const ids = sent.flatMap(({ qty, triggerPrice, orderLinkId }) => (qty === '2' && triggerPrice === undefined ? [orderLinkId] : []))
    expect([ids.length, new Set(ids).size]).toEqual([2, 1])
  })

  it('22: killed while the clock is asked again, what was refused is not sent late', async () => {
    const scene = await bothOpen({ act: 'again' })
    scene.lab.control.faults.arm({ type: 'slow-response', route: '/v5/market/time', ms: LATE })
    scene.lab.control.skewClock(-BEHIND)
    const minutes = scene.minutes(2)
    await scene.killAt('/v5/market/time')
    await minutes
    await scene.start()
    await scene.minutes(1)
    expect(await scene.sound()).toBe(BOTH)
  })
})
