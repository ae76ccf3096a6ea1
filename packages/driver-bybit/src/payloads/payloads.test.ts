/** Real payloads: each is read, and what is read is exactly what stands there. */
import { isDecimal } from '@hedgerow/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { z } from '@hedgerow/core/zod'
import { fixture, fixtureFolder, fixtureNames, rowsOf } from '../../test/fixtures.ts'
import { readMessage } from '../messages.ts'
import { accountInfo } from './account.ts'
import { executionReport } from './execution.ts'
import { contract } from './instrument.ts'
import { candleRow, fundingRow } from './market.ts'
import { orderReport } from './order.ts'
import { positionReports, positionRow } from './position.ts'
import { walletReport, walletRow } from './wallet.ts'

const AT = 1_700_000_000_000
const now = (): number => AT

/** Reports as plain JSON: decimals as texts, which is how they are compared. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
const streamed = (name: string): unknown => plain(readMessage('account', fixture(name), now))
const positions = positionRow.transform((row) => positionReports(row, AT))
const wallet = walletRow.transform((row) => walletReport(row, AT))
const queried = (name: string, schema: z.ZodType): unknown => plain(rowsOf(name).map((row) => schema.parse(row)))

describe.skipIf(fixtureFolder === null)('real payloads of the streams (HEDGEROW_SHARED)', () => {
  it.each<[string, readonly Record<string, unknown>[] | null]>([
    ['docs_ws_execution', [{
      type: 'execution', at: 1746270400353, executionId: '0ab1bdf7-4219-438b-b30a-32ec863018f7', symbol: 'BTCUSDT', leg: null, side: 'sell', clientId: '',
      // 26.3725275 and an extra fee of 0.006403779 in the same coin.
      venueOrderId: '9aac161b-8ed6-450d-9cab-c5cc67c21784', price: '95900.1', qty: '0.5', fee: '26.378931279', feeAsset: 'USDT', closedQty: '0.5', liquidity: 'taker', source: 'trade', sequence: 140612148849382,
    }]],
    ['docs_ws_execution_fast', []],
    ['docs_ws_order', []],
    ['docs_ws_position_hedge_short_empty', [{
      type: 'position', at: 1697682317038, symbol: 'BTCUSDT', leg: 'short', mode: 'hedge', markPrice: '28184.5', leverage: '10', sequence: 8327597863,
      qty: '0', entryPrice: null, unrealisedPnl: '0', liquidationPrice: null, initialMargin: '0', maintenanceMargin: '0',
    }]],
    ['docs_ws_wallet', []],
    ['nautilus_ws_account_wallet', [{ type: 'wallet', at: 1700034722104, asset: 'USDT', balance: '9647.75537647', equity: '10226.20575506', available: '9556.6056555', initialMargin: '127.8573161', maintenanceMargin: '12.78573161' }]],
    ['nautilus_ws_account_execution_fast', []],
    ['nautilus_ws_account_order_partially_filled_rejected', []],
    ['nautilus_ws_kline', []],
    ['nautilus_ws_auth_failure', null],
    ['nautilus_ws_auth_success', null],
    ['nautilus_ws_order_response', null],
    ['nautilus_ws_subscription_ack', null],
    ['nautilus_ws_subscription_failure', null],
  ])('%s', (name, expected) => { expect(streamed(name)).toEqual(expected) })

  it.each<[string, readonly Record<string, unknown>[]]>([
    ['nautilus_ws_account_execution', [{ executionId: '0ab1bdf7-4219-438b-b30a-32ec863018f7', clientId: 'test-order-link-001', fee: '26.3725275', source: 'trade', closedQty: '0.5' }]],
    ['nautilus_ws_account_execution_adl', [{ executionId: '0ab1bdf7-4219-438b-b30a-32ec863018f8', clientId: '', price: '95850', fee: '0', source: 'adl', closedQty: '0.5' }]],
    ['nautilus_ws_account_order', [{ clientId: 'client-1', status: 'canceled', orderType: 'limit', price: '30000', qty: '0.01', filledQty: '0', leg: null, intent: null, reason: 'CancelByUser' }]],
    ['nautilus_ws_account_order_filled', [{ clientId: 'test-client-order-001', status: 'filled', orderType: null, qty: '0.1', filledQty: '0.1', trigger: '29500', triggerBy: 'mark', reason: null }]],
    ['nautilus_ws_account_order_stop_loss', [{ status: 'open', orderType: 'stop-market', intent: 'close', side: 'sell', trigger: '48000', triggerBy: 'last', price: null }]],
    ['nautilus_ws_account_order_stop_market', [{ status: 'open', orderType: 'stop-market', intent: null, side: 'sell', trigger: '45000' }]],
    ['nautilus_ws_account_order_take_profit', [{ status: 'open', orderType: 'take-profit-market', intent: 'close', side: 'sell', trigger: '55000' }]],
    ['nautilus_ws_account_position', [{ leg: 'long', mode: 'one-way', qty: '0', entryPrice: null }, { leg: 'short', mode: 'one-way', qty: '0.01', entryPrice: '3641.075', unrealisedPnl: '-0.00255', liquidationPrice: '51764.83003276', initialMargin: '1.23480936', maintenanceMargin: '0.20281586', leverage: '30' }]],
    ['nautilus_ws_account_position_short', [{ leg: 'long', qty: '0' }, { leg: 'short', qty: '0.01' }]],
  ])('%s', (name, expected) => { expect(streamed(name)).toMatchObject(expected) })

  it('has a row here for every payload of a stream', () => {
    const unread = fixtureNames().filter((name) => name.includes('_ws_')).filter((name) => (readMessage('account', fixture(name), now) ?? []).some(({ type }) => type === 'unknown'))
    expect(unread).toEqual([])
  })
})

describe.skipIf(fixtureFolder === null)('real payloads of the queries (HEDGEROW_SHARED)', () => {
  it.each<[string, z.ZodType, readonly unknown[]]>([
    ['docs_http_order_realtime', orderReport, [{ symbol: 'ETHUSDT', leg: 'long', intent: 'open', status: 'open', orderType: 'limit', clientId: 'test-000005', qty: '0.1', price: '1600', trigger: null }]],
    ['docs_http_order_history', orderReport, [{ leg: 'long', intent: 'open', status: 'canceled', filledQty: '0', price: '26864.4', reason: 'EC_PostOnlyWillTakeLiquidity' }]],
    ['nautilus_http_get_orders_realtime', orderReport, [{ side: 'buy', price: '3930.41' }, { side: 'sell', price: '3940.42' }]],
    ['nautilus_http_get_orders_realtime_tp_sl', orderReport, [{ orderType: 'take-profit-market', trigger: '55000', price: null }, { orderType: 'stop-limit', trigger: '48000', price: '47500' }]],
    ['nautilus_http_get_orders_history_with_duplicate', orderReport, [{ clientId: 'client-open-1', status: 'open' }, { clientId: 'client-closed-1', status: 'canceled' }]],
    ['nautilus_http_get_order_partially_filled_rejected', orderReport, [{ status: 'rejected', qty: '0.01', filledQty: '0.005', reason: 'INSUFFICIENT_MARGIN' }]],
    ['docs_http_execution_list', executionReport, [{ executionId: 'e0cbe81d-0f18-5866-9415-cf319b5dab3b', fee: '0.071409', closedQty: null, liquidity: 'taker' }]],
    ['nautilus_http_get_executions', executionReport, [{ side: 'buy', liquidity: 'maker', fee: '0.015', closedQty: '0' }, { side: 'sell', liquidity: 'taker', qty: '0.5', closedQty: '0' }]],
    ['docs_http_position_list', positions, [[{ leg: 'long', qty: '0' }, { leg: 'short', qty: '300', entryPrice: '27464.50441675', liquidationPrice: null }]]],
    ['nautilus_http_get_positions', positions, [
      [{ symbol: 'BTCUSDT', leg: 'long', qty: '0.5', entryPrice: '50000' }, { leg: 'short', qty: '0' }],
      [{ symbol: 'ETHUSDT', leg: 'long', qty: '0' }, { leg: 'short', qty: '5', entryPrice: '3000' }],
      [{ symbol: 'SOLUSDT', leg: 'long', qty: '0' }, { leg: 'short', qty: '0' }],
    ]],
    ['nautilus_http_get_positions_with_open_time', positions, [[{ symbol: 'LTCUSDT', leg: 'long', qty: '1' }, { leg: 'short', qty: '0' }]]],
    ['nautilus_http_get_wallet_balance', wallet, [{ balance: '1000.5', equity: '1000.5', at: AT }]],
    ['nautilus_http_get_instruments_linear', contract, [
      { launchedAt: 1699990000000, listed: { trading: true, instrument: { symbol: 'BTCUSDT', tickSize: '0.5', qtyStep: '0.001', minQty: '0.001', maxQty: '100', maxMarketQty: '50', minNotional: '5' } } },
      { listed: { instrument: { symbol: 'ETHUSDT', tickSize: '0.05', qtyStep: '0.01', maxQty: '1000', maxMarketQty: '500' } } },
    ]],
    ['docs_http_kline', candleRow, [{ time: 1670608800000, open: 17071, high: 17073, low: 17027, close: 17055.5, volume: 268611 }, { time: 1670605200000 }, { time: 1670601600000 }]],
    ['nautilus_http_get_klines_linear', candleRow, [{ time: 1709891679000, open: 27450, high: 27460, low: 27440, close: 27455, volume: 123.45 }]],
    ['docs_http_funding_history', fundingRow, [{ time: 1672041600000, rate: 0.0001 }]],
    ['nautilus_http_get_funding_history', fundingRow, [{ time: 1709884800000, rate: 0.0001 }, { time: 1709856000000, rate: 0.00015 }]],
  ])('%s', (name, schema, expected) => { expect(queried(name, schema)).toMatchObject(expected) })

  it.each(['docs_http_account_info', 'nautilus_http_get_account_info'])('%s', (name) => {
    expect(accountInfo.parse(fixture(name)['result'])).toEqual({ marginMode: 'cross', kind: 'unified 1.0 pro' })
  })

  it('refuses a row of another market instead of filling in what it lacks', () => {
    expect(contract.safeParse(rowsOf('docs_http_instruments')[0]).success).toBe(false)
  })
})

/** Every number and decimal in a value. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value]
  if (isDecimal(value)) return [value.isFinite() ? 0 : Number.NaN]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : []
}

const TOPICS = ['order', 'execution', 'position', 'wallet', 'tickers.BTCUSDT', 'kline.1.BTCUSDT', 'kline.1m.BTCUSDT', 'dcp', '']
/** Every field that a reader knows, with values that the venue would never send among those that it does. */
const anyValue = fc.oneof(fc.constantFrom('', '0', '-1', '1e400', 'NaN', '0x10', ' ', 'Buy', 'Filled', 'Funding', 'None', '9'.repeat(40)), fc.double(), fc.boolean(), fc.constant(null), fc.integer(), fc.jsonValue())
const FIELDS = [
  'category', 'symbol', 'orderId', 'orderLinkId', 'side', 'positionIdx', 'orderType', 'orderStatus', 'stopOrderType', 'triggerDirection', 'triggerPrice', 'reduceOnly', 'qty', 'cumExecQty', 'price', 'updatedTime',
  'execId', 'execType', 'execPrice', 'execQty', 'execFee', 'feeRate', 'isMaker', 'execTime', 'seq', 'extraFees', 'size', 'entryPrice', 'leverage', 'coin', 'totalAvailableBalance', 'start', 'end', 'confirm', 'open', 'lastPrice', 'nextFundingTime',
]
const anyRow = fc.dictionary(fc.constantFrom(...FIELDS), anyValue)

