import { describe, expect, it } from 'vitest'
import { LEGS, type PositionMode } from '@hedgerow/core'
import { FakeVenue } from '../test/fake-venue.ts'
import { Strategy } from './strategy.ts'

const MODES: readonly PositionMode[] = ['one-way', 'hedge']

class Scripted extends Strategy {
  act: (() => unknown) | null = null
  everyBar: (() => unknown) | null = null
  onBar() {
    this.everyBar?.()
    const act = this.act
    this.act = null
    act?.()
  }
}

function run(options: ConstructorParameters<typeof FakeVenue>[1] = {}): { strategy: Scripted; venue: FakeVenue; next: (act: () => unknown, price?: number) => string[] } {
  const strategy = new Scripted()
  const venue = new FakeVenue(strategy, options)
  const next = (act: () => unknown, price = 100): string[] => {
    strategy.act = act
    return venue.bar(price)
  }
  return { strategy, venue, next }
}

describe('open and close', () => {
  it.each([
    ['no price: market', {}, 'market'],
    ['price: limit', { price: 95 }, 'limit @95'],
    ['price on the other side: still limit', { price: 105 }, 'limit @105'],
    ['trigger: stop', { trigger: 105 }, 'stop-market @105'],
    ['both: stop-limit', { trigger: 105, price: 106 }, 'stop-limit @105 @106'],
  ])('%s', (_name, prices, expected) => {
    const { strategy, next } = run()
    expect(next(() => strategy.long.open({ qty: 1, ...prices }))).toEqual([`submit 1 open long 1 ${expected}`])
  })

  it.each(LEGS)('close without a quantity takes the exact quantity of the %s leg', (leg) => {
    const { strategy, venue, next } = run({ qtyStep: '0.0000000000000000001' })
    next(() => { strategy.long.open({ qty: '0.1234567890123456789' }); strategy.short.open({ qty: '0.9876543210987654321' }) })
    venue.fillMarket()
    const exact = strategy[leg].exact.qty.toFixed()
    expect(next(() => strategy[leg].close())).toEqual([`submit 3 close ${leg} ${exact} market`])
  })

  it('closing a flat leg is left to the broker to deny', () => {
    const { strategy, next } = run()
    expect(next(() => strategy.long.close())).toEqual(['submit 1 close long 0.001 market'])
  })

  it('a trailing stop closes the leg', () => {
    const { strategy, venue, next } = run()
    next(() => strategy.long.open({ qty: 1 }))
    venue.fillMarket()
    expect(next(() => strategy.long.close({ trailing: { distanceRatio: 0.01 } }))).toEqual(['submit 2 close long 1 trailing-stop'])
    expect(venue.order(2).order).toMatchObject({ role: 'trailing' })
    expect(venue.order(2).order.trailing?.distanceRatio?.toFixed()).toBe('0.01')
  })

  it('expiresIn counts from now', () => {
    const { strategy, venue, next } = run()
    next(() => strategy.long.open({ qty: 1, price: 90, expiresIn: 120_000 }))
    expect(venue.order(1).order.expiresAt).toBe(venue.now() + 120_000)
  })

  it.each([
    ['an unknown key', { qty: 1, stop: 90 }, /long\.open order\] UNKNOWN_KEY.*stop/],
    ['a price of zero', { qty: 1, price: 0 }, /long\.open price\] NOT_POSITIVE/],
    ['a negative quantity', { qty: -1 }, /long\.open qty\] NOT_POSITIVE/],
    ['a trailing stop without distance', { qty: 1, trailing: {} }, /either distance or distanceRatio/],
    ['an expiry in the past', { qty: 1, expiresIn: -1 }, /expiresIn -1/],
  ])('refuses %s', (_name, order, message) => {
    const { strategy, next } = run()
    expect(() => next(() => strategy.long.open(order))).toThrow(message)
  })

  it('an order on a leg that the route does not own is denied', () => {
    const { strategy, next } = run({ legs: ['long'] })
    expect(next(() => strategy.short.open({ qty: 1 }))).toEqual(['deny 1 open short 1 market LEG_OWNED'])
  })

  it('an order view tells the present state', () => {
    const { strategy, venue, next } = run()
    let order = null as ReturnType<typeof strategy.long.open> | null
    next(() => { order = strategy.long.open({ qty: 1, price: 90, tag: 'a' }) })
    expect(order).toMatchObject({ id: 1, tag: 'a', leg: 'long', intent: 'open', type: 'limit', status: 'open', isLive: true, qty: 1, price: 90, trigger: null, filledQty: 0, averagePrice: null })
    venue.fill(1, 0.25)
    expect(order).toMatchObject({ status: 'partially-filled', filledQty: 0.25, averagePrice: 90 })
    next(() => order?.cancel())
    expect(order).toMatchObject({ status: 'canceled', isLive: false, reason: 'requested' })
    expect(String(order)).toBe('order 1 open long 1 ETHUSDT limit 90: canceled, 0.25 filled')
  })
})

