/** Fills that were exported elsewhere become runs of both legs: each format, both position modes, and rows that cannot be believed. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { decimal, decimalText, isHedgerowError, sumDecimals, type Decimal } from '@hedgerow/core'
import { criticise, importedRun, importFormat, readRun, type FinishedRun, type ImportCandles, type ImportOptions } from '@hedgerow/report'
import { candlesFromRows } from 'hedgerow'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { runCommand } from '../../apps/runner/src/cli/command.ts'
import { sharedFolder } from '../support/shared.ts'

const shared = sharedFolder()
if (shared === null) console.warn('SKIPPED: imports of real payloads need the shared folder (HEDGEROW_SHARED)')

const START = Date.UTC(2024, 0, 1)
const MINUTE = 60_000

interface Setup {
  /** Name of the file. */
  readonly path?: string
  readonly balance?: string | null
  readonly options?: ImportOptions
  readonly candles?: Readonly<Record<string, ImportCandles>>
}

function imported(format: string, content: unknown, { path = 'export', balance = '1000', options = {}, candles = {} }: Setup = {}): FinishedRun {
  const chosen = importFormat(format)
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  const file = chosen.read([{ path, text }], options)
  return importedRun(file, { format: chosen, version: '0.0.0', startingBalance: balance === null ? undefined : decimal(balance), candles: new Map(Object.entries(candles)) })
}

/** What an import says when it refuses. */
function refusal(format: string, content: unknown, setup: Setup = {}): string {
  try {
    imported(format, content, setup)
  } catch (error) {
    if (isHedgerowError(error)) return `${error.code} ${error.message}`
    throw error
  }
  throw new Error('it was imported')
}

const fills = (run: FinishedRun): string[] => run.events.flatMap((event) => (event.type === 'order.filled' ? [`${event.leg} ${event.intent} ${decimalText(event.qty)} @ ${decimalText(event.price)} fee ${decimalText(event.fee)} ${event.role}`] : []))
const fundings = (run: FinishedRun): string[] => run.events.flatMap((event) => (event.type === 'funding.settled' ? [`${event.leg} ${decimalText(event.amount)} on ${decimalText(event.qty)}`] : []))
const tradesOf = (run: FinishedRun): string[] => run.trades.map(({ leg, qty, netPnl, exitReason }) => `${leg} ${decimalText(qty)} ${decimalText(netPnl)} ${exitReason}`)

/** The legs sum to the account at every point, and closed and open pnl to its gain. */
function expectConserved(run: FinishedRun): void {
  for (const { equity, long, short } of run.equity) expect(decimalText(equity)).toBe(decimalText(run.header.startingBalance.plus(long).plus(short)))
  const posted = sumDecimals(run.events.map((event): Decimal => (event.type === 'funding.settled' ? event.amount : event.type === 'order.filled' ? event.fee.neg() : decimal('0'))))
  const { total } = run.metrics
  const gross = sumDecimals([total.grossPnl, ...run.openPositions.flatMap(({ realisedPnl, unrealisedPnl }) => [realisedPnl, unrealisedPnl])])
  expect(decimalText(total.totalPnl)).toBe(decimalText(gross.plus(posted)))
  expect(decimalText(run.equity.at(-1)?.equity ?? decimal('0'))).toBe(decimalText(run.header.startingBalance.plus(total.totalPnl)))
}

const bybit = (minute: number, side: 'Buy' | 'Sell', [qty, price, closedSize]: readonly [string, string, string], more: object = {}): object => ({
  category: 'linear', symbol: 'BTCUSDT', side, execQty: qty, execPrice: price, closedSize, execFee: '0.1', feeRate: '0.00055', execType: 'Trade', execId: `e${minute}`, execTime: String(START + minute * MINUTE),
  isMaker: false, orderId: `o${minute}`, stopOrderType: 'UNKNOWN', markPrice: price, seq: 1000 + minute, ...more,
})
const answer = (list: readonly object[]): object => ({ retCode: 0, result: { category: 'linear', list: list.toReversed() } })

const payload = (name: string): string => readFileSync(`${shared ?? ''}/fixtures/bybit/${name}.json`, 'utf8')

const HEDGED = [
  bybit(0, 'Buy', ['1', '100', '0']),
  bybit(1, 'Sell', ['2', '101', '0']),
  bybit(2, 'Sell', ['1', '104', '1'], { stopOrderType: 'TakeProfit' }),
  bybit(3, 'Buy', ['2', '103', '2'], { stopOrderType: 'StopLoss' }),
]

