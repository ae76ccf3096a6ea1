/** Pitfall 12: one symbol is in hedge mode and a new listing is not. */
import { expect, it } from 'vitest'
import { openLive } from '../../packages/driver-bybit/test/live.ts'
import { flatPair, positionRow, walletRow } from '../../packages/driver-bybit/test/rows.ts'

it('bybit 12: the mode is asked for each symbol, flat ones too', async () => {
  const { host, connection, close } = await openLive({ connect: false })
  host.quiet({ positions: [], wallet: walletRow })
    .on('v5/position/list', ({ query }) => ({ result: { category: 'linear', list: query['symbol'] === 'ETHUSDT' ? flatPair('ETHUSDT') : [positionRow({ symbol: query['symbol'], positionIdx: 0 })], nextPageCursor: '' } }))
  const { settings, positions } = await connection.snapshot({ symbols: ['ETHUSDT', 'NEWUSDT'], since: Date.now() })
  expect(settings.map(({ symbol, positionMode }) => [symbol, positionMode])).toEqual([['ETHUSDT', 'hedge'], ['NEWUSDT', 'one-way']])
  expect(positions).toHaveLength(4)
  expect(host.seen('v5/position/list').map(({ query }) => query)).toEqual(['ETHUSDT', 'NEWUSDT'].map((symbol) => ({ symbol, limit: '200', category: 'linear' })))
  await close()
})
