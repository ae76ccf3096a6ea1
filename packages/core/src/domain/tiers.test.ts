import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decimal, ZERO, type Decimal } from './decimal.ts'
import { acceptsOpeners, allowsLeverage, singleTier, tierIndex, tierMargin, tierOf, tierTable, type TierRow, type TierTable } from './tiers.ts'

const rows: readonly TierRow[] = [['1000', '0.02', '0', '25'], ['2000', '0.025', '5', '20'], ['3000', '0.03', '15', '16.67'], ['4000', '0.035', '30', '14.29'], ['5000', '0.04', '50', '12.5']]
const table = tierTable('help page', rows)

/** The same margin, bracket by bracket: each part of the value at the rate of its tier. */
function bracketSum({ tiers }: TierTable, notional: Decimal): Decimal {
  let sum = ZERO
  let from = ZERO
  for (const [index, tier] of tiers.entries()) {
    const isLast = index === tiers.length - 1
    const to = isLast || notional.lt(tier.cap) ? notional : tier.cap
    if (to.gt(from)) sum = sum.plus(to.minus(from).times(tier.rate))
    from = tier.cap
  }
  return sum
}

const randomRows: fc.Arbitrary<readonly TierRow[]> = fc.array(fc.tuple(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 0, max: 50 })), { minLength: 1, maxLength: 8 }).map((steps) => {
  let cap = ZERO
  let rate = decimal('0.004')
  let deduction = ZERO
  return steps.map(([width, rise], index): TierRow => {
    const next = index === 0 ? rate : rate.plus(decimal(String(rise)).div(1000))
    deduction = deduction.plus(cap.times(next.minus(rate)))
    rate = next
    cap = cap.plus(width * 100)
    return [cap, rate, deduction, '10']
  })
})

describe('a tier table', () => {
  it('charges the value at its rate less the deduction: 3,500 needs 92.5', () => {
    expect(tierMargin(table, decimal('3500')).toFixed()).toBe('92.5')
  })

  it('includes its caps', () => {
    expect(tierIndex(table, decimal('2000'))).toBe(1)
    expect(tierIndex(table, decimal('2000.00000001'))).toBe(2)
  })

  it('goes on with its last row above the last cap, and takes no openers there', () => {
    expect(tierMargin(table, decimal('5001')).toFixed()).toBe('150.04')
    expect([acceptsOpeners(table, decimal('5000')), acceptsOpeners(table, decimal('5001'))]).toEqual([true, false])
  })

  it('allows the leverage of the tier that a value falls in', () => {
    expect(allowsLeverage(table, decimal('1000'), decimal('25'))).toBe(true)
    expect(allowsLeverage(table, decimal('1001'), decimal('25'))).toBe(false)
    expect(allowsLeverage(singleTier({ rate: decimal('0.1'), deduction: ZERO }), decimal('1'), decimal('11'))).toBe(false)
  })

  it('is continuous, and its deductions say the same as the sum of its brackets', () => {
    fc.assert(fc.property(randomRows, fc.integer({ min: 0, max: 1_000_000 }), (random, value) => {
      const made = tierTable('random', random)
      const notional = decimal(String(value))
      expect(tierMargin(made, notional).eq(bracketSum(made, notional))).toBe(true)
      for (const { cap } of made.tiers) {
        const step = tierMargin(made, cap.plus('0.000001')).minus(tierMargin(made, cap))
        expect(step.eq(tierOf(made, cap.plus('0.000001')).rate.times('0.000001'))).toBe(true)
      }
    }))
  })

  it('knows whether its margin is a convex function of the price', () => {
    expect(table.convex).toBe(true)
    expect(tierTable('falling', [['1000', '0.05', '0', '20'], ['2000', '0.01', '-40', '50']]).convex).toBe(false)
  })

  it.each<[string, readonly TierRow[], string]>([
    ['a deduction that does not continue the margin', [['1000', '0.02', '0', '25'], ['2000', '0.025', '6', '20']], 'Found: deduction 6. Expected: a deduction of 5.'],
    ['a first deduction', [['1000', '0.02', '1', '25']], 'Found: deduction 1. Expected: a deduction of 0.'],
    ['caps that do not rise', [['1000', '0.02', '0', '25'], ['1000', '0.02', '0', '25']], 'Found: cap 1000. Expected: a cap above 1000.'],
    ['a rate above one', [['1000', '2', '0', '25']], 'Found: rate 2. Expected: a rate from 0 to 1.'],
    ['no leverage', [['1000', '0.02', '0', '0']], 'Found: max leverage 0. Expected: a leverage above 0.'],
    ['no rows', [], 'Found: no rows. Expected: at least one row.'],
  ])('refuses %s', (_what, wrong, message) => {
    expect(() => tierTable('wrong', wrong)).toThrow(message)
    expect(() => tierTable('wrong', wrong)).toThrow('TIER_TABLE_INVALID')
  })
})
