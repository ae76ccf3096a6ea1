/** Pitfall 25: ccxt drops funding rows, and a hedged pair has two of opposite sign. */
import { expect, it } from 'vitest'
import { openLive } from '../../packages/driver-bybit/test/live.ts'
import { executionRow, flatPair, walletRow } from '../../packages/driver-bybit/test/rows.ts'

const settlement = (id: string, fee: string, side: string, rate: string = '0.0001'): Record<string, unknown> =>
  executionRow({ execId: id, execType: 'Funding', orderLinkId: '', side, execFee: fee, feeRate: rate, execQty: '0.5', markPrice: '50000', execPrice: '50000', closedSize: '' })
const rows = [settlement('f-long', '2.5', 'Buy'), settlement('f-short', '-2.5', 'Sell')]

it('bybit 25: both rows are told, what is paid as negative', async () => {
  const { host, next, reports, close } = await openLive()
  host.say('private', { topic: 'execution', creationTime: 1, data: rows })
  await next('funding', ({ fundingId }) => fundingId === 'f-short')
  expect(reports.flatMap((report) => (report.type === 'funding' ? [[report.fundingId, report.amount.toFixed(), report.rate.toFixed(), report.mark.toFixed(), report.qty.toFixed(), report.leg]] : []))).toEqual([
    ['f-long', '-2.5', '0.0001', '50000', '0.5', 'long'], ['f-short', '2.5', '0.0001', '50000', '0.5', 'short'],
  ])
  await close()
})

it('bybit 25: a snapshot has them with the same ids, apart from the executions', async () => {
  const { host, connection, close } = await openLive({ connect: false })
  host.quiet({ positions: flatPair(), wallet: walletRow }).list('v5/execution/list', [executionRow({ execId: 'exec-2' }), executionRow(), ...rows.toReversed()])
  const { funding, executions } = await connection.snapshot({ symbols: ['BTCUSDT'], since: Date.now() })
  expect([funding.map(({ fundingId }) => fundingId), executions.map(({ executionId }) => executionId)]).toEqual([['f-long', 'f-short'], ['exec-1', 'exec-2']])
  expect(host.seen('v5/execution/list').map(({ query }) => query['execType'])).toEqual([undefined])
  await close()
})

it.each<[string, string, string, string]>([
  ['longs pay', '0.0001', '2.5', '-2.5'],
  ['shorts pay', '-0.0001', '-2.5', '2.5'],
])('bybit 25: %s, whichever sign the venue gives the rate of the short leg', async (_what, market, long, short) => {
  const { host, next, reports, close } = await openLive()
  const turned = market.startsWith('-') ? market.slice(1) : `-${market}`
  host.say('private', { topic: 'execution', creationTime: 1, data: [settlement('a', long, 'Buy', market), settlement('b', short, 'Sell', market), settlement('c', short, 'Sell', turned)] })
  await next('funding', ({ fundingId }) => fundingId === 'c')
  expect(reports.flatMap((report) => (report.type === 'funding' ? [`${report.leg} ${report.rate.toFixed()} ${report.amount.toFixed()}`] : []))).toEqual([`long ${market} ${short}`, `short ${market} ${long}`, `short ${market} ${long}`])
  await close()
})
