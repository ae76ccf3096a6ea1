import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { decimal, ZERO } from './decimal.ts'
import { sumDecimals } from './sum.ts'

/** Whole numbers up to the edge of exact doubles and beyond it, at scales far apart, and quotients of 40 digits. */
const term = fc.oneof(
  fc.tuple(fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }), fc.nat({ max: 24 })).map(([units, places]) => decimal(String(units)).div(decimal(`1${'0'.repeat(places)}`))),
  fc.integer({ min: -999_999, max: 999_999 }).map((units) => decimal(String(units)).div(7)),
)

it('a sum is what adding the terms one after the other gives', () => {
  fc.assert(fc.property(fc.array(term, { maxLength: 30 }), (terms) => {
    const one = terms.reduce((total, value) => total.plus(value), ZERO)
    expect(sumDecimals(terms).toFixed()).toBe(one.toFixed())
  }))
})

it('terms that cancel leave zero, none leave zero', () => {
  expect(sumDecimals([]).toFixed()).toBe('0')
  expect(sumDecimals([decimal('9007199254740991'), decimal('0.5'), decimal('-9007199254740991'), decimal('-0.5')]).toFixed()).toBe('0')
})
