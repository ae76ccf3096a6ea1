/** Invariants of margin and liquidation under the shipped venue profiles, both legs open (SIMULATION 4.5: 11, 18 to 25). */
import {
  allowsLeverage, assessMargin, availableMargin, crossLevels, crossRisk, decimal, decimalText, flatLeg, fundingAmount, heldAt, isolatedCurve, isolatedLevel, isUncovered, Ledger, liquidationPriceOf, liquidationPricesOf,
  LEGS, liquidateCross, liquidateIsolated, openingMargin, oppositeLeg, orderCost, riskAt, roundMoneyUp, sumDecimals, tiersOf, ZERO,
  type Decimal, type Filled, type IsolatedLeg, type LedgerEvent, type Leg, type LiquidationStep, type MarginAccount, type MarginLeg, type MarginOrder, type MarginPair, type VenueProfile,
} from '@hedgerow/core'
import { binanceUsdm } from '@hedgerow/driver-binance'
import { bybitLegacy, bybitUta } from '@hedgerow/driver-bybit'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const PROFILES = [bybitUta, binanceUsdm] as const
const SYMBOLS: Readonly<Record<string, number>> = { BTCUSDT: 60_000, ETHUSDT: 3_000, SOLUSDT: 150 }
const MODES = ['hedge', 'one-way'] as const
const qtyStep = decimal('0.001')

const hundredths = (min: number, max: number): fc.Arbitrary<Decimal> => fc.integer({ min, max }).map((value) => decimal(String(value)).div(100))
const leverage = fc.constantFrom('1', '3', '5', '10', '20').map((text) => decimal(text))

/** A leg worth up to a few million: several tiers deep. */
const leg = (of: Leg, price: number): fc.Arbitrary<MarginLeg> =>
  fc.tuple(fc.integer({ min: 0, max: 4_000_000 }), fc.integer({ min: 90, max: 110 })).map(([value, percent]) => {
    const qty = qtyStep.times(Math.floor((value * 1000) / price))
    return heldAt({ leg: of, qty, entryPrice: decimal(String(price)).times(percent).div(100) })
  })

function pair(profile: VenueProfile, symbol: string, price: number): fc.Arbitrary<MarginPair> {
  return fc.record({
    symbol: fc.constant(symbol), mark: hundredths(price * 85, price * 115), leverage: leverage.map((one) => ({ long: one, short: one })),
    tiers: fc.constant(tiersOf(profile, symbol)), long: leg('long', price), short: leg('short', price), orders: fc.constant([]),
  })
}

interface Shape {
  readonly mode?: (typeof MODES)[number]
  readonly wallet?: fc.Arbitrary<Decimal>
}

function account(profile: VenueProfile, { mode = 'hedge', wallet = hundredths(0, 100_000_000) }: Shape = {}): fc.Arbitrary<MarginAccount> {
  const pairs = fc.tuple(...Object.entries(SYMBOLS).map(([symbol, price]) => pair(profile, symbol, price)))
  return fc.record({ wallet, pairs, only: fc.constantFrom<Leg>('long', 'short') }).map((random) => ({
    wallet: random.wallet, positionMode: mode, marginMode: 'cross', takerRate: profile.fees.taker,
    pairs: mode === 'hedge' ? random.pairs : random.pairs.map((one) => ({ ...one, [oppositeLeg(random.only)]: flatLeg(oppositeLeg(random.only)) })),
  }))
}

function withMark(book: MarginAccount, symbol: string, mark: Decimal): MarginAccount {
  return { ...book, pairs: book.pairs.map((one) => (one.symbol === symbol ? { ...one, mark } : one)) }
}

