import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BlockExtremes } from '../domain/block-extremes.ts'
import { decimalOfStatistic, type Decimal } from '../domain/decimal.ts'
import { RunCurve, type Stretch, type StretchBook } from './run-curve.ts'

const NO_MARGIN = { base: 0, long: 0, fixed: 0, short: 0 }

const STEP = 60_000

function book(prices: Float64Array, more: Partial<StretchBook> = {}): StretchBook {
  return { prices, extremes: new BlockExtremes(prices, prices), lastPrice: 100, longQty: 0, longEntry: 0, shortQty: 0, shortEntry: 0, initialMargin: NO_MARGIN, maintenanceMargin: () => 0, ...more }
}

function stretch(books: readonly StretchBook[], more: Partial<Stretch> = {}): Stretch {
  return { from: 0, to: books[0]?.prices.length ?? 1, step: STEP, wallet: 1000, longNet: 0, shortNet: 0, books, ...more }
}

/** All numbers of a summary, to 6 significant decimals: sums of floats depend on their grouping. */
function figures(curve: RunCurve): readonly (string | null)[] {
  const { drawdowns, exposure, minLiquidationDistance } = curve.summary()
  const totals = Object.values(exposure).flatMap((row) => Object.values(row) as (Decimal | number | null)[])
  return [...Object.values(drawdowns), ...totals, minLiquidationDistance].map((value) => value === null ? null : Number(Number(value).toPrecision(8)).toFixed(6))
}

/** Missing prices are those before them, 100 at the start. */
function heldPrices(prices: Float64Array): number[] {
  let last = 100
  return Array.from(prices, (price) => (last = Number.isNaN(price) ? last : price))
}

/** The lowest `point / peak - 1`, the slow way. */
function deepestOf(start: number, points: readonly number[]): string | null {
  let [peak, depth] = [start, 0]
  for (const point of points) {
    peak = Math.max(peak, point)
    depth = Math.min(depth, point / peak - 1)
  }
  return text(decimalOfStatistic(depth, 12))
}

function text(value: { toFixed(): string } | null): string | null {
  return value && value.toFixed()
}

describe('the curve of a run', () => {
  test('a run without a position: no drawdown, no exposure, no distance to liquidation', () => {
    const curve = new RunCurve(1000)
    curve.addStretch(stretch([], { from: 0, to: 525_600 }))
    const { drawdowns, exposure, minLiquidationDistance } = curve.summary()

    expect([drawdowns.total, drawdowns.long, drawdowns.short].map(text)).toEqual(['0', '0', '0'])
    expect(exposure.total).toMatchObject({ totalMs: 525_600 * STEP, inMarketMs: 0 })
    expect(minLiquidationDistance).toBeNull()
  })

  test('a drawdown counts from the highest candle, each leg on its own against the same balance', () => {
    const prices = Float64Array.of(110, 90, 100)
    const curve = new RunCurve(1000)
    curve.addStretch(stretch([book(prices, { longQty: 10, longEntry: 100, shortQty: 5, shortEntry: 100 })]))
    const { drawdowns } = curve.summary()

    // account 1050, 950, 1000; long alone 1100, 900, 1000; short alone 950, 1050, 1000
    expect([drawdowns.total, drawdowns.long, drawdowns.short].map((depth) => depth?.toFixed(6))).toEqual([(950 / 1050 - 1).toFixed(6), (900 / 1100 - 1).toFixed(6), '-0.050000'])
  })

  test('what was booked before a stretch stays in its leg', () => {
    const curve = new RunCurve(1000)
    curve.addStretch(stretch([], { from: 0, to: 1, wallet: 900, longNet: -200, shortNet: 100 }))

    expect([curve.summary().drawdowns.total, curve.summary().drawdowns.long, curve.summary().drawdowns.short].map(text)).toEqual(['-0.1', '-0.2', '0'])
  })

  test('over missing candles the last price holds, also at the start', () => {
    const gap = new RunCurve(1000)
    gap.addStretch(stretch([book(Float64Array.of(Number.NaN, 90, Number.NaN, 95), { lastPrice: 120, longQty: 1, longEntry: 100 })]))
    const filled = new RunCurve(1000)
    filled.addStretch(stretch([book(Float64Array.of(120, 90, 90, 95), { lastPrice: 1, longQty: 1, longEntry: 100 })]))

    expect(gap.summary()).toEqual(filled.summary())
  })

  test('the nearest point to liquidation is measured in equity', () => {
    const curve = new RunCurve(1000)
    curve.addStretch(stretch([book(Float64Array.of(100, 50, 80), { longQty: 10, longEntry: 100, maintenanceMargin: (price) => price * 2 })]))

    expect(text(curve.summary().minLiquidationDistance)).toBe('0.8')
  })

  test('an account without equity is at liquidation, and has exposures that do not exist', () => {
    const curve = new RunCurve(1000)
    curve.addStretch(stretch([book(Float64Array.of(100, 1), { longQty: 20, longEntry: 100 })]))
    const { minLiquidationDistance, exposure, drawdowns } = curve.summary()

    expect(text(minLiquidationDistance)).toBe('0')
    expect([exposure.total.gross, exposure.total.maxGross, exposure.long.gross]).toEqual([null, null, null])
    expect(text(drawdowns.total)).toBe('-1.98')
  })

  test('an empty stretch is nothing', () => {
    const curve = new RunCurve(1000)
    curve.addStretch(stretch([], { from: 5, to: 5 }))

    expect(curve.summary()).toEqual(new RunCurve(1000).summary())
  })
})

