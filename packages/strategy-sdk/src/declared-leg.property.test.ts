import { LEGS, remainingQty, sumDecimals, type Decimal, type Leg, type OrderRole } from '@hedgerow/core'
import { array, assert, constantFrom, integer, nat, oneof, property, record, type Arbitrary } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FakeVenue } from '../test/fake-venue.ts'
import { Strategy } from './strategy.ts'

/** What happens next: the strategy states something at a bar, or the venue does something between bars. */
type Step =
  | { readonly kind: 'open' | 'close'; readonly leg: Leg; readonly tenths: number }
  | { readonly kind: 'targets'; readonly leg: Leg; readonly tenths: readonly number[] }
  | { readonly kind: 'fill' | 'cancel'; readonly pick: number; readonly tenths: number }

const leg = constantFrom<Leg>('long', 'short')
const tenths = integer({ min: 1, max: 20 })
const steps: Arbitrary<Step[]> = array(oneof<Arbitrary<Step>[]>(
  record({ kind: constantFrom('open', 'close'), leg, tenths }),
  record({ kind: constantFrom('targets'), leg, tenths: array(tenths, { maxLength: 4 }) }),
  record({ kind: constantFrom('fill', 'cancel'), pick: nat(20), tenths }),
), { minLength: 1, maxLength: 40 })

/** Both legs are always protected as a whole; everything else is random. */
class Restless extends Strategy {
  step: Step | null = null
  onBar() {
    this.long.stopLoss = ['all', 80, 'long']
    this.short.stopLoss = ['all', 120, 'short']
    const { step } = this
    if (step === null || 'pick' in step) return
    const handle = this[step.leg]
    if (step.kind === 'targets') handle.takeProfit = step.tenths.map((qty, row) => [qty / 10, step.leg === 'long' ? 105 + row : 95 - row])
    else if (step.kind === 'open') handle.open({ qty: step.tenths / 10 })
    else if (handle.isOpen) handle.close({ qty: step.tenths / 10 })
  }
}

function standing(venue: FakeVenue, of: { readonly leg: Leg; readonly role: OrderRole }): Decimal {
  return sumDecimals(venue.liveOrders().filter(({ order }) => order.leg === of.leg && order.role === of.role).map(remainingQty))
}

function play(venue: FakeVenue, strategy: Restless, step: Step): void {
  if ('pick' in step) {
    const live = venue.liveOrders()
    const picked = live[step.pick % Math.max(1, live.length)]
    if (picked !== undefined && step.kind === 'fill') venue.fill(picked.order.id, Math.min(step.tenths / 10, remainingQty(picked).toNumber()))
    else if (picked !== undefined) venue.cancelByVenue(picked.order.id, 'liquidation')
  }
  strategy.step = step
  venue.bar(100)
}

describe('whatever happens to a leg', () => {
  it('its stop covers exactly what it holds, its targets never more, and a flat leg has neither', () => {
    assert(property(steps, (list) => {
      const strategy = new Restless()
      const venue = new FakeVenue(strategy)
      for (const step of list) {
        play(venue, strategy, step)
        for (const name of LEGS) {
          const { qty } = venue.pair()[name]
          expect(standing(venue, { leg: name, role: 'stop-loss' }).toFixed(), `${name} stop`).toBe(qty.toFixed())
          expect(standing(venue, { leg: name, role: 'take-profit' }).lte(qty), `${name} targets`).toBe(true)
        }
      }
    }), { numRuns: 300 })
  })
})
