import { decimal, sumDecimals, type Decimal } from '@hedgerow/core'
import { array, assert, integer, property, type Arbitrary } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shareOut } from './exit-shares.ts'

const share = (wishes: readonly string[], held: string, step: string): string[] =>
  shareOut(wishes.map((wish) => (wish === 'all' ? 'all' : decimal(wish))), decimal(held), decimal(step)).map((part) => part.toFixed())

const units = (most: number): Arbitrary<Decimal> => integer({ min: 0, max: most }).map((n) => decimal(String(n)).div(1000))

describe('the shares of exit rows', () => {
  it.each([
    [['0.5', '0.5'], '1', '0.001', ['0.5', '0.5']],
    [['0.1665', '0.1665'], '0.333', '0.001', ['0.166', '0.167']],
    [['0.03333333333333333', '0.03333333333333333', '0.03333333333333333'], '0.1', '0.001', ['0.033', '0.033', '0.034']],
    [['0.5', '0.5'], '0.7', '0.1', ['0.5', '0.2']],
    [['0.5', '0.5'], '0.3', '0.1', ['0.3', '0']],
    [['0.5', '0.5'], '3', '0.1', ['0.5', '0.5']],
    [['0.5', 'all'], '3', '0.1', ['0.5', '2.5']],
    [['all', '0.5'], '3', '0.1', ['3', '0']],
    [['0.5', '0'], '0.5', '0.1', ['0.5', '0']],
    [['1'], '0', '0.1', ['0']],
    [[], '1', '0.1', []],
  ])('%j of a leg of %s with a step of %s: %j', (wishes, held, step, expected) => {
    expect(share(wishes, held, step)).toEqual(expected)
  })

  it('never exceeds the leg, and takes all of it where the wishes do', () => {
    assert(property(array(units(5000), { minLength: 1, maxLength: 6 }), units(9000), (wishes, held) => {
      const shares = shareOut(wishes, held, decimal('0.01'))
      const total = sumDecimals(shares)
      expect(shares.every((part) => part.gte(0))).toBe(true)
      expect(total.lte(held)).toBe(true)
      expect(total.eq(held) || sumDecimals(wishes).lt(held)).toBe(true)
    }))
  })
})
