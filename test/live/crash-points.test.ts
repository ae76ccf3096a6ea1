/**
 * The crash points of SIMULATION 7.5, in one process: the engine is cut off from journal and venue at the point, and another one starts on what
 * they hold. What has to hold afterwards: no order twice, no leg without its stop, no fill lost, both sides equal.
 */
import { decimal, type JournalEntry } from '@hedgerow/core'
import { Strategy } from '@hedgerow/strategy-sdk'
import { describe, expect, it } from 'vitest'
import { candlesOf, LiveScene, SYMBOL, type SceneOptions } from './live-scene.ts'

const FLAT = candlesOf(Array.from({ length: 60 }, () => 100))

/** Opens both legs at bar 3, each with a stop and a target. */
class Protected extends Strategy {
  onBar(): void {
    if (this.index !== 3) return
    this.long.open({ qty: 1, stopLoss: 95, takeProfit: 120, tag: 'l' })
    this.short.open({ qty: 0.5, stopLoss: 105, takeProfit: 80, tag: 's' })
  }
}

/** Opens both legs together at bar 3, or neither. */
class Pair extends Strategy {
  onBar(): void {
    if (this.index === 3) this.openPair({ long: { qty: 1 }, short: { qty: 1 }, onFailure: 'unwind', completeWithin: 60_000 })
  }
}

async function running(options: Partial<SceneOptions> = {}): Promise<LiveScene> {
  const scene = new LiveScene({ strategy: Protected, candles: FLAT, ...options })
  await scene.start()
  return scene
}

/** Dies when the journal takes an entry that fits: before it is written, or right after. */
function dieAt(scene: LiveScene, when: 'before' | 'after', fits: (entry: JournalEntry) => boolean): void {
  scene.journal[when] = (entry) => { if (fits(entry)) scene.kill() }
}

const submits = ({ records }: JournalEntry): boolean => records.some(({ type }) => type === 'order.submitted')
const tells = (type: string) => ({ input }: JournalEntry): boolean => input.type === type

/** Both sides agree, nothing was sent twice, and each open leg has one stop over all that it holds. */
function expectSound(scene: LiveScene, legs: string): void {
  expect(scene.legs()).toBe(legs)
  const placed = scene.venue.placed()
  expect(new Set(placed).size).toBe(placed.length)
  expect(scene.engine.status().unprotected).toEqual([])
  const held = (['long', 'short'] as const).map((leg) => `${leg} ${scene.venue.held(SYMBOL, leg).toFixed()}`)
  const stopped = (['long', 'short'] as const).map((leg) => `${leg} ${scene.venue.openOrders().filter((order) => order.leg === leg && order.orderType === 'stop-market').reduce((sum, { qty, filledQty }) => sum.plus(qty).minus(filledQty), decimal('0')).toFixed()}`)
  expect(stopped).toEqual(held)
}

const BOTH = 'long 1/1 short 0.5/0.5'
const NONE = 'long 0/0 short 0/0'

