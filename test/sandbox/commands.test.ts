/** Commands and the point of the path at which they take effect; expiry, amendments, missing candles, the close of a bar. */
import { decimal, MINUTE_MS } from '@hedgerow/core'
import { describe, expect, it } from 'vitest'
import { MISSING, Scene, symbolOf, type Row } from './scene.ts'

const flat: Row = [100, 100, 100, 100]
/** Green: open 100, low 90, high 110, close 105. */
const wide: Row = [100, 110, 90, 105]

describe('orders arrive', () => {
  it('at the open of the minute in which they were sent, in their order, when the next advance begins', () => {
    const scene = new Scene([symbolOf('A', [wide, flat])]).to(0)
    scene.send()
    scene.send({ leg: 'short' })
    expect(scene.told()).toEqual([])
    scene.exchange.arrive()
    expect(scene.toldAt()).toEqual(['0 #1 A open long 1 @ 100 taker', '0 #2 A open short 1 @ 100 taker'])
  })

  it('at the close before, with fillAt close', () => {
    const scene = new Scene([symbolOf('A', [wide, [107, 107, 107, 107]])], { fillAt: 'close' }).to(1)
    scene.send()
    scene.send({ leg: 'short', type: 'limit', price: '106' })
    scene.to(2)
    expect(scene.toldAt()).toEqual(['60 #1 A open long 1 @ 105 taker', '60 #2 A open short 1 @ 106 maker'])
  })

  it('at the next open of a symbol that has no candle', () => {
    const scene = new Scene([symbolOf('A', [flat, MISSING, MISSING, [99, 99, 99, 99]])]).to(1)
    scene.send()
    scene.to(3)
    expect(scene.toldAt()).toEqual(['180 #1 A open long 1 @ 99 taker'])
  })

  it('before the first candle of a symbol that starts later, which has no price until then', () => {
    const scene = new Scene([symbolOf('A', [flat, flat, flat]), symbolOf('B', [[50, 50, 50, 50]], { startMinute: 2 })]).to(0)
    scene.send({ symbol: 'B' })
    expect(scene.exchange.priceOf('B')).toBeNull()
    scene.to(2)
    expect(scene.toldAt()).toEqual(['120 #1 B open long 1 @ 50 taker'])
    expect(scene.exchange.priceOf('B')?.toFixed()).toBe('50')
  })

  it('at the last price at the end of a run, though nothing trades there and whatever the volume', () => {
    const scene = new Scene([symbolOf('A', [flat, [100, 104, 100, 104]])], { sim: { volumeShare: decimal('0.001') } }).to(0)
    scene.send({ qty: '1' })
    scene.to(2)
    scene.send({ intent: 'close', role: 'end-of-run' })
    scene.exchange.arrive()
    expect(scene.toldAt()).toEqual(['0 #1 A open long 1 @ 100 taker', '120 #2 A close long 1 @ 104 taker'])
  })

  it('for an unknown symbol: refused', () => {
    expect(() => new Scene([symbolOf('A', [flat])]).send({ symbol: 'B' })).toThrow(/UNKNOWN_SYMBOL.*B.*A/)
  })
})

