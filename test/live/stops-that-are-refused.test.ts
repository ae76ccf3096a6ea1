/** Stops that the venue does not take, and orders that it refuses: what is tried again, what is halted, and what switches trading off. */
import { Strategy } from '@hedgerow/strategy-sdk'
import { describe, expect, it } from 'vitest'
import { candlesOf, LiveScene, type SceneOptions } from './live-scene.ts'

const FLAT = candlesOf(Array.from({ length: 60 }, () => 100))

/** Opens both legs at bar 3 with a stop each. */
class Both extends Strategy {
  onBar(): void {
    if (this.index !== 3) return
    this.long.open({ qty: 1, stopLoss: 95, tag: 'l' })
    this.short.open({ qty: 0.5, stopLoss: 105, tag: 's' })
  }
}

async function running(options: Partial<SceneOptions> = {}): Promise<LiveScene> {
  const scene = new LiveScene({ strategy: Both, candles: FLAT, ...options })
  await scene.start()
  return scene
}

const denied = (scene: LiveScene): string[] => scene.engine.options.log.events.flatMap((event) => (event.type === 'order.denied' ? [`${event.order.leg} ${event.order.tag ?? ''} ${event.code}`] : []))
const stops = (scene: LiveScene): string[] => scene.venue.openOrders().filter(({ orderType }) => orderType === 'stop-market').map(({ leg, qty }) => `${leg ?? '?'} ${qty.toFixed()}`).toSorted()

/** The venue takes no stop of the long leg any more, and drops the one that it has. */
function refuseLongStops(scene: LiveScene): () => void {
  let refuses = true
  const { venue } = scene
  const submit = venue.submit.bind(venue)
  venue.submit = (submission) => {
    const { order, clientId } = submission
    if (refuses && order.leg === 'long' && order.intent === 'close') venue.say({ type: 'refused', at: scene.timers.now(), command: 'submit', clientId, code: '110009', message: 'too many conditional orders' })
    else submit(submission)
  }
  venue.drop(venue.openOrders().find(({ leg }) => leg === 'long')?.clientId ?? '')
  return () => { refuses = false }
}

describe('a stop that is refused', () => {
  it('three times halts its symbol, told once; it is tried for on, and its coming lifts the halt; the other leg keeps its own', async () => {
    const scene = await running()
    await scene.to(6)
    const relent = refuseLongStops(scene)
    await scene.pass(20)
    const before = scene.journal.lines.length
    expect([stops(scene), scene.engine.status().halts.map(({ name }) => name)]).toEqual([['short 0.5'], ['protection']])
    await scene.pass(20)
    expect(scene.logged.filter((text) => text.includes('UNPROTECTED'))).toHaveLength(1)
    expect(scene.journal.lines.length - before).toBeLessThan(10)
    expect(scene.engine.status().halts.map(({ name }) => name)).toEqual(['protection'])
    relent()
    await scene.pass(40)
    expect([stops(scene), scene.engine.status().halts, scene.engine.status().unprotected]).toEqual([['long 1', 'short 0.5'], [], []])
  })

  it('at its trigger, with nothing filled, stands again, or closes its leg where the price is beyond it', async () => {
    const scene = await running()
    await scene.to(6)
    const long = scene.venue.openOrders().find(({ leg }) => leg === 'long')
    if (long === undefined) throw new Error('no stop')
    scene.venue.faults.mute = true
    scene.venue.drop(long.clientId ?? '')
    scene.venue.faults.mute = false
    scene.venue.say({ ...long, at: scene.timers.now(), status: 'triggered' })
    scene.venue.say({ ...long, at: scene.timers.now(), status: 'rejected', reason: 'EC_NoEnoughQtyToFill' })
    await scene.pass(10)
    expect(scene.legs()).toBe('long 1/1 short 0.5/0.5')
    expect(stops(scene)).toEqual(['long 1', 'short 0.5'])
  })
})

