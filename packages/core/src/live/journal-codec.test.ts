import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decimal } from '../domain/decimal.ts'
import type { Order } from '../domain/order.ts'
import type { JournalEntry } from '../ports/journal.ts'
import { decodeEntry, encodeEntry } from './journal-codec.ts'

const order: Order = {
  id: 7, createdAt: 5, symbol: 'ETHUSDT', leg: 'short', intent: 'open', type: 'limit', qty: decimal('0.10'), price: decimal('2000.5'), timeInForce: 'GTC', postOnly: true, role: 'entry', strategy: 'Pair', tag: '12',
  bracket: { stopLoss: decimal('2100'), trailing: { distanceRatio: decimal('0.01') } },
}
const entry: JournalEntry = {
  sequence: 3, seenAt: 9, input: { type: 'candles.closed', at: 5, candles: [{ symbol: 'ETHUSDT', candle: { time: 0, open: 1, high: 2, low: 0.5, close: 1.5, volume: 10 }, mark: null }] },
  records: [{ type: 'order.submitted', at: 5, order }, { type: 'vars.changed', at: 5, strategy: 'Pair', vars: { qty: '1', price: [1, '2'] } }],
}

describe('journal entries', () => {
  it('come back as they were: decimals exact, variables untouched, tags texts', () => expect(decodeEntry(encodeEntry(entry))).toEqual(entry))

  it('are canonical JSON whatever a text holds', () => {
    fc.assert(fc.property(fc.string({ unit: fc.nat({ max: 0xFF_FF }).map((code) => String.fromCharCode(code)) }), fc.string(), (tag, strategy) => {
      const said: JournalEntry = { ...entry, records: [{ type: 'order.submitted', at: 5, order: { ...order, tag, strategy } }] }
      expect(encodeEntry(said)).toBe(JSON.stringify(said))
    }))
  })

  it.each(['', '{', '[]', '{"sequence":1}'])('refuse %j', (text) => expect(() => decodeEntry(text)).toThrow('JOURNAL_DAMAGED'))
})
