/** Pitfall 1: ccxt's `hedged` derives the leg from buy or sell, and a stop of a long then opens a short. Every kind of order of both legs says its leg by the venue's own field. */
import { LEGS, type OrderType } from '@hedgerow/core'
import { bybit } from '@hedgerow/driver-bybit'
import { expect, it } from 'vitest'
import { openLive, submissionOf, type OrderInput } from '../../packages/driver-bybit/test/live.ts'

const PRICES: Readonly<Partial<Record<OrderType, Pick<OrderInput, 'price' | 'trigger'>>>> = {
  market: {}, limit: { price: '49000' }, 'stop-market': { trigger: '48000' }, 'stop-limit': { trigger: '48000', price: '47900' }, 'take-profit-market': { trigger: '52000' }, 'take-profit-limit': { trigger: '52000', price: '52100' },
}
const INDEX = { long: 1, short: 2 } as const
const SIDE = { 'long open': 'Buy', 'long close': 'Sell', 'short open': 'Sell', 'short close': 'Buy' } as const

it('bybit 01: side, index and reduce-only of each type, leg and intent; never `hedged` or `positionSide`', async () => {
  const { host, connection, close } = await openLive({ connect: false })
  const orders = bybit.manifest.orders.types.flatMap((type) => LEGS.flatMap((leg) => (['open', 'close'] as const).map((intent) => ({ type, leg, intent, id: `${type}-${leg}-${intent}` }))))
  for (const { id, ...order } of orders) connection.submit(submissionOf({ ...order, ...PRICES[order.type] }, id))
  await host.arrival(() => host.seen('v5/order/create').length === orders.length)
  for (const { id, leg, intent } of orders) {
    const body = host.seen('v5/order/create').find((request) => request.body['orderLinkId'] === id)?.body ?? {}
    expect({ id, ...body }).toMatchObject({ id, side: SIDE[`${leg} ${intent}`], positionIdx: INDEX[leg] })
    expect([body['reduceOnly'] ?? false, Object.keys(body).filter((key) => ['hedged', 'positionSide', 'posSide'].includes(key))]).toEqual([intent === 'close', []])
  }
  expect(orders).toHaveLength(Object.keys(PRICES).length * 4)
  await close()
})

it('bybit 01: a trailing stop, which the venue keeps with the position and not as an order, is not declared', () => {
  expect(bybit.manifest.orders.types).not.toContain('trailing-stop')
})
