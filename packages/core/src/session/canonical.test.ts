import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { decimal } from '../domain/decimal.ts'
import { canonicalEvent } from './canonical.ts'

it('writes keys in alphabetic order, decimals as plain texts, and leaves undefined out', () => {
  const text = canonicalEvent({ type: 'account.posted', at: 5, kind: 'deposit', amount: decimal('1e-7') })
  expect(text).toBe('{"amount":"0.0000001","at":5,"kind":"deposit","type":"account.posted"}')
})

it('does not depend on the order in which an event was made', () => {
  const a = canonicalEvent({ type: 'account.posted', at: 5, kind: 'deposit', amount: decimal('-0') })
  const b = canonicalEvent({ amount: decimal('0'), kind: 'deposit', at: 5, type: 'account.posted' })
  expect(a).toBe(b)
})

/** Sorted anew for every object. */
function plainly(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(plainly).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).filter(([, item]) => item !== undefined)
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${plainly(item)}`).join(',')}}`
}

it('keeps to that whatever the keys are, and whatever other objects had before', () => {
  const key = fc.oneof(fc.constantFrom('', 'a', 'b', 'c', 'a\nb', 'b\nc', '\n', 'ä', '__proto'), fc.string({ maxLength: 3 }))
  const value = fc.letrec((tie) => ({
    any: fc.oneof(fc.constantFrom(undefined, null, true, 'x"y'), fc.integer(), fc.double({ noNaN: true }), tie('object'), fc.array(fc.oneof(fc.integer(), tie('object')), { maxLength: 2 })),
    object: fc.oneof({ weight: 9, arbitrary: fc.dictionary(key, tie('any'), { maxKeys: 4, noNullPrototype: true }) }, fc.dictionary(fc.string({ minLength: 4 }), fc.integer(), { minKeys: 60, maxKeys: 70, noNullPrototype: true })),
  })).object
  fc.assert(fc.property(fc.array(value, { maxLength: 6 }), (objects) => {
    const events = objects.map((data) => ({ type: 'x', data }) as never)
    expect(events.map(canonicalEvent)).toEqual(events.map(plainly))
  }), { numRuns: 500 })
})