describe('a hook of a fill', () => {
  it('has its orders arrive at the point of the fill: they fill later in the same candle', () => {
    const scene = new Scene([symbolOf('A', [wide])]).to(0)
    scene.onEvent = (event) => {
      if (event.type !== 'order.filled' || event.orderId !== 1) return
      scene.send({ intent: 'close', type: 'limit', price: '108', group: 'exit' })
      scene.send({ intent: 'close', type: 'stop-market', trigger: '91', group: 'exit' })
    }
    scene.send({ type: 'limit', price: '92' })
    scene.to(1)
    // 100 falls to 90: the stop at 91 lies on the way and the target would have been next.
    expect(scene.told()).toEqual(['#1 A open long 1 @ 92 maker', '#3 A close long 1 @ 91 taker', '#2 canceled oco'])
  })

  it('sees the price of the fill, also on another symbol that moves in lock-step', () => {
    const scene = new Scene([symbolOf('A', [wide]), symbolOf('B', [[50, 55, 47, 54]])]).to(0)
    const seen: (string | undefined)[] = []
    scene.onEvent = (event) => {
      if (event.type !== 'order.filled' || event.orderId !== 1) return
      seen.push(scene.exchange.priceOf('A')?.toFixed(), scene.exchange.priceOf('B')?.toFixed())
      scene.send({ symbol: 'B', leg: 'short' })
    }
    scene.send({ type: 'limit', price: '93' })
    scene.to(1)
    // Seven tenths of the way down: B stands at 50 - 2.1; a seller between two ticks gets the lower one.
    expect(seen).toEqual(['93', '47.9'])
    expect(scene.told()).toEqual(['#1 A open long 1 @ 93 maker', '#2 B open short 1 @ 47.9 taker'])
  })

  it('cancels an order at the same price before it fills', () => {
    const scene = new Scene([symbolOf('A', [wide])]).to(0)
    scene.onEvent = (event) => { if (event.type === 'order.filled') scene.exchange.cancel(2) }
    scene.send({ type: 'limit', price: '95' })
    scene.send({ type: 'limit', price: '95' })
    scene.to(1)
    expect(scene.told()).toEqual(['#1 A open long 1 @ 95 maker', '#2 canceled requested'])
  })

  it('does not interrupt what the venue does with a fill', () => {
    const scene = new Scene([symbolOf('A', [wide])]).to(0)
    scene.onEvent = (event) => { if (event.type === 'order.filled' && event.intent === 'close') scene.exchange.cancel(3) }
    scene.send()
    scene.send({ intent: 'close', type: 'stop-market', trigger: '95', group: 'x' })
    scene.send({ intent: 'close', type: 'limit', price: '109', group: 'x' })
    scene.to(1)
    expect(scene.told()).toEqual(['#1 A open long 1 @ 100 taker', '#2 A close long 1 @ 95 taker', '#3 canceled oco'])
  })

  it('leaves at an open what was sent there to arrive before the strategies of that moment decide', () => {
    const scene = new Scene([symbolOf('A', [flat, [95, 95, 95, 95]])]).to(0)
    scene.onEvent = (event) => { if (event.type === 'order.filled' && event.orderId === 1) scene.send({ leg: 'short' }) }
    scene.send({ type: 'limit', price: '97' })
    scene.to(1)
    expect(scene.toldAt()).toEqual(['60 #1 A open long 1 @ 97 maker', '60 #2 A open short 1 @ 95 taker'])
  })
})

describe('cancel', () => {
  it('of a waiting or resting order is answered at once; of one that is gone not at all', () => {
    const scene = new Scene([symbolOf('A', [wide, flat])]).to(0)
    const resting = scene.send({ type: 'limit', price: '80' })
    scene.to(1)
    const waiting = scene.send()
    for (const id of [resting, waiting, resting, 99]) scene.exchange.cancel(id)
    scene.to(2)
    expect(scene.told()).toEqual(['#1 canceled requested', '#2 canceled requested'])
    expect(scene.exchange.openOrders()).toEqual([])
  })
})

/** Two orders of one price, and volume for three of their four units. */
function book(): Scene {
  const scene = new Scene([symbolOf('A', [flat, [100, 100, 96, 100, 30], [100, 100, 96, 100, 30]])], { sim: { volumeShare: decimal('0.1') } }).to(0)
  scene.send({ type: 'limit', price: '97', qty: '2' })
  scene.send({ type: 'limit', price: '97', qty: '2' })
  return scene.to(1)
}

