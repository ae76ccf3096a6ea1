import { HedgerowError, LEGS, type Leg, type PositionMode, type Trade } from '@hedgerow/core'
import { describe, expect, it } from 'vitest'
import { FakeVenue } from '../test/fake-venue.ts'
import type { RouteNews } from './hooks.ts'
import type { OrderView } from './order-view.ts'
import { Strategy } from './strategy.ts'
import * as ta from './ta/ta.ts'

const MODES: readonly PositionMode[] = ['one-way', 'hedge']

/** Writes down every hook. */
class Recorder extends Strategy {
  calls: string[] = []
  before() { this.calls.push('before') }
  shouldCancelEntry(leg: Leg) { this.calls.push(`shouldCancelEntry ${leg}`); return true }
  onCancel(leg: Leg) { this.calls.push(`onCancel ${leg}`) }
  onBar() { this.calls.push('onBar') }
  updatePosition() { this.calls.push('updatePosition') }
  shouldLong() { this.calls.push('shouldLong'); return false }
  shouldShort() { this.calls.push('shouldShort'); return false }
  shouldLongHedge() { this.calls.push('shouldLongHedge'); return false }
  shouldShortHedge() { this.calls.push('shouldShortHedge'); return false }
  goLong() { this.calls.push('goLong') }
  goShort() { this.calls.push('goShort') }
  filters() { this.calls.push('filters'); return [] }
  after() { this.calls.push('after') }
  onOpenPosition(_order: OrderView | null, leg: Leg) { this.calls.push(`onOpenPosition ${leg}`) }
  onIncreasedPosition(_order: OrderView | null, leg: Leg) { this.calls.push(`onIncreasedPosition ${leg}`) }
  onReducedPosition(_order: OrderView | null, leg: Leg) { this.calls.push(`onReducedPosition ${leg}`) }
  onClosePosition(_order: OrderView | null, _trade: Trade, leg: Leg) { this.calls.push(`onClosePosition ${leg}`) }
  beforeTerminate() { this.calls.push('beforeTerminate') }
  terminate() { this.calls.push('terminate') }
  drain() { return this.calls.splice(0) }
}

describe('hooks of a bar', () => {
  it('one-way and flat: short is asked before long, the hedge hooks never', () => {
    const strategy = new Recorder()
    const venue = new FakeVenue(strategy, { positionMode: 'one-way' })
    venue.bar(100)
    expect(strategy.drain()).toEqual(['before', 'onBar', 'shouldShort', 'shouldLong', 'after'])
  })

  it('hedge and flat: each leg is asked, long first', () => {
    const strategy = new Recorder()
    const venue = new FakeVenue(strategy)
    venue.bar(100)
    expect(strategy.drain()).toEqual(['before', 'onBar', 'shouldLong', 'shouldShort', 'after'])
  })

  it('one-way and open: only the open leg is managed', () => {
    const strategy = new Recorder()
    strategy.onBar = () => { strategy.calls.push('onBar'); if (strategy.index === 0) strategy.long.open({ qty: 1 }) }
    const venue = new FakeVenue(strategy, { positionMode: 'one-way' })
    venue.bar(100)
    strategy.drain()
    venue.bar(100)
    expect(strategy.drain()).toEqual(['onOpenPosition long', 'before', 'onBar', 'updatePosition', 'after'])
  })

  it('hedge with one leg open: the flat leg is asked, then as a hedge', () => {
    const strategy = new Recorder()
    strategy.onBar = () => { strategy.calls.push('onBar'); if (strategy.index === 0) strategy.long.open({ qty: 1 }) }
    const venue = new FakeVenue(strategy)
    venue.bar(100)
    strategy.drain()
    venue.bar(100)
    expect(strategy.drain()).toEqual(['onOpenPosition long', 'before', 'onBar', 'updatePosition', 'shouldShort', 'shouldShortHedge', 'after'])
  })

  it.each(MODES)('%s: fills are told with their leg, and the end in two steps', (positionMode) => {
    const strategy = new Recorder()
    const venue = new FakeVenue(strategy, { positionMode })
    strategy.onBar = () => {
      if (strategy.index === 0 || strategy.index === 1) strategy.short.open({ qty: 1 })
      if (strategy.index === 2) strategy.short.close({ qty: 1 })
      if (strategy.index === 3) strategy.short.close()
    }
    for (let bar = 0; bar < 5; bar++) venue.bar(100)
    venue.end()
    expect(strategy.drain().filter((call) => call.includes(' ') || call.includes('erminate'))).toEqual([
      'onOpenPosition short', 'onIncreasedPosition short', 'onReducedPosition short', 'onCancel short', 'onClosePosition short', 'beforeTerminate', 'terminate',
    ])
  })
})

