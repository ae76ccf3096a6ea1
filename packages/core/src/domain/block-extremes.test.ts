import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BLOCK_ROWS, BlockExtremes, extremesOf } from './block-extremes.ts'

const column = fc.array(fc.oneof({ weight: 9, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) }, { weight: 1, arbitrary: fc.constant(Number.NaN) }), { maxLength: 3 * BLOCK_ROWS, size: 'max' }).map((values) => Float64Array.from(values))

describe('extremes by blocks', () => {
  test('are those of the rows that were asked for, wherever blocks begin', () => {
    fc.assert(fc.property(column, fc.array(fc.tuple(fc.nat({ max: 3 * BLOCK_ROWS }), fc.nat({ max: 3 * BLOCK_ROWS })), { minLength: 1 }), (high, spans) => {
      const low = high.map((value) => value - 1)
      const extremes = new BlockExtremes(low, high)
      for (const [a, b] of spans) {
        const [from, to] = [Math.min(a, b), Math.max(a, b)]
        const known = (values: Float64Array): Float64Array => values.subarray(from, to).filter((value) => !Number.isNaN(value))
        expect(extremes.between(from, to)).toEqual({ low: Math.min(Infinity, ...known(low)), high: Math.max(-Infinity, ...known(high)) })
      }
    }))
  })

  test('a block knows its own, the last one as far as it goes; a block without candles has none', () => {
    const prices = new Float64Array(2 * BLOCK_ROWS + 3).fill(Number.NaN)
    prices.set([5, 4, 6], 0)
    prices.set([7, 9, 8], 2 * BLOCK_ROWS)
    const extremes = new BlockExtremes(prices, prices)
    expect([0, 1, 2].map((block) => [extremes.lowestIn(block), extremes.highestIn(block)])).toEqual([[4, 6], [Infinity, -Infinity], [7, 9]])
    expect([extremes.between(1, 1), extremes.between(3, 2 * BLOCK_ROWS)]).toEqual([{ low: Infinity, high: -Infinity }, { low: Infinity, high: -Infinity }])
  })

  test('of the same candles everybody is given the same', () => {
    const [one, two] = [Float64Array.of(1, 2), Float64Array.of(3, 4)]
    const candles = { start: 0, step: 60_000, length: 2, open: one, high: two, low: one, close: two, volume: one }
    expect(extremesOf(candles)).toBe(extremesOf(candles))
    expect([extremesOf(candles).ranges.between(0, 2), extremesOf(candles).closes.between(0, 2)]).toEqual([{ low: 1, high: 4 }, { low: 3, high: 4 }])
  })
})
