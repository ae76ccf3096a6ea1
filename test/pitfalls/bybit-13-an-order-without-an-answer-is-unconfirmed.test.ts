/** Pitfall 13: no answer is no refusal. The order may be there; its client id says whether it is. */
import { meaningOf } from '@hedgerow/core'
import { bybit } from '@hedgerow/driver-bybit'
import { expect, it } from 'vitest'
import { openLive, submissionOf } from '../../packages/driver-bybit/test/live.ts'
import type { Answer } from '../../packages/driver-bybit/test/loopback.ts'
import { orderRow } from '../../packages/driver-bybit/test/rows.ts'

it.each<[string, Answer]>([
  ['the connection is reset', 'drop'],
  ['no answer comes in time', 'hang'],
  ['half of an answer comes', 'half'],
  ['HTTP 502', { status: 502, text: '<html>bad gateway</html>' }],
  ['HTTP 503 with an envelope', { status: 503, text: '{"retCode":10001,"retMsg":"params error"}' }],
  ['HTTP 504', { status: 504, text: '' }],
  ['HTTP 429', { status: 429, text: '{"retCode":10006,"retMsg":"Too many visits!"}' }],
  ['HTTP 403', { status: 403, text: 'access too frequent' }],
  ['10000', { code: 10000, message: 'Server Timeout' }],
  ['10016', { code: 10016, message: 'System error. Please try again later.' }],
  ['a yes without an order id', { result: {} }],
])('bybit 13: %s', async (_what, answer) => {
  // Longer than any answer of the loopback takes on a busy machine; only the two that never end wait for it.
  const { host, connection, next, reports, close } = await openLive({ config: { timeoutMs: 1_500 } })
  host.on('v5/order/create', answer)
  connection.submit(submissionOf())
  expect(await next('unanswered')).toMatchObject({ command: 'submit', clientId: 'hr-1' })
  expect(reports.filter(({ type }) => type === 'refused' || type === 'taken')).toEqual([])
  // Sent once: nobody but core decides to send again.
  expect(host.seen('v5/order/create')).toHaveLength(1)
  await close()
})

it('bybit 13: cancels and amendments too', async () => {
  const { host, connection, next, close } = await openLive()
  host.on('v5/order/cancel', 'drop').on('v5/order/amend', { status: 500, text: '' })
  const address = { clientId: 'hr-1', venueOrderId: 'oid-1', symbol: 'BTCUSDT', conditional: false }
  const { order } = submissionOf()
  connection.cancel(address)
  connection.amend({ ...address, order, change: { qty: order.qty } })
  await Promise.all((['cancel', 'amend'] as const).map((command) => next('unanswered', (report) => report.command === command)))
  expect(host.requests).toHaveLength(2)
  await close()
})

it('bybit 13: the client id is looked for among open orders, then among those that closed lately, then in history', async () => {
  const { host, connection, close } = await openLive({ connect: false })
  host.list('v5/order/realtime', []).list('v5/order/history', [orderRow({ orderStatus: 'Filled', cumExecQty: '0.5' })])
  expect(await connection.findOrder('hr-1', 'BTCUSDT')).toMatchObject({ clientId: 'hr-1', status: 'filled' })
  expect(host.requests.map(({ path, query }) => [path, query['openOnly'], query['orderLinkId']])).toEqual([
    ['/v5/order/realtime', '0', 'hr-1'], ['/v5/order/realtime', '1', 'hr-1'], ['/v5/order/history', undefined, 'hr-1'],
  ])
  host.list('v5/order/history', [])
  expect(await connection.findOrder('hr-1', 'BTCUSDT')).toBeNull()
  await close()
})

it('bybit 13: a lookup that failed is not "there is none"', async () => {
  const { host, connection, close } = await openLive({ connect: false })
  host.list('v5/order/realtime', []).on('v5/order/history', { status: 502, text: '' })
  await expect(connection.findOrder('hr-1', 'BTCUSDT')).rejects.toThrow('VENUE_UNREACHABLE')
  await close()
})

it('bybit 13: a second order of the same client id is refused by a code that says so', async () => {
  const { host, connection, next, close } = await openLive()
  host.on('v5/order/create', { code: 110072, message: 'OrderLinkedID is duplicate' })
  connection.submit(submissionOf())
  expect(meaningOf(bybit.manifest, await next('refused'))).toBe('duplicate-client-id')
  await close()
})
