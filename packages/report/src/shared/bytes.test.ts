import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packCandles, unpackCandles } from './candle-bytes.ts'
import { packColumn, placesOf, unpackColumn } from './column.ts'

describe('packed columns', () => {
  it('come back bit for bit, missing values too', () => {
    const values = fc.array(fc.oneof(fc.constant(Number.NaN), fc.integer({ min: -1e12, max: 1e12 }).map((whole) => whole / 1000)))
    fc.assert(fc.property(values, (list) => {
      const places = placesOf(list) ?? Number.NaN
      expect([...unpackColumn(packColumn(list, places), { length: list.length, places })]).toEqual(list.map((value) => value + 0))
    }))
  })

  it('know when decimals do not name a value', () => {
    expect([placesOf([1, 2]), placesOf([0.1, 25]), placesOf([1812.35]), placesOf([Number.NaN]), placesOf([Math.PI]), placesOf([1e300])]).toEqual([0, 1, 2, 0, null, null])
  })

  it('refuse bytes that end too early', () => {
    expect(() => unpackColumn(packColumn([1, 2], 0), { length: 3, places: 0 })).toThrow(RangeError)
  })
})

describe('packed candles', () => {
  const candle = fc.tuple(fc.integer({ min: 1, max: 1e8 }), fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 5000 }), fc.boolean()).map(([low, up, range, falls]) => {
    const [bottom, top] = [low, low + range + up]
    const [a, b] = [bottom + Math.floor(range / 3), bottom + Math.floor(range / 2)]
    return { open: falls ? b : a, close: falls ? a : b, high: top, low: bottom }
  })
  const rows = fc.array(fc.option(candle))

  it('come back bit for bit, with their gaps, from any row to any other', () => {
    fc.assert(fc.property(rows, fc.nat(), fc.nat(), (list, a, b) => {
      const column = (name: 'open' | 'high' | 'low' | 'close'): Float64Array => Float64Array.from(list, (row) => (row === null ? Number.NaN : row[name] / 100))
      const columns = { open: column('open'), high: column('high'), low: column('low'), close: column('close') }
      const [from, to] = [a % (list.length + 1), b % (list.length + 1)].sort((x, y) => x - y) as [number, number]
      const read = unpackCandles(packCandles(columns, { from, to, places: 2 }), { length: to - from, places: 2 })
      expect(read).toEqual({ open: columns.open.slice(from, to), high: columns.high.slice(from, to), low: columns.low.slice(from, to), close: columns.close.slice(from, to) })
    }))
  })

  it('take about four bytes each', () => {
    const length = 10_000
    const close = Float64Array.from({ length }, (_, row) => Math.round(200_000 + 5000 * Math.sin(row / 40) + 60 * Math.sin(row * 7.3)) / 100)
    const open = Float64Array.from(close, (_, row) => close[Math.max(0, row - 1)] ?? 0)
    const high = Float64Array.from(close, (value, row) => Math.round(100 * (Math.max(value, open[row] ?? 0) + 0.4)) / 100)
    const low = Float64Array.from(close, (value, row) => Math.round(100 * (Math.min(value, open[row] ?? 0) - 0.4)) / 100)
    expect(packCandles({ open, high, low, close }, { from: 0, to: length, places: 2 }).length).toBeLessThan(5.1 * length)
  })
})
