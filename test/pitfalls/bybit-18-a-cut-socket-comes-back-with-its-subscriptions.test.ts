/** Pitfall 18: ccxt does not reconnect by itself, and what was missed is nowhere. */
import { expect, it } from 'vitest'
import { openLive } from '../../packages/driver-bybit/test/live.ts'
import { executionRow } from '../../packages/driver-bybit/test/rows.ts'

it('bybit 18: after a cut both streams log in and subscribe as before, and say that something may be missing', async () => {
  const { host, next, reports, close } = await openLive({ subscriptions: { symbols: ['BTCUSDT', 'ETHUSDT'], timeframes: ['1m', '1h'] } })
  host.cut()
  for (const stream of ['account', 'market'] as const) {
    await next('stream', (report) => report.stream === stream && report.state === 'down')
    await next('stream', (report) => report.stream === stream && report.state === 'up' && report.reconnected)
  }
  const wishes = (path: string): unknown[] => host.sockets.filter((socket) => socket.path.includes(path)).map(({ said }) => said.filter(({ op }) => op !== 'ping').map(({ op, args }) => (op === 'auth' ? op : args)))
  expect(wishes('private')).toEqual([['auth', ['order', 'execution', 'position', 'wallet']], ['auth', ['order', 'execution', 'position', 'wallet']]])
  const market = ['tickers.BTCUSDT', 'kline.1.BTCUSDT', 'kline.60.BTCUSDT', 'tickers.ETHUSDT', 'kline.1.ETHUSDT', 'kline.60.ETHUSDT']
  expect(wishes('public')).toEqual([[market], [market]])
  host.say('private', { topic: 'execution', creationTime: 1, data: [executionRow()] })
  await next('execution')
  expect(reports.filter((report) => report.type === 'stream' && report.stream === 'account').map((report) => 'state' in report && report.state)).toEqual(['up', 'down', 'up'])
  await close()
})

it('bybit 18: when it is closed, nothing is dialled and nothing is told any more', async () => {
  const { host, connection, reports, close } = await openLive()
  await connection.close()
  const told = reports.length
  host.cut()
  await new Promise<void>((resolve) => { setImmediate(resolve) })
  expect([reports.length, host.sockets.length]).toEqual([told, 2])
  await close()
})
