import { decimal, type Leg, type PositionMode } from '@hedgerow/core'
import { describe, expect, it } from 'vitest'
import { FakeVenue } from '../test/fake-venue.ts'
import { Strategy } from './strategy.ts'

const MODES: readonly PositionMode[] = ['one-way', 'hedge']

/** Opens what it is told to at bar 0 and runs a script afterwards. */
class Scripted extends Strategy {
  script: Record<number, () => void> = {}
  entry: (() => void) | null = null
  shouldLong() { return this.index === 0 && this.entry !== null }
  goLong() { this.entry?.() }
  onBar() { this.script[this.index]?.() }
}

/** A long of 1 from 100, in hedge mode with a short of 2 from 100 too. */
function opened(options: { readonly both?: boolean; readonly positionMode?: PositionMode; readonly entry?: (strategy: Scripted) => void } = {}): { strategy: Scripted; venue: FakeVenue } {
  const strategy = new Scripted()
  strategy.entry = () => {
    strategy.buy = [1, 100]
    options.entry?.(strategy)
  }
  if (options.both === true) strategy.script[0] = () => { strategy.short.open({ qty: 2 }) }
  const venue = new FakeVenue(strategy, { positionMode: options.positionMode ?? 'hedge' })
  venue.bar(100)
  venue.fillMarket()
  venue.take()
  return { strategy, venue }
}

function atNextBar({ strategy, venue }: { strategy: Scripted; venue: FakeVenue }, act: () => void, price = 100): string[] {
  strategy.script[venue.index() + 1] = act
  return venue.bar(price)
}

describe('types from prices', () => {
  it.each([
    ['market when near', 100.015, 'submit 1 open long 1 market'],
    ['limit when better', 99.98, 'submit 1 open long 1 limit @99.98'],
    ['stop when worse', 100.02, 'submit 1 open long 1 stop-market @100.02'],
  ])('an entry is %s', (_name, price, expected) => {
    const strategy = new Scripted()
    strategy.entry = () => { strategy.buy = [1, price] }
    expect(new FakeVenue(strategy).bar(100)).toEqual([expected])
  })

  it.each([['sell', 101, 'limit @101'], ['sell', 99, 'stop-market @99']] as const)('%s of the long at %s is a %s', (_list, price, expected) => {
    const run = opened()
    expect(atNextBar(run, () => { run.strategy.sell = [0.4, price, 'long'] })).toEqual([`submit 2 close long 0.4 ${expected}`])
  })

  it('a stop that the price has passed stays a stop, and a passed target a limit', () => {
    const run = opened()
    expect(atNextBar(run, () => { run.strategy.stopLoss = [1, 101] })).toEqual(['submit 2 close long 1 stop-market @101'])
    expect(atNextBar(run, () => { run.strategy.takeProfit = [1, 98] })).toEqual(['submit 3 close long 1 limit @98'])
  })

  it('an object row says its own type', () => {
    const run = opened()
    expect(atNextBar(run, () => { run.strategy.stopLoss = { qty: 'all', price: 94, trigger: 95, leg: 'long' } })).toEqual(['submit 2 close long 1 stop-limit @95 @94'])
    expect(atNextBar(run, () => { run.strategy.takeProfit = { qty: 1, price: 110, type: 'take-profit-market' } })).toEqual(['submit 3 close long 1 take-profit-market @110'])
  })
})

