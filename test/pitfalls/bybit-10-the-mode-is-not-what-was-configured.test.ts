/** Pitfall 10: somebody switched the mode, and every order is refused with the code of a wrong parameter. */
import { meaningOf } from '@hedgerow/core'
import { bybit } from '@hedgerow/driver-bybit'
import { expect, it } from 'vitest'
import { openLive, submissionOf } from '../../packages/driver-bybit/test/live.ts'
import { positionRow, walletRow } from '../../packages/driver-bybit/test/rows.ts'

it('bybit 10: the refusal is told with its code and text, which mean a wrong mode', async () => {
  const { host, connection, next, close } = await openLive()
  host.on('v5/order/create', { code: 10001, message: 'position idx not match position mode' })
  connection.submit(submissionOf({ leg: 'short' }))
  const refused = await next('refused')
  expect(refused).toMatchObject({ command: 'submit', clientId: 'hr-1', code: '10001' })
  expect(meaningOf(bybit.manifest, refused)).toBe('wrong-mode')
  await close()
})

it('bybit 10: a snapshot shows the mode by the indexes of the rows, flat or not', async () => {
  const { host, connection, close } = await openLive({ connect: false })
  host.quiet({ positions: [positionRow({ positionIdx: 0, side: 'Sell', size: '0.2', avgPrice: '50000' })], wallet: walletRow })
  const { settings, positions } = await connection.snapshot({ symbols: ['BTCUSDT'], since: Date.now() })
  expect(settings[0]?.positionMode).toBe('one-way')
  expect(positions.map(({ leg, qty, mode }) => [leg, qty.toFixed(), mode])).toEqual([['long', '0', 'one-way'], ['short', '0.2', 'one-way']])
  await close()
})

it.each<[string, readonly unknown[]]>([
  ['no row', []],
  ['one leg of two', [positionRow({ positionIdx: 2 })]],
  ['rows of both modes', [positionRow({ positionIdx: 0 }), positionRow({ positionIdx: 1 })]],
])('bybit 10: %s is not a mode, and not flat either', async (_what, positions) => {
  const { host, connection, close } = await openLive({ connect: false })
  host.quiet({ positions, wallet: walletRow })
  await expect(connection.snapshot({ symbols: ['BTCUSDT'], since: Date.now() })).rejects.toThrow('VENUE_ANSWER_INVALID')
  await close()
})
