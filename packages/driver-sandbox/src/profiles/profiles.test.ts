import {
  allowsLeverage, assessMargin, availableMargin, crossRisk, decimal, defineProfile, flatLeg, heldAt, isolatedLevel, liquidateCross, liquidateIsolated, openingMargin, orderCost, ZERO,
  type Decimal, type IsolatedLeg, type Leg, type MarginAccount, type MarginOrder, type VenueProfileInput,
} from '@hedgerow/core'
import { describe, expect, it } from 'vitest'
import { exact, exactInput } from './exact.ts'
import { jesse } from './jesse.ts'

const ten = decimal('10')
const opener = (leg: Leg, qty: string, price: string): MarginOrder => ({ leg, intent: 'open', qty: decimal(qty), price: decimal(price) })

function account(more: { readonly long?: string; readonly short?: string; readonly orders?: readonly MarginOrder[]; readonly mode?: 'one-way' | 'hedge' }): MarginAccount {
  const { long, short, orders = [], mode = 'hedge' } = more
  return {
    wallet: decimal('10000'), positionMode: mode, marginMode: 'cross', takerRate: decimal('0.001'),
    pairs: [{
      symbol: 'ETHUSDT', mark: decimal('110'), leverage: { long: ten, short: ten }, tiers: jesse.defaultTiers, orders,
      long: long === undefined ? flatLeg('long') : heldAt({ leg: 'long', qty: decimal(long), entryPrice: decimal('100') }),
      short: short === undefined ? flatLeg('short') : heldAt({ leg: 'short', qty: decimal(short), entryPrice: decimal('100') }),
    }],
  }
}

function isolated(leg: Leg): IsolatedLeg {
  const held = heldAt({ leg, qty: decimal('5'), entryPrice: decimal('100') })
  const margin = openingMargin({ leg, value: held.cost, leverage: ten, takerRate: ZERO, closeFeeReserve: false })
  return { symbol: 'ETHUSDT', held: { ...held, isolatedMargin: margin }, leverage: ten, tiers: jesse.defaultTiers, takerRate: decimal('0.001') }
}

describe('jesse', () => {
  it('leaves wallet less entry margin less profit, less the larger side of the orders: 10000 - (100 x 20 / 10 - 200) - 90', () => {
    const one = account({ long: '20', mode: 'one-way', orders: [opener('long', '9', '100'), opener('short', '8', '110')] })
    expect(availableMargin(jesse, one).toFixed()).toBe('9910')
    expect(assessMargin(jesse, one).available.toFixed()).toBe('9910')
  })

  it('counts the same for an isolated leg, whose profit is available as well', () => {
    const one = account({ long: '20', mode: 'one-way' })
    const [pair] = one.pairs
    const own = pair === undefined ? [] : [{ ...pair, long: { ...pair.long, isolatedMargin: decimal('200') } }]
    expect(availableMargin(jesse, { ...one, marginMode: 'isolated', pairs: own }).toFixed()).toBe('10000')
  })

  it('counts both legs in full in hedge mode, each leg reserving its own openers', () => {
    const one = account({ long: '20', short: '20', orders: [opener('long', '9', '100'), opener('short', '8', '110')] })
    expect(availableMargin(jesse, one).toFixed()).toBe('9422')
  })

  it('asks value over leverage for an order: no fees, no loss at once', () => {
    const cost = orderCost(jesse, { leg: 'short', qty: decimal('3'), price: decimal('100'), leverage: ten, takerRate: decimal('0.001'), mark: decimal('120'), last: decimal('120') })
    expect(cost.total.toFixed()).toBe('30')
  })

  it.each<[Leg, string, string]>([['long', '90.4', '90'], ['short', '109.6', '110']])('takes an isolated %s at %s and fills it at %s with the usual fee', (leg, level, price) => {
    expect(isolatedLevel(jesse, isolated(leg)).price?.toFixed()).toBe(level)
    const plan = liquidateIsolated(jesse, isolated(leg), { mark: decimal(level), qtyStep: decimal('0.001') })
    const [, takeover] = plan.steps
    const closes = takeover !== undefined && 'closes' in takeover ? takeover.closes : []
    expect(closes.map((close) => [close.qty.toFixed(), close.price.toFixed(), close.realised.toFixed(), close.fee.toFixed()])).toEqual([['5', price, '-50', decimal(price).times('0.005').toFixed()]])
    expect(plan.after.qty.isZero()).toBe(true)
    const before = decimal(level).plus(leg === 'long' ? '0.01' : '-0.01')
    expect(liquidateIsolated(jesse, isolated(leg), { mark: before, qtyStep: decimal('0.001') }).triggered).toBe(false)
  })

  it('never liquidates in cross', () => {
    const one = { ...account({ long: '2000' }), wallet: decimal('-100000') }
    expect(crossRisk(jesse, one).equity.lt(0)).toBe(true)
    expect(liquidateCross(jesse, one, () => decimal('0.001')).triggered).toBe(false)
  })
})