describe('bybit', () => {
  it('side and closed quantity say the leg; the list comes newest first', () => {
    const run = imported('bybit', answer(HEDGED))
    expect(fills(run)).toEqual(['long open 1 @ 100 fee 0.1 entry', 'short open 2 @ 101 fee 0.1 entry', 'long close 1 @ 104 fee 0.1 take-profit', 'short close 2 @ 103 fee 0.1 stop-loss'])
    expect(tradesOf(run)).toEqual(['long 1 3.8 take-profit', 'short 2 -4.2 stop-loss'])
    expect(run).toMatchObject({ kind: 'import', header: { positionMode: 'hedge', exchange: 'Bybit' }, counts: { fills: 4, orders: 4, denied: 0 } })
    expect(run.positions.at(1)?.lockedPnl.toFixed()).toBe('1')
    expectConserved(run)
  })

  it('one-way: a fill that closes more than its part opens the other leg, with one fee', () => {
    const run = imported('bybit', answer([bybit(0, 'Buy', ['1', '100', '0']), bybit(1, 'Sell', ['3', '110', '1']), bybit(2, 'Buy', ['2', '105', '2'])]))
    expect(fills(run)).toEqual(['long open 1 @ 100 fee 0.1 entry', 'long close 1 @ 110 fee 0.1 exit', 'short open 2 @ 110 fee 0 entry', 'short close 2 @ 105 fee 0.1 exit'])
    expect(run.header.positionMode).toBe('one-way')
    expectConserved(run)
  })

  it('funding with both legs open goes to the leg that pays at its rate; takeovers and deleveraging are told apart', () => {
    const run = imported('bybit', answer([
      bybit(0, 'Buy', ['1', '100', '0']), bybit(1, 'Sell', ['1', '101', '0']),
      bybit(2, 'Buy', ['1', '100', '0'], { execType: 'Funding', execFee: '0.01', feeRate: '0.0001', execId: 'f1' }), bybit(2, 'Sell', ['1', '100', '0'], { execType: 'Funding', execFee: '-0.01', feeRate: '0.0001', execId: 'f2' }),
      bybit(3, 'Sell', ['1', '90', '1'], { execType: 'BustTrade' }), bybit(4, 'Buy', ['1', '90', '1'], { execType: 'AdlTrade' }),
    ]))
    expect(fundings(run)).toEqual(['long -0.01 on 1', 'short 0.01 on 1'])
    expect(tradesOf(run)).toEqual(['long 1 -10.21 liquidation', 'short 1 10.81 adl'])
    expect(run.counts.liquidations).toBe(1)
    expectConserved(run)
  })

  it('CSV with the same names, pages of the same account, and an execution that comes twice', () => {
    const names = ['symbol', 'side', 'execQty', 'execPrice', 'closedSize', 'execFee', 'execType', 'execId', 'execTime', 'isMaker']
    const csv = [names.join(','), ...HEDGED.map((row) => names.map((name) => String(Reflect.get(row, name))).join(','))].join('\r\n')
    const pages = [answer(HEDGED.slice(2)), answer(HEDGED.slice(0, 3))]
    expect(imported('bybit', `${csv}\n`).journalHash.length).toBe(64)
    expect(imported('bybit', `${csv}\n`).trades.map(({ netPnl }) => netPnl.toFixed())).toEqual(['3.8', '-4.2'])
    expect(tradesOf(imported('bybit', pages))).toEqual(tradesOf(imported('bybit', answer(HEDGED))))
  })

  it.each([
    ['a close of what is not held', [bybit(0, 'Sell', ['1', '100', '1'])], /^IMPORT_UNATTRIBUTED .*row 1.*closes 1 of the long leg of BTCUSDT, which holds 0/s],
    ['no closed quantity', [bybit(0, 'Buy', ['1', '100', ''])], /^IMPORT_UNATTRIBUTED .*without closedSize.*--position-mode one-way/s],
    ['a partial close while both legs are open', [...HEDGED.slice(0, 2), bybit(2, 'Sell', ['2', '100', '1'])], /^IMPORT_UNATTRIBUTED .*while both legs are open/s],
    ['an unknown kind', [bybit(0, 'Buy', ['1', '100', '0'], { execType: 'Gift' })], /^IMPORT_INVALID .*row 1.*execType "Gift"/s],
    ['a price of zero', [bybit(0, 'Buy', ['1', '0', '0'])], /^IMPORT_INVALID .*execPrice "0": expected a number above 0/s],
    ['seconds for milliseconds', [bybit(0, 'Buy', ['1', '100', '0'], { execTime: '1704067200' })], /^IMPORT_INVALID .*execTime "1704067200"/s],
    ['a coin-margined contract', [bybit(0, 'Buy', ['1', '100', '0'], { category: 'inverse' })], /^IMPORT_INVALID .*category inverse/s],
    ['funding with nothing open', [bybit(0, 'Buy', ['1', '100', '0'], { execType: 'Funding' }), bybit(1, 'Buy', ['1', '100', '0'])], /^IMPORT_UNATTRIBUTED .*of which nothing is held/s],
    ['no fills', [], /^IMPORT_INVALID .*no fills/s],
  ] as const)('refuses %s', (_, list, said) => {
    expect(refusal('bybit', answer(list))).toMatch(said)
  })

  it('refuses a guess of the balance, JSON that ends early, and another shape', () => {
    expect(refusal('bybit', answer(HEDGED), { balance: null })).toMatch(/^IMPORT_INVALID .*--balance 10000/s)
    expect(refusal('bybit', '{"result":')).toMatch(/^IMPORT_INVALID .*JSON, whole/s)
    expect(refusal('bybit', { trades: [] })).toMatch(/^IMPORT_INVALID .*another shape/s)
  })

  it.skipIf(shared === null)('real payloads: executions, an execution without closedSize, and a deleveraging without its opening', () => {
    expect(fills(imported('bybit', payload('nautilus_http_get_executions')))).toEqual(['long open 0.1 @ 50000 fee 0.015 entry', 'short open 0.5 @ 3000 fee 0.9 entry'])
    expect(fills(imported('bybit', payload('docs_http_execution_list'), { options: { positionMode: 'one-way' } }))).toEqual(['long open 0.1 @ 1190.15 fee 0.071409 entry'])
    expect(refusal('bybit', payload('docs_http_execution_list'))).toMatch(/^IMPORT_UNATTRIBUTED/)
    expect(refusal('bybit', payload('nautilus_ws_account_execution_adl'))).toMatch(/^IMPORT_UNATTRIBUTED .*holds 0/s)
  })
})

