import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { compareEvents, EVENT_CLASSES, type EventKey } from './event-order.ts'

const key: fc.Arbitrary<EventKey> = fc.record({ at: fc.integer({ min: 0, max: 2 }), class: fc.constantFrom(...EVENT_CLASSES), symbolIndex: fc.integer({ min: 0, max: 2 }), sequence: fc.integer({ min: 0, max: 2 }) })

const at = (time: number, name: EventKey['class'], symbolIndex: number, sequence: number): EventKey => ({ at: time, class: name, symbolIndex, sequence })

it('orders by time, then class, then symbol, then sequence', () => {
  const sorted = [at(1, 'order-arrival', 1, 9), at(2, 'price', 1, 0), at(2, 'funding', 0, 5), at(2, 'liquidation', 1, 0), at(2, 'trigger', 0, 0), at(2, 'trigger', 1, 0), at(2, 'match', 0, 1), at(2, 'match', 0, 2), at(2, 'strategy', 0, 0)]
  expect(sorted.toReversed().toSorted(compareEvents)).toEqual(sorted)
})

it('is a total order: antisymmetric and transitive', () => {
  fc.assert(fc.property(key, key, key, (a, b, c) => {
    expect(Math.sign(compareEvents(a, b)) + Math.sign(compareEvents(b, a))).toBe(0)
    expect(!(compareEvents(a, b) <= 0 && compareEvents(b, c) <= 0) || compareEvents(a, c) <= 0).toBe(true)
  }))
})
