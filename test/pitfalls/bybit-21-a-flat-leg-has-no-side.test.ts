/** Pitfall 21: the row of a flat leg has an empty side. Read by side it is the other leg; read as `list[0]` it hides the open one. */
import { expect, it } from 'vitest'
import { openLive } from '../../packages/driver-bybit/test/live.ts'
import { flatPair, positionRow, walletRow } from '../../packages/driver-bybit/test/rows.ts'

const short = positionRow({ positionIdx: 2, side: 'Sell', size: '0.3', avgPrice: '50000', entryPrice: '50000' })
const flatLong = positionRow({ positionIdx: 1 })

it.each([{ order: 'flat leg first', rows: [flatLong, short] }, { order: 'open leg first', rows: [short, flatLong] }])('bybit 21: $order', async ({ rows }) => {
  const { host, connection, close } = await openLive({ connect: false })
  host.quiet({ positions: rows, wallet: walletRow })
  const { positions } = await connection.snapshot({ symbols: ['BTCUSDT'], since: Date.now() })
  expect(Object.fromEntries(positions.map(({ leg, qty, entryPrice }) => [leg, [qty.toFixed(), entryPrice?.toFixed() ?? null]]))).toEqual({ long: ['0', null], short: ['0.3', '50000'] })
  await close()
})

it('bybit 21: a stream row says its own leg and nothing of the other', async () => {
  const { host, next, reports, close } = await openLive()
  host.say('private', { topic: 'position', creationTime: 1, data: [positionRow({ positionIdx: 2 })] })
  await next('position')
  expect(reports.flatMap((report) => (report.type === 'position' ? [[report.leg, report.qty.toFixed(), report.mode]] : []))).toEqual([['short', '0', 'hedge']])
  await close()
})

it('bybit 21: both legs flat', async () => {
  const { host, connection, close } = await openLive({ connect: false })
  host.quiet({ positions: flatPair(), wallet: walletRow })
  const { positions, settings } = await connection.snapshot({ symbols: ['BTCUSDT'], since: Date.now() })
  expect(positions.map(({ leg, qty }) => [leg, qty.toFixed()])).toEqual([['long', '0'], ['short', '0']])
  expect(settings[0]).toMatchObject({ positionMode: 'hedge', marginMode: 'cross' })
  await close()
})
