/** Pitfall 15: the same fill comes from the stream twice, from the fast stream, and from the query after a reconnect. */
import { expect, it } from 'vitest'
import { openLive } from '../../packages/driver-bybit/test/live.ts'
import { executionRow, flatPair, walletRow } from '../../packages/driver-bybit/test/rows.ts'

it('bybit 15: stream and query give it the same id, and the fast stream adds nothing', async () => {
  const { host, connection, next, reports, close } = await openLive()
  const row = executionRow()
  host.quiet({ positions: flatPair(), wallet: walletRow }).list('v5/execution/list', [row])
  const { execFee: _fee, feeRate: _rate, closedSize: _closed, ...fast } = row
  host.say('private', { topic: 'execution.fast', creationTime: 1, data: [fast] })
  for (let times = 0; times < 2; times += 1) host.say('private', { topic: 'execution', creationTime: 1, data: [row] })
  host.say('private', { topic: 'wallet', creationTime: 2, data: [walletRow] })
  await next('wallet')
  const { executions } = await connection.snapshot({ symbols: ['BTCUSDT'], since: Date.now() })
  expect([...reports, ...executions].filter((report) => report.type === 'execution').map(({ executionId, fee }) => [executionId, fee.toFixed()])).toEqual([['exec-1', '13.475'], ['exec-1', '13.475'], ['exec-1', '13.475']])
  await close()
})
