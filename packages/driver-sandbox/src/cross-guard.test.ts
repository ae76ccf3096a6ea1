import { crossBacking, crossCurve, crossLevels, decimal, decimalOfDouble, defineProfile, flatLeg, heldAt, minDecimal, orderLoss, riskAt, tierTable, type Decimal, type Leg, type MarginAccount, type MarginLeg, type MarginOrder, type MarginPair, type VenueProfile } from '@hedgerow/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crossGuards, safeWithin, type MarkRange } from './cross-guard.ts'
import { exact, exactInput } from './profiles/exact.ts'

/** A venue that offsets hedged quantities, reserves fees and counts order loss. */
const netting = defineProfile({
  ...exactInput,
  name: 'netting',
  margin: { ...exactInput.margin, hedged: 'net', hedgedCloseFeeMultiplier: '2', closeFeeReserve: true },
  orderMargin: { ...exactInput.orderMargin, orderLoss: true },
  liquidation: { ...exactInput.liquidation, cross: 'net-ladder' },
})

const tiers = tierTable('steep', [['5000', '0.005', '0', '100'], ['20000', '0.02', '75', '50'], ['60000', '0.1', '1675', '10']])
const concaveTable = tierTable('falling', [['5000', '0.05', '0', '20'], ['20000', '0.01', '-200', '50']])
const ten = decimal('10')

interface Book {
  readonly account: MarginAccount
  /** Minutes by symbol. */
  readonly minutes: readonly (readonly MarkRange[])[]
}

const quantity = fc.integer({ min: 0, max: 600 }).map((value) => decimal(String(value)).div(10))
const legArbitrary = (leg: Leg): fc.Arbitrary<MarginLeg> =>
  fc.tuple(quantity, fc.integer({ min: 9500, max: 10_500 })).map(([qty, entry]) => (qty.isZero() ? flatLeg(leg) : heldAt({ leg, qty, entryPrice: decimal(String(entry)).div(100) })))
const orderArbitrary: fc.Arbitrary<MarginOrder> = fc.record({
  leg: fc.constantFrom<Leg>('long', 'short'), intent: fc.constantFrom('open', 'close'), qty: fc.integer({ min: 1, max: 50 }).map((value) => decimal(String(value))),
  price: fc.integer({ min: 7000, max: 13_000 }).map((value) => decimal(String(value)).div(100)),
})
const pairArbitrary: fc.Arbitrary<Omit<MarginPair, 'symbol'>> = fc.record({
  mark: fc.constant(decimal('100')), leverage: fc.constant({ long: ten, short: ten }), tiers: fc.constant(tiers),
  long: legArbitrary('long'), short: legArbitrary('short'), orders: fc.array(orderArbitrary, { maxLength: 3 }),
})

/** Random walks in hundredths, so that a price is a short decimal and its double. */
const walk = (length: number): fc.Arbitrary<readonly MarkRange[]> =>
  fc.array(fc.tuple(fc.integer({ min: -500, max: 500 }), fc.integer({ min: 0, max: 120 }), fc.integer({ min: 0, max: 120 })), { minLength: length, maxLength: length }).map((steps) => {
    let close = 10_000
    return steps.map(([step, down, up]) => {
      const open = close
      close = Math.max(100, close + step)
      return { low: Math.max(1, Math.min(open, close) - down) / 100, high: (Math.max(open, close) + up) / 100 }
    })
  })

const MINUTES = 120
const bookArbitrary: fc.Arbitrary<Book> = fc.integer({ min: 1, max: 5 }).chain((symbols) => fc.record({
  wallet: fc.integer({ min: 0, max: 8000 }),
  pairs: fc.array(pairArbitrary, { minLength: symbols, maxLength: symbols }),
  minutes: fc.array(walk(MINUTES), { minLength: symbols, maxLength: symbols }),
})).map(({ wallet, pairs, minutes }) => ({
  minutes,
  account: {
    wallet: decimal(String(wallet)), positionMode: 'hedge', marginMode: 'cross', takerRate: decimal('0.0005'),
    pairs: pairs.map((pair, index) => ({ ...pair, symbol: `S${index}` })),
  },
}))

function slackOf(profile: VenueProfile, account: MarginAccount, pair: MarginPair, mark: Decimal): Decimal {
  const { equity, maintenanceMargin } = riskAt(crossCurve(profile, account, pair), mark)
  return equity.minus(maintenanceMargin).plus(orderLoss(profile, account, { ...pair, mark }))
}

/** The first minute in which some combination of marks could liquidate, minute by minute in decimals. */
function bruteForce(profile: VenueProfile, { account, minutes }: Book): number | null {
  for (let minute = 0; minute < MINUTES; minute += 1) {
    let worst = crossBacking(profile, account)
    for (const [index, pair] of account.pairs.entries()) {
      const { low, high } = rangeAt(minutes, index, minute)
      worst = worst.plus(minDecimal(slackOf(profile, account, pair, decimalOfDouble(low)), slackOf(profile, account, pair, decimalOfDouble(high))))
    }
    if (worst.lte(0)) return minute
  }
  return null
}