/** A row of each reader that is whole, to be broken in one field. */
const WHOLE: Readonly<Record<string, Record<string, unknown>>> = {
  order: { category: 'linear', symbol: 'BTCUSDT', orderId: 'o', orderLinkId: 'c', side: 'Buy', positionIdx: 1, orderType: 'Market', orderStatus: 'New', stopOrderType: '', triggerDirection: 0, triggerPrice: '', triggerBy: '', reduceOnly: false, qty: '1', cumExecQty: '0', price: '', rejectReason: 'EC_NoError', cancelType: 'UNKNOWN', updatedTime: '1' },
  execution: { category: 'linear', symbol: 'BTCUSDT', execId: 'e', execType: 'Trade', orderId: 'o', orderLinkId: 'c', side: 'Buy', execPrice: '1', execQty: '1', execFee: '0', feeRate: '0', feeCurrency: 'USDT', markPrice: '1', closedSize: '0', isMaker: true, execTime: '1', seq: 1 },
  position: { category: 'linear', symbol: 'BTCUSDT', positionIdx: 1, side: 'Buy', size: '1', entryPrice: '1', markPrice: '1', unrealisedPnl: '0', liqPrice: '', positionIM: '1', positionMM: '1', leverage: '10', seq: 1, updatedTime: '1' },
}