describe('amend', () => {
  it('keeps the place in the queue when only the quantity shrinks', () => {
    const scene = book()
    scene.exchange.amend(1, { qty: decimal('1.5') })
    scene.to(2)
    expect(scene.told()).toEqual(['#1 amended 1.5 @ 97', '#1 A open long 1.5 @ 97 maker', '#2 A open long 1.5 @ 97 maker'])
  })

  it('loses it when the quantity grows or the price moves', () => {
    for (const change of [{ qty: decimal('2.5') }, { price: decimal('97.1') }]) {
      const scene = book()
      scene.exchange.amend(1, change)
      scene.exchange.amend(1, { price: decimal('97') })
      expect(scene.to(2).told().at(-1)).toBe('#1 A open long 1 @ 97 maker')
    }
  })

  it('lets an order that crosses the market take, a trigger that is passed fire or be refused, and a quantity that is filled end it', () => {
    const scene = new Scene([symbolOf('A', [flat, flat, flat])]).to(0)
    scene.send()
    scene.send({ type: 'limit', price: '90' })
    scene.send({ intent: 'close', type: 'stop-market', trigger: '90' })
    scene.send({ leg: 'short', type: 'stop-market', trigger: '90' })
    scene.send({ type: 'limit', price: '80' })
    scene.to(1)
    scene.exchange.amend(2, { price: decimal('101') })
    scene.exchange.amend(3, { trigger: decimal('100') })
    scene.exchange.amend(4, { trigger: decimal('100') })
    scene.exchange.amend(5, { qty: decimal('0') })
    scene.exchange.amend(77, { qty: decimal('1') })
    scene.to(2)
    expect(scene.told()).toEqual([
      '#1 A open long 1 @ 100 taker', '#2 amended 1 @ 101', '#2 A open long 1 @ 100 taker', '#3 amended 1 trigger 100', '#3 A close long 1 @ 100 taker',
      '#4 amended 1 trigger 100', '#4 rejected TRIGGER_ALREADY_PASSED', '#5 canceled requested',
    ])
  })

  it('counts what is filled into the quantity', () => {
    const scene = book().to(2)
    expect(scene.told()).toEqual(['#1 A open long 2 @ 97 maker', '#2 A open long 1 @ 97 maker'])
    scene.exchange.amend(2, { qty: decimal('3') })
    scene.to(3)
    expect(scene.told().slice(2)).toEqual(['#2 amended 3 @ 97', '#2 A open long 2 @ 97 maker'])
  })
})

describe('a group', () => {
  it('is taken down to what is left of the leg, beside what each of its orders has filled', () => {
    const scene = new Scene([symbolOf('A', [[100, 100, 100, 100, 1000], [100, 110, 100, 110, 20], [94, 94, 94, 94, 20]])], { sim: { volumeShare: decimal('0.1') } }).to(0)
    scene.send({ qty: '9' })
    scene.send({ intent: 'close', type: 'stop-limit', trigger: '95', price: '90', group: 'x', qty: '9' })
    scene.send({ intent: 'close', type: 'limit', price: '109', group: 'x', qty: '9' })
    scene.to(3)
    expect(scene.told()).toEqual(['#1 A open long 9 @ 100 taker', '#3 A close long 2 @ 109 maker', '#2 reduced to 7', '#2 A close long 2 @ 94 taker', '#3 reduced to 7'])
  })
})

describe('expiry', () => {
  it('at a minute comes before the matching of its open', () => {
    const scene = new Scene([symbolOf('A', [flat, [95, 95, 95, 95]])]).to(0)
    scene.send({ type: 'limit', price: '97', expiresAt: MINUTE_MS })
    scene.to(1)
    expect(scene.toldAt()).toEqual(['60 #1 expired expired'])
  })

  it('inside a candle comes at its time: what the path reaches before fills, what it reaches after does not', () => {
    const scene = new Scene([symbolOf('A', [wide])]).to(0)
    // 100 to 90 takes 20 s: 95 is reached at 10 s, 91 at 18 s.
    scene.send({ type: 'limit', price: '95', expiresAt: 12_000 })
    scene.send({ type: 'limit', price: '91', expiresAt: 12_000 })
    scene.to(1)
    expect(scene.toldAt()).toEqual(['10 #1 A open long 1 @ 95 maker', '12 #2 expired expired'])
  })

  it('wakes a stretch in which nothing else happens', () => {
    const scene = new Scene([symbolOf('A', Array.from({ length: 50 }, () => flat))]).to(0)
    scene.send({ type: 'limit', price: '50', expiresAt: 20 * MINUTE_MS })
    scene.to(50)
    expect(scene.toldAt()).toEqual(['1200 #1 expired expired'])
  })
})

