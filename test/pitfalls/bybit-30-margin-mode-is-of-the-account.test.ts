/** Pitfall 30: the margin mode of one symbol is that of the whole account. */
import { bybit } from '@hedgerow/driver-bybit'
import { expect, it } from 'vitest'
import { openLive } from '../../packages/driver-bybit/test/live.ts'

it('bybit 30: the manifest says so, nothing is sent when it is so already, and a refusal has the venue\'s reason', async () => {
  expect(bybit.manifest.marginModeScope).toBe('account')
  const { host, connection, close } = await openLive({ connect: false })
  host.on('v5/account/info', { result: { marginMode: 'REGULAR_MARGIN', unifiedMarginStatus: 6 } })
  host.on('v5/account/set-margin-mode', { result: { reasons: [] } }, { code: 3400045, message: 'Set margin mode failed', result: { reasons: [{ reasonCode: '3400000', reasonMsg: 'there are positions' }] } })
  expect(await connection.setMarginMode('BTCUSDT', 'cross')).toEqual({ outcome: 'already' })
  expect(host.seen('v5/account/set-margin-mode')).toEqual([])
  expect(await connection.setMarginMode('BTCUSDT', 'isolated')).toEqual({ outcome: 'changed' })
  expect(host.seen('v5/account/set-margin-mode')[0]?.body).toEqual({ setMarginMode: 'ISOLATED_MARGIN' })
  expect(await connection.setMarginMode('BTCUSDT', 'isolated')).toMatchObject({ outcome: 'refused', code: '3400045' })
  await close()
})

it('bybit 30: portfolio margin is neither cross nor isolated', async () => {
  const { host, connection, close } = await openLive({ connect: false })
  host.on('v5/account/info', { result: { marginMode: 'PORTFOLIO_MARGIN', unifiedMarginStatus: 6 } })
  await expect(connection.setMarginMode('BTCUSDT', 'cross')).rejects.toThrow('VENUE_ANSWER_INVALID')
  await close()
})