describe('exact', () => {
  it('rounds nothing', () => {
    const third = { ...account({ long: '1' }), pairs: account({ long: '1' }).pairs.map((pair) => ({ ...pair, leverage: { long: decimal('3'), short: decimal('3') } })) }
    expect(assessMargin(exact, third).rows[0]?.initialMargin.toFixed().length).toBeGreaterThan(30)
  })

  it('allows a hundredfold leverage at any size', () => {
    expect([allowsLeverage(exact.defaultTiers, decimal('1e11'), decimal('100')), allowsLeverage(exact.defaultTiers, ZERO, decimal('101'))]).toEqual([true, false])
  })
})

/** The input of `exact` with other fields. */
const change = (more: Partial<VenueProfileInput>): VenueProfileInput => ({ ...exactInput, ...more })

describe('defineProfile', () => {
  it.each<[string, VenueProfileInput, string]>([
    ['an amount that is no decimal', change({ fees: { ...exactInput.fees, taker: 'abc' } }), 'field fees.taker'],
    ['a rate of 100 %', change({ fees: { ...exactInput.fees, maker: '1' } }), 'field fees.maker'],
    ['a name in capitals', change({ name: 'Exact' }), 'field name'],
    ['a day that is none', change({ validFrom: 'yesterday' }), 'field validFrom'],
    ['a default table that does not exist', change({ defaultTiers: 'steep' }), 'field defaultTiers. Expected: expected one of flat, found "steep"'],
    ['an instrument with an unknown table', change({ instruments: [{ symbol: 'ETHUSDT', tickSize: '0.01', qtyStep: '0.01', tiers: 'steep' }] }), 'field instruments.ETHUSDT.tiers'],
    ['a symbol twice', change({ instruments: [{ symbol: 'ETHUSDT', tickSize: '0.01', qtyStep: '0.01' }, { symbol: 'ETHUSDT', tickSize: '0.1', qtyStep: '0.1' }] }), 'field instruments.ETHUSDT'],
    ['an instrument without a step', change({ instruments: [{ symbol: 'ETHUSDT', tickSize: '0.01', qtyStep: '0' }] }), 'field instruments.0.qtyStep'],
    ['an instrument with a limit that is no decimal', change({ instruments: [{ symbol: 'ETHUSDT', tickSize: '0.01', qtyStep: '0.01', maxQty: 'many' }] }), 'field instruments.0.maxQty'],
    ['a claim about nothing', change({ claims: [{ about: 'margin.hedge', confidence: 'P', source: 'somewhere', checkedOn: 'unverified' }] }), 'found "margin.hedge"'],
  ])('refuses %s', (_what, input, message) => {
    expect(() => defineProfile(input)).toThrow('PROFILE_INVALID')
    expect(() => defineProfile(input)).toThrow(message)
  })

  it('refuses a key that it does not know', () => {
    const extra = { ...exactInput, margins: {} }
    expect(() => defineProfile(extra)).toThrow('margins')
  })

  it('refuses a table that does not add up', () => {
    expect(() => defineProfile(change({ tiers: { flat: [['1000', '0.01', '0', '10'], ['2000', '0.02', '0', '10']] } }))).toThrow('TIER_TABLE_INVALID')
  })

  it('does not follow what becomes of its input', () => {
    const claims = [{ about: 'fees', confidence: 'P', source: 'a page', checkedOn: 'unverified' }] as const
    const input = structuredClone(change({ claims: [...claims] }))
    const profile = defineProfile(input)
    Object.assign(input.money, { places: 1 })
    Object.assign(input.claims[0] ?? {}, { source: 'another page' })
    expect(profile.money).toEqual(exactInput.money)
    expect(profile.claims).toEqual(claims)
  })

  it('reads texts as decimals and finds the table of a symbol', () => {
    const made: Decimal = defineProfile(change({ fees: { maker: '-0.00005', taker: '0.0005', assetDiscount: null } })).fees.maker
    expect(made.toFixed()).toBe('-0.00005')
  })
})
