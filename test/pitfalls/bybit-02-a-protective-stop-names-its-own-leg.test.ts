/** Pitfall 2: a stop of a long that names the short's index is refused, and then there is no stop. */
import { expect, it } from 'vitest'
import { openLive, submissionOf } from '../../packages/driver-bybit/test/live.ts'

it.each([
  { leg: 'long', type: 'stop-market', trigger: '48000', side: 'Sell', positionIdx: 1, triggerDirection: 2 },
  { leg: 'long', type: 'take-profit-market', trigger: '52000', side: 'Sell', positionIdx: 1, triggerDirection: 1 },
  { leg: 'short', type: 'stop-market', trigger: '52000', side: 'Buy', positionIdx: 2, triggerDirection: 1 },
  { leg: 'short', type: 'take-profit-market', trigger: '48000', side: 'Buy', positionIdx: 2, triggerDirection: 2 },
] as const)('bybit 02: $type of the $leg leg', async ({ leg, type, trigger, ...sent }) => {
  const { host, connection, close } = await openLive({ connect: false })
  connection.submit(submissionOf({ leg, intent: 'close', type, trigger }))
  await host.arrival(() => host.seen('v5/order/create').length === 1)
  expect(host.seen('v5/order/create')[0]?.body).toMatchObject({ ...sent, triggerPrice: trigger, reduceOnly: true })
  await close()
})