// Header and rows in the form in which the page exports them: a line about the account above, twenty places, `--` for nothing.
const LOG = `UID: 1234567,Company Name: ,Country:
Uid,Currency,Contract,Type,Direction,Quantity,Position,Filled Price,Funding,Fee Paid,Cash Flow,Change,Wallet Balance,Action,Time(UTC)
1234567,USDT,,TRANSFER_IN,--,--,--,--,0,0,1000,1000.00000000000000000000,1000.00000000000000000000,--,2024-01-01 00:00:00
1234567,USDT,ETHUSDT,TRADE,BUY,0.20000000000000000000,0.20000000000000000000,2000.00000000000000000000,0.00000000000000000000,-0.22000000000000000000,0.00000000000000000000,-0.22000000000000000000,999.78000000000000000000,OPEN,2024-01-01 01:00:00
1234567,USDT,ETHUSDT,TRADE,SELL,0.10000000000000000000,-0.10000000000000000000,2010.00000000000000000000,0.00000000000000000000,-0.11055000000000000000,0.00000000000000000000,-0.11055000000000000000,999.66945000000000000000,OPEN,2024-01-01 02:00:00
1234567,USDT,ETHUSDT,SETTLEMENT,BUY,--,0.20000000000000000000,--,-0.04010000000000000000,0.00000000000000000000,0.00000000000000000000,-0.04010000000000000000,999.62935000000000000000,SETTLEMENT,2024-01-01 08:00:00
1234567,USDT,ETHUSDT,SETTLEMENT,SELL,--,0.10000000000000000000,--,0.02005000000000000000,0.00000000000000000000,0.00000000000000000000,0.02005000000000000000,999.64940000000000000000,SETTLEMENT,2024-01-01 08:00:00
1234567,USDT,ETHUSDT,TRADE,SELL,0.20000000000000000000,0.00000000000000000000,2040.00000000000000000000,0.00000000000000000000,-0.22440000000000000000,8.00000000000000000000,7.77560000000000000000,1007.42500000000000000000,CLOSE,2024-01-01 10:00:00
1234567,USDT,ETHUSDT,LIQUIDATION,BUY,0.10000000000000000000,0.00000000000000000000,2080.00000000000000000000,0.00000000000000000000,-0.11440000000000000000,-7.00000000000000000000,-7.11440000000000000000,1000.31060000000000000000,CLOSE,2024-01-01 11:00:00
1234567,BTC,BTCUSDT,TRADE,BUY,0.00100000000000000000,0,40000,0,0,0.001,0.001,0.001,--,2024-01-01 12:00:00
`
const HISTORY = `Market,Filled Type,Filled Quantity,Filled Price,Order Price,Fee Rate,Trading Fee,feeCoin,ExecFeeV2,Direction,Order Type,Trasaction ID,Order No.,Transaction Time(UTC+0)
ETHUSDT,Trade,1,2030,0,0.00055,1.1165,USDT,1.1165,Short,Market, 81f0a2c4, 77aa0001,14:30 2024-01-01
ETHUSDT,Funding,1,2010,0,0.0001,0.201,USDT,0.201,Long,--, 5d00c1aa, 00000000,08:00 2024-01-01
ETHUSDT,Trade,1,2000,0,0.00055,1.1,USDT,1.1,Long,Market, 1b64e4aa, 77aa0000,03:00 2024-01-01
`

describe('bybit, exports of its page', () => {
  it('the transaction log of both legs: action and side name the leg, of funding the side does; the balance stands in the rows', () => {
    const run = imported('bybit', LOG, { balance: null })
    expect(fills(run)).toEqual(['long open 0.2 @ 2000 fee 0.22 entry', 'short open 0.1 @ 2010 fee 0.11055 entry', 'long close 0.2 @ 2040 fee 0.2244 exit', 'short close 0.1 @ 2080 fee 0.1144 liquidation'])
    expect(fundings(run)).toEqual(['long -0.0401 on 0.2', 'short 0.02005 on 0.1'])
    expect([run.header.startingBalance, run.equity.at(-1)?.equity].map((balance) => balance?.toFixed())).toEqual(['1000', '1000.3106'])
    expect(run.warnings.map(({ code }) => code)).toEqual(['NO_CANDLES', 'MARGIN_UNKNOWN', 'INCOME_IGNORED', 'LIQUIDITY_UNKNOWN'])
    expect(run.warnings.find(({ code }) => code === 'INCOME_IGNORED')?.text).toMatch(/TRANSFER_IN USDT, TRADE BTCUSDT/)
    expect(run.counts.liquidations).toBe(1)
    expectConserved(run)
  })

  it('two parts of a log, newest first, that overlap: each row counts once', () => {
    const [about = '', header = '', ...rows] = LOG.trim().split('\n')
    const part = (some: readonly string[]): { path: string; text: string } => ({ path: 'part', text: [about, header, ...some.toReversed()].join('\r\n') })
    const chosen = importFormat('bybit')
    const file = chosen.read([part(rows.slice(3)), part(rows.slice(0, 5))], {})
    const run = importedRun(file, { format: chosen, version: '0.0.0', candles: new Map() })
    expect(fills(run)).toEqual(fills(imported('bybit', LOG, { balance: null })))
    expect(fundings(run)).toEqual(['long -0.0401 on 0.2', 'short 0.02005 on 0.1'])
  })

  it('the trade history of a one-way account, with the clock before the day; of hedge mode it does not name the leg', () => {
    const run = imported('bybit', HISTORY, { options: { positionMode: 'one-way' } })
    expect(fills(run)).toEqual(['long open 1 @ 2000 fee 1.1 entry', 'long close 1 @ 2030 fee 1.1165 exit'])
    expect(fundings(run)).toEqual(['long -0.201 on 1'])
    expect(run.trades[0]?.openedAt).toBe(Date.UTC(2024, 0, 1, 3))
    expect(refusal('bybit', HISTORY)).toMatch(/^IMPORT_UNATTRIBUTED .*transaction log.*--position-mode one-way/s)
    expectConserved(run)
  })

  it.each([
    ['closed pnl', 'Contracts,Closing Direction,Qty,Entry Price,Exit Price,Closed P&L,Exit Type,Trade Time(UTC+0)\nBTCUSDT,Sell,1,1,1,1,Trade,2024-01-01 00:00:00', /^IMPORT_INVALID .*Closing Direction.*transaction log/s],
    ['a kind of fill that it does not know', HISTORY.replace(',Trade,1,2000', ',Gift,1,2000'), /^IMPORT_INVALID .*Filled Type "gift"/s],
    ['an action that it does not know', LOG.replace('OPEN,2024-01-01 01', 'FLIP,2024-01-01 01'), /^IMPORT_INVALID .*action "FLIP"/s],
    ['ids that a spreadsheet has rounded', `${Object.keys(bybit(0, 'Buy', ['1', '1', '0'])).join(',')}\n${Object.values(bybit(0, 'Buy', ['1', '1', '0'], { execId: '1.83639E+18' })).join(',')}`, /^IMPORT_INVALID .*execId "1.83639E\+18".*a spreadsheet has rounded it/s],
    ['an archive', 'PK\u0003\u0004...', /^IMPORT_INVALID .*an archive or a workbook.*Unpack/s],
  ])('refuses %s', (_, text, said) => {
    expect(refusal('bybit', text, { options: { positionMode: 'one-way' } })).toMatch(said)
  })
})