/** The same with guards: minutes inside all of them are never looked at. */
function guarded(profile: VenueProfile, { account, minutes }: Book): number | null {
  let guards = crossGuards(profile, account)
  for (let minute = 0; minute < MINUTES; minute += 1) {
    const ranges = account.pairs.map((_, index) => rangeAt(minutes, index, minute))
    const isInside = guards?.every(({ below, above }, index) => below < (ranges[index]?.low ?? 0) && (ranges[index]?.high ?? 0) < above) ?? false
    if (isInside) continue
    if (!safeWithin(profile, account, ranges)) return minute
    guards = crossGuards(profile, { ...account, pairs: account.pairs.map((pair, index) => ({ ...pair, mark: decimalOfDouble(ranges[index]?.high ?? 0) })) })
  }
  return null
}

function rangeAt(minutes: Book['minutes'], symbol: number, minute: number): MarkRange {
  return minutes[symbol]?.[minute] ?? { low: Number.NaN, high: Number.NaN }
}

describe.each([['both legs in full', exact], ['net with reserves and order loss', netting]])('guards of a cross account, %s', (_name, profile) => {
  it('find the same first candidate minute as looking at every minute', () => {
    fc.assert(fc.property(bookArbitrary, (book) => { expect(guarded(profile, book)).toBe(bruteForce(profile, book)) }), { numRuns: 150 })
  })

  it('prove their ends: no combination of ends exhausts the slack', () => {
    fc.assert(fc.property(bookArbitrary, ({ account }) => {
      const guards = crossGuards(profile, account)
      if (guards === null) return
      const worst = account.pairs.reduce((sum, pair, index) => {
        const { below, above } = guards[index] ?? { below: 0, above: 0 }
        const ends = [below, above].filter((end) => Number.isFinite(end)).map((end) => slackOf(profile, account, pair, decimalOfDouble(end)))
        return sum.plus(ends.reduce(minDecimal, slackOf(profile, account, pair, pair.mark)))
      }, crossBacking(profile, account))
      expect(worst.gte(0)).toBe(true)
    }))
  })

  it('are the liquidation price where there is one symbol', () => {
    const held = { long: heldAt({ leg: 'long', qty: decimal('40'), entryPrice: decimal('101') }), short: heldAt({ leg: 'short', qty: decimal('15'), entryPrice: decimal('99') }) }
    const account: MarginAccount = {
      wallet: decimal('700'), positionMode: 'hedge', marginMode: 'cross', takerRate: decimal('0.0005'),
      pairs: [{ symbol: 'ONE', mark: decimal('100'), leverage: { long: ten, short: ten }, tiers, orders: [], ...held }],
    }
    const level = crossLevels(profile, account)[0]?.level.price
    const [guard] = crossGuards(profile, account) ?? []
    expect(guard?.below).toBeCloseTo(Number(level?.toFixed(12)), 9)
    expect(level?.lt(decimalOfDouble(guard?.below ?? 0))).toBe(true)
  })
})

it('gives no guards without slack or with a table whose rates fall', () => {
  const pair: MarginPair = { symbol: 'ONE', mark: decimal('100'), leverage: { long: ten, short: ten }, tiers, long: heldAt({ leg: 'long', qty: ten, entryPrice: decimal('100') }), short: flatLeg('short'), orders: [] }
  const account: MarginAccount = { wallet: decimal('5'), positionMode: 'hedge', marginMode: 'cross', takerRate: decimal('0'), pairs: [pair] }
  expect(crossGuards(exact, account)).toBeNull()
  expect(crossGuards(exact, { ...account, wallet: decimal('500'), pairs: [{ ...pair, tiers: concaveTable }] })).toBeNull()
  expect(safeWithin(exact, { ...account, wallet: decimal('500') }, [{ low: 99, high: 101 }])).toBe(true)
  expect(safeWithin(exact, { ...account, wallet: decimal('500') }, [{ low: Number.NaN, high: Number.NaN }])).toBe(false)
})

it('lets a symbol without positions and orders stand anywhere', () => {
  const pair: MarginPair = { symbol: 'ONE', mark: decimal('100'), leverage: { long: ten, short: ten }, tiers, long: flatLeg('long'), short: flatLeg('short'), orders: [] }
  const account: MarginAccount = { wallet: decimal('5'), positionMode: 'hedge', marginMode: 'cross', takerRate: decimal('0'), pairs: [pair] }
  expect(crossGuards(exact, account)).toEqual([{ symbol: 'ONE', below: 0, above: Number.POSITIVE_INFINITY }])
})
