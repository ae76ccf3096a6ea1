import { describe, expect, it } from 'vitest'
import { decimal } from '../domain/decimal.ts'
import type { Filled, JournalEvent } from '../domain/events.ts'
import type { Leg } from '../domain/leg.ts'
import type { Order } from '../domain/order.ts'
import { OrderStore } from './order-store.ts'

const order = (id: number, leg: Leg = 'long'): Order => ({
  id, symbol: 'XUSDT', leg, intent: 'open', type: 'limit', qty: decimal('2'), price: decimal('100'), timeInForce: 'GTC', postOnly: false, role: 'entry', strategy: 's', createdAt: 1,
})
const about = (orderId: number): { at: number; orderId: number; symbol: string; leg: Leg } => ({ at: 2, orderId, symbol: 'XUSDT', leg: 'long' })
const fill = (orderId: number, qty: string): Filled => ({
  ...about(orderId), type: 'order.filled', fillId: `f${qty}`, intent: 'open', price: decimal('99'), qty: decimal(qty), fee: decimal('0'), liquidity: 'maker', source: 'order', role: 'entry',
})
const after = (...events: JournalEvent[]): OrderStore => {
  const store = new OrderStore()
  store.apply({ type: 'order.submitted', at: 1, order: order(1) })
  for (const event of events) store.apply(event)
  return store
}

describe('OrderStore', () => {
  it('knows an order from its submission to its last fill', () => {
    const store = after({ type: 'order.accepted', ...about(1) }, fill(1, '0.5'))
    expect(store.get(1).status).toBe('partially-filled')
    store.apply(fill(1, '1.5'))
    expect(store.get(1)).toMatchObject({ status: 'filled' })
    expect(store.get(1).filledValue.toFixed()).toBe('198')
    expect(store.liveCount).toBe(0)
  })

  it('an acknowledgement after a fill does not lower the state', () => {
    expect(after(fill(1, '0.5'), { type: 'order.accepted', ...about(1) }).get(1).status).toBe('partially-filled')
  })

  it('an unknown outcome stays unknown and live until an answer comes', () => {
    const store = after({ type: 'order.unconfirmed', ...about(1) })
    expect(store.get(1).status).toBe('unconfirmed')
    expect(store.liveCount).toBe(1)
    store.apply({ type: 'order.accepted', ...about(1) })
    expect(store.get(1).status).toBe('open')
  })

  it('a fill after a cancellation counts, and a cancellation after the last fill changes nothing', () => {
    const late = after({ type: 'order.canceled', ...about(1), reason: 'requested' }, fill(1, '0.5'))
    expect(late.get(1)).toMatchObject({ status: 'canceled', reason: 'requested' })
    expect(late.get(1).filledQty.toFixed()).toBe('0.5')
    expect(after(fill(1, '2'), { type: 'order.canceled', ...about(1), reason: 'requested' }).get(1)).toMatchObject({ status: 'filled', reason: null })
  })

  it('lists live orders of one leg, oldest first', () => {
    const store = after()
    for (const [id, leg] of [[2, 'short'], [3, 'long']] as const) store.apply({ type: 'order.submitted', at: 1, order: order(id, leg) })
    expect(store.liveOf('XUSDT', 'long').map((state) => state.order.id)).toEqual([1, 3])
    expect(store.liveOf('XUSDT', 'short').map((state) => state.order.id)).toEqual([2])
  })

  it('refuses events of orders that were never submitted', () => {
    expect(() => after(fill(7, '1'))).toThrow(/UNKNOWN_EVENT.*order 7/)
  })
})