describe('the leg of a row', () => {
  it('is the third element', () => {
    const run = opened({ both: true })
    expect(atNextBar(run, () => { run.strategy.stopLoss = [[1, 90, 'long'], [2, 110, 'short']] })).toEqual(['submit 3 close long 1 stop-market @90', 'submit 4 close short 2 stop-market @110'])
  })

  it('is required with both legs open, and the error says the fix', () => {
    const run = opened({ both: true })
    expect(() => atNextBar(run, () => { run.strategy.stopLoss = [1, 90] })).toThrow(/stopLoss\] LEG_REQUIRED.*both legs open.*\[qty, price, 'long'\]/)
  })

  it('is required for clearing with both legs open, too', () => {
    const run = opened({ both: true })
    expect(() => atNextBar(run, () => { run.strategy.stopLoss = [] })).toThrow(/LEG_REQUIRED/)
  })

  it('is the only open leg', () => {
    const run = opened()
    expect(atNextBar(run, () => { run.strategy.stopLoss = [1, 90] })).toEqual(['submit 2 close long 1 stop-market @90'])
  })

  it('does not follow from anything with both legs flat', () => {
    const strategy = new Scripted()
    strategy.script[0] = () => { strategy.buy = [1, 90] }
    expect(() => new FakeVenue(strategy).bar(100)).toThrow(/LEG_REQUIRED.*no leg open/)
  })

  it('is that of the running hook, whatever is open', () => {
    const run = opened({ both: true })
    run.strategy.onIncreasedPosition = () => { run.strategy.stopLoss = [3, 120] }
    atNextBar(run, () => { run.strategy.short.open({ qty: 1 }) })
    venueFill(run)
    expect(run.venue.standing('short')).toEqual(['4 close short 3 stop-market @120'])
  })

  it('one-way: the open leg, and the opposite variable reduces it', () => {
    const run = opened({ positionMode: 'one-way' })
    expect(atNextBar(run, () => { run.strategy.sell = [0.5, 100] })).toEqual(['submit 2 close long 0.5 market'])
  })

  it('a leg handle refuses rows of the other leg', () => {
    const run = opened({ both: true })
    expect(() => atNextBar(run, () => { run.strategy.long.stopLoss = [1, 90, 'short'] })).toThrow(/leg short in a list of the long leg/)
  })
})

function venueFill({ venue }: { venue: FakeVenue }): void {
  venue.fillMarket()
}

