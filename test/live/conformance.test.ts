/** Scenarios of conformance that no other file proves, by their names: what is read, compared, denied and kept apart, with both legs open. */
import { decimal, type ExecutionReport } from '@hedgerow/core'
import { Strategy } from '@hedgerow/strategy-sdk'
import { describe, expect, it } from 'vitest'
import { candlesOf, LiveScene, SYMBOL, type SceneOptions } from './live-scene.ts'

const FLAT = candlesOf(Array.from({ length: 60 }, () => 100))
const BOTH = 'long 1/1 short 0.5/0.5'

/** Opens both legs at bar 3 with a stop each. */
class Both extends Strategy {
  onBar(): void {
    if (this.index !== 3) return
    this.long.open({ qty: 1, stopLoss: 95, tag: 'l' })
    this.short.open({ qty: 0.5, stopLoss: 105, tag: 's' })
  }
}

async function bothOpen(options: Partial<SceneOptions> = {}): Promise<LiveScene> {
  const scene = new LiveScene({ strategy: Both, candles: FLAT, ...options })
  await scene.start()
  await scene.to(6)
  expect(scene.legs()).toBe(BOTH)
  return scene
}

const stops = (scene: LiveScene): string[] => scene.venue.openOrders().filter(({ orderType }) => orderType === 'stop-market').map(({ leg, qty }) => `${leg ?? '?'} ${qty.toFixed()}`).toSorted()
const denied = (scene: LiveScene): string[] => scene.engine.options.log.events.flatMap((event) => (event.type === 'order.denied' ? [`${event.order.leg} ${event.order.intent} ${event.code}`] : []))
const fills = (scene: LiveScene): number => scene.engine.options.log.events.filter(({ type }) => type === 'order.filled').length

/** Somebody trades and the venue has forgotten how: the position is all there is. */
async function tradeUntold(scene: LiveScene, leg: 'long' | 'short', qty: string): Promise<void> {
  scene.venue.faults.mute = true
  scene.venue.foreignOrder({ symbol: SYMBOL, leg, intent: 'open', type: 'market', qty: decimal(qty) }, null)
  await scene.timers.to(scene.timers.now() + 1)
  scene.venue.faults.mute = false
  scene.venue.executions.pop()
}

function execution(scene: LiveScene, change: Partial<ExecutionReport>): ExecutionReport {
  return {
    type: 'execution', at: scene.timers.now(), executionId: 'x1', symbol: SYMBOL, leg: null, side: 'buy', clientId: null, venueOrderId: 'nobody', price: decimal('100'), qty: decimal('0.1'), fee: decimal('0'), feeAsset: 'USDT', closedQty: decimal('0'), liquidity: 'taker', source: 'adl',
    sequence: null, ...change,
  }
}

describe('reconciliation', () => {
  it.each(['long', 'short'] as const)('REC-05: a %s leg that differs without an execution halts openers, and is neither made up nor flattened; both stops stay', async (leg) => {
    const scene = await bothOpen()
    await tradeUntold(scene, leg, '2')
    await scene.to(8)
    const [mine, theirs] = leg === 'long' ? ['1', '3'] : ['0.5', '2.5']
    expect(scene.engine.status().halts).toEqual([{ symbol: SYMBOL, name: 'reconcile', reason: `ETHUSDT ${leg}: ${mine} here, ${theirs} at the venue` }])
    expect(stops(scene)).toEqual(['long 1', 'short 0.5'])
  })

  it('REC-05: with trustVenue it is set to what the venue says, and its stop grows; the other leg is untouched', async () => {
    const scene = await bothOpen({ config: { trustVenue: true } })
    await tradeUntold(scene, 'long', '2')
    await scene.to(9)
    expect(scene.legs()).toBe('long 3/3 short 0.5/0.5')
    expect([scene.engine.status().halts, scene.engine.status().unprotected]).toEqual([[], []])
    expect(stops(scene).filter((text) => text.startsWith('short'))).toEqual(['short 0.5'])
  })

  it.each([['ignore', 1], ['cancel', 0]] as const)('REC-07: orders of somebody else, with the policy %s', async (foreignOrders, left) => {
    const scene = await bothOpen({ config: { foreignOrders } })
    scene.venue.foreignOrder({ symbol: SYMBOL, leg: 'long', intent: 'open', type: 'limit', qty: decimal('1'), price: decimal('90') })
    await scene.to(8)
    expect(scene.venue.openOrders().filter(({ clientId }) => clientId === 'web-1')).toHaveLength(left)
    expect([scene.legs(), stops(scene)]).toEqual([BOTH, ['long 1', 'short 0.5']])
  })

  it('REC-09: what agrees leads to nothing, however often it is compared', async () => {
    const scene = await bothOpen()
    const before = scene.engine.options.log.events.length
    for (let time = 0; time < 5; time++) {
      scene.engine.supervisor.reconcileSoon('test')
      await scene.pass(4)
    }
    expect(scene.engine.options.log.events).toHaveLength(before)
    expect(scene.venue.requests.filter(({ kind }) => kind !== 'submit')).toEqual([])
  })

  it('REC-10: a venue that does not answer is not flat: both legs and their stops are kept, openers wait', async () => {
    const scene = await bothOpen()
    scene.venue.faults.unreachable = true
    await scene.to(8)
    expect([scene.legs(), stops(scene)]).toEqual([BOTH, ['long 1', 'short 0.5']])
    expect(scene.engine.status().holds.map(({ name }) => name)).toEqual(['reconcile'])
    scene.venue.faults.unreachable = false
    await scene.to(10)
    expect(scene.engine.status().holds).toEqual([])
  })
})