describe('properties of the curve', () => {
  const column = fc.array(fc.integer({ min: 50, max: 150 }), { minLength: 2, maxLength: 50 }).map((values) => Float64Array.from(values))

  test('cutting a stretch in two changes nothing', () => {
    fc.assert(fc.property(column, fc.nat(), (prices, where) => {
      const held = { longQty: 3, longEntry: 100, shortQty: 2, shortEntry: 110, initialMargin: { ...NO_MARGIN, long: 1 }, maintenanceMargin: (price: number) => price / 2 }
      const cut = where % prices.length
      const [whole, parts] = [new RunCurve(1000), new RunCurve(1000)]
      whole.addStretch(stretch([book(prices, held)]))
      parts.addStretch(stretch([book(prices, held)], { to: cut }))
      parts.addStretch(stretch([book(prices, held)], { from: cut, to: prices.length }))
      expect(figures(parts)).toEqual(figures(whole))
    }))
  })

  /** Prices that move little for blocks on end, with holes. */
  const longColumn = fc.array(fc.oneof({ weight: 20, arbitrary: fc.integer({ min: 98, max: 102 }) }, { weight: 1, arbitrary: fc.integer({ min: 50, max: 150 }) }, { weight: 2, arbitrary: fc.constant(Number.NaN) }), { minLength: 200, maxLength: 300, size: 'max' }).map((values) => Float64Array.from(values))
  const legQty = fc.integer({ min: 0, max: 5 })

  test('a look at whole blocks of one symbol finds the drawdowns that a look at each candle finds', () => {
    fc.assert(fc.property(longColumn, legQty, legQty, fc.integer({ min: 500, max: 2000 }), (prices, longQty, shortQty, wallet) => {
      const curve = new RunCurve(wallet)
      curve.addStretch(stretch([book(prices, { longQty, longEntry: 100, shortQty, shortEntry: 101 })], { wallet, longNet: 3, shortNet: -3 }))
      const held = heldPrices(prices)
      const { drawdowns } = curve.summary()
      expect(text(drawdowns.total)).toBe(deepestOf(wallet, held.map((price) => wallet - longQty * 100 + shortQty * 101 + (longQty - shortQty) * price)))
      expect(text(drawdowns.long)).toBe(deepestOf(wallet, held.map((price) => wallet + 3 - longQty * 100 + longQty * price)))
      expect(text(drawdowns.short)).toBe(deepestOf(wallet, held.map((price) => wallet - 3 + shortQty * 101 - shortQty * price)))
    }))
  })

  test('a look at whole blocks of several symbols finds what a look at each candle finds, to the last digit', () => {
    fc.assert(fc.property(longColumn, longColumn, fc.tuple(legQty, legQty, legQty), fc.integer({ min: 200, max: 2000 }), (prices, others, [first, second, third], wallet) => {
      const margin = { initialMargin: { ...NO_MARGIN, base: 3, short: 0.25 }, maintenanceMargin: (price: number) => (price > 100 ? price * 0.2 - 10 : price * 0.1) }
      const size = Math.min(prices.length, others.length)
      const books = (from: number): StretchBook[] => [
        book(prices, { longQty: first, longEntry: 100, shortQty: second, shortEntry: 99, lastPrice: heldPrices(prices)[from - 1] ?? 100, ...margin }),
        book(others, { shortQty: third, shortEntry: 101, lastPrice: heldPrices(others)[from - 1] ?? 100, ...margin }),
      ]
      const [whole, single] = [new RunCurve(wallet), new RunCurve(wallet)]
      whole.addStretch(stretch(books(0), { to: size, wallet, longNet: 5, shortNet: -5 }))
      for (let row = 0; row < size; row++) single.addStretch(stretch(books(row), { from: row, to: row + 1, wallet, longNet: 5, shortNet: -5 }))
      expect(whole.summary()).toEqual(single.summary())
    }), { numRuns: 40 })
  })

  test('two symbols add up, in any order; a symbol that holds nothing adds nothing', () => {
    fc.assert(fc.property(column, (prices) => {
      const other = prices.map((price) => 200 - price)
      const a = book(prices, { longQty: 2, longEntry: 100, maintenanceMargin: (price) => price })
      const b = book(other, { shortQty: 4, shortEntry: 90, maintenanceMargin: (price) => price / 3 })
      const [one, two] = [new RunCurve(5000), new RunCurve(5000)]
      one.addStretch(stretch([a, b, book(prices)], { wallet: 5000 }))
      two.addStretch(stretch([b, a], { wallet: 5000 }))
      expect(figures(two)).toEqual(figures(one))
    }))
  })

  test('the pass over one symbol says what candle by candle would', () => {
    const holes = fc.array(fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 50, max: 150 }) }, fc.constant(Number.NaN)), { minLength: 1, maxLength: 50 }).map((values) => Float64Array.from(values))
    const qty = fc.integer({ min: 0, max: 9 })
    fc.assert(fc.property(holes, qty, qty, fc.integer({ min: 100, max: 3000 }), (prices, longQty, shortQty, wallet) => {
      const maintenanceMargin = (price: number): number => (longQty + shortQty) * price * (price > 100 ? 0.1 : 0.05) - (price > 100 ? 5 * (longQty + shortQty) : 0)
      const held = book(prices, { longQty, longEntry: 100, shortQty, shortEntry: 110, initialMargin: { ...NO_MARGIN, base: 3, short: 0.25 }, maintenanceMargin })
      const [one, slow] = [new RunCurve(wallet), new RunCurve(wallet)]
      one.addStretch(stretch([held], { wallet, longNet: 5, shortNet: -5 }))
      slow.addStretch(stretch([held, book(prices)], { wallet, longNet: 5, shortNet: -5 }))
      expect(figures(one)).toEqual(figures(slow))
    }))
  })

  test('equal legs at one price leave the account flat while each leg moves', () => {
    fc.assert(fc.property(column, (prices) => {
      const curve = new RunCurve(5000)
      curve.addStretch(stretch([book(prices, { longQty: 3, longEntry: 100, shortQty: 3, shortEntry: 100 })], { wallet: 5000 }))
      const { drawdowns, exposure } = curve.summary()
      expect(text(drawdowns.total)).toBe('0')
      expect(text(exposure.total.net)).toBe('0')
      expect(Number(exposure.total.hedgeRatio)).toBeCloseTo(prices.length * STEP, 4)
    }))
  })
})