describe.each(PROFILES)('$name', (profile) => {
  describe.each(MODES)('in %s mode', (mode) => {
    it('asks less maintenance than initial margin of a leg whose leverage its tier allows', () => {
      fc.assert(fc.property(account(profile, { mode }), (book) => {
        for (const row of assessMargin(profile, book).rows) {
          const one = book.pairs.find(({ symbol }) => symbol === row.symbol)
          const isAllowed = one !== undefined && allowsLeverage(one.tiers, row.notional, one.leverage[row.leg])
          expect(!isAllowed || row.maintenanceMargin.lte(row.initialMargin)).toBe(true)
        }
      }))
    })

    it('keeps available margin from falling below zero by an order that it admits, and gives back what a cancelled order reserved', () => {
      const order = fc.record({ leg: fc.constantFrom<Leg>('long', 'short'), percent: fc.integer({ min: 80, max: 120 }), size: fc.integer({ min: 1, max: 200_000 }) })
      // Seen without the clamp that a venue puts on its report.
      const open: VenueProfile = { ...profile, margin: { ...profile.margin, clampAvailable: false } }
      fc.assert(fc.property(account(profile, { mode }), fc.array(order, { maxLength: 8 }), (book, orders) => {
        let now = book
        for (const one of orders) {
          const [first, ...rest] = now.pairs
          if (first === undefined) continue
          const resting: MarginOrder = { leg: one.leg, intent: 'open', qty: qtyStep.times(one.size), price: first.mark.times(one.percent).div(100) }
          const cost = orderCost(open, { ...resting, leverage: first.leverage[one.leg], takerRate: now.takerRate, mark: first.mark, last: first.mark })
          const admitted: MarginAccount = { ...now, pairs: [{ ...first, orders: [...first.orders, resting] }, ...rest] }
          const cancelled: MarginAccount = { ...admitted, pairs: admitted.pairs.map((each) => ({ ...each, orders: each.orders.filter((kept) => kept !== resting) })) }
          expect(decimalText(availableMargin(open, cancelled))).toBe(decimalText(availableMargin(open, now)))
          const isAdmitted = roundMoneyUp(open.money, cost.total).lte(availableMargin(open, now))
          expect((isAdmitted ? availableMargin(open, admitted) : ZERO).gte(0)).toBe(true)
          if (isAdmitted) now = admitted
        }
      }))
    })

    it('reports the available margin that it computes alone', () => {
      fc.assert(fc.property(account(profile, { mode }), (book) => {
        expect(decimalText(assessMargin(profile, book).available)).toBe(decimalText(availableMargin(profile, book)))
      }))
    })

    it('has levels at which equity equals maintenance margin: beyond it liquidates, before it does not', () => {
      fc.assert(fc.property(account(profile, { mode }), (book) => {
        const isSafeNow = !isUncovered(crossRisk(profile, book))
        for (const { symbol, level } of isSafeNow ? crossLevels(profile, book) : []) {
          const price = level.price ?? ZERO
          const danger = level.price === null ? null : level.danger
          const at = (shift: string): ReturnType<typeof crossRisk> => crossRisk(profile, withMark(book, symbol, price.times(danger === 'below' ? decimal('1').minus(shift) : decimal('1').plus(shift))))
          const { equity, maintenanceMargin } = at('0')
          expect(danger === null || equity.minus(maintenanceMargin).abs().lt('1e-12')).toBe(true)
          expect(danger === null || isUncovered(at('1e-9'))).toBe(true)
          expect(danger === null || !isUncovered(at('-1e-9'))).toBe(true)
        }
      }))
    })

    it('tells the liquidation prices of both legs as it tells that of each, and those of cross legs as levels', () => {
      fc.assert(fc.property(account(profile, { mode }), (book) => {
        for (const { symbol, long, short } of book.pairs) {
          const each = (of: Leg): Decimal | null => liquidationPriceOf(profile, book, { symbol, leg: of })
          expect(liquidationPricesOf(profile, book, symbol)).toEqual({ long: each('long'), short: each('short') })
          const level = crossLevels(profile, book).find((one) => one.symbol === symbol)?.level.price ?? null
          expect([each('long'), each('short')]).toEqual([long, short].map(({ qty }) => (qty.isZero() ? null : level)))
        }
      }))
    })

    it('ends a liquidation covered, or flat with nothing owed; its events leave the ledger where the plan says', () => {
      fc.assert(fc.property(account(profile, { mode, wallet: hundredths(0, 30_000_000) }), (book) => {
        const plan = liquidateCross(profile, book, () => qtyStep)
        const { risk, account: after } = plan.after
        const isFlat = after.pairs.every(({ long, short }) => long.qty.isZero() && short.qty.isZero())
        expect(!isUncovered(risk) || (isFlat && risk.equity.gte(0))).toBe(true)
        const ledger = replay(profile, book, plan.steps)
        expect(decimalText(ledger.wallet)).toBe(decimalText(after.wallet))
        for (const one of after.pairs) for (const side of LEGS) expect(decimalText(ledger.position(one.symbol, side).qty)).toBe(decimalText(one[side].qty))
        expect(plan.triggered).toBe(isUncovered(plan.before) && book.pairs.some(({ long, short }) => !long.qty.isZero() || !short.qty.isZero()))
        expect(plan.fees.eq(sumDecimals(plan.steps.flatMap((step) => ('closes' in step ? step.closes.map(({ fee }) => fee) : []))))).toBe(true)
      }))
    })
  })

  it('loses at most the margin of an isolated leg, and leaves the other leg as it is', () => {
    fc.assert(fc.property(pair(profile, 'BTCUSDT', 60_000), fc.constantFrom(...LEGS), hundredths(0, 5_000_000), (book, side, extra) => {
      const isolated = isolatedLegOf(profile, book, side, extra)
      const plan = liquidateIsolated(profile, isolated, { mark: book.mark, qtyStep })
      expect(plan.loss === null || plan.loss.lte(isolated.held.isolatedMargin ?? ZERO)).toBe(true)
      expect(plan.triggered).toBe(!isolated.held.qty.isZero() && isUncovered(plan.before))
      const other = oppositeLeg(side)
      const rule = { leverage: () => book.leverage[side], takerRate: profile.fees.taker, closeFeeReserve: profile.margin.closeFeeReserve }
      const ledger = new Ledger({ wallet: decimal('1000000'), money: profile.money, isolated: rule })
      for (const held of [book[side], book[other]]) if (!held.qty.isZero()) ledger.apply(opening(book.symbol, held))
      const start = ledger.wallet
      const untouched = ledger.position(book.symbol, other)
      const topUp = (isolated.held.isolatedMargin ?? ZERO).minus(ledger.position(book.symbol, side).isolatedMargin ?? ZERO)
      ledger.apply({ type: 'margin.moved', at: 0, symbol: book.symbol, leg: side, amount: topUp })
      for (const event of eventsOf(plan.steps)) ledger.apply(event)
      expect([decimalText(ledger.position(book.symbol, other).cost), decimalText(ledger.position(book.symbol, other).isolatedMargin ?? ZERO)]).toEqual([decimalText(untouched.cost), decimalText(untouched.isolatedMargin ?? ZERO)])
      expect(plan.loss === null || ledger.wallet.eq(start.minus(plan.loss))).toBe(true)
      expect(decimalText(ledger.position(book.symbol, side).isolatedMargin ?? ZERO)).toBe(decimalText(plan.after.isolatedMargin ?? ZERO))
    }))
  })

  it('has an isolated level at which the leg is no longer covered', () => {
    fc.assert(fc.property(pair(profile, 'ETHUSDT', 3_000), fc.constantFrom(...LEGS), hundredths(0, 5_000_000), (book, side, extra) => {
      const isolated = isolatedLegOf(profile, book, side, extra)
      const level = isolatedLevel(profile, isolated)
      const price = level.price ?? ZERO
      const { equity, maintenanceMargin } = riskAt(isolatedCurve(profile, isolated), price)
      expect(level.price === null || equity.minus(maintenanceMargin).abs().lt('1e-12')).toBe(true)
      const worse = price.times(side === 'long' ? '0.999999' : '1.000001')
      expect(level.price === null || isUncovered(riskAt(isolatedCurve(profile, isolated), worse))).toBe(true)
    }))
  })

  it('settles funding of equal legs to nothing, one leg paying what the other receives', () => {
    const rate = fc.integer({ min: -9_999_999, max: 9_999_999 }).map((value) => decimal(String(value)).div('1e10'))
    fc.assert(fc.property(fc.integer({ min: 1, max: 1_000_000 }), hundredths(1, 10_000_000), rate, (size, mark, paid) => {
      const [long, short] = LEGS.map((side) => fundingAmount(profile.money, { leg: side, qty: qtyStep.times(size), mark, rate: paid }))
      expect(sumDecimals([long ?? ZERO, short ?? ZERO]).isZero()).toBe(true)
      expect((long ?? ZERO).gt(0)).toBe(paid.lt(0) && !(long ?? ZERO).isZero())
    }))
  })
})