describe('tags', () => {
  it.each(MODES)('%s: stated on each bar, the same values do nothing and others amend', (positionMode) => {
    const { strategy, venue } = run({ positionMode })
    let price = 90.004
    strategy.everyBar = () => strategy.long.open({ qty: 1, price, tag: 'base' })
    expect(venue.bar(100)).toEqual(['submit 1 open long 1 limit @90 #base'])
    price = 90.002
    expect(venue.bar(100)).toEqual([])
    price = 91
    expect(venue.bar(100)).toEqual(['amend 1 qty 1 price 91'])
  })

  it('one tag on each leg names two orders', () => {
    const { strategy, venue } = run()
    strategy.everyBar = () => {
      strategy.long.open({ qty: 1, price: 90, tag: 'base' })
      strategy.short.open({ qty: 1, price: 110, tag: 'base' })
    }
    expect(venue.bar(100)).toEqual(['submit 1 open long 1 limit @90 #base', 'submit 2 open short 1 limit @110 #base'])
    expect(venue.bar(100)).toEqual([])
    expect([strategy.long.order('base')?.id, strategy.short.order('base')?.id, strategy.long.order('none')]).toEqual([1, 2, null])
  })

  it('another kind of order replaces: an opener goes first, a closer last', () => {
    const { strategy, venue, next } = run()
    next(() => strategy.long.open({ qty: 1, price: 90, tag: 'a' }))
    expect(next(() => strategy.long.open({ qty: 1, trigger: 110, tag: 'a' }))).toEqual(['cancel 1', 'submit 2 open long 1 stop-market @110 #a'])
    venue.fill(2)
    next(() => strategy.long.close({ trigger: 90, tag: 'x' }))
    expect(next(() => strategy.long.close({ price: 120, tag: 'x' }))).toEqual(['submit 4 close long 1 limit @120 #x', 'cancel 3'])
  })

  it('a closer that was clipped is not amended again and again', () => {
    const { strategy, venue, next } = run()
    next(() => strategy.long.open({ qty: 1 }))
    venue.fillMarket()
    strategy.everyBar = () => strategy.long.close({ qty: 5, price: 120, tag: 'x' })
    expect(venue.bar(100)).toEqual(['submit 2 close long 1 limit @120 #x'])
    expect(venue.bar(100)).toEqual([])
  })

  it('cancel takes a tag, or everything that the handle has placed, and never a declared order', () => {
    const { strategy, venue, next } = run()
    next(() => strategy.long.open({ qty: 1 }))
    venue.fillMarket()
    next(() => {
      strategy.long.protect({ stopLoss: 80 })
      strategy.long.open({ qty: 1, price: 90, tag: 'a' })
      strategy.long.open({ qty: 1, price: 89, tag: 'b' })
      strategy.short.open({ qty: 1, price: 120, tag: 'a' })
    })
    expect(next(() => strategy.long.cancel('a'))).toEqual(['cancel 2'])
    next(() => strategy.long.cancel())
    expect(venue.standing()).toEqual(['4 open short 1 limit @120 #a', '5 close long 1 stop-market @80'])
  })

  it('cancelled and stated again in one hook is a new order', () => {
    const { strategy, next } = run()
    next(() => strategy.long.open({ qty: 1, price: 90, tag: 'a' }))
    expect(next(() => { strategy.long.cancel('a'); strategy.long.open({ qty: 1, price: 90, tag: 'a' }) })).toEqual(['cancel 1', 'submit 2 open long 1 limit @90 #a'])
  })

  it('declared diffs and shouldCancelEntry never touch handle orders', () => {
    const { strategy, venue } = run()
    let asked = 0
    strategy.shouldCancelEntry = () => { asked += 1; return true }
    strategy.everyBar = () => strategy.long.open({ qty: 1, price: 90, tag: 'a' })
    venue.bar(100)
    venue.bar(100)
    expect(asked).toBe(0)
    expect(venue.standing()).toEqual(['1 open long 1 limit @90 #a'])
  })
})

