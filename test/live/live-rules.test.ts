/** What a live engine does when the venue, the network or a person does something else than the strategy expects. In both legs. */
import { canonicalEvent, decimal, type ExecutionReport } from '@hedgerow/core'
import { Strategy } from '@hedgerow/strategy-sdk'
import { describe, expect, it } from 'vitest'
import { candlesOf, LIMITS, LiveScene, SYMBOL, type SceneOptions } from './live-scene.ts'

const FLAT = candlesOf(Array.from({ length: 60 }, () => 100))
const cause = { by: 'operator', reason: 'test' }

/** Opens both legs at bar 3 with a stop each; tries to open more at bar 8, and closes the long leg at bar 12. */
class Both extends Strategy {
  onBar(): void {
    if (this.index === 3) {
      this.long.open({ qty: 1, stopLoss: 95, tag: 'l' })
      this.short.open({ qty: 0.5, stopLoss: 105, tag: 's' })
    }
    if (this.index === 8) this.long.open({ qty: 1, tag: 'more' })
    if (this.index === 12) this.long.close()
  }
}

async function running(options: Partial<SceneOptions> = {}): Promise<LiveScene> {
  const scene = new LiveScene({ strategy: Both, candles: FLAT, ...options })
  await scene.start()
  return scene
}

const eventsOf = (scene: LiveScene, type: string): string[] => scene.engine.options.log.events.filter((event) => event.type === type).map(canonicalEvent)
const deniedCodes = (scene: LiveScene): string[] => scene.engine.options.log.events.flatMap((event) => (event.type === 'order.denied' ? [event.code] : []))
const stops = (scene: LiveScene): string[] => scene.venue.openOrders().filter(({ orderType }) => orderType === 'stop-market').map(({ leg, qty }) => `${leg ?? '?'} ${qty.toFixed()}`).toSorted()

describe('orders and fills', () => {
  it('an answer that is lost is asked for: one order each, both legs protected', async () => {
    const scene = await running()
    scene.venue.faults.loseAnswers = true
    await scene.to(6)
    scene.venue.faults.loseAnswers = false
    await scene.to(7)
    expect(scene.legs()).toBe('long 1/1 short 0.5/0.5')
    expect(stops(scene)).toEqual(['long 1', 'short 0.5'])
    expect(new Set(scene.venue.placed()).size).toBe(scene.venue.placed().length)
    expect(eventsOf(scene, 'order.rejected')).toEqual([])
  })

  it('an order that never arrived ends as not placed after the grace, not before', async () => {
    const scene = await running()
    await scene.to(3)
    scene.venue.faults.loseCommands = true
    await scene.to(4)
    scene.venue.faults.loseCommands = false
    await scene.pass(3)
    expect(eventsOf(scene, 'order.unconfirmed')).toHaveLength(2)
    expect(eventsOf(scene, 'order.rejected')).toEqual([])
    await scene.to(6)
    expect(eventsOf(scene, 'order.rejected').map((text) => /"code":"(\w+)"/.exec(text)?.[1])).toEqual(['ORDER_NOT_PLACED', 'ORDER_NOT_PLACED'])
    expect(scene.legs()).toBe('long 0/0 short 0/0')
  })

  it('everything told three times counts once', async () => {
    const scene = await running()
    scene.venue.faults.repeat = 3
    await scene.to(6)
    expect(scene.legs()).toBe('long 1/1 short 0.5/0.5')
    expect(eventsOf(scene, 'order.filled')).toHaveLength(2)
  })

  it('200 executions in one burst are 200 fills', async () => {
    const scene = await running()
    await scene.to(6)
    const report = (id: number, side: 'buy' | 'sell'): ExecutionReport => ({
      type: 'execution', at: scene.timers.now(), executionId: `burst${id}`, symbol: SYMBOL, leg: null, side, clientId: null, venueOrderId: 'hand', price: decimal('100'), qty: decimal('0.01'), fee: decimal('0'), feeAsset: 'USDT', closedQty: decimal('0'), liquidity: 'taker', source: 'adl', sequence: null,
    })
    const before = eventsOf(scene, 'order.filled').length
    for (let id = 0; id < 200; id++) scene.venue.say(report(id, id % 2 === 0 ? 'buy' : 'sell'))
    await scene.timers.to(scene.timers.now() + 1)
    expect(eventsOf(scene, 'order.filled')).toHaveLength(before + 200)
    expect(scene.legs()).toBe('long 2/1 short 1.5/0.5')
  })
})