const orderOf = (category: string): unknown => readMessage('account', { topic: 'order', creationTime: AT, data: [{ ...WHOLE['order'], category }] }, now)

describe('payloads that are not what they should be', () => {
  it('become unknown reports or nothing, and never an exception or a number that is none', () => {
    fc.assert(fc.property(fc.constantFrom(...TOPICS), fc.oneof(fc.array(anyRow, { maxLength: 3 }), anyRow, fc.jsonValue()), (topic, data) => {
      const reports = readMessage('account', { topic, creationTime: AT, data }, now) ?? []
      expect(numbersIn(reports).filter((value) => !Number.isFinite(value))).toEqual([])
      expect(reports.filter((report) => report.type === 'unknown' && report.found.length <= topic.length)).toEqual([])
    }), { numRuns: 400 })
  })

  it.each(Object.keys(WHOLE))('name the field of a broken %s row, and the symbol', (topic) => {
    const whole = WHOLE[topic] ?? {}
    expect(readMessage('account', { topic, creationTime: AT, data: [whole] }, now)?.map(({ type }) => type)).toEqual([topic])
    for (const field of ['side', 'positionIdx', 'orderStatus', 'execType', 'size', 'qty', 'execQty', 'isMaker', 'reduceOnly'].filter((name) => name in whole)) {
      const [report] = readMessage('account', { topic, creationTime: AT, data: [{ ...whole, [field]: 'Sideways' }] }, now) ?? []
      expect(report).toMatchObject({ type: 'unknown', stream: 'account', symbol: 'BTCUSDT', found: expect.stringContaining(`field ${field} is "Sideways"`) as string })
    }
  })

  it('spoil no other row of the message', () => {
    const whole = WHOLE['order'] ?? {}
    const reports = readMessage('account', { topic: 'order', creationTime: AT, data: [{ ...whole, qty: 'many' }, whole] }, now)
    expect(reports?.map(({ type }) => type)).toEqual(['unknown', 'order'])
  })

  it('have a position whose index and side contradict each other among them', () => {
    const [report] = readMessage('account', { topic: 'position', creationTime: AT, data: [{ ...WHOLE['position'], positionIdx: 2 }] }, now) ?? []
    expect(report).toMatchObject({ type: 'unknown', found: 'position: field side is "Buy": expected the side of index 2' })
  })

  it.each([
    ['position', 'size'], ['position', 'entryPrice'], ['order', 'qty'], ['order', 'cumExecQty'], ['order', 'price'], ['execution', 'execQty'], ['execution', 'execPrice'], ['execution', 'closedSize'],
  ])('have a %s with less than nothing in %s among them', (topic, field) => {
    const [report] = readMessage('account', { topic, creationTime: AT, data: [{ ...WHOLE[topic], [field]: '-1' }] }, now) ?? []
    expect(report).toMatchObject({ type: 'unknown', symbol: 'BTCUSDT', found: `${topic}: field ${field} is "-1": expected zero or more` })
  })

  it.each(['execQty', 'execPrice'])('have a match of nothing in %s among them', (field) => {
    const read = (row: object): unknown => readMessage('account', { topic: 'execution', creationTime: AT, data: [{ ...WHOLE['execution'], [field]: '0', ...row }] }, now)
    expect(read({})).toMatchObject([{ type: 'unknown', found: `execution: field ${field} is "0": expected more than zero of a match` }])
    expect(read({ execType: 'Funding' })).toMatchObject([{ type: 'funding' }])
  })

  it('leave out other markets, and never a market that is not known', () => {
    for (const category of ['spot', 'inverse', 'option']) expect(orderOf(category)).toEqual([])
    expect(orderOf('')).toMatchObject([{ type: 'unknown', symbol: 'BTCUSDT', found: 'order: field category is "": expected a known market' }])
    expect(orderOf('linear2')).toMatchObject([{ type: 'unknown' }])
  })

  it('are read whatever the times of the message look like, and are unknown without any rows', () => {
    for (const creationTime of [null, 'soon', -5]) expect(readMessage('account', { topic: 'order', creationTime, data: [WHOLE['order']] }, now)).toMatchObject([{ type: 'order', qty: expect.anything() as unknown }])
    expect(readMessage('account', { topic: 'order', creationTime: AT }, now)).toMatchObject([{ type: 'unknown', found: expect.stringContaining('order: the row is missing') as string }])
  })
})

