/** Pitfalls 5 and 6: exits that are attached to an entry get lost, and of two on one request one does. An entry goes alone; its stop and its target are orders of their own, once it has filled. */
import { LEGS } from '@hedgerow/core'
import { expect, it } from 'vitest'
import { openLive, orderOf, submissionOf } from '../../packages/driver-bybit/test/live.ts'

it.each(LEGS)('bybit 05: an entry of the %s leg attaches nothing', async (leg) => {
  const { host, connection, close } = await openLive({ connect: false })
  const bracket = { stopLoss: orderOf({ trigger: '48000' }).trigger, takeProfit: orderOf({ trigger: '52000' }).trigger }
  connection.submit(submissionOf({ leg, more: { bracket } as never }))
  await host.arrival(() => host.seen('v5/order/create').length === 1)
  expect(Object.keys(host.seen('v5/order/create')[0]?.body ?? {}).toSorted()).toEqual(['category', 'orderLinkId', 'orderType', 'positionIdx', 'qty', 'side', 'symbol'])
  await close()
})

it.each(LEGS)('bybit 06: stop and target of the %s leg are two requests, each with one trigger', async (leg) => {
  const { host, connection, close } = await openLive({ connect: false })
  connection.submit(submissionOf({ leg, intent: 'close', type: 'stop-market', trigger: '48000' }, 'stop'))
  connection.submit(submissionOf({ leg, intent: 'close', type: 'take-profit-market', trigger: '52000' }, 'target'))
  await host.arrival(() => host.seen('v5/order/create').length === 2)
  expect(host.seen('v5/order/create').map(({ body }) => [body['orderLinkId'], body['triggerPrice'], body['positionIdx']])).toEqual([['stop', '48000', leg === 'long' ? 1 : 2], ['target', '52000', leg === 'long' ? 1 : 2]])
  await close()
})