describe('the end of the run', () => {
  it('cancels what is live in the order in which it came, whatever the ids are', () => {
    const scene = new Scene([symbolOf('A', [flat, flat]), symbolOf('B', [flat, flat])]).to(0)
    for (const id of [3, 1, 2]) {
      scene.exchange.submit({
        id, symbol: id === 3 ? 'B' : 'A', leg: 'long', intent: 'open', type: 'limit', timeInForce: 'GTC', postOnly: false, role: 'entry', strategy: 'scene', createdAt: 0, qty: decimal('1'), price: decimal('90'),
      })
    }
    scene.to(1)
    scene.exchange.end()
    expect(scene.told()).toEqual(['#3 canceled end-of-run', '#1 canceled end-of-run', '#2 canceled end-of-run'])
  })
})

describe('one-way mode', () => {
  it('lets the first opening fill cancel the other leg\'s openers, and refuses one that arrives later', () => {
    const scene = new Scene([symbolOf('A', [wide, [105, 105, 105, 105]])], { positionMode: 'one-way' }).to(0)
    scene.send({ type: 'limit', price: '95' })
    scene.send({ leg: 'short', type: 'limit', price: '109' })
    scene.send({ leg: 'short', type: 'stop-market', trigger: '89' })
    scene.to(1)
    scene.send({ leg: 'short' })
    scene.send({ intent: 'close' })
    scene.send({ leg: 'short' })
    scene.to(2)
    expect(scene.told()).toEqual([
      '#1 A open long 1 @ 95 maker', '#2 canceled leg-conflict', '#3 canceled leg-conflict', '#4 rejected LEG_CONFLICT', '#5 A close long 1 @ 105 taker', '#6 A open short 1 @ 105 taker',
    ])
  })
})

describe('missing candles', () => {
  it('let orders rest and remainders wait; no price is made up', () => {
    const scene = new Scene([symbolOf('A', [[100, 100, 100, 100, 10], MISSING, [90, 95, 90, 95, 10]])], { sim: { volumeShare: decimal('0.1') } }).to(0)
    scene.send({ qty: '1.5' })
    scene.send({ intent: 'close', type: 'stop-market', trigger: '97' })
    scene.to(2)
    expect(scene.exchange.priceOf('A')?.toFixed()).toBe('90')
    scene.to(3)
    expect(scene.toldAt()).toEqual(['0 #1 A open long 1 @ 100 taker', '120 #2 A close long 1 @ 90 taker'])
    expect(scene.exchange.openOrders().map(({ id }) => id)).toEqual([1])
  })
})

describe('counts', () => {
  it('large fills, missed protection and ambiguous candles', () => {
    const scene = new Scene([symbolOf('A', [[100, 100, 100, 100, 10], [100, 110, 90, 105, 1000], [80, 80, 80, 80, 1000]])]).to(0)
    scene.send({ qty: '1' })
    scene.to(1)
    scene.send({ intent: 'close', type: 'limit', price: '109', qty: '0.4', group: 'x' })
    scene.send({ intent: 'close', type: 'stop-market', trigger: '91', qty: '0.4', group: 'x' })
    scene.send({ intent: 'close', type: 'stop-limit', trigger: '88', price: '87' })
    scene.to(3)
    expect(scene.exchange.statistics()).toMatchObject({ ambiguousCandles: 1, largeFills: 1, protectionMissed: 1, liquidations: 0, fundingNotModelled: ['A'], markIsLast: ['A'] })
  })
})
