/** Pitfall 31: a clock that is 1.2 s fast is refused whatever the window. */
import { meaningOf } from '@hedgerow/core'
import { bybit } from '@hedgerow/driver-bybit'
import { expect, it } from 'vitest'
import { openLive, submissionOf } from '../../packages/driver-bybit/test/live.ts'

it('bybit 31: requests and logins are signed with the venue\'s time, and the code of a wrong one is told', async () => {
  const { host, connection, next, close } = await openLive()
  host.on('v5/order/create', { code: 10002, message: 'invalid request, please check your server timestamp or recv_window param' })
  const offset = -60_000
  connection.setClockOffset(offset)
  host.cut()
  await next('stream', ({ stream, reconnected }) => stream === 'account' && reconnected)
  connection.submit(submissionOf())
  expect(meaningOf(bybit.manifest, await next('refused'))).toBe('clock-skew')
  const signedAt = Number(host.requests[0]?.headers['x-bapi-timestamp'])
  expect(Math.abs(Date.now() + offset - signedAt)).toBeLessThan(5_000)
  const login = host.sockets.findLast(({ path }) => path.includes('private'))?.said.find(({ op }) => op === 'auth')
  const expiresAt = Number((login?.['args'] as readonly unknown[] | undefined)?.[1])
  // ccxt lets a login expire ten seconds from its clock.
  expect(Math.abs(Date.now() + offset + 10_000 - expiresAt)).toBeLessThan(5_000)
  await close()
})