describe('other routes', () => {
  it('are told by route, symbol and leg, and what is declared then goes out at once', () => {
    class Follower extends Strategy {
      told: string[] = []
      onRouteOpenPosition({ route, symbol, leg }: RouteNews) { this.told.push(`${route} opened ${symbol} ${leg}`); this.buy = [1, 95, 'long'] }
      onRouteClosePosition({ leg }: RouteNews) { this.told.push(`closed ${leg}`) }
    }
    const strategy = new Follower()
    const venue = new FakeVenue(strategy)
    venue.bar(100)
    strategy.handle({ type: 'route', route: 'Other', symbol: 'BTCUSDT', leg: 'short', change: 'opened' })
    strategy.handle({ type: 'route', route: 'Other', symbol: 'BTCUSDT', leg: 'short', change: 'closed' })
    expect(strategy.told).toEqual(['Other opened BTCUSDT short', 'closed short'])
    expect(venue.take()).toEqual(['submit 1 open long 1 limit @95'])
  })
})

describe('entries', () => {
  class Both extends Strategy {
    shouldLong() { return true }
    shouldShort() { return true }
    goLong() { this.buy = [1, this.price] }
    goShort() { this.sell = [2, this.price] }
  }

  it('hedge: both legs enter on the same bar', () => {
    const venue = new FakeVenue(new Both())
    expect(venue.bar(100)).toEqual(['submit 1 open long 1 market', 'submit 2 open short 2 market'])
    venue.bar(101)
    expect([venue.pair().long.qty.toNumber(), venue.pair().short.qty.toNumber()]).toEqual([1, 2])
  })

  it('one-way: both rules true is an error that names strategy and bar', () => {
    const venue = new FakeVenue(new Both(), { positionMode: 'one-way' })
    expect(() => venue.bar(100)).toThrow(/\[strategy Fake, bar 0 \(1970-01-01T00:01Z\), entries\] CONFLICTING_RULES/)
  })

  it.each(LEGS)('a route that owns the %s leg alone is asked for that leg only', (leg) => {
    const venue = new FakeVenue(new Both(), { legs: [leg] })
    expect(venue.bar(100)).toEqual([leg === 'long' ? 'submit 1 open long 1 market' : 'submit 1 open short 2 market'])
  })

  it('a leg with a queued or resting entry is not asked again', () => {
    class Resting extends Both {
      shouldCancelEntry() { return false }
      goLong() { this.buy = [1, 95] }
    }
    const venue = new FakeVenue(new Resting())
    venue.bar(100)
    expect(venue.bar(100)).toEqual([])
    expect(venue.standing('long')).toEqual(['1 open long 1 limit @95'])
  })

  it.each(MODES)('%s: a resting entry of a flat leg goes by default, then the leg is asked again', (positionMode) => {
    class Chasing extends Strategy {
      canceled: Leg[] = []
      shouldLong() { return true }
      goLong() { this.buy = [1, this.price - 5] }
      onCancel(leg: Leg) { this.canceled.push(leg) }
    }
    const strategy = new Chasing()
    const venue = new FakeVenue(strategy, { positionMode })
    venue.bar(100)
    expect(venue.bar(101)).toEqual(['cancel 1', 'submit 2 open long 1 limit @96'])
    expect(strategy.canceled).toEqual(['long'])
  })

  it('shouldCancelEntry is asked per leg', () => {
    class OneStays extends Both {
      goLong() { this.buy = [1, 95] }
      goShort() { this.sell = [1, 105] }
      shouldCancelEntry(leg: Leg) { return leg === 'short' }
    }
    const venue = new FakeVenue(new OneStays())
    venue.bar(100)
    expect(venue.bar(100)).toEqual(['cancel 2', 'submit 3 open short 1 limit @105'])
  })

  it('hedge hooks open against an open leg where the plain rule says no', () => {
    class Hedged extends Strategy {
      shouldLong() { return this.index === 0 }
      goLong() { this.buy = [1, this.price] }
      shouldShortHedge() { return true }
      goShortHedge() { this.sell = [0.5, this.price] }
    }
    const venue = new FakeVenue(new Hedged())
    expect(venue.bar(100)).toEqual(['submit 1 open long 1 market'])
    expect(venue.bar(100)).toEqual(['submit 2 open short 0.5 market'])
  })

  it('filters refuse an entry with a denial, and its exits are forgotten', () => {
    class Filtered extends Strategy {
      news: string[] = []
      shouldLong() { return true }
      goLong() { this.buy = [1, this.price]; this.stopLoss = [1, 90] }
      filters() { return [() => true, () => this.isQuiet()] }
      isQuiet() { return this.price < 50 }
      onOrder({ kind, leg, code }: { kind: string; leg: Leg; code: string | null }) { this.news.push(`${kind} ${leg} ${code}`) }
    }
    const strategy = new Filtered()
    const venue = new FakeVenue(strategy)
    expect(venue.bar(100)).toEqual(['deny 1 open long 1 market FILTERED'])
    expect(strategy.news).toEqual(['denied long FILTERED'])
    expect(strategy.stopLoss).toEqual([])
  })

  it('an entry hook that declares nothing is an error', () => {
    class Empty extends Strategy {
      shouldLong() { return true }
    }
    expect(() => new FakeVenue(new Empty()).bar(100)).toThrow(/goLong\] DECLARATION_INVALID.*this\.buy = \[qty, price\]/)
  })

  it.each(MODES)('%s: a leg whose whole close is queued counts as flat, and its entry goes out when that close has filled', (positionMode) => {
    class Flipper extends Strategy {
      events: string[] = []
      shouldLong() { return this.index !== 1 }
      goLong() { this.buy = [2, this.price]; this.stopLoss = [2, 80] }
      updatePosition() { if (this.index === 1 || this.index === 2) this.long.close() }
      onClosePosition() { this.events.push(`closed with stops ${this.stopLoss.length}`) }
      onOpenPosition() { this.events.push(`opened with stops ${this.stopLoss.length}`) }
    }
    const strategy = new Flipper()
    const venue = new FakeVenue(strategy, { positionMode })
    venue.bar(100)
    expect(venue.bar(100)).toEqual(['submit 2 close long 2 stop-market @80', 'submit 3 close long 2 market'])
    // The close fills at the open: the leg is flat, its stop goes.
    expect(venue.bar(100)).toEqual(['cancel 2', 'submit 4 open long 2 market'])
    expect(strategy.events).toEqual(['opened with stops 1', 'closed with stops 0'])
    venue.bar(100)
    strategy.updatePosition = () => { strategy.long.close() }
    strategy.events = []
    venue.take()
    expect(venue.bar(100)).toEqual(['submit 6 close long 2 market'])
    expect(venue.bar(101)).toEqual(['cancel 5', 'submit 7 open long 2 market', 'submit 8 close long 2 stop-market @80', 'submit 9 close long 2 market'])
    expect(strategy.events).toEqual(['closed with stops 0', 'opened with stops 1'])
  })

  it('one-way: the other leg opens only after the close has filled', () => {
    class Reversal extends Strategy {
      shouldLong() { return this.index === 0 }
      goLong() { this.buy = [1, this.price] }
      shouldShort() { return this.index === 1 }
      goShort() { this.sell = [1, this.price] }
      updatePosition() { if (this.index === 1) this.long.close() }
    }
    const venue = new FakeVenue(new Reversal(), { positionMode: 'one-way' })
    venue.bar(100)
    expect(venue.bar(100)).toEqual(['submit 2 close long 1 market'])
    expect(venue.bar(100)).toEqual(['submit 3 open short 1 market'])
    expect(venue.pair().long.qty.toNumber()).toBe(0)
    expect(venue.pair().short.qty.toNumber()).toBe(1)
  })

  it('an entry waits until the cancellation of the old one is answered', () => {
    class Chasing extends Strategy {
      shouldLong() { return true }
      goLong() { this.buy = [1, this.price - 5] }
    }
    const venue = new FakeVenue(new Chasing())
    venue.bar(100)
    venue.holdCancels = true
    expect(venue.bar(101)).toEqual(['cancel 1'])
    expect(venue.cancelByVenue(1, 'requested')).toEqual(['submit 2 open long 1 limit @96'])
  })
})

