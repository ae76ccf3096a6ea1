/** Pitfall 24: liquidation and deleveraging of one leg, which nobody ordered. */
import { expect, it } from 'vitest'
import { openLive } from '../../packages/driver-bybit/test/live.ts'
import { executionRow } from '../../packages/driver-bybit/test/rows.ts'

it.each([{ execType: 'BustTrade', source: 'liquidation' }, { execType: 'AdlTrade', source: 'adl' }])('bybit 24: $execType', async ({ execType, source }) => {
  const { host, next, close } = await openLive()
  host.say('private', { topic: 'execution', creationTime: 1, data: [executionRow({ execType, orderLinkId: '', side: 'Sell', closedSize: '0.5', execFee: '0' })] })
  const { clientId, closedQty, ...report } = await next('execution')
  expect([report.source, clientId, closedQty?.toFixed()]).toEqual([source, '', '0.5'])
  await close()
})

it('bybit 24: a kind of execution that is not known is said to be unknown', async () => {
  const { host, next, close } = await openLive()
  host.say('private', { topic: 'execution', creationTime: 1, data: [executionRow({ execType: 'Gift' })] })
  expect(await next('unknown')).toMatchObject({ stream: 'account', symbol: 'BTCUSDT', found: expect.stringContaining('field execType is "Gift"') as string })
  await close()
})
