import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clientIdOf, isOwnClientId, numberOfClientId, type ClientIdInput } from './client-id.ts'

const base: ClientIdInput = { run: 'r1', strategy: 'Pair', symbol: 'ETHUSDT', leg: 'long', orderId: 1, attempt: 1 }

describe('client ids', () => {
  it('are the same for the same intent, and differ with each part of it', () => {
    const others: readonly Partial<ClientIdInput>[] = [{ run: 'r2' }, { strategy: 'Pairs' }, { symbol: 'BTCUSDT' }, { leg: 'short' }, { orderId: 2 }, { attempt: 2 }]
    const ids = [base, ...others.map((other) => ({ ...base, ...other }))].map(clientIdOf)
    expect(clientIdOf({ ...base })).toBe(ids[0])
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('fit every venue: 29 characters of letters, digits and "-"', () => {
    fc.assert(fc.property(fc.string(), fc.string(), fc.nat(), (run, strategy, orderId) => {
      expect(clientIdOf({ ...base, run, strategy, orderId })).toMatch(/^hr-[a-z2-7]{26}$/)
    }))
  })

  it('do not meet over a long run with both legs of many symbols', () => {
    const ids = new Set<string>()
    for (let orderId = 1; orderId <= 20_000; orderId++) for (const leg of ['long', 'short'] as const) ids.add(clientIdOf({ ...base, leg, orderId, symbol: `S${orderId % 7}` }))
    expect(ids.size).toBe(40_000)
    expect(new Set([...ids].map(numberOfClientId)).size).toBe(40_000)
  })

  it('are those of the journals that exist: an upgrade finds its orders again', () => {
    expect(clientIdOf(base)).toBe('hr-vdzvv7jgynuoz7ba4t7ckhlxkm')
  })

  it('have numbers that are as many as their first ten letters', () => {
    const numbers = Array.from('abcdefghijklmnopqrstuvwxyz234567', (letter) => numberOfClientId(`hr-aaaaaaaaa${letter}aaaaaaaaaaaaaaaa`))
    expect(numbers).toEqual(Array.from({ length: 32 }, (_, index) => index))
  })

  it('are told from those of others', () => expect([clientIdOf(base), 'web-1', ''].map(isOwnClientId)).toEqual([true, false, false]))
})