describe('what this driver does not need', () => {
  it('spoils no wallet: other assets, and levels outside of all prices', () => {
    const coin = [{ coin: 'BTC', walletBalance: '', equity: 5 }, { coin: 'NEW' }, { coin: 'USDT', walletBalance: '5', equity: '' }]
    expect(plain(readMessage('account', { topic: 'wallet', creationTime: AT, data: [{ coin }] }, now))).toMatchObject([{ type: 'wallet', balance: '5', equity: null }])
    expect(plain(readMessage('account', { topic: 'position', creationTime: AT, data: [{ ...WHOLE['position'], liqPrice: '-3' }] }, now))).toMatchObject([{ type: 'position', liquidationPrice: null }])
    expect(readMessage('account', { topic: 'order', creationTime: AT, data: [{ ...WHOLE['order'], triggerDirection: '' }] }, now)).toMatchObject([{ type: 'order', orderType: 'market' }])
  })
})

describe('a contract', () => {
  const row = {
    symbol: 'NEWUSDT', contractType: 'LinearPerpetual', status: 'PreLaunch', launchTime: '0', fundingInterval: 480, priceFilter: { tickSize: '0.1' },
    lotSizeFilter: { qtyStep: '0.001', minOrderQty: '0.001', maxOrderQty: '10', maxMktOrderQty: '5', minNotionalValue: '5' },
  }

  it.each([
    [{ priceFilter: { tickSize: '0' } }, 'expected tickSize above zero, found 0'],
    [{ lotSizeFilter: { ...row.lotSizeFilter, maxOrderQty: '0' } }, 'expected maxQty above zero and at least minQty 0.001, found 0'],
  ])('that has no steps or no room is a row that cannot be read: %j', (change, message) => {
    expect(contract.safeParse(row).success).toBe(true)
    expect(contract.safeParse({ ...row, ...change }).error?.issues).toMatchObject([{ message }])
  })
})