describe('crash points', () => {
  it('1: before the intent is in the journal, nothing was sent and the strategy decides again', async () => {
    const scene = await running()
    dieAt(scene, 'before', submits)
    await scene.to(6)
    expect(scene.venue.requests).toEqual([])
    await scene.restart()
    await scene.to(8)
    expectSound(scene, BOTH)
  })

  it('2: after the journal and before the wire, what opens is not sent late', async () => {
    const scene = await running()
    dieAt(scene, 'after', submits)
    await scene.to(6)
    await scene.restart()
    await scene.to(8)
    expect(scene.venue.requests).toEqual([])
    expectSound(scene, NONE)
    expect(scene.engine.options.state.orders.liveCount).toBe(0)
  })

  it('3: while it is sent, the outcome is asked for: what did not arrive ends', async () => {
    const scene = await running()
    scene.connection.gate = () => { scene.kill() }
    await scene.to(6)
    await scene.restart()
    await scene.to(8)
    expectSound(scene, NONE)
  })

  it('4: after the wire and before the answer, the order is found by its id', async () => {
    const scene = await running()
    scene.connection.gate = (_kind, send) => {
      scene.connection.sink = null
      send()
      scene.kill()
    }
    await scene.to(4)
    await scene.restart()
    await scene.to(8)
    expect(scene.legs()).toBe('long 1/1 short 0/0')
    expect(scene.engine.status().unprotected).toEqual([])
    expect(scene.venue.openOrders().filter(({ orderType }) => orderType === 'stop-market')).toHaveLength(1)
  })

  it('5: after the answer and before it is in the journal, as 4', async () => {
    const scene = await running()
    dieAt(scene, 'before', tells('order.accepted'))
    await scene.to(4)
    await scene.restart()
    await scene.to(8)
    expectSound(scene, BOTH)
  })

  it('6: after the fill and before its message, executions are replayed', async () => {
    const scene = await running()
    scene.venue.faults.mute = true
    await scene.to(4)
    expect(scene.legs()).toBe('long 0/1 short 0/0.5')
    scene.kill()
    scene.venue.faults.mute = false
    await scene.restart()
    expect(scene.legs()).toBe(BOTH)
    await scene.to(6)
    expectSound(scene, BOTH)
  })

  it('7: after the message and before it is in the journal, the fill is replayed once', async () => {
    const scene = await running()
    dieAt(scene, 'before', tells('order.filled'))
    await scene.to(4)
    await scene.restart()
    expect(scene.legs()).toBe(BOTH)
    await scene.to(6)
    expectSound(scene, BOTH)
  })

  it('8: after the fill is booked and before its stop is at the venue, the stop is placed', async () => {
    const scene = await running()
    dieAt(scene, 'after', tells('order.filled'))
    await scene.to(4)
    expect(scene.venue.openOrders()).toEqual([])
    await scene.restart()
    expectSound(scene, BOTH)
  })

  it('9: with a part of the entry filled and stopped, the stop grows to what is held', async () => {
    const scene = await running({ venue: { sim: { slippage: 'none', volumeShare: decimal('0.0004') } } })
    let fills = 0
    dieAt(scene, 'after', (entry) => tells('order.filled')(entry) && ++fills === 3)
    await scene.to(5)
    await scene.restart()
    await scene.to(12)
    expectSound(scene, BOTH)
  })

  it('10: with a target filled and its stop not cancelled, the stop is gone after the start', async () => {
    const scene = await running({ candles: candlesOf([...Array.from({ length: 8 }, () => 100), 121, 121, 121, 121, 121, 121]) })
    scene.connection.gate = (kind, send) => {
      if (kind === 'cancel') scene.kill()
      else send()
    }
    await scene.to(10)
    await scene.restart()
    await scene.to(12)
    expect(scene.legs()).toBe('long 0/0 short 0/0')
    expect(scene.venue.openOrders()).toEqual([])
  })

  it('11: between a new stop and the end of the old one, the leg is never bare', async () => {
    class Trails extends Protected {
      override onBar(): void {
        super.onBar()
        if (this.index === 6) this.long.close({ trigger: 97, price: 96, tag: 'l.sl' })
      }
    }
    const scene = await running({ strategy: Trails })
    await scene.to(6)
    scene.connection.gate = (kind, send) => {
      if (kind === 'cancel') scene.kill()
      else send()
    }
    await scene.to(8)
    const stops = (): number => scene.venue.openOrders().filter(({ leg, trigger }) => leg === 'long' && trigger !== null).length
    expect(stops()).toBe(2)
    await scene.restart()
    await scene.to(10)
    expect(stops()).toBe(1)
  })

  it('12: after a cancel was asked for and before it was confirmed, the end is found', async () => {
    class Withdraws extends Protected {
      override onBar(): void {
        if (this.index === 3) this.long.open({ qty: 1, price: 90, tag: 'l' })
        if (this.index === 6) this.long.cancel('l')
      }
    }
    const scene = await running({ strategy: Withdraws })
    await scene.to(6)
    scene.connection.gate = (_kind, send) => {
      scene.connection.sink = null
      send()
      scene.kill()
    }
    await scene.to(8)
    await scene.restart()
    await scene.to(9)
    expect(scene.venue.openOrders()).toEqual([])
    expect(scene.engine.options.state.orders.liveCount).toBe(0)
  })

  it('13: between the two legs of a pair, the first is unwound', async () => {
    const scene = await running({ strategy: Pair })
    let sent = 0
    scene.connection.gate = (_kind, send) => {
      if (++sent === 2) scene.kill()
      else send()
    }
    await scene.to(5)
    expect(scene.venue.held(SYMBOL, 'long').toFixed()).toBe('1')
    await scene.restart()
    await scene.to(9)
    expectSound(scene, NONE)
  })

  it('14 and 15: after a mode was switched and a leverage set, both are read again', async () => {
    const scene = new LiveScene({ strategy: Protected, candles: FLAT, config: { allowModeSwitch: true }, venue: { venueMode: 'one-way' } })
    scene.venue.leverage.set(SYMBOL, { long: decimal('2'), short: decimal('2') })
    dieAt(scene, 'before', tells('session.started'))
    scene.venue.to(scene.timers.now())
    void scene.engine.start().catch(() => {})
    await scene.timers.to(scene.timers.now() + 1_000)
    expect(scene.venue.settings(SYMBOL).leverage.long.toFixed()).toBe('5')
    await scene.restart()
    await scene.to(6)
    expectSound(scene, BOTH)
  })

  it('16: during a settlement, funding is fetched: one posting a leg', async () => {
    const scene = await running()
    await scene.to(5)
    scene.kill()
    scene.venue.settle(SYMBOL, '0.0001')
    await scene.restart()
    await scene.to(7)
    const funding = scene.engine.options.log.events.filter((event) => event.type === 'funding.settled').map((event) => (event.type === 'funding.settled' ? `${event.leg} ${event.amount.toFixed()}` : ''))
    expect(funding).toEqual(['long -0.01', 'short 0.005'])
    expectSound(scene, BOTH)
    expect(scene.engine.options.state.positions.wallet.toFixed()).toBe(scene.venue.wallet.toFixed())
  })

  it('17: a leg that the venue closed while nobody watched is booked, and its orders are gone', async () => {
    const scene = await running()
    await scene.to(5)
    scene.kill()
    scene.venue.foreignOrder({ symbol: SYMBOL, leg: 'long', intent: 'close', type: 'market', qty: decimal('1') }, null)
    await scene.restart()
    expect(scene.legs()).toBe('long 0/0 short 0.5/0.5')
    await scene.to(7)
    expectSound(scene, 'long 0/0 short 0.5/0.5')
  })

  it('18: a reconciliation that is cut short is started again', async () => {
    const scene = await running()
    await scene.to(4)
    scene.venue.faults.mute = true
    scene.venue.foreignOrder({ symbol: SYMBOL, leg: 'long', intent: 'open', type: 'market', qty: decimal('1') }, null)
    scene.kill()
    scene.venue.faults.mute = false
    Object.assign(scene.journal, { isDead: false })
    let entries = 0
    dieAt(scene, 'before', () => ++entries === 2)
    scene.connection = scene.venue.connect()
    await scene.restart()
    await scene.restart()
    await scene.to(6)
    expect(scene.legs()).toBe('long 2/2 short 0.5/0.5')
  })

  it('20: a flatten goes on after the restart', async () => {
    const scene = await running()
    await scene.to(5)
    dieAt(scene, 'after', tells('gate.changed'))
    void scene.engine.kill('flatten', { by: 'operator', reason: 'test' }).catch(() => {})
    await scene.timers.to(scene.timers.now() + 1_000)
    expect(scene.venue.held(SYMBOL, 'long').toFixed()).toBe('1')
    await scene.restart()
    await scene.to(7)
    expect(scene.legs()).toBe(NONE)
    expect(scene.venue.openOrders()).toEqual([])
    expect(scene.engine.status().killLevel).toBe('flatten')
  })

  it('21: when the journal cannot be written, openers are cancelled, stops stay and nothing more is sent', async () => {
    class Rests extends Protected {
      override onBar(): void {
        super.onBar()
        if (this.index === 4) this.long.open({ qty: 1, price: 90 })
        if (this.index === 6) this.short.open({ qty: 1 })
      }
    }
    const scene = await running({ strategy: Rests })
    await scene.to(6)
    scene.journal.fails = true
    await scene.to(9)
    expect(scene.failure).toMatchObject({ message: 'disk full' })
    expect(scene.venue.openOrders().filter(({ intent }) => intent === 'open')).toEqual([])
    expect(scene.venue.openOrders().filter(({ orderType }) => orderType === 'stop-market')).toHaveLength(2)
    expect(scene.venue.held(SYMBOL, 'short').toFixed()).toBe('0.5')
  })

  it('22: a clock that jumped is asked again, and the order goes out under its id', async () => {
    const scene = await running()
    scene.venue.faults.clockSkew = true
    await scene.to(6)
    expectSound(scene, BOTH)
    const [first] = scene.venue.requests
    expect(scene.venue.requests.filter(({ clientId }) => clientId === first?.clientId)).toHaveLength(2)
  })
})