describe('a fully hedged book', () => {
  const hedged = fc.tuple(fc.integer({ min: 1, max: 3_000 }), hundredths(5_000_000, 7_000_000), hundredths(5_000_000, 7_000_000), hundredths(0, 20_000_000), hundredths(100, 50_000_000))

  it.each([bybitUta, bybitLegacy])('is not liquidated by price moves alone under $name', (profile) => {
    fc.assert(fc.property(hedged, hundredths(1, 100_000_000), (random, mark) => {
      const now = hedgedBook(profile, random)
      expect(isUncovered(crossRisk(profile, withMark(now, 'BTCUSDT', mark)))).toBe(isUncovered(crossRisk(profile, now)))
      expect(crossLevels(profile, now)).toEqual([{ symbol: 'BTCUSDT', level: { price: null, reason: 'fully-hedged' } }])
    }))
  })

  it('has a level above the market under binance-usdm, because both maintenance margins grow', () => {
    fc.assert(fc.property(hedged, (random) => {
      const now = hedgedBook(binanceUsdm, random)
      const isSafe = !isUncovered(crossRisk(binanceUsdm, now))
      const [found] = crossLevels(binanceUsdm, now)
      expect(!isSafe || (found?.level.price !== null && found?.level.danger === 'above' && found.level.price.gt(now.pairs[0]?.mark ?? ZERO))).toBe(true)
    }))
  })
})

