/** Pitfall 16: a row of the past arrives after the end, and the end is told twice. Core decides by what each row says; nothing may be missing in it. */
import { expect, it } from 'vitest'
import { openLive } from '../../packages/driver-bybit/test/live.ts'
import { orderRow } from '../../packages/driver-bybit/test/rows.ts'

it('bybit 16: each row keeps its own time, status and quantity', async () => {
  const { host, next, reports, close } = await openLive()
  host.say('private', { topic: 'order', creationTime: 1, data: [
    orderRow({ orderStatus: 'Filled', cumExecQty: '0.5', updatedTime: '30' }),
    orderRow({ orderStatus: 'New', updatedTime: '10' }),
    orderRow({ orderStatus: 'Filled', cumExecQty: '0.5', cancelType: 'CancelByUser', rejectReason: 'EC_OrigClOrdIDDoesNotExist', updatedTime: '31' }),
  ] })
  await next('order', ({ at }) => at === 31)
  expect(reports.flatMap((report) => (report.type === 'order' ? [[report.at, report.status, report.filledQty.toFixed(), report.reason]] : []))).toEqual([
    [30, 'filled', '0.5', null], [10, 'open', '0', null], [31, 'filled', '0.5', 'EC_OrigClOrdIDDoesNotExist'],
  ])
  await close()
})
