/** What is read from an answer without a schema is what a schema would read, and nothing else counts as a yes. */
import { z } from '@hedgerow/core/zod'
import { VenueFailure } from '@hedgerow/driver-ccxt'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fixture, fixtureFolder } from '../test/fixtures.ts'
import { orderIdOf, readAnswer } from './answer.ts'

const envelope = z.object({ retCode: z.int(), retMsg: z.string() })
const order = z.object({ result: z.object({ orderId: z.string().min(1) }) })

/** `yes`, or the kind and the code of the failure. */
function readingOf(json: unknown, status = 200): string {
  try {
    readAnswer({ request: 'POST /v5/order/create', status, headers: {}, text: '?', json })
    return 'yes'
  } catch (error) {
    if (error instanceof VenueFailure) return `${error.kind} ${error.code ?? '-'}`
    throw error
  }
}

/** Values around those that an answer has, as members of objects that may lack some. */
const value = fc.oneof(fc.constantFrom(0, -0, 1, 10_001, '0', '', 'OK', 'o1', null, true, 0.5, 1e20, Number.NaN), fc.jsonValue())
const envelopes = fc.oneof(fc.record({ retCode: value, retMsg: value, result: value }, { requiredKeys: [] }), value)
const results = fc.oneof(fc.record({ result: fc.oneof(fc.record({ orderId: value }, { requiredKeys: [] }), value) }, { requiredKeys: [] }), value)

describe('answers', () => {
  it('are a yes only with the code 0 and a message, and legible only with both', () => {
    fc.assert(fc.property(envelopes, (json) => {
      const read = envelope.safeParse(json)
      const reading = readingOf(json)
      expect(reading === 'unreadable -').toBe(!read.success)
      expect(reading === 'yes').toBe(read.success && read.data.retCode === 0)
    }))
  })

  it('of a gateway are never a yes, whatever stands in them', () => {
    expect([500, 502, 503, 429, 403].map((status) => readingOf({ retCode: 0, retMsg: 'OK' }, status))).toEqual(Array.from({ length: 5 }, () => 'unanswered 0'))
    expect(readingOf(undefined, 502)).toBe('unanswered -')
  })

  it('name an order only with a text that is not empty', () => {
    fc.assert(fc.property(results, (json) => {
      const read = order.safeParse(json)
      expect(orderIdOf(json)).toBe(read.success ? read.data.result.orderId : null)
    }))
  })

  it.skipIf(fixtureFolder === null).each([
    ['docs_http_order_create', '1321003749386327552'], ['docs_http_order_cancel', 'c6f055d9-7f21-4079-913d-e6523a9cfffa'],
    // Of several orders, no one is the one.
    ['docs_http_order_create_batch', null], ['docs_http_cancel_all', null],
  ])('%s (HEDGEROW_SHARED)', (name, id) => {
    expect(readingOf(fixture(name))).toBe('yes')
    expect(orderIdOf(fixture(name))).toBe(id)
  })
})
