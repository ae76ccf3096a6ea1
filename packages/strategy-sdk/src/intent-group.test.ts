import { describe, expect, it } from 'vitest'
import { FakeVenue } from '../test/fake-venue.ts'
import type { GroupView, PairOrder } from './intent-group.ts'
import { Strategy } from './strategy.ts'

class Pairs extends Strategy {
  pair: PairOrder | null = null
  group: GroupView | null = null
  onBar() {
    if (this.pair !== null) this.group = this.openPair(this.pair)
    this.pair = null
  }
}

function opened(pair: PairOrder): { strategy: Pairs; venue: FakeVenue } {
  const strategy = new Pairs()
  strategy.pair = pair
  const venue = new FakeVenue(strategy)
  venue.bar(100)
  return { strategy, venue }
}

describe('openPair', () => {
  it('is complete when both legs have filled', () => {
    const { strategy, venue } = opened({ long: { qty: 1 }, short: { qty: 2 }, onFailure: 'unwind' })
    expect(strategy.group?.status).toBe('opening')
    venue.fillMarket()
    expect(strategy.group).toMatchObject({ status: 'complete', nakedMs: 0 })
    expect(strategy.group?.orders.map(({ leg, status }) => `${leg} ${status}`)).toEqual(['long filled', 'short filled'])
  })

  it('measures the time with one leg only', () => {
    const { strategy, venue } = opened({ long: { qty: 1 }, short: { qty: 1, price: 101 }, onFailure: 'unwind', completeWithin: 600_000 })
    venue.fillMarket()
    venue.wait(42_000)
    expect(strategy.group?.nakedMs).toBe(42_000)
    venue.fill(2)
    expect(strategy.group).toMatchObject({ status: 'complete', nakedMs: 42_000 })
  })

  it('unwinds what has opened when a member cannot fill, once', () => {
    const { strategy, venue } = opened({ long: { qty: 1 }, short: { qty: 1, price: 101 }, onFailure: 'unwind', completeWithin: 600_000 })
    venue.fillMarket()
    venue.take()
    expect(venue.cancelByVenue(2, 'post-only-would-take')).toEqual(['submit 3 close long 1 market'])
    expect(strategy.group?.status).toBe('unwinding')
    venue.fillMarket()
    expect(strategy.group?.status).toBe('unwound')
    expect(venue.bar(100)).toEqual([])
    expect(venue.logged.join()).toContain('a member cannot fill; unwind')
  })

  it('unwinds when the time is over, partial fills too', () => {
    const { strategy, venue } = opened({ long: { qty: 1, price: 99 }, short: { qty: 1, price: 101 }, onFailure: 'unwind', completeWithin: 60_000 })
    venue.fill(1, 0.3)
    expect(venue.bar(100)).toEqual(['cancel 1', 'cancel 2', 'submit 3 close long 0.3 market'])
    venue.fillMarket()
    expect(strategy.group?.status).toBe('unwound')
    expect(venue.pair().long.qty.isZero()).toBe(true)
  })

  it('keeps what has opened where that is the policy', () => {
    const { strategy, venue } = opened({ long: { qty: 1, price: 99 }, short: { qty: 1, price: 101 }, onFailure: 'keep', completeWithin: 60_000 })
    venue.fill(1)
    expect(venue.bar(100)).toEqual(['cancel 2'])
    expect(strategy.group?.status).toBe('kept')
    expect(venue.pair().long.qty.toNumber()).toBe(1)
  })

  it('unwinds only its own part of a leg', () => {
    const { strategy, venue } = opened({ long: { qty: 1 }, short: { qty: 1 }, onFailure: 'unwind' })
    venue.fillMarket()
    strategy.pair = { long: { qty: 0.5 }, short: { qty: 0.5, price: 110 }, onFailure: 'unwind', completeWithin: 1_000 }
    venue.bar(100)
    venue.fillMarket()
    expect(venue.bar(100)).toEqual(['cancel 4', 'submit 5 close long 0.5 market'])
  })

  it.each([
    ['a resting leg without a deadline', { long: { qty: 1, price: 99 }, short: { qty: 1 }, onFailure: 'keep' }, /completeWithin/],
    ['a deadline of zero', { long: { qty: 1 }, short: { qty: 1 }, onFailure: 'keep', completeWithin: 0 }, /completeWithin 0/],
    ['a quantity of zero', { long: { qty: 0 }, short: { qty: 1 }, onFailure: 'keep' }, /group member 1 qty\] NOT_POSITIVE/],
    ['another symbol', { long: { qty: 1, symbol: 'BTCUSDT' }, short: { qty: 1 }, onFailure: 'keep' }, /UNKNOWN_SYMBOL.*BTCUSDT/],
  ] as const)('refuses %s', (_name, pair, message) => {
    expect(() => opened(pair)).toThrow(message)
  })
})
