import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BlockExtremes } from '../domain/block-extremes.ts'
import { decimal, decimalText, type Decimal } from '../domain/decimal.ts'
import { exposureMetrics, exposureMetricsOf, type ExposureMetrics, type ExposureSample } from './exposure-metrics.ts'
import { RunCurve, type StretchBook } from './run-curve.ts'

const NO_MARGIN = { base: 0, long: 0, fixed: 0, short: 0 }

function sample(at: number, long: string, short: string, equity = '100', im = '0'): ExposureSample {
  return { at, longNotional: decimal(long), shortNotional: decimal(short), equity: decimal(equity), initialMargin: decimal(im) }
}

function texts(metrics: ExposureMetrics): Record<keyof ExposureMetrics, string | null> {
  return Object.fromEntries(Object.entries(metrics).map(([key, value]: [string, Decimal | null]) => [key, value && decimalText(value)])) as Record<keyof ExposureMetrics, string | null>
}

const FLAT = {
  grossExposureTwa: '0', netExposureTwa: '0', absNetExposureTwa: '0', maxGrossLeverage: '0', timeInMarket: '0', timeLong: '0', timeShort: '0',
  hedgedTimeRatio: '0', hedgedTimeRatioOfInMarket: null, hedgeRatioTwa: '0', marginUtilisationTwa: '0',
}

describe('exposure metrics', () => {
  test('never in the market', () => {
    expect(texts(exposureMetrics([sample(0, '0', '0')], 10))).toEqual(FLAT)
  })

  test('a flat account without equity has no exposure either', () => {
    expect(texts(exposureMetrics([sample(0, '0', '0', '0')], 10))).toEqual(FLAT)
  })

  test('a position without equity has exposures that do not exist, and times that do', () => {
    expect(texts(exposureMetrics([sample(0, '10', '0', '100'), sample(5, '10', '5', '0', '1')], 10))).toEqual({
      grossExposureTwa: null, netExposureTwa: null, absNetExposureTwa: null, maxGrossLeverage: null, timeInMarket: '1', timeLong: '1', timeShort: '0.5',
      hedgedTimeRatio: '0.5', hedgedTimeRatioOfInMarket: '0.5', hedgeRatioTwa: '0.3333333333', marginUtilisationTwa: null,
    })
  })

  test('no time: no averages', () => {
    expect(texts(exposureMetrics([sample(5, '10', '0')], 5))).toMatchObject({ grossExposureTwa: null, timeInMarket: null, hedgeRatioTwa: null })
    expect(texts(exposureMetrics([], 5))).toMatchObject({ grossExposureTwa: null, timeInMarket: null, hedgedTimeRatioOfInMarket: null })
  })

  test('equal legs: gross of both, net of none, hedged all the time', () => {
    expect(texts(exposureMetrics([sample(0, '100', '100', '50', '20')], 7))).toEqual({
      grossExposureTwa: '4', netExposureTwa: '0', absNetExposureTwa: '0', maxGrossLeverage: '4', timeInMarket: '1', timeLong: '1', timeShort: '1',
      hedgedTimeRatio: '1', hedgedTimeRatioOfInMarket: '1', hedgeRatioTwa: '1', marginUtilisationTwa: '0.4',
    })
  })

  test('net exposure of changing sides cancels, its magnitude does not', () => {
    expect(texts(exposureMetrics([sample(0, '100', '0'), sample(5, '0', '100')], 10))).toMatchObject({ netExposureTwa: '0', absNetExposureTwa: '1', hedgedTimeRatio: '0' })
  })

  test('time that falls is refused', () => {
    expect(() => exposureMetrics([sample(5, '1', '0'), sample(4, '1', '0')], 10)).toThrow('DATA_UNSORTED')
    expect(() => exposureMetrics([sample(5, '1', '0')], 4)).toThrow('DATA_UNSORTED')
  })
})

