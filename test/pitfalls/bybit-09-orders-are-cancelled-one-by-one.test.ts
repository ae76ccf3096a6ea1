/** Pitfall 9: cancel-all has no leg; it would take the other leg's stops too. */
import { expect, it } from 'vitest'
import { openLive } from '../../packages/driver-bybit/test/live.ts'

it('bybit 09: a cancel names one order, and nothing cancels a symbol', async () => {
  const { host, connection, next, close } = await openLive()
  host.on('v5/order/cancel', ({ body }) => ({ result: { orderId: body['orderId'], orderLinkId: '' } }))
  for (const id of ['a', 'b']) connection.cancel({ clientId: `hr-${id}`, venueOrderId: id, symbol: 'BTCUSDT', conditional: true })
  await Promise.all(['a', 'b'].map((id) => next('taken', ({ clientId }) => clientId === `hr-${id}`)))
  expect(new Set(host.requests.map(({ path, body }) => `${path} ${String(body['orderId'])}`))).toEqual(new Set(['/v5/order/cancel a', '/v5/order/cancel b']))
  await close()
})
