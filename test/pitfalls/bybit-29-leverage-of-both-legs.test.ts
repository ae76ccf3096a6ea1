/** Pitfall 29: leverage that is as asked already is refused by a code; that is a success. */
import { decimal } from '@hedgerow/core'
import { expect, it } from 'vitest'
import { openLive } from '../../packages/driver-bybit/test/live.ts'
import { positionRow, walletRow } from '../../packages/driver-bybit/test/rows.ts'

it.each([
  { code: 0, message: 'OK', answer: { outcome: 'changed' } },
  { code: 110043, message: 'Set leverage not modified', answer: { outcome: 'already' } },
  { code: 110013, message: 'Cannot set leverage due to risk limit', answer: { outcome: 'refused', code: '110013' } },
])('bybit 29: $code is $answer.outcome', async ({ code, message, answer }) => {
  const { host, connection, close } = await openLive({ connect: false })
  host.on('v5/position/set-leverage', { code, message })
  expect(await connection.setLeverage('BTCUSDT', { long: decimal('10'), short: decimal('5') })).toMatchObject(answer)
  expect(host.requests[0]?.body).toEqual({ symbol: 'BTCUSDT', buyLeverage: '10', sellLeverage: '5', category: 'linear' })
  await close()
})

it('bybit 29: each leg shows its own', async () => {
  const { host, connection, close } = await openLive({ connect: false })
  host.quiet({ positions: [positionRow({ positionIdx: 2, leverage: '5' }), positionRow({ positionIdx: 1, leverage: '10' })], wallet: walletRow })
  const { settings } = await connection.snapshot({ symbols: ['BTCUSDT'], since: Date.now() })
  expect([settings[0]?.leverage.long.toFixed(), settings[0]?.leverage.short.toFixed()]).toEqual(['10', '5'])
  await close()
})