describe('protection', () => {
  it('a stop that the venue took back stands again', async () => {
    const scene = await running()
    await scene.to(6)
    const long = scene.venue.openOrders().find(({ leg }) => leg === 'long')
    scene.venue.drop(long?.clientId ?? '')
    expect(stops(scene)).toEqual(['short 0.5'])
    await scene.pass(10)
    expect(stops(scene)).toEqual(['long 1', 'short 0.5'])
    expect(scene.engine.status().unprotected).toEqual([])
  })

  it('one leg is stopped out, the other keeps its leg and its stop', async () => {
    const scene = await running({ candles: candlesOf([100, 100, 100, 100, 100, 100, 94, 94, 94, 94, 94]) })
    await scene.to(8)
    expect(scene.legs()).toBe('long 0/0 short 0.5/0.5')
    expect(stops(scene)).toEqual(['short 0.5'])
  })
})

describe('modes', () => {
  it('a wrong mode is refused at start with what stands in the way, and is not touched', async () => {
    const scene = new LiveScene({ strategy: Both, candles: FLAT, venue: { venueMode: 'one-way' } })
    await expect(scene.start()).rejects.toThrow(/ETHUSDT\] POSITION_MODE_MISMATCH.*one-way/)
    expect(scene.venue.mode).toBe('one-way')
  })

  it('a switch that the venue refuses names orders and positions', async () => {
    const scene = new LiveScene({ strategy: Both, candles: FLAT, config: { allowModeSwitch: true }, venue: { venueMode: 'one-way' } })
    scene.venue.to(scene.timers.now())
    scene.venue.foreignOrder({ symbol: SYMBOL, leg: 'long', intent: 'open', type: 'limit', qty: decimal('1'), price: decimal('90') })
    await expect(scene.start()).rejects.toThrow(/POSITION_MODE_BLOCKED.*order web-1/)
  })

  it('a mode that is switched behind our back halts openers of the symbol and keeps protection', async () => {
    const scene = await running()
    await scene.to(6)
    scene.venue.mode = 'one-way'
    await scene.to(10)
    expect(scene.engine.status().halts.map(({ name }) => name)).toContain('settings')
    expect(deniedCodes(scene)).toContain('SYMBOL_HALTED')
    expect(stops(scene)).toEqual(['long 1', 'short 0.5'])
    scene.venue.mode = 'hedge'
    await scene.to(12)
    expect(scene.engine.status().halts).toEqual([])
  })

  it('a mode that the stream tells to be wrong halts its symbol until it is read to be right', async () => {
    const scene = await running()
    await scene.to(6)
    const [long] = scene.venue.snapshot({ symbols: [SYMBOL], since: 0 }).positions
    if (long === undefined) throw new Error('no position')
    scene.venue.say({ ...long, mode: 'one-way' })
    await scene.timers.to(scene.timers.now() + 1)
    expect(scene.engine.status().halts.map(({ name }) => name)).toEqual(['position mode'])
    await scene.pass(4)
    expect(scene.engine.status().halts).toEqual([])
    expect(scene.legs()).toBe('long 1/1 short 0.5/0.5')
  })
})

describe('reconciliation', () => {
  it('a leg that somebody else opened before the start halts its symbol', async () => {
    const scene = new LiveScene({ strategy: Both, candles: FLAT })
    scene.venue.to(scene.timers.now())
    scene.venue.foreignOrder({ symbol: SYMBOL, leg: 'short', intent: 'open', type: 'market', qty: decimal('3') })
    await scene.timers.to(scene.timers.now() + 1)
    await scene.start()
    await scene.to(5)
    expect(scene.engine.status().lastReconcile?.halts).toEqual(['ETHUSDT short: 0 here, 3 at the venue'])
    expect(deniedCodes(scene)).toEqual(['SYMBOL_HALTED', 'SYMBOL_HALTED'])
    expect(scene.legs()).toBe('long 0/0 short 0/3')
  })

  it('with adopt it is taken over at the price of the venue', async () => {
    const scene = new LiveScene({ strategy: Both, candles: FLAT, config: { adopt: true } })
    scene.venue.to(scene.timers.now())
    scene.venue.foreignOrder({ symbol: SYMBOL, leg: 'short', intent: 'open', type: 'market', qty: decimal('3') })
    await scene.timers.to(scene.timers.now() + 1)
    await scene.start()
    await scene.to(5)
    expect(scene.legs()).toBe('long 1/1 short 3.5/3.5')
  })

  it('a trade by hand while running is booked on its leg as external', async () => {
    const scene = await running()
    await scene.to(6)
    scene.venue.foreignOrder({ symbol: SYMBOL, leg: 'short', intent: 'open', type: 'market', qty: decimal('2') })
    await scene.to(8)
    expect(scene.legs()).toBe('long 1/1 short 2.5/2.5')
    expect(eventsOf(scene, 'order.filled').filter((text) => text.includes('"source":"external"'))).toHaveLength(1)
  })
})

