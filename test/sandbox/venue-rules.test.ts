/** Own orders that meet, auto-deleveraging, margin that is added automatically, and what a taker's size costs. */
import { decimal, MINUTE_MS } from '@hedgerow/core'
import { exact } from '@hedgerow/driver-sandbox'
import { describe, expect, it } from 'vitest'
import { calm, Scene, symbolOf, type Row, type Wish } from './scene.ts'

const flat: Row = [100, 100, 100, 100]
const flats = (count: number): Row[] => Array.from({ length: count }, () => flat)

const fall = (to: number): Row[] => [flat, [100, 100, to, to], [to, to, to, to]]
const waves = (volume: number): Row[] => Array.from({ length: 70 }, (_, index): Row => (index % 2 === 0 ? [100, 101, 100, 101, volume] : [101, 101, 100, 100, volume]))

/** A buy rests at 99, which the price reaches and does not pass; then an order sells 3 there. */
const meet = (incoming: Wish, sim: NonNullable<ConstructorParameters<typeof Scene>[1]>['sim'] = {}): string[] => {
  const scene = new Scene([symbolOf('A', [flat, [100, 100, 99, 99], [99, 99, 99, 99]])], { fee: { maker: decimal('0.001'), taker: decimal('0.002') }, sim: { limitFill: 'through', ...sim } }).to(0)
  scene.send({ type: 'limit', price: '99' })
  scene.to(2)
  scene.send({ leg: 'short', qty: '3', ...incoming })
  return scene.to(3).told()
}

const pricesOf = (impact: string, qty: string, volume = 100): string => {
  const scene = new Scene([symbolOf('A', waves(volume))], { profile: calm, sim: { slippage: { impact: decimal(impact) } } }).to(66)
  scene.send({ qty })
  scene.send({ qty, intent: 'close' })
  return scene.to(67).told().map((text) => text.split(' ')[6]).join(' ')
}

describe('own orders that meet', () => {
  it('fill against the market, each for itself, unless a rule says otherwise', () => {
    expect(meet({})).toEqual(['#2 A open short 3 @ 99 taker fee 0.594'])
    expect(meet({ type: 'limit', price: '99' })).toEqual(meet({}))
  })

  it('are cancelled by a rule, one of them or both', () => {
    expect(meet({}, { stp: 'cancel-maker' })).toEqual(['#1 canceled self-trade', '#2 A open short 3 @ 99 taker fee 0.594'])
    expect(meet({}, { stp: 'cancel-taker' })).toEqual(['#2 canceled self-trade'])
    expect(meet({}, { stp: 'cancel-both' })).toEqual(['#1 canceled self-trade', '#2 canceled self-trade'])
  })

  it('as the tag of the incoming order says, whatever the run says', () => {
    expect(meet({ stp: 'cancel-maker' }, { stp: 'cancel-taker' })).toEqual(meet({}, { stp: 'cancel-maker' }))
    expect(meet({ stp: 'none' }, { stp: 'cancel-both' })).toEqual(meet({}))
  })

  it('do not meet below the market: nothing is netted there', () => {
    const scene = new Scene([symbolOf('A', flats(2))], { sim: { stp: 'cancel-both' } }).to(0)
    scene.send({ type: 'limit', price: '99' })
    scene.send({ leg: 'short', type: 'limit', price: '98' })
    expect(scene.to(1).told()).toEqual(['#2 A open short 1 @ 100 taker'])
  })
})

