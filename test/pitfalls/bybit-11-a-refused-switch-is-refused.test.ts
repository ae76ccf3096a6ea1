/** Pitfall 11: a switch that was refused leaves the account in the other mode; one that was not needed is a success. */
import { expect, it } from 'vitest'
import { openLive } from '../../packages/driver-bybit/test/live.ts'

it.each([
  { code: 0, message: 'OK', answer: { outcome: 'changed' } },
  { code: 110025, message: 'Position mode is not modified', answer: { outcome: 'already' } },
  { code: 110024, message: 'You have an existing position', answer: { outcome: 'blocked', by: 'positions', code: '110024' } },
  { code: 110028, message: 'Open orders exist', answer: { outcome: 'blocked', by: 'orders', code: '110028' } },
  { code: 110029, message: 'Hedge mode is not supported', answer: { outcome: 'refused', code: '110029' } },
  { code: 10001, message: 'params error', answer: { outcome: 'refused', code: '10001' } },
])('bybit 11: $code is $answer.outcome', async ({ code, message, answer }) => {
  const { host, connection, close } = await openLive({ connect: false })
  host.on('v5/position/switch-mode', { code, message })
  expect(await connection.setPositionMode('BTCUSDT', 'hedge')).toMatchObject(answer)
  // Never by coin: that switches what is free, leaves the rest without a word, and changes future listings.
  expect(host.requests.map(({ body }) => body)).toEqual([{ mode: 3, symbol: 'BTCUSDT', category: 'linear' }])
  await close()
})

it('bybit 11: a switch without an answer is not refused, and not done', async () => {
  const { host, connection, close } = await openLive({ connect: false })
  host.on('v5/position/switch-mode', 'drop')
  await expect(connection.setPositionMode('BTCUSDT', 'one-way')).rejects.toThrow('VENUE_UNREACHABLE')
  expect(host.requests[0]?.body).toMatchObject({ mode: 0 })
  await close()
})