describe('the kill switch', () => {
  it('pause opens nothing, lets closers through, and lasts over a restart until resumed', async () => {
    const scene = await running()
    await scene.to(6)
    await scene.timers.during(scene.engine.kill('pause', cause))
    await scene.restart()
    await scene.to(11)
    expect(deniedCodes(scene)).toEqual(['TRADING_KILLED'])
    await scene.to(14)
    expect(scene.legs()).toBe('long 0/0 short 0.5/0.5')
    await scene.timers.during(scene.engine.kill('running', cause))
    expect(scene.engine.status().killLevel).toBe('running')
  })

  it('flatten closes both legs and then cancels what is left; net exposure never grows', async () => {
    const scene = await running()
    await scene.to(6)
    const nets: number[] = []
    scene.venue.onReport = () => { nets.push(scene.venue.held(SYMBOL, 'long').minus(scene.venue.held(SYMBOL, 'short')).abs().toNumber()) }
    await scene.timers.during(scene.engine.kill('flatten', cause))
    await scene.pass(10)
    expect(scene.legs()).toBe('long 0/0 short 0/0')
    expect(scene.venue.openOrders()).toEqual([])
    expect(Math.max(...nets)).toBe(0.5)
  })

  it('the daily loss switches to cancel', async () => {
    const scene = await running({ candles: candlesOf([100, 100, 100, 100, 100, 96, 96, 96, 96]), config: { limits: { ...LIMITS, dailyLoss: decimal('1') } } })
    await scene.to(8)
    expect(scene.engine.status()).toMatchObject({ killLevel: 'cancel', killCause: { name: 'automatic' } })
    expect(stops(scene)).toEqual(['long 1', 'short 0.5'])
  })
})

describe('checks before an order', () => {
  it('a limit of one leg denies that leg and not the other', async () => {
    const scene = await running({ config: { limits: { ...LIMITS, perLeg: decimal('60') } } })
    await scene.to(6)
    expect(deniedCodes(scene)).toEqual(['LIMIT_EXCEEDED'])
    expect(scene.legs()).toBe('long 0/0 short 0.5/0.5')
  })

  it('an opener that would take the maintenance margin of both legs too far is denied', async () => {
    const scene = await running({ config: { limits: { ...LIMITS, marginRate: decimal('0.00007') } } })
    await scene.to(10)
    expect(deniedCodes(scene)).toEqual(['LIMIT_EXCEEDED'])
    expect(scene.logged.join()).toMatch(/warn .*maintenance margin at 0\.01 % of the margin balance after it, with limits\.marginRate/)
    expect(scene.legs()).toBe('long 1/1 short 0.5/0.5')
  })

  it('an opener that would bring a liquidation too near is denied; the other leg, which brings none, is not', async () => {
    const scene = await running({ config: { limits: { ...LIMITS, liquidationDistance: decimal('500') } } })
    await scene.to(6)
    expect(deniedCodes(scene)).toEqual(['LIMIT_EXCEEDED'])
    expect(scene.logged.join()).toMatch(/the short leg liquidated at .* with limits\.liquidationDistance/)
    expect(scene.legs()).toBe('long 1/1 short 0/0')
  })

  it('without prices nothing opens, and what closes does', async () => {
    const scene = await running()
    await scene.to(7)
    await scene.timers.to(scene.timers.now() + 5_000)
    expect(scene.engine.status().halts.map(({ name }) => name)).toEqual(['market data'])
  })

  it('a strategy that throws pauses trading and leaves both legs with their stops', async () => {
    class Throws extends Both {
      override onBar(): void {
        super.onBar()
        if (this.index === 5) throw new Error('an indicator divided by zero')
      }
    }
    const scene = await running({ strategy: Throws })
    await scene.to(8)
    expect(scene.engine.status()).toMatchObject({ killLevel: 'pause', phase: 'running' })
    expect(stops(scene)).toEqual(['long 1', 'short 0.5'])
  })
})