const binance = (minute: number, [side, positionSide]: readonly [string, string], [qty, price, realizedPnl]: readonly [string, string, string], more: object = {}): object => ({
  symbol: 'ETHUSDT', id: 100 + minute, orderId: 9_000 + minute, side, positionSide, price, qty, realizedPnl, commission: '0.1', commissionAsset: 'USDT', time: START + minute * MINUTE, maker: false, buyer: side === 'BUY', ...more,
})
const income = (minute: number, amount: string, id: number, more: object = {}): object => ({ symbol: 'ETHUSDT', incomeType: 'FUNDING_FEE', income: amount, asset: 'USDT', time: START + minute * MINUTE, tranId: id, tradeId: '', ...more })

describe('binance', () => {
  const hedged = [
    binance(0, ['BUY', 'LONG'], ['1', '100', '0']), binance(1, ['SELL', 'SHORT'], ['3', '101', '0']),
    binance(3, ['SELL', 'LONG'], ['1', '104', '4']), binance(4, ['BUY', 'SHORT'], ['3', '100', '3']),
  ]

  it('position side and side name leg and intent', () => {
    const run = imported('binance', hedged)
    expect(tradesOf(run)).toEqual(['long 1 3.8 signal', 'short 3 2.8 signal'])
    expect(run.header.positionMode).toBe('hedge')
    expect(run.warnings.map(({ code }) => code)).toEqual(['NO_CANDLES', 'MARGIN_UNKNOWN', 'FUNDING_NOT_MODELLED'])
    expectConserved(run)
  })

  it('BOTH is folded: the side closes what is open, then opens', () => {
    const run = imported('binance', [binance(0, ['SELL', 'BOTH'], ['1', '100', '0']), binance(1, ['BUY', 'BOTH'], ['3', '90', '10']), binance(2, ['SELL', 'BOTH'], ['2', '95', '10'])])
    expect(fills(run)).toEqual(['short open 1 @ 100 fee 0.1 entry', 'short close 1 @ 90 fee 0.1 exit', 'long open 2 @ 90 fee 0 entry', 'long close 2 @ 95 fee 0.1 exit'])
    expect(run.header.positionMode).toBe('one-way')
    expectConserved(run)
  })

  it('funding of income: by the leg that is open, or by the quantities of both', () => {
    const file = JSON.stringify([income(2, '-0.01', 1), income(2, '0.03', 2), income(2, '-0.1', 3, { incomeType: 'COMMISSION' }), income(2, '50', 4, { incomeType: 'TRANSFER', symbol: '' })])
    const run = imported('binance', hedged, { options: { income: { path: 'income.json', text: file } } })
    expect(fundings(run)).toEqual(['long -0.01 on 1', 'short 0.03 on 3'])
    expect(run.warnings.at(-1)).toEqual({ code: 'INCOME_IGNORED', text: 'Income that is no result of these trades was left out: TRANSFER.' })
    expectConserved(run)
  })

  it('refuses what it would have to guess', () => {
    const both = [binance(0, ['BUY', 'LONG'], ['1', '100', '0']), binance(1, ['SELL', 'SHORT'], ['1', '101', '0'])]
    const options = { income: { path: 'income.json', text: JSON.stringify([income(2, '-0.01', 1), income(2, '0.01', 2)]) } }
    expect(refusal('binance', [...both, binance(3, ['SELL', 'LONG'], ['1', '104', '4'])], { options })).toMatch(/^IMPORT_UNATTRIBUTED .*income.json, row 1.*with both legs open/s)
    expect(refusal('binance', [binance(0, ['BUY', 'BOTH'], ['1', '100', '7'])])).toMatch(/^IMPORT_UNATTRIBUTED .*realised 7 although nothing is held/s)
    expect(refusal('binance', [binance(0, ['BUY', 'LONG'], ['1', '100', '0'], { commissionAsset: 'BNB' })])).toMatch(/^IMPORT_INVALID .*--asset-price BNB=PRICE/s)
    expect(refusal('binance', { orders: [] })).toMatch(/^IMPORT_INVALID .*another shape/s)
  })

  it('a commission in another asset counts at the price that was given; a realised pnl that differs is said', () => {
    const options = { assetPrices: new Map([['BNB', decimal('600')]]) }
    const run = imported('binance', [binance(0, ['BUY', 'LONG'], ['1', '100', '0'], { commission: '0.001', commissionAsset: 'BNB' }), binance(1, ['SELL', 'LONG'], ['1', '104', '9'])], { options })
    expect(tradesOf(run)).toEqual(['long 1 3.3 signal'])
    expect(run.warnings.find(({ code }) => code === 'PNL_DIFFERS')?.text).toMatch(/1 row.*row 2: 9/)
  })
})

