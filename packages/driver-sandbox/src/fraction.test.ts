import { decimalOfDouble, type Decimal } from '@hedgerow/core'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { compareFractions, LEG_END, LEG_START, priceAt, ratioOf, type Fraction } from './fraction.ts'

const price = fc.integer({ min: 1, max: 40 }).map((tenths) => Number((99 + tenths / 10).toFixed(1)))
const fraction: fc.Arbitrary<Fraction> = fc.tuple(price, price, price).map(([from, level, to]) => ({ from, level, to })).filter(({ from, to }) => from !== to)

const valueOf = ({ level, from, to }: Fraction): Decimal => decimalOfDouble(level).minus(decimalOfDouble(from)).div(decimalOfDouble(to).minus(decimalOfDouble(from)))

function exactSign(a: Fraction, b: Fraction): number {
  const difference = valueOf(a).minus(valueOf(b))
  return difference.abs().lt('1e-30') ? 0 : Math.sign(difference.toNumber())
}

it('compares fractions of different series exactly, equal ones included', () => {
  fc.assert(fc.property(fraction, fraction, (a, b) => {
    expect(Math.sign(compareFractions(a, b))).toBe(exactSign(a, b))
  }), { numRuns: 5000 })
})

it('knows 1/3 of one leg and 1/3 of another as the same point, which floats do not', () => {
  const [a, b] = [{ from: 100.1, level: 100.2, to: 100.4 }, { from: 0.7, level: 0.8, to: 1 }]
  expect(ratioOf(a)).not.toBe(ratioOf(b))
  expect(compareFractions(a, b)).toBe(0)
})

it('places the ends of a leg before and after everything between', () => {
  expect(compareFractions(LEG_START, { from: 5, level: 5, to: 4 })).toBe(0)
  expect(compareFractions({ from: 5, level: 4, to: 4 }, LEG_END)).toBe(0)
  expect(compareFractions(LEG_START, LEG_END)).toBeLessThan(0)
})

it('gives the price of another series at a point', () => {
  expect(priceAt({ from: 100, level: 97, to: 96 }, 100, 95).toFixed()).toBe('96.25')
})