const cents = fc.integer({ min: 0, max: 1_000_000 }).map((value) => decimal(value.toString()).div('100'))
const samples = fc.array(fc.record({ ms: fc.integer({ min: 1, max: 1000 }), longNotional: cents, shortNotional: cents, equity: cents.map((value) => value.plus('1')), initialMargin: cents }), { minLength: 1, maxLength: 20 })
  .map((rows) => rows.reduce<{ list: ExposureSample[]; end: number }>(({ list, end }, { ms, ...row }) => ({ list: [...list, { at: end, ...row }], end: end + ms }), { list: [], end: 0 }))

describe('properties of exposure metrics', () => {
  test('swapping the legs turns the net around and changes nothing else', () => {
    fc.assert(fc.property(samples, ({ list, end }) => {
      const swapped = texts(exposureMetrics(list.map((row) => ({ ...row, longNotional: row.shortNotional, shortNotional: row.longNotional })), end))
      const before = exposureMetrics(list, end)
      expect(swapped).toEqual(texts({ ...before, timeLong: before.timeShort, timeShort: before.timeLong, netExposureTwa: before.netExposureTwa && before.netExposureTwa.neg() }))
    }))
  })

  test('splitting a sample in time changes nothing', () => {
    fc.assert(fc.property(samples, ({ list, end }) => {
      const times = list.map((row, index) => (list[index + 1]?.at ?? end) - row.at)
      const halves = list.flatMap((row, index) => [row, { ...row, at: row.at + Math.floor((times[index] ?? 0) / 2) }])
      expect(texts(exposureMetrics(halves, end))).toEqual(texts(exposureMetrics(list, end)))
    }))
  })

  test('|net| <= gross <= the maximum, and time in market = long + short - hedged', () => {
    fc.assert(fc.property(samples, ({ list, end }) => {
      const numbers = Object.fromEntries(Object.entries(exposureMetrics(list, end)).map(([key, value]: [string, Decimal | null]) => [key, Number(value)]))
      const of = (key: keyof ExposureMetrics): number => numbers[key] ?? Number.NaN
      expect(Math.abs(of('netExposureTwa'))).toBeLessThanOrEqual(of('absNetExposureTwa'))
      expect(of('absNetExposureTwa')).toBeLessThanOrEqual(of('grossExposureTwa'))
      expect(of('grossExposureTwa')).toBeLessThanOrEqual(of('maxGrossLeverage'))
      expect(of('timeLong') + of('timeShort') - of('hedgedTimeRatio')).toBeCloseTo(of('timeInMarket'), 8)
    }))
  })

  test('the float pass over candles gives the exact averages of the same samples', () => {
    const candles = fc.array(fc.record({ long: fc.integer({ min: 0, max: 5 }), short: fc.integer({ min: 0, max: 5 }), price: fc.integer({ min: 50, max: 150 }) }), { minLength: 1, maxLength: 30 })
    fc.assert(fc.property(candles, (rows) => {
      const curve = new RunCurve(10_000)
      const prices = Float64Array.from(rows, (row) => row.price)
      const exact: ExposureSample[] = []
      for (const [index, { long, short, price }] of rows.entries()) {
        const book: StretchBook = { prices, extremes: new BlockExtremes(prices, prices), lastPrice: 100, longQty: long, longEntry: 100, shortQty: short, shortEntry: 100, initialMargin: { ...NO_MARGIN, long: long / 4, short: short / 4 }, maintenanceMargin: () => 0 }
        const isFlat = long + short === 0
        curve.addStretch({ from: index, to: index + 1, step: 60_000, wallet: 10_000, longNet: 0, shortNet: 0, books: isFlat ? [] : [book] })
        exact.push(sample(index * 60_000, String(long * price), String(short * price), String(10_000 + (long - short) * (price - 100)), String(((long + short) * price) / 4)))
      }
      const fast = exposureMetricsOf(curve.summary().exposure.total)
      const slow = exposureMetrics(exact, rows.length * 60_000)
      for (const [key, value] of Object.entries(slow) as [keyof ExposureMetrics, Decimal | null][]) {
        expect(fast[key] === null).toBe(value === null)
        expect(Math.abs(Number(fast[key]) - Number(value))).toBeLessThan(1e-9)
      }
    }))
  })
})
