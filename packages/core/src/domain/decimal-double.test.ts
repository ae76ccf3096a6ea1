import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { bigDouble } from './big.ts'
import { decimal, doubleOf } from './decimal.ts'

it('reads every decimal of at most 15 digits as the double that its text names', () => {
  fc.assert(fc.property(fc.bigInt({ min: -999_999_999_999_999n, max: 999_999_999_999_999n }), fc.integer({ min: -22, max: 10 }), (digits, exponent) => {
    const text = `${digits}e${exponent}`
    expect(doubleOf(decimal(text))).toBe(digits === 0n ? 0 : Number(text))
  }))
})

it('reads longer decimals as the nearest double', () => {
  for (const text of ['0.12345678901234567890123', '123456789012345678901', '92.982828282828282828', '1e-30']) expect(doubleOf(decimal(text))).toBe(Number(text))
})

it('reads a decimal of any length as the double that its text names', () => {
  const digits = fc.bigInt({ min: -(10n ** 45n), max: 10n ** 45n })
  /** Doubles, the middles between two of them, and what is next to those: where rounding turns. */
  const middles = fc.tuple(fc.bigInt({ min: 2n ** 52n, max: 2n ** 53n }), fc.integer({ min: 0, max: 60 }), fc.constantFrom(-1n, 0n, 1n)).map(([size, more, next]) => ((2n * size + 1n) << BigInt(more)) * 10n + next)
  fc.assert(fc.property(fc.oneof(digits, middles), fc.integer({ min: -60, max: 320 }), (units, scale) => {
    const value = Number(`${units}e${-scale}`)
    expect(bigDouble({ units, scale })).toBe(value === 0 ? 0 : value)
  }), { numRuns: 2000 })
  expect(bigDouble({ units: (2n ** 53n + 1n) * 5n ** 30n, scale: 30 })).toBe(Number(`${(2n ** 53n + 1n) * 5n ** 30n}e-30`))
})
