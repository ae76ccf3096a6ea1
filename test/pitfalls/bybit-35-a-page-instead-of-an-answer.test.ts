/** Pitfall 35: HTTP 200 with a page of a gateway, which ccxt hands on as a text. */
import { expect, it } from 'vitest'
import { openLive } from '../../packages/driver-bybit/test/live.ts'
import type { Answer } from '../../packages/driver-bybit/test/loopback.ts'
import { walletRow } from '../../packages/driver-bybit/test/rows.ts'

it.each<[string, Answer]>([
  ['HTML', { status: 200, text: '<html><body>maintenance</body></html>' }],
  ['nothing', { status: 200, text: '' }],
  ['JSON of somebody else', { status: 200, text: '{"error":"no"}' }],
  ['a list', { status: 200, text: '[]' }],
  ['a result without rows', { result: {} }],
  ['rows that cannot be read', { result: { list: [{ symbol: 'BTCUSDT' }], nextPageCursor: '' } }],
])('bybit 35: %s is no answer, and not "no positions"', async (_what, answer) => {
  const { host, connection, close } = await openLive({ connect: false })
  host.quiet({ positions: [], wallet: walletRow }).on('v5/position/list', answer)
  await expect(connection.snapshot({ symbols: ['BTCUSDT'], since: Date.now() })).rejects.toMatchObject({ code: 'VENUE_ANSWER_INVALID', family: 'connectivity' })
  await close()
})
