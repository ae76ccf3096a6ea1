import { DAY_MS, MINUTE_MS } from '@hedgerow/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { candlesFromColumns } from './inputs.ts'
import { Random } from './random.ts'
import { synthesizeCandles, type SyntheticMarket } from './synthesize.ts'

const START = 1_696_204_800_000
const month: SyntheticMarket = { seed: 1, start: START, count: 30 * 1440 }

/** Returns of a month, from close to close. */
function returnsOf(market: SyntheticMarket): number[] {
  const { close } = synthesizeCandles(market)
  return Array.from(close.subarray(1), (price, row) => price / (close[row] ?? price) - 1)
}
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

describe('synthesizeCandles', () => {
  it('gives the same candles for the same seed, others for another', () => {
    const hash = synthesizeCandles(month).hash
    expect(synthesizeCandles(month).hash).toBe(hash)
    expect(synthesizeCandles({ ...month, seed: 2 }).hash).not.toBe(hash)
    expect(hash).toBe('efa8b6ffa6ea05389a39a6eb26e93652fcb961e9beaeecaef6c56a881bea4315')
  })

  it('says that no market printed them', () => {
    expect(synthesizeCandles(month)).toMatchObject({ synthetic: true, source: 'synthetic (seed 1)', gaps: [], start: START, step: MINUTE_MS, length: 43_200 })
  })

  it('gives candles that a file could hold, on the tick grid', () => {
    fc.assert(fc.property(fc.integer(), fc.constantFrom('0.01', '0.5', '0.0001', '5', '0.00000001'), fc.constantFrom(0, 0.5, 3), (seed, tickSize, annualVolatility) => {
      const data = synthesizeCandles({ seed, start: START, count: 300, tickSize, annualVolatility, price: 100 * Number(tickSize) + 1000 })
      const time = Float64Array.from({ length: data.length }, (_, index) => START + index * MINUTE_MS)
      expect(candlesFromColumns({ time, open: data.open, high: data.high, low: data.low, close: data.close, volume: data.volume }).hash).toBe(data.hash)
      expect([...data.open, ...data.high, ...data.low, ...data.close].every((price) => Math.abs(price / Number(tickSize) - Math.round(price / Number(tickSize))) < 1e-3)).toBe(true)
    }), { numRuns: 30 })
  })

  it('moves about as much as it is told to', () => {
    for (const annualVolatility of [0.3, 1]) {
      const year = Math.sqrt(mean(returnsOf({ ...month, annualVolatility }).map((move) => move * move)) * 365 * 1440)
      expect(year / annualVolatility).toBeGreaterThan(0.7)
      expect(year / annualVolatility).toBeLessThan(1.4)
    }
  })

  it('has clusters of volatility and rare large moves', () => {
    const squares = returnsOf(month).map((move) => move * move)
    const level = mean(squares)
    const variance = mean(squares.map((square) => (square - level) ** 2))
    const memory = mean(squares.slice(10).map((square, index) => (square - level) * ((squares[index] ?? level) - level))) / variance
    expect(memory).toBeGreaterThan(0.05)
    expect(mean(squares.map((square) => square * square)) / (level * level)).toBeGreaterThan(4)
  })

  it.each<[string, Partial<SyntheticMarket>]>([
    ['seed 0.5', { seed: 0.5 }], ['count 0', { count: 0 }], ['start 1696204800001', { start: START + 1 }], ['step 500', { step: 500 }], ['tickSize "0"', { tickSize: '0' }], ['tickSize "1e-2"', { tickSize: '1e-2' }], ['price 0', { price: 0 }],
    ['annualVolatility -1', { annualVolatility: -1 }], ['meanVolume NaN', { meanVolume: Number.NaN }],
  ])('refuses %s', (found, change) => {
    expect(() => synthesizeCandles({ ...month, ...change })).toThrow(`[synthesizeCandles] CONFIG_INVALID: The configuration is not valid. Found: `)
    expect(() => synthesizeCandles({ ...month, ...change })).toThrow(found)
  })

  it('takes any step', () => {
    expect(synthesizeCandles({ seed: 1, start: START, count: 3, step: DAY_MS / 24 }).step).toBe(3_600_000)
  })
})

describe('Random', () => {
  it('is uniform and bell-shaped', () => {
    const random = new Random(5)
    const uniform = Array.from({ length: 20_000 }, () => random.uniform())
    expect(uniform.every((value) => value >= 0 && value < 1)).toBe(true)
    expect(mean(uniform)).toBeCloseTo(0.5, 1)
    const normal = Array.from({ length: 20_000 }, () => random.normal())
    expect(mean(normal)).toBeCloseTo(0, 1)
    expect(mean(normal.map((value) => value * value))).toBeCloseTo(1, 1)
  })
})
