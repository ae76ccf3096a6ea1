import { describe, expect, it } from 'vitest'
import { riskToQty, sizeToQty } from './sizing.ts'

describe('sizing', () => {
  it('a size buys size / price', () => {
    expect(sizeToQty({ size: 1000, price: 50 })).toBe(20)
    expect(sizeToQty({ size: 1000, price: 50, feeRate: 0.001 })).toBeCloseTo(19.94, 10)
  })

  it('a risk of 1 % of 10,000 over a distance of 5 is 20, on either side', () => {
    expect(riskToQty({ capital: 10_000, riskPercentage: 1, entryPrice: 100, stopPrice: 95 })).toBe(20)
    expect(riskToQty({ capital: 10_000, riskPercentage: 1, entryPrice: 100, stopPrice: 105 })).toBe(20)
  })

  it('never more than the capital buys', () => {
    expect(riskToQty({ capital: 10_000, riskPercentage: 50, entryPrice: 100, stopPrice: 99 })).toBe(100)
  })

  it.each([[{ size: 0, price: 1 }], [{ size: 1, price: Number.NaN }]])('%j is refused', (input) => {
    expect(() => sizeToQty(input)).toThrow(/NOT_POSITIVE/)
  })

  it('a stop at the entry is refused', () => {
    expect(() => riskToQty({ capital: 1, riskPercentage: 1, entryPrice: 5, stopPrice: 5 })).toThrow(/distance from entry to stop/)
  })
})
