/** Commands that take time to arrive: at the point of the path that their time says, in the order in which they were sent (SIMULATION 3.6). */
import { decimal } from '@hedgerow/core'
import { describe, expect, it } from 'vitest'
import { MISSING, Scene, symbolOf, type Row } from './scene.ts'

/** Up 3 in the first third of a minute, down 6 in the second, up 3 in the last: 0.15 a second, then 0.3. */
const wave: Row = [100, 103, 97, 100]
const flat: Row = [100, 100, 100, 100]
const path = 'ohlc'

describe('latency', () => {
  it('lets a market order take the price of its arrival, not of its decision', () => {
    const scene = new Scene([symbolOf('A', [wave, wave])], { sim: { latencyMs: 10_000, path } }).to(0)
    scene.send()
    scene.send({ leg: 'short' })
    scene.to(2)
    expect(scene.toldAt()).toEqual(['10 #1 A open long 1 @ 101.5 taker', '10 #2 A open short 1 @ 101.5 taker'])
  })

  it('rounds a price between two ticks against the taker', () => {
    const scene = new Scene([symbolOf('A', [wave])], { sim: { latencyMs: 1_000, path } }).to(0)
    scene.send()
    scene.send({ leg: 'short' })
    scene.to(1)
    expect(scene.told()).toEqual(['#1 A open long 1 @ 100.2 taker', '#2 A open short 1 @ 100.1 taker'])
  })

  it('a resting order is met only after it has arrived', () => {
    const told = [0, 15_000, 25_000].map((latencyMs) => {
      const scene = new Scene([symbolOf('A', [wave, flat])], { sim: { latencyMs, path } }).to(0)
      scene.send({ leg: 'short', type: 'limit', price: '102.9' })
      return scene.to(2).toldAt()
    })
    expect(told).toEqual([['19.333 #1 A open short 1 @ 102.9 maker'], ['19.333 #1 A open short 1 @ 102.9 maker'], []])
  })

  it('a fill before the cancel arrives wins; one after it does not happen', () => {
    for (const [latencyMs, told] of [[10_000, ['#1 canceled requested']], [30_000, ['#1 A open short 1 @ 102 maker']]] as const) {
      const scene = new Scene([symbolOf('A', [flat, wave, flat])], { sim: { latencyMs, path } }).to(0)
      scene.send({ leg: 'short', type: 'limit', price: '102' })
      scene.to(1).exchange.cancel(1)
      expect(scene.to(3).told()).toEqual(told)
    }
  })

  it('an amendment arrives late as well, and never overtakes its order', () => {
    const scene = new Scene([symbolOf('A', [wave, wave])], { sim: { latencyMs: 25_000, path } }).to(0)
    scene.send({ type: 'limit', price: '95' })
    scene.exchange.amend(1, { price: decimal('98') })
    expect(scene.to(2).toldAt()).toEqual(['25 #1 amended 1 @ 98', '36.666 #1 A open long 1 @ 98 maker'])
  })

  it('what a fill causes arrives later than the fill, in the next candles if need be', () => {
    const scene = new Scene([symbolOf('A', [wave, flat, flat, flat])], { sim: { latencyMs: 90_000, path } }).to(0)
    scene.onEvent = (event) => { if (event.type === 'order.filled' && event.intent === 'open') scene.send({ intent: 'close' }) }
    scene.send()
    expect(scene.to(4).toldAt()).toEqual(['90 #1 A open long 1 @ 100 taker', '180 #2 A close long 1 @ 100 taker'])
  })

  it('at the start of a candle arrives after what the open lets act', () => {
    const scene = new Scene([symbolOf('A', [flat, [98, 98, 98, 98], flat])], { sim: { latencyMs: 60_000 } })
    scene.to(0).send({ type: 'limit', price: '99' })
    scene.to(1).send({ intent: 'close' })
    expect(scene.to(3).toldAt()).toEqual(['60 #1 A open long 1 @ 98 taker', '120 #2 A close long 1 @ 100 taker'])
  })

  it('a closer that leaves the leg flat takes along those that arrive with it, as without latency', () => {
    const told = [0, 10_000].map((latencyMs) => {
      const scene = new Scene([symbolOf('A', [flat, flat, wave])], { sim: { latencyMs, path } }).to(0)
      scene.send()
      scene.to(1).send({ intent: 'close' })
      scene.send({ intent: 'close', type: 'limit', price: '102' })
      scene.send({ leg: 'short', type: 'limit', price: '102' })
      return scene.to(3).told()
    })
    expect(told[0]).toEqual(['#1 A open long 1 @ 100 taker', '#2 A close long 1 @ 100 taker', '#3 canceled position-closed', '#4 A open short 1 @ 102 maker'])
    expect(told[1]).toEqual(told[0])
  })

  it('waits for the next open of a symbol that does not trade', () => {
    const scene = new Scene([symbolOf('A', [flat, MISSING, [90, 90, 90, 90]])], { sim: { latencyMs: 70_000 } }).to(0)
    scene.send()
    expect(scene.to(3).toldAt()).toEqual(['120 #1 A open long 1 @ 90 taker'])
  })

  it('the end of the run cancels what is on its way; the order of the end takes no time', () => {
    const scene = new Scene([symbolOf('A', [flat, flat])], { sim: { latencyMs: 30_000 } }).to(0)
    scene.send()
    scene.to(2).send({ intent: 'close' })
    scene.exchange.end()
    scene.send({ intent: 'close', role: 'end-of-run' })
    scene.exchange.arrive()
    expect(scene.toldAt()).toEqual(['30 #1 A open long 1 @ 100 taker', '120 #2 canceled end-of-run', '120 #3 A close long 1 @ 100 taker'])
  })

  it('pessimistic and the count of ambiguous candles see what arrives within the candle', () => {
    for (const [leg, price] of [['long', '103'], ['short', '97']] as const) {
      const scene = new Scene([symbolOf('A', [wave, flat])], { sim: { latencyMs: 20_000, path: 'pessimistic' } }).to(0)
      scene.send({ leg })
      expect(scene.to(2).told()).toEqual([`#1 A open ${leg} 1 @ ${price} taker`])
      expect(scene.exchange.statistics().ambiguousCandles).toBe(1)
    }
  })

  it('is the same whether time passes in steps or at once', () => {
    const [atOnce, inSteps] = [[4], [1, 2, 3, 4]].map((steps) => {
      const scene = new Scene([symbolOf('A', [wave, wave, wave, flat])], { sim: { latencyMs: 75_000, path } }).to(0)
      scene.send({ leg: 'short', type: 'limit', price: '102' })
      scene.send({ type: 'stop-market', trigger: '102.5' })
      for (const minute of steps) scene.to(minute)
      return scene.toldAt()
    })
    expect(atOnce).toEqual(inSteps)
    expect(atOnce).toEqual(['75 #1 A open short 1 @ 102.2 taker', '76.666 #2 A open long 1 @ 102.5 taker'])
  })
})