describe('exits', () => {
  it.each(MODES)('%s: declared in goLong they wait for the fill and follow the filled quantity', (positionMode) => {
    const strategy = new Scripted()
    strategy.entry = () => {
      strategy.buy = [1, 95]
      strategy.stopLoss = [1, 90]
      strategy.takeProfit = [[0.5, 103], [0.5, 105]]
    }
    const venue = new FakeVenue(strategy, { positionMode })
    expect(venue.bar(100)).toEqual(['submit 1 open long 1 limit @95'])
    expect(venue.fill(1, 0.4)).toEqual(['submit 2 close long 0.4 stop-market @90', 'submit 3 close long 0.4 limit @103'])
    expect(venue.fill(1, 0.3)).toEqual(['amend 2 qty 0.7', 'amend 3 qty 0.5', 'submit 4 close long 0.2 limit @105'])
    expect(venue.fill(1)).toEqual(['amend 2 qty 1', 'amend 4 qty 0.5'])
  })

  it('the stop shrinks with each partial exit, and the rest goes when the leg is flat', () => {
    const run = opened({ both: true, entry: (strategy) => {
      strategy.stopLoss = [1, 90]
      strategy.takeProfit = [[0.5, 103], [0.5, 105]]
    } })
    const { venue } = run
    expect(venue.standing('long')).toEqual(['3 close long 1 stop-market @90', '4 close long 0.5 limit @103', '5 close long 0.5 limit @105'])
    expect(venue.fill(4)).toEqual(['amend 3 qty 0.5'])
    expect(venue.fill(5)).toEqual(['cancel 3'])
    expect(venue.standing('long')).toEqual([])
    expect(venue.pair().short.qty.toNumber()).toBe(2)
  })

  it('filled rows are not placed again when the list is stated again', () => {
    const targets = [[0.5, 103], [0.5, 105]] as const
    const run = opened({ entry: (strategy) => { strategy.takeProfit = targets } })
    run.venue.fill(run.venue.find('@103'))
    expect(atNextBar(run, () => { run.strategy.takeProfit = targets })).toEqual([])
    expect(run.venue.standing()).toEqual(['3 close long 0.5 limit @105'])
  })

  it('the last row takes the rounding remainder when the rows sum to the leg', () => {
    const strategy = new Scripted()
    const qty = 0.333
    strategy.entry = () => {
      strategy.buy = [qty, 100]
      strategy.takeProfit = [[qty / 2, 103], [qty / 2, 105]]
    }
    const venue = new FakeVenue(strategy)
    venue.bar(100)
    venue.fillMarket()
    expect(venue.standing()).toEqual(['2 close long 0.166 limit @103', '3 close long 0.167 limit @105'])
  })

  it('rows beyond the leg are clipped', () => {
    const run = opened()
    expect(atNextBar(run, () => { run.strategy.takeProfit = [[0.8, 103], [0.8, 105]] })).toEqual(['submit 2 close long 0.8 limit @103', 'submit 3 close long 0.2 limit @105'])
  })

  it("'all' follows the leg", () => {
    const run = opened()
    atNextBar(run, () => { run.strategy.stopLoss = ['all', 90] })
    expect(run.venue.standing()).toEqual(['2 close long 1 stop-market @90'])
    atNextBar(run, () => { run.strategy.long.open({ qty: 0.5 }) })
    run.venue.fillMarket()
    expect(run.venue.standing()).toEqual(['2 close long 1.5 stop-market @90'])
  })

  it('what the venue cancelled while the leg is open is placed again with the next bar, once', () => {
    const run = opened({ entry: (strategy) => { strategy.stopLoss = [1, 90] } })
    expect(run.venue.cancelByVenue(2, 'liquidation')).toEqual([])
    expect(run.venue.bar(100)).toEqual(['submit 3 close long 1 stop-market @90'])
    expect(run.venue.bar(100)).toEqual([])
  })

  it('a fill of the venue itself counts like any other', () => {
    const run = opened({ both: true, entry: (strategy) => { strategy.stopLoss = [1, 90] } })
    run.venue.takeAway('long', '0.6')
    expect(run.venue.take()).toEqual(['amend 3 qty 0.4'])
    run.venue.takeAway('long', '0.4')
    expect(run.venue.take()).toEqual(['cancel 3'])
  })
})