// Headers in the forms in which the page has exported them over the years.
const PAGE = `Uid,Time,Symbol,Side,Price,Quantity,Amount,Fee,Realized Profit,Buyer,Maker,Trade ID,Order ID
55,24-01-01 04:00:00,ETHUSDT,BUY,100,3,300,0.03 USDT,3,true,true,104,8389765568816714211
55,24-01-01 03:00:00,ETHUSDT,SELL,104,1,104,0.0104USDT,4,false,false,103,8389765568816714210
55,24-01-01 01:00:00,ETHUSDT,SELL,101,3,303,0.0303 USDT,0,false,false,102,8389765568816714209
55,24-01-01 01:00:00,ETHUSDT,BUY,100,1,100,0.01 USDT,0,true,false,101,8389765568816714208
`

/** The page's export under a name. */
const named = (path: string): FinishedRun => imported('binance', PAGE, { path, options: { positionMode: 'hedge' } })

describe('binance, exports of its page', () => {
  it('hedge mode without a position side: what a fill realised tells closes from opens', () => {
    const run = imported('binance', PAGE, { options: { positionMode: 'hedge' } })
    expect(fills(run)).toEqual(['long open 1 @ 100 fee 0.01 entry', 'short open 3 @ 101 fee 0.0303 entry', 'long close 1 @ 104 fee 0.0104 exit', 'short close 3 @ 100 fee 0.03 exit'])
    expect(run.header.positionMode).toBe('hedge')
    expect(run.warnings.some(({ code }) => code === 'PNL_DIFFERS')).toBe(false)
    expectConserved(run)
  })

  it('unless it could be either: then it is refused', () => {
    const either = PAGE.replace('BUY,100,3,300,0.03 USDT,3,', 'BUY,101,3,303,0.03 USDT,0,')
    expect(refusal('binance', either, { options: { positionMode: 'hedge' } })).toMatch(/^IMPORT_UNATTRIBUTED .*line 2.*realised nothing at the entry price of the short leg/s)
    expect(refusal('binance', PAGE)).toMatch(/^IMPORT_UNATTRIBUTED .*without positionSide.*--position-mode one-way.*userTrades/s)
  })

  it('times are in the zone that the name of the file says; without one they count as UTC, and the run says so', () => {
    expect(['trades(UTC+3).csv', 'trades(UTC--6)_ab12.csv', 'trades(UTC+5:30).csv', 'trades.csv'].map((path) => named(path).events.at(0)?.at)).toEqual([-3, 6, -5.5, 0].map((hours) => START + (1 + hours) * 60 * MINUTE))
    expect(['trades.csv', 'trades(UTC+0).csv'].map((path) => named(path).warnings.some(({ code }) => code === 'TIME_ZONE_ASSUMED'))).toEqual([true, false])
  })

  it('older headers: a position side in words, no ids, the asset of a fee in a column of its own', () => {
    const sided = 'Uid,Time(UTC),Symbol,Side,Position Side,Price,Quantity,Amount,Fee,Realized Profit,Buyer,Maker,Trade Id,Order Id\n1,2024-01-01 00:00:00,ETHUSDT,BUY,Long,1.5,1,1.5,0.00053 BNB,0,true,false,99,88\n1,2024-01-01 00:01:00,ETHUSDT,SELL,Long,2,1,2,0.001 USDT,0.5,true,false,100,89\n'
    expect(fills(imported('binance', sided, { options: { assetPrices: new Map([['BNB', decimal('600')]]) } }))).toEqual(['long open 1 @ 1.5 fee 0.318 entry', 'long close 1 @ 2 fee 0.001 exit'])
    const idless = 'Date(UTC),Symbol,Side,Price,Quantity,Amount,Fee,Fee Coin,Realized Profit,Quote Asset\n2024-01-01 10:00:00,BTCUSDT,BUY,60000,0.1,6000,2.4,USDT,0,USDT\n2024-01-01 10:00:00,BTCUSDT,BUY,60000,0.1,6000,2.4,USDT,0,USDT\n2024-01-01 11:00:00,BTCUSDT,SELL,61000,0.2,12200,4.88,USDT,200,USDT\n'
    const run = imported('binance', idless, { balance: '20000', options: { positionMode: 'one-way' } })
    expect(fills(run)).toEqual(['long open 0.1 @ 60000 fee 2.4 entry', 'long open 0.1 @ 60000 fee 2.4 entry', 'long close 0.2 @ 61000 fee 4.88 exit'])
    expect(run.warnings.map(({ code }) => code)).toContain('LIQUIDITY_UNKNOWN')
  })

  it('the transaction history is income', () => {
    const history = 'Time,Type,Amount,Asset,Symbol,Transaction ID\n2024-01-01 02:00:00,FUNDING_FEE,-0.01,USDT,ETHUSDT,1\n2024-01-01 02:00:00,FUNDING_FEE,0.03,USDT,ETHUSDT,2\n2024-01-01 03:00:00,REALIZED_PNL,4,USDT,ETHUSDT,3\n'
    const run = imported('binance', PAGE, { options: { positionMode: 'hedge', income: { path: 'income(UTC+0).csv', text: history } } })
    expect(fundings(run)).toEqual(['long -0.01 on 1', 'short 0.03 on 3'])
    expectConserved(run)
  })

  it.each([
    ['positions', 'Symbol,Margin Mode,Position Side,Entry Price,Avg. Close Price,Opened,Closed,Status\nBTCUSDT,Cross,Long,1,1,2024-01-01 00:00:00,2024-01-01 00:00:01,Closed', /^IMPORT_INVALID .*Margin Mode.*Export the trade history/s],
    ['a day that may be a month', PAGE.replace('24-01-01 04:00:00', '01/02/2024 04:00'), /^IMPORT_INVALID .*time "01\/02\/2024 04:00"/s],
    ['nothing', 'Uid,Time,Symbol,Side,Price,Quantity,Amount,Fee,Realized Profit,Buyer,Maker,Trade ID,Order ID\nNo data matches the criteria.\n', /^IMPORT_INVALID .*no fills/s],
  ])('refuses %s', (_, text, said) => {
    expect(refusal('binance', text, { options: { positionMode: 'one-way' } })).toMatch(said)
  })
})

