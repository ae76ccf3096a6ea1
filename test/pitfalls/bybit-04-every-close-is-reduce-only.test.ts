/** Pitfall 4: a close without reduce-only opens when something else is wrong. */
import { LEGS, legParams, type PositionMode } from '@hedgerow/core'
import { bybit } from '@hedgerow/driver-bybit'
import { expect, it } from 'vitest'
import { openLive, submissionOf } from '../../packages/driver-bybit/test/live.ts'

it.each<PositionMode>(['one-way', 'hedge'])('bybit 04: closes of both legs in %s mode say reduceOnly, openers do not', async (mode) => {
  const { host, connection, close } = await openLive({ connect: false })
  const orders = LEGS.flatMap((leg) => (['open', 'close'] as const).map((intent) => ({ leg, intent })))
  for (const order of orders) connection.submit(submissionOf(order, `${order.leg}-${order.intent}`, mode))
  await host.arrival(() => host.requests.length === orders.length)
  for (const { leg, intent } of orders) {
    const body = host.requests.find((request) => request.body['orderLinkId'] === `${leg}-${intent}`)?.body
    expect(body?.['reduceOnly'] ?? false).toBe(intent === 'close')
    expect(body?.['reduceOnly'] ?? false).toBe(legParams(bybit.manifest, { mode, leg, intent })['reduceOnly'])
  }
  await close()
})
