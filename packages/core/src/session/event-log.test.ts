/** What is kept in columns comes back as it was. */
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { decimal, decimalOfDouble, type Decimal } from '../domain/decimal.ts'
import type { JournalEvent } from '../domain/events.ts'
import type { Order } from '../domain/order.ts'
import { OrderStore } from '../state/order-store.ts'
import { canonicalEvent } from './canonical.ts'
import { EventLog } from './event-log.ts'

/** Short decimals, and those that no column has room for. */
const amount: fc.Arbitrary<Decimal> = fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 1, max: 10 ** 9 }).map((digits) => decimal(`${digits}e-3`)) }, fc.constantFrom(decimal('1').div(3), decimalOfDouble(2345.67 * 0.98)))
const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined })

/** Without the keys that have no value. */
const present = <T extends object>(value: T): T => Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T

const order = fc.record({
  symbol: fc.constantFrom('A', 'B'), leg: fc.constantFrom('long', 'short'), intent: fc.constantFrom('open', 'close'), type: fc.constantFrom('market', 'limit', 'stop-market', 'stop-limit', 'trailing-stop'),
  qty: amount, price: optional(amount), trigger: optional(amount), triggerBy: optional(fc.constantFrom('last', 'mark')), trailing: optional(fc.constant({ distance: decimal('1') })), timeInForce: fc.constantFrom('GTC', 'IOC'), postOnly: fc.boolean(),
  role: fc.constantFrom('entry', 'exit', 'stop-loss'), group: optional(fc.constantFrom('g', 'h')), tag: optional(fc.constantFrom('t', 'u', 'v')), strategy: fc.constantFrom('s', 'r'), expiresAt: optional(fc.constant(99)), bracket: optional(fc.constant({ stopLoss: decimal('2') })),
})

const life = fc.record({
  order, at: fc.nat(1000), denial: fc.constantFrom(null, null, null, 'own', 'foreign'), steps: fc.array(fc.constantFrom('accepted', 'canceled', 'amended', 'filled', 'foreign', 'rejected'), { maxLength: 4 }), qty: amount, price: amount, fee: amount, trigger: optional(amount),
})

/** Orders with some of the events that can follow, some of which say something that does not follow from the order. */
const events: fc.Arbitrary<JournalEvent[]> = fc.array(life, { maxLength: 12 }).map((lives) => lives.flatMap(({ order: random, at, denial, steps, qty, price, fee, trigger }, index): JournalEvent[] => {
  const own = present({ ...random, id: index * 3 + 1, createdAt: at }) as Order
  const about = { at: at + 1, orderId: own.id, symbol: own.symbol, leg: own.leg }
  const fill = { ...about, type: 'order.filled', fillId: `f${index}`, intent: own.intent, price, qty, fee, liquidity: index % 2 === 0 ? 'maker' : 'taker', source: 'order', role: own.role } as const
  if (denial !== null) return [{ type: 'order.denied', at, symbol: own.symbol, leg: own.leg, strategy: denial === 'own' ? own.strategy : 'another', order: own, code: 'INSUFFICIENT_MARGIN', message: `not enough for order ${own.id}` }]
  return [{ type: 'order.submitted', at, order: own }, ...steps.map((step): JournalEvent => {
    switch (step) {
      case 'accepted': return { type: 'order.accepted', ...about }
      case 'canceled': return { type: 'order.canceled', ...about, reason: index % 2 === 0 ? 'oco' : 'requested' }
      case 'amended': return present({ type: 'order.amended', ...about, qty, price: index % 2 === 0 ? price : undefined, trigger }) as JournalEvent
      case 'filled': return fill
      case 'foreign': return { ...fill, orderId: index % 2 === 0 ? null : own.id, source: 'external' }
      default: return { type: 'order.rejected', ...about, code: 'LEG_CONFLICT' }
    }
  })]
}))

it('tells the events that it took, in their order', () => {
  fc.assert(fc.property(events, (all) => {
    const log = new EventLog()
    for (const event of all) log.append([event])
    expect([...log.lines()]).toEqual(all.map(canonicalEvent))
    expect(log.events.map((event) => Object.keys(event).sort())).toEqual(all.map((event) => Object.keys(event).sort()))
    expect([...log.lines()]).toEqual(all.map(canonicalEvent))
    for (const type of ['order.submitted', 'order.denied', 'order.filled', 'order.rejected'] as const) expect(log.countOf(type)).toBe(all.filter((event) => event.type === type).length)
  }))
})

it('an order that is over is found as it ended, however many have ended since', () => {
  fc.assert(fc.property(events, (all) => {
    const [store, before] = [new OrderStore(), new Map<number, string>()]
    for (const event of all) {
      const state = store.apply(event)
      if (state !== null) before.set(state.order.id, JSON.stringify(state, Object.keys({ ...state, ...state.order }).sort()))
    }
    for (let id = 1000; id < 1200; id++) {
      store.apply({ type: 'order.submitted', at: 1, order: { id, symbol: 'A', leg: 'long', intent: 'open', type: 'market', qty: decimal('1'), timeInForce: 'GTC', postOnly: false, role: 'entry', strategy: 's', createdAt: 1 } })
      store.apply({ type: 'order.canceled', at: 1, orderId: id, symbol: 'A', leg: 'long', reason: 'requested' })
    }
    for (const [id, text] of before) {
      const state = store.get(id)
      expect(JSON.stringify(state, Object.keys({ ...state, ...state.order }).sort())).toBe(text)
    }
    expect(store.get(1100)).toMatchObject({ status: 'canceled', reason: 'requested' })
  }))
})

it('a fill that comes long after a cancellation counts', () => {
  const store = new OrderStore()
  for (let id = 1; id <= 100; id++) {
    store.apply({ type: 'order.submitted', at: 1, order: { id, symbol: 'A', leg: 'long', intent: 'open', type: 'market', qty: decimal('2'), timeInForce: 'GTC', postOnly: false, role: 'entry', strategy: 's', createdAt: 1 } })
    store.apply({ type: 'order.canceled', at: 1, orderId: id, symbol: 'A', leg: 'long', reason: 'requested' })
  }
  store.apply({ type: 'order.filled', at: 2, orderId: 1, symbol: 'A', leg: 'long', fillId: 'late', intent: 'open', price: decimal('7'), qty: decimal('2'), fee: decimal('0'), liquidity: 'taker', source: 'order', role: 'entry' })
  expect([store.get(1).status, store.get(1).filledValue.toFixed(), store.get(2).status, store.liveCount]).toEqual(['filled', '14', 'canceled', 0])
})
