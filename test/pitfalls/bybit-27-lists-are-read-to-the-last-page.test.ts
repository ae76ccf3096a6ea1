/** Pitfall 27: a list ends after 20 rows, and what is on the next page looks cancelled. */
import { expect, it } from 'vitest'
import { openLive } from '../../packages/driver-bybit/test/live.ts'
import type { Seen } from '../../packages/driver-bybit/test/loopback.ts'
import { executionRow, flatPair, orderRow, walletRow } from '../../packages/driver-bybit/test/rows.ts'

/** A list in pages of the size that was asked for; the cursor comes encoded, as the venue's does. */
const paged = (rows: readonly unknown[]) => ({ query }: Seen): { readonly result: unknown } => {
  const [from, size] = [Number((query['cursor'] ?? 'at=0').split('=')[1]), Number(query['limit'] ?? 20)]
  return { result: { category: 'linear', list: rows.slice(from, from + size), nextPageCursor: from + size < rows.length ? encodeURIComponent(`at=${from + size}`) : '' } }
}

it('bybit 27: 130 orders and 250 executions are all there', async () => {
  const { host, connection, close } = await openLive({ connect: false })
  host.quiet({ positions: flatPair(), wallet: walletRow })
    .on('v5/order/realtime', paged(Array.from({ length: 130 }, (_, index) => orderRow({ orderId: `oid-${index}`, orderLinkId: `hr-${index}` }))))
    .on('v5/execution/list', paged(Array.from({ length: 250 }, (_, index) => executionRow({ execId: `exec-${index}`, execTime: String(1_700_000_000_000 - index) }))))
  const { orders, executions } = await connection.snapshot({ symbols: ['BTCUSDT'], since: Date.now() })
  expect(new Set(orders.map(({ clientId }) => clientId)).size).toBe(130)
  expect(new Set(executions.map(({ executionId }) => executionId)).size).toBe(250)
  // Oldest first, though the venue begins with the newest.
  expect(executions[0]?.executionId).toBe('exec-249')
  expect([host.seen('v5/order/realtime').length, host.seen('v5/execution/list').length]).toEqual([3, 3])
  await close()
})

it('bybit 27: a list of which a page is missing is not a shorter list', async () => {
  const { host, connection, close } = await openLive({ connect: false })
  host.quiet({ positions: flatPair(), wallet: walletRow }).list('v5/order/realtime', [orderRow()], 'again')
  await expect(connection.snapshot({ symbols: ['BTCUSDT'], since: Date.now() })).rejects.toThrow('VENUE_ANSWER_INVALID')
  host.on('v5/order/realtime', { result: { list: [orderRow()], nextPageCursor: 'more' } }, 'drop')
  await expect(connection.snapshot({ symbols: ['BTCUSDT'], since: Date.now() })).rejects.toThrow('VENUE_UNREACHABLE')
  await close()
})

it('bybit 27: executions of three weeks are asked in windows that the venue allows', async () => {
  const { host, connection, close } = await openLive({ connect: false })
  host.quiet({ positions: flatPair(), wallet: walletRow })
  const since = Date.now() - 20 * 86_400_000
  await connection.snapshot({ symbols: ['BTCUSDT'], since })
  const windows = host.seen('v5/execution/list').map(({ query }) => [Number(query['startTime']), query['endTime'] === undefined ? null : Number(query['endTime'])])
  const week = 7 * 86_400_000
  expect(windows).toEqual([[since, since + week - 1], [since + week, since + 2 * week - 1], [since + 2 * week, null]])
  await close()
})