describe('several symbols in one account', () => {
  it.each(PROFILES)('liquidates the symbol that loses most first under $name, and only as much as it must', (profile) => {
    const at = (symbol: string, mark: string, long: MarginLeg, short: MarginLeg): MarginPair => (
      { symbol, mark: decimal(mark), leverage: { long: decimal('10'), short: decimal('10') }, tiers: tiersOf(profile, symbol), long, short, orders: [] })
    const free: VenueProfile = { ...profile, liquidation: { ...profile.liquidation, clearanceFeeRate: ZERO } }
    const plan = liquidateCross(free, {
      wallet: decimal('6000'), positionMode: 'hedge', marginMode: 'cross', takerRate: profile.fees.taker,
      pairs: [
        at('ETHUSDT', '2900', holding('long', '3', '3000'), holding('short', '1', '2950')),
        at('BTCUSDT', '55000', holding('long', '1.5', '59000'), holding('short', '0.5', '59000')),
      ],
    }, () => qtyStep)
    expect(plan.triggered).toBe(false)
    const worse = liquidateCross(free, { ...plan.after.account, wallet: decimal('4450') }, () => qtyStep)
    expect(worse.steps.map((step) => ('symbol' in step ? `${step.type} ${step.symbol}` : step.type))).toEqual(['cancel-orders', profile === bybitUta ? 'reduce BTCUSDT' : 'close-leg BTCUSDT'])
    expect(isUncovered(worse.after.risk)).toBe(false)
  })
})

function isolatedLegOf(profile: VenueProfile, book: MarginPair, side: Leg, extra: Decimal): IsolatedLeg {
  const held = book[side]
  const margin = openingMargin({ leg: side, value: held.cost, leverage: book.leverage[side], takerRate: profile.fees.taker, closeFeeReserve: profile.margin.closeFeeReserve }).plus(extra)
  return { symbol: book.symbol, held: { ...held, isolatedMargin: roundMoneyUp(profile.money, margin) }, leverage: book.leverage[side], tiers: book.tiers, takerRate: profile.fees.taker }
}

let fillNumber = 0
function opening(symbol: string, held: MarginLeg): Filled {
  return filled(symbol, held.leg, 'open', held.qty, held.cost.div(held.qty), ZERO)
}

function filled(symbol: string, side: Leg, intent: 'open' | 'close', qty: Decimal, price: Decimal, fee: Decimal): Filled {
  fillNumber += 1
  return { type: 'order.filled', at: 0, fillId: `fill-${fillNumber}`, orderId: null, symbol, leg: side, intent, qty, price, fee, liquidity: 'taker', source: intent === 'open' ? 'external' : 'liquidation', role: intent === 'open' ? 'entry' : 'liquidation' }
}

/** The events that an exchange emits for the steps of a plan. */
function eventsOf(steps: readonly LiquidationStep[]): LedgerEvent[] {
  return steps.flatMap((step) => {
    const closes = 'closes' in step ? step.closes.map((one) => filled(one.symbol, one.leg, 'close', one.qty, one.price, one.fee)) : []
    if (step.type === 'close-leg') return [...closes, posted('clearance', step.clearanceFee.neg())]
    if (step.type === 'takeover') return [...closes, posted('clearance', step.forfeit.neg()), posted('insurance', step.insurance)]
    return step.type === 'insurance' ? [posted('insurance', step.amount)] : closes
  })
}

function replay(profile: VenueProfile, book: MarginAccount, steps: readonly LiquidationStep[]): Ledger {
  const ledger = new Ledger({ wallet: book.wallet, money: profile.money })
  for (const one of book.pairs) for (const side of LEGS) if (!one[side].qty.isZero()) ledger.apply(opening(one.symbol, one[side]))
  for (const event of eventsOf(steps)) ledger.apply(event)
  return ledger
}

function hedgedBook(profile: VenueProfile, [size, long, short, wallet, mark]: [number, Decimal, Decimal, Decimal, Decimal]): MarginAccount {
  const qty = qtyStep.times(size)
  const ten = decimal('10')
  return {
    wallet, positionMode: 'hedge', marginMode: 'cross', takerRate: profile.fees.taker,
    pairs: [{
      symbol: 'BTCUSDT', mark, leverage: { long: ten, short: ten }, tiers: tiersOf(profile, 'BTCUSDT'),
      long: heldAt({ leg: 'long', qty, entryPrice: long }), short: heldAt({ leg: 'short', qty, entryPrice: short }), orders: [],
    }],
  }
}

function holding(side: Leg, qty: string, entryPrice: string): MarginLeg {
  return heldAt({ leg: side, qty: decimal(qty), entryPrice: decimal(entryPrice) })
}

function posted(kind: 'clearance' | 'insurance', amount: Decimal): LedgerEvent {
  return { type: 'account.posted', at: 0, kind, amount }
}
