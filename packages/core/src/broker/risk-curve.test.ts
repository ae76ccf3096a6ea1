import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { decimal, ZERO, type Decimal } from '../domain/decimal.ts'
import { tierTable, type TierRow } from '../domain/tiers.ts'
import { firstZero, riskAt, type RiskCurve, type Search } from './risk-curve.ts'

/** Tables whose rates rise and fall: the slack then goes up and down and may have several zeros. */
const rows: fc.Arbitrary<readonly TierRow[]> = fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 90 })), { minLength: 1, maxLength: 5 }).map((steps) => {
  let [cap, deduction, rate] = [ZERO, ZERO, ZERO]
  return steps.map(([width, percent], index): TierRow => {
    const next = decimal(String(percent)).div(100)
    if (index > 0) deduction = deduction.plus(cap.times(next.minus(rate)))
    rate = next
    cap = cap.plus(width * 100)
    return [cap, rate, deduction, '1']
  })
})

const whole = (min: number, max: number): fc.Arbitrary<Decimal> => fc.integer({ min, max }).map((value) => decimal(String(value)))
const tiered = fc.record({ qty: whole(1, 20), tiers: rows.map((random) => tierTable('random', random)) })
const curve: fc.Arbitrary<RiskCurve> = fc.record({ slope: whole(-20, 20), base: whole(-3000, 3000), reserve: whole(0, 50), tiered: fc.array(tiered, { maxLength: 2 }) })
const search: fc.Arbitrary<Search> = fc.record({ backing: whole(-500, 3000), from: whole(1, 400), direction: fc.constantFrom('up', 'down') })

const slackAt = (of: RiskCurve, { backing }: Search, price: Decimal): Decimal => {
  const { equity, maintenanceMargin } = riskAt(of, price)
  return equity.plus(backing).minus(maintenanceMargin)
}

/** Every price at which a term changes its tier, from the search on, with the far end. */
function corners(of: RiskCurve, { from, direction }: Search): readonly Decimal[] {
  const caps = of.tiered.flatMap(({ qty, tiers }) => tiers.tiers.map(({ cap }) => cap.div(qty)))
  const up = direction === 'up'
  return [from, ...caps.filter((cap) => (up ? cap.gt(from) : cap.lt(from))), up ? decimal('1e12') : ZERO].toSorted((a, b) => (up ? a.comparedTo(b) : b.comparedTo(a)))
}

it('finds the first zero of a slack that rises and falls', () => {
  fc.assert(fc.property(curve, search, (of, where) => {
    const found = firstZero(of, where)
    const points = corners(of, where)
    const startSign = Math.sign(slackAt(of, where, where.from).comparedTo(0))
    const firstChange = points.findIndex((point) => Math.sign(slackAt(of, where, point).comparedTo(0)) !== startSign)
    const noise = decimal('1e-20')
    // No zero, or one in the stretch that ends at the first corner where the sign has changed.
    expect(found === null).toBe(startSign !== 0 && firstChange === -1)
    const [begin, end] = [points[Math.max(0, firstChange - 1)] ?? where.from, points[Math.max(0, firstChange)] ?? where.from]
    const [low, high] = begin.lt(end) ? [begin, end] : [end, begin]
    expect(found === null || startSign === 0 || (found.gte(low.minus(noise)) && found.lte(high.plus(noise)))).toBe(true)
    expect(found === null || slackAt(of, where, found).abs().lt('1e-18')).toBe(true)
  }), { numRuns: 2000 })
})