describe('the diff', () => {
  it('unchanged rows keep their order, changed ones are replaced: new before old', () => {
    const run = opened({ entry: (strategy) => { strategy.takeProfit = [[0.5, 103], [0.5, 105]] } })
    expect(atNextBar(run, () => { run.strategy.takeProfit = [[0.5, 103], [0.5, 106]] })).toEqual(['submit 4 close long 0.5 limit @106', 'cancel 3'])
    expect(run.venue.standing()).toEqual(['2 close long 0.5 limit @103', '4 close long 0.5 limit @106'])
  })

  it('of equal rows each keeps an order of its own', () => {
    const run = opened({ entry: (strategy) => { strategy.takeProfit = [[0.5, 103], [0.5, 103]] } })
    expect(run.venue.standing()).toEqual(['2 close long 0.5 limit @103', '3 close long 0.5 limit @103'])
    expect(atNextBar(run, () => { run.strategy.takeProfit = [0.5, 103] })).toEqual(['cancel 3'])
    expect(atNextBar(run, () => { run.strategy.takeProfit = [[0.5, 103], [0.5, 103]] })).toEqual(['submit 4 close long 0.5 limit @103'])
  })

  it('an equal list submits nothing, in whatever form its numbers come', () => {
    const run = opened({ entry: (strategy) => { strategy.stopLoss = [1, 90] } })
    expect(atNextBar(run, () => { run.strategy.stopLoss = [['1.0', decimal('90.00'), 'long']] })).toEqual([])
  })

  it('the other leg keeps its own rows', () => {
    const run = opened({ both: true })
    atNextBar(run, () => { run.strategy.stopLoss = [[1, 90, 'long'], [2, 110, 'short']] })
    expect(atNextBar(run, () => { run.strategy.stopLoss = [1, 91, 'long'] })).toEqual(['submit 5 close long 1 stop-market @91', 'cancel 3'])
    expect(run.strategy.stopLoss).toEqual([[1, 91, 'long'], [2, 110, 'short']])
  })

  it('[] clears, null changes nothing', () => {
    const run = opened({ entry: (strategy) => { strategy.stopLoss = [1, 90] } })
    expect(atNextBar(run, () => { run.strategy.stopLoss = null })).toEqual([])
    expect(atNextBar(run, () => { run.strategy.stopLoss = [] })).toEqual(['cancel 2'])
  })

  it('an old entry goes before the new one is placed', () => {
    const run = opened()
    atNextBar(run, () => { run.strategy.buy = [[1, 100], [1, 95]] })
    expect(atNextBar(run, () => { run.strategy.buy = [1, 94] })).toEqual(['cancel 2', 'submit 3 open long 1 limit @94'])
  })

  it('lists of a leg are the same seen from the leg; protect writes them', () => {
    const run = opened({ both: true })
    expect(atNextBar(run, () => { run.strategy.short.protect({ stopLoss: 110, takeProfit: [[0.5, 95], ['all', 90]] }) }))
      .toEqual(['submit 3 close short 2 stop-market @110', 'submit 4 close short 0.5 limit @95', 'submit 5 close short 1.5 limit @90'])
    expect(run.strategy.short.takeProfit).toEqual([[0.5, 95, 'short'], ['all', 90, 'short']])
    expect(run.strategy.takeProfit).toEqual(run.strategy.short.takeProfit)
  })

  it('the lists of a leg are cleared when it closes; the other leg keeps its own', () => {
    const run = opened({ both: true })
    atNextBar(run, () => { run.strategy.stopLoss = [[1, 90, 'long'], [2, 110, 'short']] })
    run.venue.fill(3)
    expect(run.strategy.stopLoss).toEqual([[2, 110, 'short']])
  })

  it('declared entries that rest go when the leg closes', () => {
    const run = opened({ entry: (strategy) => { strategy.buy = [[1, 100], [1, 95]] } })
    expect(run.venue.standing()).toEqual(['2 open long 1 limit @95'])
    atNextBar(run, () => { run.strategy.long.close() })
    run.venue.fillMarket()
    expect(run.venue.standing()).toEqual([])
  })
})