const backtestOf = (trades: readonly object[]): object => ({ strategy: { Ride: { trades, timeframe: '5m', starting_balance: 500 } }, strategy_comparison: [] })
const filledOrder = (amount: number, price: number, [side, minute]: readonly ['sell' | 'buy', number]): object => ({ amount, safe_price: price, ft_order_side: side, ft_is_entry: side === 'sell', order_filled_timestamp: START + minute * MINUTE })

describe('freqtrade', () => {
  const trade = { pair: 'ETH/USDT:USDT', is_short: true, amount: 2, open_rate: 100, close_rate: 90, open_timestamp: START, close_timestamp: START + 30 * MINUTE, fee_open: 0.001, fee_close: 0.001, funding_fees: 0.05, leverage: 4, exit_reason: 'roi', is_open: false }
  it('a trade of the result with its orders: entries and exits as they filled', () => {
    const run = imported('freqtrade', backtestOf([{ ...trade, orders: [filledOrder(1, 100, ['sell', 0]), filledOrder(1, 104, ['sell', 5]), filledOrder(2, 90, ['buy', 30])] }]), { balance: null })
    expect(fills(run)).toEqual(['short open 1 @ 100 fee 0.1 entry', 'short open 1 @ 104 fee 0.104 entry', 'short close 2 @ 90 fee 0.18 take-profit'])
    expect(tradesOf(run)).toEqual(['short 2 23.666 take-profit'])
    expect(run.trades[0]?.pnlPercentage.toFixed(4)).toBe('46.4039')
    expect(run.header).toMatchObject({ routes: [{ name: 'Ride', symbol: 'ETHUSDT', timeframe: '5m' }], positionMode: 'one-way' })
    expect(run.header.startingBalance.toFixed()).toBe('500')
    expectConserved(run)
  })

  it('a trade without orders is one entry and one exit, also where the next one opens as it closes', () => {
    const next = { ...trade, is_short: false, open_timestamp: trade.close_timestamp, close_timestamp: trade.close_timestamp + MINUTE, open_rate: 90, close_rate: 91, funding_fees: 0, exit_reason: 'stop_loss' }
    expect(tradesOf(imported('freqtrade', backtestOf([trade, next])))).toEqual(['short 2 19.67 take-profit', 'long 2 1.638 stop-loss'])
  })

  it('the trades that the API and show-trades answer with, and tables of them: open trades stay open, and a part that filled is that part', () => {
    const order = { amount: 2, safe_price: 100, ft_is_entry: true, order_filled_timestamp: START, filled: 1.5, status: 'canceled' }
    const open = { ...trade, close_rate: null, close_timestamp: null, fee_close: null, exit_reason: null, is_open: true, funding_fees: -0.1, orders: [order, { ...order, ft_is_entry: false, order_filled_timestamp: null, filled: 0 }] }
    for (const content of [{ trades: [open], trades_count: 1 }, [open]]) {
      const run = imported('freqtrade', content)
      expect([fills(run), fundings(run), run.trades]).toEqual([['short open 1.5 @ 100 fee 0.15 entry'], ['short -0.1 on 1.5'], []])
      expect(run.openPositions.map(({ qty }) => qty.toFixed())).toEqual(['1.5'])
      expectConserved(run)
    }
    const table = 'id,pair,is_short,amount,open_rate,close_rate,open_date,close_date,fee_open,fee_close,funding_fees,leverage,sell_reason,is_open\n1,ETH/USDT:USDT,1,2,100,90,2024-01-01 00:00:00+00:00,2024-01-01 00:30:00+00:00,0.001,0.001,0.05,4,roi,0\n2,ETH/USDT:USDT,0,1,90,,2024-01-01 00:40:00+00:00,,0.001,,,4,,1\n'
    expect(tradesOf(imported('freqtrade', table))).toEqual(['short 2 19.67 take-profit'])
    expect(imported('freqtrade', table).openPositions.map(({ leg, qty }) => `${leg} ${qty.toFixed()}`)).toEqual(['long 1'])
  })

  it('refuses several strategies, and a trade without its amount', () => {
    expect(refusal('freqtrade', { strategy: { A: { trades: [] }, B: { trades: [] } } })).toMatch(/^IMPORT_INVALID .*strategies A, B/s)
    expect(refusal('freqtrade', backtestOf([{ ...trade, amount: null }]))).toMatch(/^IMPORT_INVALID .*row 1.*amount null/s)
  })

  it.skipIf(shared === null).each([
    { file: 'freqtrade_A_ETH_15m_296_trades', count: 296, balance: '700.14989608', fees: '465.73197968', funding: '-3.41719419' },
    { file: 'freqtrade_C_ETH_1h_29_trades', count: 29, balance: '1136.42460336', fees: '74.26320172', funding: '-1.50959491' },
  ])('real trades of $file: the totals that their engine booked', ({ file, count, balance, fees, funding }) => {
    const csv = gunzipSync(readFileSync(`${shared ?? ''}/data/reference/${file}.csv.gz`)).toString()
    const [header = '', ...lines] = csv.trim().split('\n')
    const column = (name: string): string[] => lines.map((line) => line.split(',')[header.split(',').indexOf(name)] ?? '')
    const profits = column('profit_abs').map((text) => decimal(text))
    const sumWhere = (isWanted: (profit: Decimal) => boolean): Decimal => sumDecimals(profits.filter(isWanted)).abs()
    const run = imported('freqtrade', csv)
    const { total, long, short } = run.metrics
    expect([total.count, long.count, short.count]).toEqual([count, ...['LONG', 'SHORT'].map((side) => column('side').filter((text) => text === side).length)])
    expect(total.fees.toFixed(8)).toBe(fees)
    expect(total.funding.toFixed(8)).toBe(funding)
    expect(total.profitFactor?.toFixed(6)).toBe(sumWhere((profit) => profit.gt(0)).div(sumWhere((profit) => profit.lt(0))).toFixed(6))
    for (const [index, { netPnl }] of run.trades.entries()) expect(netPnl.minus(profits[index] ?? '0').abs().lte('0.00000001'), `row ${index + 1}`).toBe(true)
    expect(sumDecimals(profits).plus('1000').toFixed(8), 'the rows of the file').toBe(balance)
    expect(run.equity.at(-1)?.equity.minus(balance).abs().lte('0.000001')).toBe(true)
    expectConserved(run)
  })
})

