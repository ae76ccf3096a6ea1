/** Pitfall 36: a bot that died has left its stops, and must know them again. */
import { bybit } from '@hedgerow/driver-bybit'
import { expect, it } from 'vitest'
import { openLive, submissionOf } from '../../packages/driver-bybit/test/live.ts'
import { flatPair, orderRow, walletRow } from '../../packages/driver-bybit/test/rows.ts'

it('bybit 36: every kind of order carries the client id, and a snapshot gives it back with the leg', async () => {
  const { host, connection, close } = await openLive({ connect: false })
  const kinds = bybit.manifest.orders.types
  for (const type of kinds) connection.submit(submissionOf({ leg: 'short', type, price: '50000', trigger: '49000' }, `hr-${type}`))
  await host.arrival(() => host.requests.length === kinds.length)
  expect(new Set(host.requests.map(({ body }) => body['orderLinkId']))).toEqual(new Set(kinds.map((type) => `hr-${type}`)))
  const stop = orderRow({ orderId: 's', orderLinkId: 'hr-stop', side: 'Buy', positionIdx: 2, orderType: 'Market', orderStatus: 'Untriggered', stopOrderType: 'Stop', triggerPrice: '52000', triggerDirection: 1, triggerBy: 'MarkPrice', reduceOnly: true, price: '' })
  host.quiet({ positions: flatPair(), wallet: walletRow }).list('v5/order/realtime', [stop])
  const [found] = (await connection.snapshot({ symbols: ['BTCUSDT'], since: Date.now() })).orders
  expect(found).toMatchObject({ clientId: 'hr-stop', leg: 'short', intent: 'close', orderType: 'stop-market', status: 'open', triggerBy: 'mark' })
  await close()
})
