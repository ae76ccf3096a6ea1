/** Pitfall 14: the fill is told before the order was confirmed. */
import { expect, it } from 'vitest'
import { openLive, submissionOf } from '../../packages/driver-bybit/test/live.ts'
import type { Answer } from '../../packages/driver-bybit/test/loopback.ts'
import { executionRow, orderRow } from '../../packages/driver-bybit/test/rows.ts'

it('bybit 14: order and fill are told with the client id, before the answer that names the order', async () => {
  const { host, connection, next, reports, close } = await openLive()
  const answers: ((answer: Answer) => void)[] = []
  host.later('v5/order/create', (send) => { answers.push(send) })
  connection.submit(submissionOf())
  await host.arrival(() => host.seen('v5/order/create').length === 1)
  host.say('private', { topic: 'execution', creationTime: 1, data: [executionRow()] })
  host.say('private', { topic: 'order', creationTime: 1, data: [orderRow({ orderStatus: 'Filled', cumExecQty: '0.5' })] })
  await next('order')
  answers[0]?.({ result: { orderId: 'oid-1', orderLinkId: 'hr-1' } })
  expect(await next('taken')).toMatchObject({ clientId: 'hr-1', venueOrderId: 'oid-1' })
  expect(reports.filter(({ type }) => ['execution', 'order', 'taken'].includes(type)).map((report) => [report.type, 'clientId' in report && report.clientId])).toEqual([['execution', 'hr-1'], ['order', 'hr-1'], ['taken', 'hr-1']])
  await close()
})
