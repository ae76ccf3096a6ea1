/** Short decimals against decimal.js: the wide context computes everything there, with 100 digits. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Decimal, decimal, decimalOfDouble, decimalText, isDecimal, roundToPlaces, wide } from './decimal.ts'
import { ceilToStep, floorToStep, isOnStep, roundToStep } from './step.ts'
import type { Rounding } from './whole.ts'

const ROUNDINGS: readonly Rounding[] = ['floor', 'ceil', 'down', 'up', 'half-up']

/** Coefficients of every length, and those around the largest that a double holds exactly. */
const coefficient = fc.oneof(
  fc.bigInt({ min: -1000n, max: 1000n }), fc.bigInt({ min: -(10n ** 8n), max: 10n ** 8n }), fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }), fc.bigInt({ min: 2n ** 53n - 20n, max: 2n ** 53n + 20n }),
  fc.tuple(fc.bigInt({ min: 1n, max: 999n }), fc.integer({ min: 0, max: 20 })).map(([digits, zeros]) => digits * 10n ** BigInt(zeros)),
)
const short: fc.Arbitrary<Decimal> = fc.tuple(coefficient, fc.integer({ min: 0, max: 24 })).map(([digits, places]) => decimal(`${digits}e-${places}`))
const value: fc.Arbitrary<Decimal> = fc.oneof(
  // Forty digits, some with a five and zeros after them.
  fc.tuple(short, short).filter(([, b]) => !b.isZero()).map(([a, b]) => a.div(b)),
  fc.tuple(fc.bigInt({ min: 10n ** 39n, max: 10n ** 40n - 1n }), fc.integer({ min: -5, max: 60 })).map(([digits, places]) => decimal(`${digits}e${-places}`)),
  fc.tuple(coefficient, fc.integer({ min: 0, max: 24 })).map(([digits, places]) => decimal(`${digits}e-${places}`)),
  // Doubles of 16 and 17 digits, which stand for their shortest text.
  fc.tuple(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.double({ min: 0.5, max: 2, noNaN: true })).map(([cents, factor]) => decimalOfDouble((cents / 100) * factor)),
)

/** The text of a result, and whether it is finite: 0/0 and 1/0 are not. */
const told = (result: Decimal): string => (result.isFinite() ? decimalText(result) : 'not finite')
/** A result of the wide context as one of 40 digits. */
const narrow = (result: Decimal): string => (result.isFinite() ? decimalText(decimal(result.toSignificantDigits(40))) : 'not finite')

describe('arithmetic', () => {
  it.each<[string, (a: Decimal, b: Decimal) => Decimal]>([
    ['plus', (a, b) => a.plus(b)], ['minus', (a, b) => a.minus(b)], ['times', (a, b) => a.times(b)], ['div', (a, b) => a.div(b)], ['neg', (a) => a.neg()], ['abs', (a) => a.abs()], ['floor', (a) => a.floor()], ['ceil', (a) => a.ceil()],
  ])('%s is that of decimal.js', (_name, operation) => {
    fc.assert(fc.property(value, value, (a, b) => {
      expect(told(operation(a, b))).toBe(narrow(operation(wide(a), b)))
    }), { numRuns: 2000 })
  })

  it('a negative of the wide context keeps its hundred digits', () => {
    const tiny = decimal('-0.000000000000000000000000000000000005')
    const off = wide(decimal('-10001')).minus(tiny)
    expect(off.abs().lt('10001')).toBe(true)
    expect(off.neg().neg().minus(off).isZero()).toBe(true)
  })

  it('mod has the sign of what is divided', () => {
    fc.assert(fc.property(value, value, (a, b) => {
      expect(told(a.mod(b))).toBe(narrow(wide(a).mod(b)))
    }))
  })
})

describe('comparison', () => {
  it('is that of decimal.js, of equal values too', () => {
    fc.assert(fc.property(value, fc.oneof(value, fc.constant(null)), (a, other) => {
      const b = other ?? a.plus(decimal('1e-24')).minus(decimal('1e-24'))
      const sign = wide(a).minus(b).comparedTo(0)
      expect([a.lt(b), a.lte(b), a.eq(b), a.gte(b), a.gt(b), a.comparedTo(b)]).toEqual([sign < 0, sign <= 0, sign === 0, sign >= 0, sign > 0, sign])
    }), { numRuns: 2000 })
  })
})