const FILLS_HEADER = ',index,timestamp,coin,pnl,fee_paid,usd_total_balance,btc_cash_wallet,usd_cash_wallet,btc_price,qty,price,psize,pprice,type,liquidity,wallet_exposure,twe_long,twe_short,twe_net,minute'
const gridFill = (minute: number, [type, qty, price, psize]: readonly [string, string, string, string], [pnl, fee, balance]: readonly [string, string, string]): string =>
  `${minute},${minute},2024-01-01 00:${String(minute).padStart(2, '0')}:00,ETH,${pnl},${fee},${balance},0.0,${balance},42000.0,${qty},${price},${psize},${price},${type},maker,0.1,0.1,0.0,0.1,${minute}`

describe('passivbot', () => {
  const grid = [
    gridFill(0, ['entry_initial_normal_long', '0.1', '100.0', '0.1'], ['0.0', '-0.002', '999.998']),
    gridFill(1, ['entry_initial_normal_short', '-0.2', '101.0', '-0.2'], ['0.0', '-0.00404', '999.99396']),
    gridFill(2, ['entry_grid_normal_long', '0.2', '97.0', '0.30000000000000004'], ['0.0', '-0.00388', '999.99008']),
    gridFill(3, ['close_grid_long', '-0.3', '99.0', '0.0'], ['0.3', '-0.00594', '1000.28414']),
    gridFill(4, ['close_unstuck_short', '0.2', '102.0', '0.0'], ['-0.2', '-0.00408', '1000.08006']),
  ]

  it('the type names the leg; quantities in doubles add up; the balance is the one before the first fill', () => {
    const run = imported('passivbot', [FILLS_HEADER, ...grid].join('\n'), { balance: null })
    expect(tradesOf(run)).toEqual(['long 0.3 0.28818 take-profit', 'short 0.2 -0.20812 stop-loss'])
    expect(run.header.startingBalance.toFixed()).toBe('1000')
    expect(run.equity.at(-1)?.equity.toFixed()).toBe('1000.08006')
    expect(run.header).toMatchObject({ positionMode: 'hedge', routes: [{ symbol: 'ETHUSDT', timeframe: '1m' }] })
    expect(run.warnings.map(({ code }) => code)).toEqual(['IMPORTED_BACKTEST', 'NO_CANDLES', 'MARGIN_UNKNOWN', 'FUNDING_NOT_MODELLED'])
    expectConserved(run)
  })

  it('refuses fills that lack one before them, a quantity of the wrong sign, minutes without a start, and unknown types', () => {
    expect(refusal('passivbot', [FILLS_HEADER, ...grid.slice(2)].join('\n'))).toMatch(/^IMPORT_UNATTRIBUTED .*line 2.*holds 0.3 after it, but 0.2/s)
    expect(refusal('passivbot', [FILLS_HEADER, gridFill(0, ['entry_grid_long', '-1', '100', '1'], ['0', '0', '1'])].join('\n'))).toMatch(/^IMPORT_UNATTRIBUTED .*buys: above 0/s)
    expect(refusal('passivbot', 'minute,coin,pnl\n1,ETH,0')).toMatch(/^IMPORT_INVALID .*a column timestamp/s)
    expect(refusal('passivbot', [FILLS_HEADER, gridFill(0, ['gift', '1', '100', '1'], ['0', '0', '1'])].join('\n'))).toMatch(/^IMPORT_INVALID .*type "gift"/s)
    expect(refusal('passivbot', `${FILLS_HEADER}\n1,2`)).toMatch(/^IMPORT_INVALID .*2 cells/s)
  })
})

const btcCandles = (rows: readonly (readonly [low: number, high: number, close: number])[], from = START): ImportCandles => ({
  columns: candlesFromRows(rows.map(([low, high, close], index) => [from + index * MINUTE, close, high, low, close, 1])), source: 'btc.csv', synthetic: false, hash: 'abc',
})

describe('prices beside the fills', () => {
  it('with candles the account is valued between fills; without, at fills only, and the run says so', () => {
    const given = btcCandles([[99, 100, 100], [80, 101, 100], [70, 104, 104], [100, 104, 103]])
    const [seen, unseen] = [imported('bybit', answer(HEDGED), { candles: { BTCUSDT: given } }), imported('bybit', answer(HEDGED))]
    expect(seen.trades[0]?.mae.toFixed()).toBe('-20')
    expect(unseen.trades[0]?.mae.toFixed()).toBe('0')
    expect([seen, unseen].map(({ warnings }) => warnings.some(({ code }) => code === 'NO_CANDLES'))).toEqual([false, true])
    expect([seen, unseen].map(({ header: { data } }) => data[0]?.source)).toEqual(['btc.csv', 'fill prices'])
    expect(decimalText(seen.metrics.total.totalPnl)).toBe(decimalText(unseen.metrics.total.totalPnl))
  })

  it('refuses candles that do not cover the fills, or are of another symbol', () => {
    expect(refusal('bybit', answer(HEDGED), { candles: { BTCUSDT: btcCandles([[99, 100, 100], [99, 100, 100]]) } })).toMatch(/^DATA_EMPTY .*over the whole export/s)
    expect(refusal('bybit', answer(HEDGED), { candles: { XRPUSDT: btcCandles([[99, 100, 100]]) } })).toMatch(/^UNKNOWN_SYMBOL .*XRPUSDT/s)
  })

  it('nothing is said of margin, slippage, candles or gaps that an export cannot know', () => {
    const run = imported('bybit', answer(HEDGED))
    expect(run.metrics.total).toMatchObject({ minLiquidationDistance: null, marginUtilisationTwa: null })
    expect(run.course.marginUse.every(Number.isNaN)).toBe(true)
    expect(criticise(run).map(({ id }) => id)).toEqual(['few-trades', 'no-funding'])
  })
})

