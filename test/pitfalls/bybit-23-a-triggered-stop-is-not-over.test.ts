/** Pitfall 23: a stop that has triggered is no closed order: what it became has to fill yet. Bybit keeps its id, and its end is told like any other's. */
import { expect, it } from 'vitest'
import { openLive } from '../../packages/driver-bybit/test/live.ts'
import { orderRow } from '../../packages/driver-bybit/test/rows.ts'

const STOP = { orderType: 'Market', stopOrderType: 'Stop', triggerPrice: '48000', triggerDirection: 2, reduceOnly: true, side: 'Sell', price: '0' }

it.each([
  ['filled', { orderStatus: 'Filled', cumExecQty: '0.5' }, ['filled', '0.5']],
  ['taken back by the venue with a part of it filled', { orderStatus: 'Cancelled', cumExecQty: '0.2', cancelType: 'CancelByAdmin' }, ['canceled', '0.2']],
  ['rejected', { orderStatus: 'Rejected', cumExecQty: '0', rejectReason: 'EC_NoEnoughQtyToFill' }, ['rejected', '0']],
] as const)('bybit 23: triggered, then %s', async (_what, end, [status, filled]) => {
  const { host, next, reports, close } = await openLive()
  const rows = [{ orderStatus: 'Untriggered', updatedTime: '10' }, { orderStatus: 'Triggered', updatedTime: '20' }, { ...end, updatedTime: '30' }]
  host.say('private', { topic: 'order', creationTime: 1, data: rows.map((row) => orderRow({ ...STOP, ...row })) })
  await next('order', ({ at }) => at === 30)
  expect(reports.flatMap((report) => (report.type === 'order' ? [[report.venueOrderId, report.status, report.filledQty.toFixed()]] : []))).toEqual([['oid-1', 'open', '0'], ['oid-1', 'triggered', '0'], ['oid-1', status, filled]])
  await close()
})