describe('an entry whose stop could not stand', () => {
  it('is denied while ten stops of its symbol stand or are to come with their entries; those of the other leg count', async () => {
    class Grid extends Strategy {
      onBar(): void {
        if (this.index === 2) for (let rung = 1; rung <= 8; rung++) this.long.open({ tag: `${rung}`, qty: 0.1, price: 100 - rung, stopLoss: 80 })
        if (this.index === 3) for (let rung = 1; rung <= 4; rung++) this.short.open({ tag: `${rung}`, qty: 0.1, price: 100 + rung, stopLoss: 120 })
        if (this.index === 4) this.short.open({ tag: 'bare', qty: 0.1, price: 110 })
      }
    }
    const scene = await running({ strategy: Grid, candles: candlesOf([100, 100, 100, 100, 100, 100, 90.5, 90.5, 90.5]) })
    await scene.to(5)
    expect(denied(scene)).toEqual(['short 3 TOO_MANY_ORDERS', 'short 4 TOO_MANY_ORDERS'])
    await scene.to(8)
    expect(scene.legs()).toBe('long 0.8/0.8 short 0/0')
    expect(scene.engine.status().unprotected).toEqual([])
    expect(stops(scene)).toHaveLength(8)
  })

  it('is denied where the driver has no trailing stops', async () => {
    class Trails extends Strategy {
      onBar(): void {
        if (this.index !== 3) return
        this.long.open({ tag: 'l', qty: 1, trailing: { distance: 2 } })
        this.short.open({ tag: 's', qty: 0.5, stopLoss: 105 })
      }
    }
    const scene = await running({ strategy: Trails })
    await scene.to(6)
    expect(denied(scene)).toEqual(['long l MODE_UNSUPPORTED'])
    expect(scene.legs()).toBe('long 0/0 short 0.5/0.5')
  })
})

const refusal = (scene: LiveScene, command: 'submit' | 'cancel', code: string): void => { scene.venue.say({ type: 'refused', at: scene.timers.now(), command, clientId: 'hr-none', code, message: 'as the venue says' }) }

describe('refusals within a minute', () => {
  const triggers = { marginRate: null, silentMs: null, rejectsPerMinute: 3, drawdown: null, equityDeviation: null, onDailyLoss: 'cancel' } as const

  it('of orders switch to pause, and say what was refused last', async () => {
    const scene = await running({ config: { triggers } })
    await scene.to(6)
    for (let time = 0; time < 4; time++) refusal(scene, 'submit', '110007')
    await scene.pass(4)
    expect(scene.engine.status()).toMatchObject({ killLevel: 'pause', killCause: { reason: '4 refusals of the venue within a minute, the last of submit: 110007 as the venue says' } })
    expect(stops(scene)).toEqual(['long 1', 'short 0.5'])
  })

  it('of cancellations of orders that are over do not: a leg that goes flat brings many of them', async () => {
    const scene = await running({ config: { triggers } })
    await scene.to(6)
    for (let time = 0; time < 20; time++) refusal(scene, 'cancel', '110001')
    await scene.pass(4)
    expect(scene.engine.status().killLevel).toBe('running')
  })
})

it('many orders that never arrived are asked for together after a crash: a start does not take longer for each', async () => {
  class Ten extends Strategy {
    onBar(): void {
      if (this.index === 5) for (let rung = 1; rung <= 5; rung++) {
        this.long.open({ tag: `${rung}`, qty: 0.1, price: 100 - rung })
        this.short.open({ tag: `${rung}`, qty: 0.1, price: 100 + rung })
      }
    }
  }
  const scene = await running({ strategy: Ten })
  await scene.to(5)
  scene.connection.gate = () => {}
  await scene.to(6)
  const before = scene.timers.now()
  await scene.restart()
  expect(scene.timers.now() - before).toBeLessThan(10_000)
  await scene.pass(10)
  const ended = scene.engine.options.log.events.filter((event) => event.type === 'order.rejected')
  expect([ended.length, scene.venue.openOrders(), scene.legs()]).toEqual([10, [], 'long 0/0 short 0/0'])
})