describe('rounding', () => {
  it('to places is that of decimal.js', () => {
    fc.assert(fc.property(value, fc.integer({ min: 0, max: 20 }), fc.constantFrom(...ROUNDINGS), (a, places, rounding) => {
      expect(told(roundToPlaces(a, places, rounding))).toBe(narrow(roundToPlaces(wide(a), places, rounding)))
    }), { numRuns: 2000 })
  })

  it('to significant digits is that of decimal.js', () => {
    fc.assert(fc.property(value, fc.integer({ min: 1, max: 40 }), (a, count) => {
      expect(told(a.toSignificantDigits(count))).toBe(told(decimal(wide(a).toSignificantDigits(count))))
    }), { numRuns: 2000 })
    for (const count of [0, -1, 2.5, Number.NaN]) expect(() => decimal('12.5').toSignificantDigits(count)).toThrow('Invalid argument')
  })

  it('to a step is a whole number of steps, less than one away on the named side', () => {
    const step = fc.tuple(fc.integer({ min: 1, max: 50_000 }), fc.integer({ min: 0, max: 10 })).map(([digits, places]) => decimal(`${digits}e-${places}`))
    fc.assert(fc.property(value, step, fc.constantFrom<Rounding>(...ROUNDINGS), (a, size, rounding) => {
      fc.pre(wide(a).div(size).abs().lt('1e35'))
      const rounded = roundToStep(a, size, rounding)
      const off = wide(rounded).minus(a)
      expect(isOnStep(rounded, size)).toBe(true)
      expect(off.abs().lt(size)).toBe(true)
      const towards: Record<Rounding, boolean> = { floor: off.lte(0), ceil: off.gte(0), down: rounded.abs().lte(a.abs()), up: rounded.abs().gte(a.abs()), 'half-up': off.abs().times(2).lte(size) }
      expect(towards[rounding]).toBe(true)
    }), { numRuns: 2000 })
  })

  it('to a step below a whole number of steps that forty digits of a quotient would round up to', () => {
    const just = decimal('99999999999999999999999999999999999.99998')
    expect([floorToStep(just, decimal('4')), ceilToStep(just, decimal('4')), floorToStep(just.neg(), decimal('4'))].map((each) => each.toFixed()))
      .toEqual(['99999999999999999999999999999999996', '100000000000000000000000000000000000', '-100000000000000000000000000000000000'])
  })

  it('to a step as a division says it, digit by digit', () => {
    fc.assert(fc.property(fc.integer({ min: -(10 ** 9), max: 10 ** 9 }), fc.integer({ min: 1, max: 500 }), (ticks, size) => {
      const step = decimal(`${size}e-2`)
      expect(floorToStep(decimal(`${ticks}e-3`), step).toFixed()).toBe(decimal(wide(decimal(`${ticks}e-3`)).div(step).floor().times(step)).toFixed())
    }))
  })
})

describe('texts and numbers', () => {
  it('come back as they were', () => {
    fc.assert(fc.property(value, (a) => {
      expect(decimal(a.toFixed()).eq(a)).toBe(true)
      expect([a.toNumber(), a.toFixed(4), String(a), JSON.stringify(a)]).toEqual([Number(a.toFixed()) + 0, wide(a).toFixed(4).replace(/^-(0\.0*)$/, a.isNegative() ? '-$1' : '$1'), a.toFixed(), JSON.stringify(a.toFixed())])
    }))
  })

  it('a double is the decimal of its shortest text', () => {
    const double = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.tuple(fc.integer(), fc.integer({ min: 0, max: 14 })).map(([digits, places]) => Number(`${digits}e-${places}`)), fc.integer({ min: 1, max: 10 ** 7 }).map((cents) => (cents / 100) * 0.98))
    fc.assert(fc.property(double, (number) => {
      expect(decimalText(decimalOfDouble(number))).toBe(decimalText(decimal(String(number))))
    }), { numRuns: 2000 })
  })

  it.each(['', '.', '1,5', '0x10', '1e', 'NaN', 'Infinity', '--1'])('refuses %j', (text) => {
    expect(() => decimal(text)).toThrow('NOT_A_DECIMAL')
  })

  it.each([['1.50', '1.5'], ['-0', '0'], ['+7.', '7'], ['.25', '0.25'], ['-0.000', '0'], [' 12 ', '12'], ['1e3', '1000'], ['120', '120']])('reads %j as %s', (text, expected) => {
    expect(decimalText(decimal(text))).toBe(expected)
  })
})

describe('two copies of this package', () => {
  it('take the decimals of each other', async () => {
    // The query makes a second copy of the module, as a second installation does.
    const again = './decimal.ts?copy'
    const other = (await import(again)) as { readonly decimal: (text: string) => Decimal }
    const foreign = other.decimal('0.1')
    expect(foreign).not.toBeInstanceOf(Decimal)
    expect(isDecimal(foreign)).toBe(true)
    for (const text of ['0.1', '123456789012345678901234567890.5', '-3']) {
      const foreigner = other.decimal(text)
      expect(decimal(foreigner).eq(text)).toBe(true)
      expect([decimal('2').plus(foreigner), decimal('2').times(foreigner), decimal('2').minus(foreigner)].map((result) => result.toFixed())).toEqual(
        [decimal('2').plus(text), decimal('2').times(text), decimal('2').minus(text)].map((result) => result.toFixed()))
      expect(decimal('0').lt(foreigner)).toBe(decimal('0').lt(text))
      expect(floorToStep(foreigner, decimal('0.01')).toFixed()).toBe(floorToStep(decimal(text), decimal('0.01')).toFixed())
    }
    expect(isDecimal({ digits: 1, scale: 0, source: null })).toBe(false)
  })
})