describe('errors of a strategy', () => {
  it('names strategy, bar and cause', () => {
    class Broken extends Strategy {
      onBar() { throw new TypeError('no such thing') }
    }
    const venue = new FakeVenue(new Broken())
    expect(() => venue.bar(100)).toThrow(/\[strategy Fake, bar 0 \(1970-01-01T00:01Z\), ETHUSDT 1m\] STRATEGY_THREW.*TypeError: no such thing/)
  })

  it('adds strategy and bar to an error that names only its own place', () => {
    class Impatient extends Strategy {
      onBar() { ta.ema(this.candles, 8) }
    }
    const venue = new FakeVenue(new Impatient())
    expect(() => venue.bar(100)).toThrow(/\[strategy Fake, bar 0 \(1970-01-01T00:01Z\), ta\.ema\(8\)\] WARMUP_TOO_SHORT/)
  })

  it('refuses a class field that hides a declared list', () => {
    class Hiding extends Strategy {
      // @ts-expect-error TypeScript refuses it too
      buy = []
    }
    expect(() => new FakeVenue(new Hiding())).toThrow(/strategy Fake\] DECLARATION_INVALID.*`buy`.*Remove the class field/)
  })

  it('refuses members that hide what the session calls', () => {
    class Hiding extends Strategy {
      handle() {}
    }
    expect(() => new FakeVenue(new Hiding())).toThrow(/`handle`.*Rename/)
  })

  it('refuses readings before the run has started', () => {
    class Early extends Strategy {
      level = this.price
    }
    expect(() => new Early()).toThrow(HedgerowError)
  })
})