describe('what an author must not write', () => {
  const bad: readonly [string, (strategy: Scripted) => void, RegExp][] = [
    ['a quantity of zero', (s) => { s.buy = [0, 100] }, /strategy Fake, bar 0 .*buy row 1 qty\] NOT_POSITIVE.*Found: 0/],
    ['a negative quantity', (s) => { s.buy = [-1, 100] }, /NOT_POSITIVE.*-1/],
    ['NaN', (s) => { s.buy = [[1, 100], [1, Number.NaN]] }, /buy row 2 price\] NOT_POSITIVE.*NaN/],
    ['infinity', (s) => { s.buy = [Number.POSITIVE_INFINITY, 100] }, /NOT_POSITIVE.*Infinity/],
    ['words', (s) => { s.buy = ['a lot', 100] }, /buy row 1 qty\] NOT_A_DECIMAL.*a lot/],
    ["'all' for an entry", (s) => { s.buy = ['all', 100] }, /DECLARATION_INVALID.*only orders that reduce/],
    ['an unknown key', (s) => { Reflect.set(s, 'buy', { qty: 1, price: 100, size: 2 }) }, /UNKNOWN_KEY.*size/],
    ['a limit without price', (s) => { s.buy = { qty: 1, type: 'limit' } }, /a limit order without price/],
    ['a limit with a trigger', (s) => { s.buy = { qty: 1, price: 99, trigger: 98, type: 'limit' } }, /a limit order with a trigger/],
    ['a stop-limit without trigger', (s) => { s.buy = { qty: 1, price: 99, type: 'stop-limit' } }, /a stop-limit order without trigger/],
    ['an unknown leg', (s) => { Reflect.set(s, 'buy', [1, 100, 'both']) }, /leg "both".*'long' or 'short'/],
    ['something else', (s) => { Reflect.set(s, 'buy', 7) }, /buy row 1\] DECLARATION_INVALID.*Found: 7/],
    ['one element', (s) => { Reflect.set(s, 'buy', [7]) }, /1 elements/],
    ['undefined', (s) => { Reflect.set(s, 'buy', undefined) }, /DECLARATION_INVALID.*undefined/],
  ]

  it.each(bad)('%s', (_name, declare, message) => {
    const strategy = new Scripted()
    strategy.entry = () => declare(strategy)
    expect(() => new FakeVenue(strategy).bar(100)).toThrow(message)
  })

  it('a list changed in place', () => {
    const run = opened({ entry: (strategy) => { strategy.stopLoss = [1, 90] } })
    const list = run.strategy.stopLoss
    expect(() => Reflect.apply(Array.prototype.push, list, [[1, 80]])).toThrow(/stopLoss\] DECLARATION_FROZEN/)
    expect(() => Reflect.set(list[0] ?? {}, 1, 80)).toThrow(/DECLARATION_FROZEN.*Assign a new list/)
  })

  it('the assigned array is frozen too', () => {
    const rows: [number, number][] = [[1, 90]]
    opened({ entry: (strategy) => { strategy.stopLoss = rows } })
    expect(() => { rows[0]?.push(5) }).toThrow(TypeError)
  })
})

describe('run modes of a leg', () => {
  it('manual: the strategy sends nothing for the leg', () => {
    const run = opened({ entry: (strategy) => { strategy.stopLoss = [1, 90] } })
    expect(atNextBar(run, () => {
      run.strategy.long.mode = 'manual'
      run.strategy.stopLoss = [1, 91]
      run.strategy.long.close()
    })).toEqual(['deny 3 close long 1 market LEG_MANUAL'])
    expect(atNextBar(run, () => { run.strategy.long.mode = 'normal' })).toEqual(['submit 4 close long 1 stop-market @91', 'cancel 2'])
  })

  it.each(['graceful-stop', 'tp-only'] as const)('%s: no new cycle', (mode) => {
    const run = opened()
    expect(atNextBar(run, () => {
      run.strategy.short.mode = mode
      run.strategy.short.open({ qty: 1 })
    })).toEqual(['deny 2 open short 1 market LEG_MANUAL'])
  })

  it('graceful-stop: the open cycle goes on', () => {
    const run = opened()
    expect(atNextBar(run, () => {
      run.strategy.long.mode = 'graceful-stop'
      run.strategy.long.open({ qty: 1 })
    })).toEqual(['submit 2 open long 1 market'])
  })

  it('panic: what opens goes, and the leg is closed once', () => {
    const run = opened({ both: true })
    atNextBar(run, () => { run.strategy.long.open({ qty: 1, price: 95 }) })
    expect(atNextBar(run, () => { run.strategy.long.mode = 'panic' })).toEqual(['cancel 3', 'submit 4 close long 1 market'])
    expect(run.venue.bar(100)).toEqual([])
    expect(run.venue.pair().short.qty.toNumber()).toBe(2)
  })
})

describe('legs are never mixed', () => {
  it.each(['long', 'short'] as Leg[])('closing the %s leg leaves the orders of the other', (leg) => {
    const run = opened({ both: true })
    atNextBar(run, () => { run.strategy.stopLoss = [['all', 90, 'long'], ['all', 110, 'short']] })
    atNextBar(run, () => { run.strategy[leg].close() })
    run.venue.fillMarket()
    expect(run.venue.standing(leg)).toEqual([])
    expect(run.venue.standing(leg === 'long' ? 'short' : 'long')).toHaveLength(1)
  })
})
