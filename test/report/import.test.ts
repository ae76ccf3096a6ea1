/** Fills that were exported elsewhere become runs of both legs: each format, both position modes, and rows that cannot be believed. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { decimal, decimalText, isHedgerowError, sumDecimals, type Decimal } from '@hedgerow/core'
import { criticise, importedRun, importFormat, type FinishedRun, type ImportCandles, type ImportOptions } from '@hedgerow/report'
import { candlesFromRows } from 'hedgerow'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { runCommand } from '../../apps/runner/src/cli/command.ts'
import { sharedFolder } from '../support/shared.ts'

const shared = sharedFolder()
if (shared === null) console.warn('SKIPPED: imports of real payloads need the shared folder (HEDGEROW_SHARED)')

const START = Date.UTC(2024, 0, 1)
const MINUTE = 60_000

interface Setup {
  readonly balance?: string | null
  readonly options?: ImportOptions
  readonly candles?: Readonly<Record<string, ImportCandles>>
}

function imported(format: string, content: unknown, { balance = '1000', options = {}, candles = {} }: Setup = {}): FinishedRun {
  const chosen = importFormat(format)
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  const file = chosen.read([{ path: 'export', text }], options)
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