describe('auto-deleveraging', () => {
  const jump: Row = [100, 110, 100, 110]
  const stress = { rate: decimal('1'), seed: 1, move: decimal('0.05') }
  const run = (adl?: typeof stress, rows: readonly Row[] = [flat, jump, [110, 110, 110, 110]]): Scene => {
    const scene = new Scene([symbolOf('A', rows), symbolOf('B', flats(rows.length))], { fee: { maker: decimal('0.001'), taker: decimal('0') }, ...(adl === undefined ? {} : { sim: { adl } }) }).to(0)
    scene.send()
    scene.send({ leg: 'short', qty: '2' })
    scene.send({ symbol: 'B' })
    scene.send({ type: 'limit', price: '50' })
    scene.send({ leg: 'short', type: 'limit', price: '500' })
    scene.send({ symbol: 'B', type: 'limit', price: '50' })
    return scene.to(rows.length)
  }

  it('closes the leg that gains most, at the mark, as maker, and cancels the orders of its symbol', () => {
    const scene = run(stress)
    expect(scene.toldAt().slice(3)).toEqual(['119.999 deleveraged A long 1 at 110', '119.999 #4 canceled adl', '119.999 #5 canceled adl', '119.999 adl A close long 1 @ 110 maker fee 0.11'])
    expect([scene.exchange.statistics().deleveraged, scene.exchange.openOrders().map(({ id }) => id)]).toEqual([1, [6]])
  })

  it('takes the short after a fall, and nobody where nothing gains', () => {
    expect(run(stress, [flat, [100, 100, 90, 90], flat]).told().at(-1)).toBe('adl A close short 2 @ 90 maker fee 0.18')
    expect(run(stress, [flat, [100, 100, 100, 100], flat]).told()).toHaveLength(3)
  })

  it('happens only where the mark moves far enough and the draw says so; without the stress never', () => {
    expect(run({ ...stress, move: decimal('0.2') }).told()).toHaveLength(3)
    expect(run({ ...stress, rate: decimal('0') }).told()).toHaveLength(3)
    expect(run().told()).toHaveLength(3)
  })

  it('is drawn from seed, symbol and time: about as often as the rate says, alike for the same seed, and untouched by other data', () => {
    const swings = Array.from({ length: 400 }, (_, index): Row => (index % 2 === 0 ? [100, 110, 100, 110] : [110, 110, 100, 100]))
    const minutes = (seed: number, rows: readonly Row[] = swings): number[] => {
      const scene = new Scene([symbolOf('A', rows)], { sim: { adl: { rate: decimal('0.25'), seed, move: decimal('0.05') } } })
      for (let minute = 0; minute < rows.length; minute += 1) {
        scene.to(minute)
        scene.send({ leg: minute % 2 === 0 ? 'long' : 'short' })
      }
      scene.to(rows.length)
      return scene.events.flatMap((event) => (event.type === 'account.deleveraged' ? [Math.floor(event.at / MINUTE_MS)] : []))
    }
    const first = minutes(1)
    expect(first.length).toBeGreaterThan(60)
    expect(first.length).toBeLessThan(140)
    expect(minutes(1)).toEqual(first)
    expect(minutes(2)).not.toEqual(first)
    expect(minutes(1, swings.slice(0, 200))).toEqual(first.filter((minute) => minute < 200))
  })
})

describe('margin that is added before a liquidation', () => {
  const isolated = { ...exact, isolated: { ...exact.isolated, amountPlaces: 4 } }
  const run = (rows: readonly Row[], { autoAddMargin = true, balance = '1000', send = {} }: { readonly autoAddMargin?: boolean; readonly balance?: string; readonly send?: Wish } = {}): string[] => {
    const scene = new Scene([symbolOf('A', rows)], { profile: isolated, marginMode: 'isolated', startingBalance: decimal(balance), sim: { autoAddMargin } }).to(0)
    scene.send(send)
    scene.send({ leg: 'short', qty: '0.1' })
    return scene.to(rows.length).told().slice(2)
  }

  it('is the initial margin of the leg, once each time, and the leg lives on', () => {
    expect(run(fall(89), { autoAddMargin: false })).toEqual([expect.stringMatching(/^liquidated A long at 90\.4/), expect.stringMatching(/^liquidation A close long 1 @ 90\.4/)])
    expect(run(fall(89))).toEqual(['margin A long 10'])
    expect(run(fall(75))).toEqual(['margin A long 10', 'margin A long 10'])
  })

  it('is for the short leg as well', () => {
    expect(run([flat, [100, 112, 100, 112], [112, 112, 112, 112]], { send: { qty: '0.1' } })).toEqual(['margin A short 1'])
  })

  it('ends with what is available: what is left is liquidated', () => {
    expect(run(fall(75), { balance: '15' })).toEqual(['margin A long 4', expect.stringMatching(/^liquidated A long at 86\.4/), expect.stringMatching(/^liquidation A close long 1 @ 86\.4/)])
  })

  it('never goes beyond a leverage of 1', () => {
    const rise: Row[] = [flat, [100, 240, 100, 240], [240, 240, 240, 240]]
    const told = run(rise, { send: { leg: 'short', qty: '1' } })
    const added = told.filter((text) => text.startsWith('margin A short')).reduce((sum, text) => sum + Number(text.split(' ').at(-1)), 0)
    expect(told.some((text) => text.startsWith('liquidated A short'))).toBe(true)
    expect(added).toBeGreaterThan(80)
    expect(added).toBeLessThanOrEqual(99)
  })
})

describe('slippage', () => {
  it('by impact grows with the square root of the share of the volume, against both sides', () => {
    // Returns of +1 % and -0.99 % in turn: sigma is 1.003 % of 100, and an order of the whole volume pays it once.
    expect([pricesOf('1', '100'), pricesOf('1', '25'), pricesOf('2', '25'), pricesOf('0', '100')]).toEqual(['101.1 98.9', '100.6 99.4', '101.1 98.9', '100 100'])
    expect(pricesOf('1', '100', 400)).toBe(pricesOf('1', '25', 100))
  })

  it('stays within the candle where it is clamped', () => {
    for (const [clampToRange, prices] of [[true, '101 100'], [false, '105 95']] as const) {
      const scene = new Scene([symbolOf('A', [flat, [100, 101, 100, 101]])], { sim: { slippage: { bps: decimal('500') }, clampToRange } }).to(1)
      scene.send()
      scene.send({ intent: 'close' })
      expect(scene.to(2).told().map((text) => text.split(' ')[6]).join(' ')).toBe(prices)
    }
  })
})