describe('fills', () => {
  it('POS-04: one that names no leg, and cannot be of one, is kept apart: no leg moves', async () => {
    const scene = await bothOpen()
    scene.venue.say(execution(scene, { source: 'trade', closedQty: null }))
    await scene.pass(8)
    expect([scene.legs(), scene.engine.phase]).toEqual([BOTH, 'running'])
  })

  it.each(['buy', 'sell'] as const)('POS-02 and B03: a %s that opens one leg and one that closes the other, in both orders, each twice', async (side) => {
    for (const isReversed of [false, true]) {
      const scene = await bothOpen()
      const before = fills(scene)
      const rows = [execution(scene, { executionId: 'open', side }), execution(scene, { executionId: 'close', side, closedQty: decimal('0.1') })]
      for (const row of isReversed ? rows.toReversed() : rows) for (let time = 0; time < 2; time++) scene.venue.say(row)
      await scene.timers.to(scene.timers.now() + 1)
      const pair = scene.engine.options.state.positions.pair(SYMBOL)
      expect([pair.long.qty.toFixed(), pair.short.qty.toFixed(), fills(scene) - before]).toEqual(side === 'buy' ? ['1.1', '0.4', 2] : ['0.9', '0.6', 2])
    }
  })

  it('POS-07 and B15: one of an order that has ended, after its leg was closed, opens the leg again and leaves the session alive', async () => {
    const scene = await bothOpen()
    const [entry] = scene.venue.requests
    scene.venue.foreignOrder({ symbol: SYMBOL, leg: 'long', intent: 'close', type: 'market', qty: decimal('1') }, null)
    await scene.pass(4)
    expect(scene.legs()).toBe('long 0/0 short 0.5/0.5')
    scene.venue.say(execution(scene, { executionId: 'late', source: 'trade', clientId: entry?.clientId ?? null, qty: decimal('0.2') }))
    await scene.timers.to(scene.timers.now() + 1)
    expect([scene.engine.options.state.positions.pair(SYMBOL).long.qty.toFixed(), scene.engine.phase, scene.failure]).toEqual(['0.2', 'running', null])
    await scene.pass(6)
    expect(scene.engine.status().lastReconcile?.halts ?? []).toEqual(['ETHUSDT long: 0.2 here, 0 at the venue'])
  })
})

describe('orders', () => {
  it('RED-05 and RED-01: closes of one bar never exceed their leg, and do not touch the other', async () => {
    class Closes extends Both {
      override onBar(): void {
        super.onBar()
        if (this.index !== 7) return
        this.long.close({ qty: 0.8 })
        this.long.close({ qty: 0.8 })
        this.long.close()
      }
    }
    const scene = await bothOpen({ strategy: Closes })
    await scene.to(10)
    expect(scene.legs()).toBe('long 0/0 short 0.5/0.5')
    expect(stops(scene)).toEqual(['short 0.5'])
    expect(scene.venue.executions.filter(({ closedQty }) => closedQty?.gt('0') === true).reduce((sum, { qty }) => sum + qty.toNumber(), 0)).toBeCloseTo(1)
  })

  it('RED-03: a close of a flat leg is denied here, and nothing is sent', async () => {
    class Nothing extends Strategy {
      onBar(): void {
        if (this.index === 2) this.short.close({ qty: 1 })
      }
    }
    const scene = new LiveScene({ strategy: Nothing, candles: FLAT })
    await scene.start()
    await scene.to(5)
    expect([denied(scene), scene.venue.requests]).toEqual([['short close NOTHING_TO_CLOSE'], []])
  })

  it('ORD-12: an opener that would meet an order of our own other leg is denied, a closer goes', async () => {
    class Crosses extends Both {
      override onBar(): void {
        super.onBar()
        if (this.index === 7) this.short.open({ tag: 'rest', qty: 0.1, price: 101 })
        if (this.index === 8) this.long.open({ tag: 'meets', qty: 0.1, price: 101.5 })
        if (this.index === 9) this.short.close({ tag: 'closes', qty: 0.1, price: 101.5 })
      }
    }
    const scene = await bothOpen({ strategy: Crosses })
    await scene.to(12)
    expect(denied(scene)).toEqual(['long open PRICE_OUT_OF_BAND'])
    expect(scene.engine.options.state.positions.pair(SYMBOL).short.qty.toFixed()).toBe('0.4')
  })

  it.each(['long', 'short'] as const)('ORD-07: a fill that overtakes the cancellation of the %s entry counts once, and its leg is protected', async (leg) => {
    class Withdraws extends Both {
      override onBar(): void {
        super.onBar()
        const price = leg === 'long' ? 98 : 102
        if (this.index === 7) this[leg].open({ tag: 'add', qty: 1, price, stopLoss: leg === 'long' ? 95 : 105 })
        if (this.index === 8) this[leg].cancel('add')
      }
    }
    const beyond = leg === 'long' ? 97 : 103
    const scene = await bothOpen({ strategy: Withdraws, candles: candlesOf([...Array.from({ length: 9 }, () => 100), beyond, ...Array.from({ length: 20 }, () => beyond)]) })
    await scene.to(8)
    let late: (() => void) | undefined
    scene.connection.gate = (kind, send) => {
      if (kind === 'cancel') late = send
      else send()
    }
    await scene.to(11)
    late?.()
    await scene.to(13)
    expect(scene.legs()).toBe(leg === 'long' ? 'long 2/2 short 0.5/0.5' : 'long 1/1 short 1.5/1.5')
    expect(scene.engine.status().unprotected).toEqual([])
  })
})
