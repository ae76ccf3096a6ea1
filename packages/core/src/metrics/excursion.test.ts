import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decimal, decimalText, type Decimal } from '../domain/decimal.ts'
import type { Leg } from '../domain/leg.ts'
import { excursionMetrics, type ExcursionMetrics } from './excursion.ts'

function excursion(leg: Leg, [entry, exit]: readonly [string, string], lows: readonly string[], highs: readonly string[]): Record<keyof ExcursionMetrics, string | null> {
  return texts(excursionMetrics({ leg, qty: decimal('2'), entry: decimal(entry), exit: decimal(exit), lows: lows.map((low) => decimal(low)), highs: highs.map((high) => decimal(high)) }))
}

function texts(metrics: ExcursionMetrics): Record<keyof ExcursionMetrics, string | null> {
  return Object.fromEntries(Object.entries(metrics).map(([key, value]: [string, Decimal | null]) => [key, value && decimalText(value)])) as Record<keyof ExcursionMetrics, string | null>
}

function mirror(price: Decimal): Decimal {
  return decimal('200').minus(price)
}

describe('excursions', () => {
  test('a short loses on highs and gains on lows', () => {
    expect(excursion('short', ['100', '95'], ['92', '94'], ['101', '103'])).toEqual({ mae: '-6', mfe: '16', maePct: '-0.03', mfePct: '0.08', realised: '10', edgeCaptured: '0.625' })
  })

  test('both are clamped at zero', () => {
    expect(excursion('short', ['100', '110'], ['105'], ['112'])).toMatchObject({ mae: '-24', mfe: '0', edgeCaptured: null, realised: '-20' })
    expect(excursion('short', ['100', '90'], ['89'], ['95'])).toMatchObject({ mae: '0', mfe: '22' })
  })

  test('without a candle nothing was seen', () => {
    expect(excursion('long', ['100', '100'], [], [])).toEqual({ mae: '0', mfe: '0', maePct: '0', mfePct: '0', realised: '0', edgeCaptured: null })
  })

  test('a price that never moved is no excursion', () => {
    expect(excursion('long', ['100', '100'], ['100'], ['100'])).toMatchObject({ mae: '0', mfe: '0', edgeCaptured: null })
  })
})

test('reflecting the prices around the entry turns a long into a short', () => {
  const price = fc.integer({ min: 1, max: 199 }).map((value) => decimal(value.toString()))
  fc.assert(fc.property(fc.array(fc.tuple(price, price), { maxLength: 10 }), price, (candles, exit) => {
    const lows = candles.map(([a, b]) => (a.lt(b) ? a : b))
    const highs = candles.map(([a, b]) => (a.lt(b) ? b : a))
    const base = { qty: decimal('0.5'), entry: decimal('100') }
    const long = excursionMetrics({ ...base, leg: 'long', exit, lows, highs })
    const short = excursionMetrics({ ...base, leg: 'short', exit: mirror(exit), lows: highs.map(mirror), highs: lows.map(mirror) })
    expect(texts(short)).toEqual(texts(long))
    expect(long.mae.lte(0) && long.mfe.gte(0)).toBe(true)
  }))
})
