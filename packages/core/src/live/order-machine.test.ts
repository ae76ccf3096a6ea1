import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decimal, decimalText, ZERO } from '../domain/decimal.ts'
import { isFinal, OrderMachine, type OrderSignal } from './order-machine.ts'

const fill = (executionId: string, qty: string): OrderSignal => ({ type: 'filled', executionId, qty: decimal(qty), price: decimal('100'), fee: ZERO })
const fills = fc.array(fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd'), qty: fc.constantFrom('0.1', '0.5', '1') }), { maxLength: 8 })
const other = fc.constantFrom<OrderSignal>(
  { type: 'sent' }, { type: 'accepted' }, { type: 'rejected' }, { type: 'unanswered' }, { type: 'canceled' }, { type: 'expired' }, { type: 'cancel-requested' }, { type: 'not-found', final: false }, { type: 'not-found', final: true },
)

describe('the machine of one order', () => {
  it('counts each execution once, whatever else is told and in whatever order', () => {
    fc.assert(fc.property(fills, fc.array(other, { maxLength: 8 }), fc.array(fc.nat(20), { maxLength: 16 }), (executions, others, order) => {
      const firstQty = new Map(executions.toReversed().map(({ id, qty }) => [id, qty]))
      const signals = [...executions.map(({ id }) => fill(id, firstQty.get(id) ?? '0')), ...others].map((signal, index) => ({ signal, rank: order[index] ?? index }))
      const machine = new OrderMachine(decimal('2'))
      for (const { signal } of signals.toSorted((a, b) => a.rank - b.rank)) machine.apply(signal)
      const expected = [...firstQty.values()].reduce((sum, qty) => sum.plus(decimal(qty)), ZERO)
      expect(decimalText(machine.filledQty)).toBe(decimalText(expected))
      expect(machine.fills).toBe(firstQty.size)
    }))
  })

  it('never reads a time-out as a rejection, and never leaves a final state for an open one', () => {
    fc.assert(fc.property(fc.array(other, { maxLength: 12 }), (signals) => {
      const machine = new OrderMachine(decimal('1'))
      const steps = signals.map((signal) => {
        const before = machine.phase
        machine.apply(signal)
        return { signal, before, after: machine.phase }
      })
      const becameRejected = steps.filter(({ before, after }) => before !== after && after === 'rejected').map(({ signal }) => signal)
      expect(becameRejected.filter((signal) => signal.type !== 'rejected' && !(signal.type === 'not-found' && signal.final))).toEqual([])
      expect(steps.filter(({ before, after }) => isFinal(before) && !isFinal(after))).toEqual([])
    }))
  })
})
