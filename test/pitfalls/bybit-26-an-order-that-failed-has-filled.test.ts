/** Pitfall 26: rejected and cancelled orders may have filled before, market orders too. */
import { expect, it } from 'vitest'
import { openLive } from '../../packages/driver-bybit/test/live.ts'
import { orderRow } from '../../packages/driver-bybit/test/rows.ts'

it.each([
  { orderStatus: 'Rejected', rejectReason: 'EC_PostOnlyWillTakeLiquidity', orderType: 'Limit', status: 'rejected' },
  { orderStatus: 'Cancelled', rejectReason: 'EC_NoImmediateQtyToFill', orderType: 'Market', status: 'canceled' },
  { orderStatus: 'Deactivated', rejectReason: 'EC_NoError', orderType: 'Limit', status: 'canceled' },
])('bybit 26: $orderStatus with half of it filled', async ({ status, ...row }) => {
  const { host, next, close } = await openLive()
  host.say('private', { topic: 'order', creationTime: 1, data: [orderRow({ ...row, cumExecQty: '0.25' })] })
  const report = await next('order')
  expect([report.status, report.filledQty.toFixed(), report.qty.toFixed()]).toEqual([status, '0.25', '0.5'])
  await close()
})

it('bybit 26: a status that is not known is not taken for another', async () => {
  const { host, next, close } = await openLive()
  host.say('private', { topic: 'order', creationTime: 1, data: [orderRow({ orderStatus: 'Paused' })] })
  expect(await next('unknown')).toMatchObject({ symbol: 'BTCUSDT', found: expect.stringContaining('field orderStatus is "Paused"') as string })
  await close()
})