describe('the exits that an order brings along', () => {
  it.each(LEGS)('%s: sized to the fills, tagged after their order, alternatives of each other', (leg) => {
    const { strategy, venue, next } = run()
    const [takeProfit, stopLoss] = leg === 'long' ? [105, 80] : [95, 120]
    const price = leg === 'long' ? 90 : 110
    next(() => strategy[leg].open({ qty: 1, price, tag: 'r1', takeProfit, stopLoss }))
    expect(venue.fill(1, 0.4)).toEqual([`submit 2 close ${leg} 0.4 stop-market @${stopLoss} #r1.sl`, `submit 3 close ${leg} 0.4 limit @${takeProfit} #r1.tp`])
    expect(venue.order(2).order).toMatchObject({ role: 'stop-loss', group: venue.order(3).order.group })
    expect(venue.fill(1)).toEqual(['amend 2 qty 1', 'amend 3 qty 1'])
    venue.fill(3)
    expect(venue.standing()).toEqual([])
    expect(strategy[leg].isFlat).toBe(true)
  })

  it('what fills after the first exits have closed gets exits of its own', () => {
    const { strategy, venue, next } = run()
    next(() => strategy.long.open({ qty: 1, price: 90, tag: 'r1', takeProfit: 105, stopLoss: 80 }))
    venue.fill(1, 0.4)
    venue.fill(3)
    expect(venue.fill(1)).toEqual(['submit 4 close long 0.6 stop-market @80 #r1.sl', 'submit 5 close long 0.6 limit @105 #r1.tp'])
  })

  it('two rungs of one leg have brackets of their own', () => {
    const { strategy, venue, next } = run()
    next(() => {
      strategy.long.open({ qty: 1, price: 95, tag: 'r1', takeProfit: 100, stopLoss: 80 })
      strategy.long.open({ qty: 2, price: 90, tag: 'r2', takeProfit: 95, stopLoss: 80 })
    })
    venue.fill(1)
    venue.fill(2)
    venue.fill(venue.find('#r2.tp'))
    expect(venue.standing()).toEqual(['3 close long 1 stop-market @80 #r1.sl', '4 close long 1 limit @100 #r1.tp'])
  })

  it('a tag stays in use while its exits rest: stating it again moves them and opens nothing', () => {
    const { strategy, venue } = run()
    let takeProfit = 105
    strategy.everyBar = () => strategy.long.open({ qty: 1, price: 90, tag: 'r1', takeProfit })
    venue.bar(100)
    venue.fill(1)
    expect(venue.bar(100)).toEqual([])
    takeProfit = 104
    expect(venue.bar(100)).toEqual(['amend 2 price 104'])
    venue.fill(2)
    expect(venue.bar(100)).toEqual(['submit 3 open long 1 limit @90 #r1'])
  })

  it('an order without a tag brings exits too', () => {
    const { strategy, venue, next } = run()
    next(() => strategy.short.open({ qty: 1, trailing: { distance: 2 } }))
    venue.fillMarket()
    expect(venue.standing()).toEqual(['2 close short 1 trailing-stop ##1.trailing'])
  })
})

describe('readings of a leg', () => {
  it.each(LEGS)('%s: numbers with their decimals, positive when the leg gains', (leg) => {
    const { strategy, venue, next } = run()
    next(() => strategy[leg].open({ qty: 0.5 }))
    venue.bar(leg === 'long' ? 110 : 90, 100)
    expect(strategy[leg]).toMatchObject({ isOpen: true, isFlat: false, qty: 0.5, entryPrice: 100, pnl: 5, priceChangePercentage: 10, liquidationPrice: null })
    expect(strategy[leg].pnlPercentage).toBeCloseTo(leg === 'long' ? 500 / 27.5 : 500 / 22.5, 10)
    expect(strategy[leg].exact.pnl.toFixed()).toBe('5')
    expect(strategy[leg].openedAt).not.toBeNull()
    expect(strategy[leg].history).toMatchObject({ increasedCount: 1, reducedCount: 0 })
  })

  it('a flat leg is zero, and null where zero would be a lie', () => {
    const { strategy, venue } = run()
    venue.bar(100)
    expect(strategy.short).toMatchObject({ isOpen: false, qty: 0, entryPrice: null, value: 0, pnl: 0, pnlPercentage: 0, priceChangePercentage: 0, openedAt: null, orders: [] })
  })
})
