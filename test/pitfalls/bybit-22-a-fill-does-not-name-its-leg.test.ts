/** Pitfall 22: executions have no index. The driver guesses none: it hands on what the leg follows from. */
import { expect, it } from 'vitest'
import { openLive } from '../../packages/driver-bybit/test/live.ts'
import { executionRow } from '../../packages/driver-bybit/test/rows.ts'

it.each([
  { side: 'Buy', closedSize: '0', is: 'opens the long' },
  { side: 'Sell', closedSize: '0.5', is: 'closes the long' },
  { side: 'Sell', closedSize: '0', is: 'opens the short' },
  { side: 'Buy', closedSize: '0.5', is: 'closes the short' },
])('bybit 22: $side with $closedSize closed, which $is', async ({ side, closedSize }) => {
  const { host, next, close } = await openLive()
  host.say('private', { topic: 'execution', creationTime: 1, data: [executionRow({ side, closedSize })] })
  const { leg, closedQty, clientId, venueOrderId, side: said } = await next('execution')
  expect([leg, said, closedQty?.toFixed(), clientId, venueOrderId]).toEqual([null, side.toLowerCase(), closedSize, 'hr-1', 'oid-1'])
  await close()
})

it('bybit 22: an unknown closed size is not zero', async () => {
  const { host, next, close } = await openLive()
  host.say('private', { topic: 'execution', creationTime: 1, data: [executionRow({ closedSize: '' })] })
  expect((await next('execution')).closedQty).toBeNull()
  await close()
})