describe('the journal', () => {
  it('replayed gives the same events, over a restart', async () => {
    const scene = await running()
    await scene.to(6)
    await scene.restart()
    await scene.to(14)
    const told = scene.engine.options.log.events.map(canonicalEvent)
    await scene.restart()
    expect(scene.engine.options.log.events.map(canonicalEvent)).toEqual(told)
    expect(told.length).toBeGreaterThan(10)
  })

  it('takes what was missed, also by a start with fresh strategies: fills of one leg, and funding of both', async () => {
    const scene = await running({ candles: candlesOf([100, 100, 100, 100, 100, 100, 94, ...Array.from({ length: 20 }, () => 94)]) })
    await scene.to(6)
    scene.kill()
    scene.venue.settle(SYMBOL, '0.0001')
    await scene.to(8)
    await scene.restart({ freshStrategies: true })
    expect(scene.legs()).toBe('long 0/0 short 0.5/0.5')
    expect(scene.engine.options.state.positions.wallet.toFixed()).toBe(scene.venue.wallet.toFixed())
    expect([eventsOf(scene, 'funding.settled').length, eventsOf(scene, 'account.posted').length, scene.engine.status().halts]).toEqual([2, 0, []])
  })

  it('takes a settlement that is told after the fill that closed its leg: booked once, over a restart, and the other leg goes on', async () => {
    const scene = await running({ candles: candlesOf([100, 100, 100, 100, 100, 100, 94, ...Array.from({ length: 20 }, () => 94)]) })
    await scene.to(6)
    scene.venue.faults.mute = true
    scene.venue.settle(SYMBOL, '0.0001')
    scene.venue.faults.mute = false
    const settled = scene.venue.funding.slice()
    scene.venue.funding.length = 0
    await scene.to(8)
    for (const row of settled) scene.venue.say(row)
    scene.venue.funding.push(...settled)
    await scene.pass(4)
    for (let starts = 0; starts < 2; starts++) {
      expect([scene.failure, scene.engine.phase, scene.legs()]).toEqual([null, 'running', 'long 0/0 short 0.5/0.5'])
      expect(scene.engine.options.state.positions.wallet.toFixed()).toBe(scene.venue.wallet.toFixed())
      expect([eventsOf(scene, 'funding.settled').length, eventsOf(scene, 'account.posted').length, scene.engine.status().killLevel]).toEqual([1, 1, 'running'])
      await scene.restart()
    }
  })

  it('replayed says nothing again: what strategies and the framework told of either leg is told once', async () => {
    class Says extends Both {
      override onBar(): void {
        super.onBar()
        if (this.index === 4) this.log(`both are open: ${this.long.qty} and ${this.short.qty}`, 'warn')
        if (this.index === 12) this.log('the second start is heard')
      }
    }
    const scene = await running({ strategy: Says })
    await scene.to(6)
    const before = scene.logged.length
    await scene.restart()
    expect(scene.logged.slice(before).filter((text) => text.includes('both are open'))).toEqual([])
    await scene.to(14)
    expect(['both are open', 'is heard'].map((text) => scene.logged.filter((line) => line.includes(text)).length)).toEqual([1, 1])
  })

  it('with another decision in it is refused', async () => {
    const scene = await running()
    await scene.to(6)
    const at = scene.journal.lines.findIndex((line) => line.includes('order.submitted'))
    scene.journal.lines[at] = (scene.journal.lines[at] ?? '').replace('"qty":"1"', '"qty":"2"')
    await expect(scene.restart()).rejects.toThrow('REPLAY_DIVERGED')
  })

  it('that lacks an entry is refused', async () => {
    const scene = await running()
    await scene.to(6)
    scene.journal.lines.splice(3, 1)
    await expect(scene.restart()).rejects.toThrow('JOURNAL_DAMAGED')
  })
})