/** What the command says, on both streams. */
async function asked(args: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
  const said: string[] = []
  const keep = (text: unknown): boolean => said.push(String(text)) > 0
  const spies = [vi.spyOn(process.stdout, 'write').mockImplementation(keep), vi.spyOn(process.stderr, 'write').mockImplementation(keep)]
  try {
    return { code: await runCommand(['report', ...args]), said: said.join('') }
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}

describe('hedgerow report --import', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hedgerow-import-'))
  afterAll(() => { rmSync(folder, { recursive: true, force: true }) })

  const file = (name: string, content: unknown): string => {
    const path = join(folder, name)
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
    return path
  }
  const minuteCsv = ['timestamp_ms,open,high,low,close,volume', ...[100, 101, 104, 103].map((price, index) => `${START + index * MINUTE},${price},${price + 1},${price - 1},${price},1`)].join('\n')

  it.each([
    ['bybit', answer(HEDGED), ['--balance', '1000', '--candles', 'candles'], 'Bybit fills on BTCUSDT', '-0.40'],
    ['binance', [binance(0, ['BUY', 'LONG'], ['1', '100', '0']), binance(3, ['SELL', 'LONG'], ['1', '104', '4'])], ['--balance', '1000', '--income', 'income'], 'Binance fills on ETHUSDT', '+3.79'],
    ['freqtrade', backtestOf([{ pair: 'ETH/USDT', is_short: true, amount: 2, open_rate: 100, close_rate: 90, open_timestamp: START, close_timestamp: START + MINUTE, fee_open: 0, fee_close: 0 }]), [], 'Ride on ETHUSDT 5m', '+20.00'],
    ['passivbot', [FILLS_HEADER, gridFill(0, ['entry_initial_normal_short', '-1', '100', '-1'], ['0', '-0.1', '999.9'])].join('\n'), [], 'passivbot on ETHUSDT 1m', '-0.10'],
  ] as const)('%s: the page of its fills', async (format, content, flags, title, total) => {
    const beside: Readonly<Record<string, string>> = { candles: file('minutes.csv', minuteCsv), income: file('income.json', [income(1, '-0.01', 1)]) }
    const out = join(folder, `${format}.html`)
    const { code, said } = await asked(['--import', format, file(`${format}.txt`, content), ...flags.map((flag) => beside[flag] ?? flag), '--out', out])
    expect(said).toMatch(/\.html\n$/)
    expect(code).toBe(0)
    const page = readFileSync(out, 'utf8')
    expect(page).toContain(`<h1>${title}`)
    expect(page).toContain(`data-figure="totalPnl">${total}<`)
  })

  it('as the folder that a backtest writes: what is read from it is the run', async () => {
    const [export_, run] = [file('executions.json', answer(HEDGED)), join(folder, 'account')]
    const { code, said } = await asked(['--import', 'bybit', export_, '--balance', '1000', '--candles', file('minutes.csv', minuteCsv), '--out', run])
    expect([code, said.trim().endsWith('account'), readdirSync(run).length]).toEqual([0, true, 8])
    const [read, made] = [readRun(run), imported('bybit', answer(HEDGED), { candles: { BTCUSDT: btcCandles([[99, 101, 100], [100, 102, 101], [103, 105, 104], [102, 104, 103]]) } })]
    expect([read.kind, read.journalHash, tradesOf(read), fills(read), read.positions.length]).toEqual(['import', made.journalHash, tradesOf(made), fills(made), made.positions.length])
    expect(read.counts.slippage).toBe(null)
    expect(await asked([run, '--out', join(folder, 'again.html')])).toMatchObject({ code: 0 })
    const page = readFileSync(join(folder, 'again.html'), 'utf8')
    expect(page).toContain('data-figure="totalPnl">-0.40<')
    expect([...page.matchAll(/data-figure="(orders|denied|ambiguousCandles|insuranceUsed)">([^<]*)</g)].map(([, name, text]) => `${name} ${text}`), 'what an export does not know').toEqual(['orders 4', 'denied –', 'ambiguousCandles –', 'insuranceUsed –'])
    expect(page, 'the month has the fee of the very first fill').toMatch(/data-month="2024-01">.*?<td class="bad">-0\.40<\/td>/)
    expect(page).not.toMatch(/>(NaN|Infinity|undefined|null)</)
  })

  it('a folder with other files in it is left alone', async () => {
    const { code, said } = await asked(['--import', 'bybit', file('executions.json', answer(HEDGED)), '--balance', '1000', '--out', folder])
    expect([code, /OUTPUT_REFUSED/.test(said)]).toEqual([1, true])
  })

  it.each([
    [['--import', 'gift', 'x'], /USAGE_INVALID.*one of bybit, binance, freqtrade, passivbot/s],
    [['--import', 'bybit', 'nowhere.json'], /DATA_FILE_MISSING/],
    [['somewhere', '--balance', '5'], /USAGE_INVALID.*--balance without --import/s],
    [['--import', 'bybit', join(folder, 'bybit.txt'), '--balance', 'much'], /USAGE_INVALID.*"much"/s],
    [['--import', 'bybit', join(folder, 'bybit.txt'), '--balance', '5', '--position-mode', 'both'], /USAGE_INVALID.*hedge or one-way/s],
  ] as const)('%j is refused', async (args, message) => {
    const { code, said } = await asked(args)
    expect(said).toMatch(message)
    expect(code).toBe(2)
  })
})
