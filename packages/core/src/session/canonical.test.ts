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
