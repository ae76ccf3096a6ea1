/** The lab's rows have the fields and types of recorded ones. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bybitUta } from '@hedgerow/driver-bybit'
import { startBybitLab, type BybitLab } from '@hedgerow/venue-lab'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sharedFolder } from '../support/shared.ts'
import { ask, place, RawStream } from './raw-client.ts'

const shared = sharedFolder()
const folder = shared === null ? null : join(shared, 'fixtures', 'bybit')

type Row = Readonly<Record<string, unknown>>

/** Fields that only other kinds of account, contract or age of the venue have. */
const ELSEWHERE: ReadonlySet<string> = new Set(['totalPerpUpl', 'openTime', 'extraFees'])

describe.skipIf(folder === null || !existsSync(folder))('rows of the local Bybit against recorded ones', () => {
  let lab: BybitLab
  let stream: RawStream
  const linear = { category: 'linear', symbol: 'BTCUSDT' }

  beforeAll(async () => {
    lab = await startBybitLab({ profile: bybitUta, positionMode: 'hedge', market: { type: 'candles', from: Date.UTC(2026, 0, 1, 8), series: { BTCUSDT: { candles: flat(600), funding: [] } } } })
    stream = await RawStream.account(lab)
    await place(lab, { stopLoss: '49000' })
    await place(lab, { orderType: 'Limit', price: '40000' })
    await place(lab, { side: 'Sell', reduceOnly: true, qty: '0.05' })
    lab.control.fund('BTCUSDT', '0.0001')
    await stream.until(({ topic }) => topic === 'wallet')
  })

  afterAll(async () => { await lab.close() })

  it.each([
    ['docs_http_account_info', 'GET', '/v5/account/info', {}],
    ['docs_http_execution_list', 'GET', '/v5/execution/list', linear],
    ['docs_http_order_realtime', 'GET', '/v5/order/realtime', linear],
    ['docs_http_order_history', 'GET', '/v5/order/history', linear],
    ['docs_http_position_list', 'GET', '/v5/position/list', linear],
    ['docs_http_closed_pnl', 'GET', '/v5/position/closed-pnl', linear],
    ['docs_http_transaction_log', 'GET', '/v5/account/transaction-log', {}],
    ['docs_http_kline', 'GET', '/v5/market/kline', { ...linear, interval: '60' }],
    ['nautilus_http_get_instruments_linear', 'GET', '/v5/market/instruments-info', linear],
    ['nautilus_http_get_wallet_balance', 'GET', '/v5/account/wallet-balance', { accountType: 'UNIFIED' }],
    ['nautilus_http_get_fee_rate', 'GET', '/v5/account/fee-rate', linear],
    ['docs_http_cancel_all', 'POST', '/v5/order/cancel-all', linear],
  ] as const)('%s', async (name, method, path, params) => {
    const recorded = fixture(name)
    const own = await ask(lab, method, path, params)
    expect(missing(recorded, own)).toEqual([])
  })

  it.each([
    ['docs_ws_order', 'order'], ['docs_ws_execution', 'execution'], ['docs_ws_position_hedge_short_empty', 'position'], ['docs_ws_wallet', 'wallet'],
  ] as const)('%s', (name, topic) => {
    const frame = stream.frames.find((one) => one.topic === topic)
    expect(missing(fixture(name), frame)).toEqual([])
  })
})

/** Paths of fields that a recorded value has and ours has not, or has with another type. Lists are compared by their first rows. */
function missing(recorded: unknown, own: unknown, path = ''): readonly string[] {
  if (recorded === null) return []
  if (Array.isArray(recorded)) return recorded.length === 0 ? [] : Array.isArray(own) && own.length > 0 ? missing(recorded[0], own[0], `${path}[]`) : [`${path} is no list with rows`]
  if (isRow(recorded)) {
    if (!isRow(own)) return [`${path} is no object`]
    return Object.keys(recorded).flatMap((key) => (ELSEWHERE.has(key) || path.endsWith('cumFeeDetail') ? [] : key in own ? missing(recorded[key], own[key], `${path}.${key}`) : [`${path}.${key} is missing`]))
  }
  return typeof recorded === typeof own || own === null ? [] : [`${path} is ${typeof own}, recorded ${typeof recorded}`]
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function fixture(name: string): unknown {
  return JSON.parse(readFileSync(join(folder ?? '', `${name}.json`), 'utf8'))
}

function flat(length: number): { readonly start: number; readonly step: number; readonly length: number; readonly open: Float64Array; readonly high: Float64Array; readonly low: Float64Array; readonly close: Float64Array; readonly volume: Float64Array } {
  const column = (value: number): Float64Array => new Float64Array(length).fill(value)
  return { start: Date.UTC(2026, 0, 1), step: 60_000, length, open: column(50_000), high: column(50_000), low: column(50_000), close: column(50_000), volume: column(10) }
}
