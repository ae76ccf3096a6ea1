/** Pitfall 19: a socket whose other side is gone stays open for minutes and says nothing. */
import { expect, it } from 'vitest'
import { openLive } from '../../packages/driver-bybit/test/live.ts'

it('bybit 19: silence is stale, a pong is life, and without one the socket is given up and dialled anew', async () => {
  const { host, next, reports, close } = await openLive({ config: { pingEveryMs: 60, staleAfterMs: 80, timeoutMs: 400 } })
  await next('stream', (report) => report.stream === 'account' && report.state === 'up' && reports.indexOf(report) > 1)
  host.confirms = false
  await next('stream', (report) => report.stream === 'account' && report.state === 'stale')
  await next('stream', (report) => report.stream === 'account' && report.state === 'down')
  host.confirms = true
  await next('stream', (report) => report.stream === 'account' && report.state === 'up' && report.reconnected)
  expect(host.sockets.filter(({ path }) => path.includes('private')).length).toBeGreaterThan(1)
  await close()
})
