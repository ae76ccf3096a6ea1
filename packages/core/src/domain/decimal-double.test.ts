import * as fc from 'fast-check'
import { expect, it } from 'vitest'
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
