import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DAY_MS, decimal, RunCurve, runMetrics, ZERO, type EquityPoint, type JournalEvent, type Leg, type OpenPosition, type Trade } from '@hedgerow/core'
import { Strategy } from '@hedgerow/strategy-sdk'
import { assert, bigInt, property } from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { backtest } from '../backtest/backtest.ts'
import { BacktestResult, type RunHeader, type RunWarning } from '../backtest/result.ts'
import { synthesizeCandles } from '../data/synthesize.ts'
import { csvLines } from './csv.ts'
import { parquetReadObjects } from 'hyparquet'
import { DECOMPRESSORS } from '../store/parquet-codec.ts'
import { inMemory } from '../store/parquet-rows.ts'
import { countText, exactText, percentText, plainText, signedPercentText, signedText, type Criticism } from '@hedgerow/report/run'
import { plain } from './paint.ts'
import { parquetTable } from './parquet-table.ts'
import { PARQUET_FILE_NAMES, RESULT_FILE_NAMES } from './result-files.ts'
import { summaryText } from './summary.ts'
import { tableLines } from './table.ts'
import { discardPartial, writeResult } from './write-result.ts'

const START = Date.UTC(2023, 9, 2)
const BALANCE = decimal('10000')

const HEADER: RunHeader = {
  version: '0.0.0', profile: 'exact', exchange: 'exact', positionMode: 'hedge', marginMode: 'cross', leverage: { long: decimal('2'), short: decimal('2') },
  startingBalance: BALANCE, fee: { maker: decimal('0.0002'), taker: decimal('0.00055') }, fillAt: 'open', sim: {}, seed: 1, start: START, end: START + 30 * DAY_MS,
  routes: [{ name: 'Example', symbol: 'XUSDT', timeframe: '15m', legs: ['long', 'short'], params: { fast: 8, slow: 21 } }],
  data: [{ symbol: 'XUSDT', source: 'x.csv.gz', synthetic: false, hash: 'aa', candles: 43_200, missing: 0, start: START, end: START + 30 * DAY_MS }],
}

const FILL: JournalEvent = {
  type: 'order.filled', at: START, fillId: 'f1', orderId: 1, symbol: 'XUSDT', leg: 'long', intent: 'open', price: decimal('100.50'), qty: decimal('1'), fee: decimal('0.05'), liquidity: 'taker', source: 'order', role: 'entry',
}

function tradeOf(leg: Leg, netPnl: string, more: Partial<Trade> = {}): Trade {
  return {
    id: 1, strategy: 'Example', symbol: 'XUSDT', leg, qty: decimal('1'), entryPrice: decimal('100'), exitPrice: decimal('101'), grossPnl: decimal(netPnl), fees: ZERO, funding: ZERO, netPnl: decimal(netPnl), pnlPercentage: ZERO,
    openedAt: START, closedAt: START + DAY_MS, holdingMs: DAY_MS, exitReason: 'signal', mae: ZERO, mfe: ZERO, peakNotional: decimal('100'), orders: [1, 2], ...more,
  }
}

interface Parts {
  readonly trades?: readonly Trade[]
  readonly openPositions?: readonly OpenPosition[]
  readonly warnings?: readonly RunWarning[]
  readonly lines?: () => Iterable<string>
}

function resultOf({ trades = [], openPositions = [], warnings = [], lines = () => ['{"type":"order.filled"}'] }: Parts = {}): BacktestResult {
  const equity: EquityPoint[] = [{ at: START, equity: BALANCE, long: ZERO, short: ZERO }, { at: START + DAY_MS, equity: decimal('10070'), long: decimal('70'), short: ZERO }]
  const metrics = runMetrics({ startingBalance: BALANCE, trades, openPositions, daily: equity, curve: new RunCurve(10_000).summary() })
  const counts = { ambiguousCandles: 3, liquidations: 0, insuranceUsed: ZERO, slippage: { long: ZERO, short: ZERO }, orders: 2, fills: 1, denied: 0 }
  return new BacktestResult({ header: HEADER, trades, openPositions, metrics, compat: {}, equity, events: () => [FILL], lines, counts, warnings })
}

describe('number texts', () => {
  it.each([
    [plainText(decimal('1234567.895')), '1,234,567.90'],
    [plainText(decimal('-0.001')), '0.00'],
    [plainText(null), '–'],
    [signedText(decimal('1000')), '+1,000.00'],
    [signedText(decimal('-12.3')), '-12.30'],
    [signedText(ZERO), '0.00'],
    [percentText(decimal('0.5833')), '58.3 %'],
    [signedPercentText(decimal('0.007')), '+0.70 %'],
    [signedPercentText(null), '–'],
    [exactText(decimal('1812.3500')), '1,812.35'],
    [exactText(decimal('0.00000001')), '0.00000001'],
    [countText(43_200), '43,200'],
  ])('%s is %s', (text, expected) => {
    expect(text).toBe(expected)
  })

  it('reads back as the rounded value, whatever the value', () => {
    assert(property(bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), (cents) => {
      const value = decimal(String(cents)).div(100)
      expect(decimal(plainText(value).replaceAll(',', '')).eq(value)).toBe(true)
      expect(signedText(value).replace('+', '')).toBe(plainText(value))
    }))
  })
})

describe('table', () => {
  it('aligns cells to the right and colours them afterwards', () => {
    const lines = tableLines([{ label: 'a', cells: [{ text: '1', paint: (aligned) => `<${aligned}>` }, { text: '22' }] }, 'gap', 'rule'], { label: 4, cell: 5 })
    expect(lines).toEqual(['a   <    1>   22', '', '──────────────'])
  })
})

describe('csv', () => {
  it('quotes what needs quotes and ends every line with CRLF', () => {
    const columns = [{ name: 'a', text: (row: string) => row }, { name: 'b', text: () => '1' }]
    expect([...csvLines(columns, ['plain', 'with, comma', 'with "quotes"', 'two\nlines'])].join('')).toBe('a,b\r\nplain,1\r\n"with, comma",1\r\n"with ""quotes""",1\r\n"two\nlines",1\r\n')
  })
})

function textOf(parts: Parts): string {
  return summaryText(resultOf(parts), { paint: plain, folder: 'out', files: RESULT_FILE_NAMES })
}

describe('summary', () => {
  it('shows both legs and the account, within 80 columns', () => {
    const text = textOf({ trades: [tradeOf('long', '100'), tradeOf('short', '-30', { exitReason: 'liquidation' })] })
    expect(text).toMatchSnapshot()
    expect(text.split('\n').every((line) => line.length <= 80)).toBe(true)
  })

  it('has no number for what does not exist: no trades', () => {
    const text = textOf({})
    expect(text).toMatchSnapshot()
    expect(text).not.toMatch(/NaN|Infinity|null|undefined|-0\.00/)
  })

  it('puts warnings above the table and lists what is still open', () => {
    const position: OpenPosition = { strategy: 'Example', symbol: 'XUSDT', leg: 'short', qty: decimal('0.5'), entryPrice: decimal('100'), price: decimal('90'), unrealisedPnl: decimal('5'), realisedPnl: ZERO, fees: ZERO, funding: ZERO, netPnl: decimal('5'), openedAt: START, tradedNotional: decimal('50'), mae: ZERO, mfe: ZERO, orders: [1] }
    const text = textOf({ openPositions: [position], warnings: [{ code: 'FUNDING_NOT_MODELLED', text: 'No funding rates for XUSDT: funding counts as zero. This line is long enough that it has to be broken.' }] })
    expect(text).toMatchSnapshot()
    expect(text.indexOf('FUNDING_NOT_MODELLED')).toBeLessThan(text.indexOf('Trades'))
  })
})

/** Sends what is refused: closes of a flat leg on every bar, and once a stop that is passed already. */
class Refused extends Strategy {
  onBar() {
    this.short.close()
    if (this.index === 0) for (const market of this.markets) market.long.open({ qty: 1 })
    if (this.index === 1) this.long.open({ qty: 1, trigger: 1 })
  }
}

async function refusedSummary(symbols: readonly string[]): Promise<string> {
  const candles = Object.fromEntries(symbols.map((symbol, seed) => [symbol, synthesizeCandles({ seed, start: START, count: 240 })]))
  const result = await backtest({ exchange: { positionMode: 'hedge' }, routes: [{ symbols, timeframe: '1h', strategy: Refused }], candles, warmupCandles: 0 })
  return summaryText(result, { paint: plain, folder: null, files: [] })
}

describe('summary of a run', () => {
  it('tells the orders that were refused, by reason', async () => {
    const text = await refusedSummary(['ETHUSDT'])
    expect(text).toMatch(/^ {2}Denied {5}NOTHING_TO_CLOSE 4$/m)
    expect(text).toMatch(/^ {2}Rejected {3}TRIGGER_ALREADY_PASSED 1$/m)
    expect(textOf({})).not.toMatch(/Denied|Rejected/)
  })

  it('names the legs of several symbols in full, within 80 columns', async () => {
    const lines = (await refusedSummary(['ETHUSDT', '1000PEPEUSDT'])).split('\n')
    expect(lines).toEqual(expect.arrayContaining([expect.stringMatching(/^ {2}ETHUSDT long {7}[·█]+ {2}to 1$/), expect.stringMatching(/^ {2}1000PEPEUSDT long {2}[·█]+ {2}to 1$/)]))
    expect(lines.every((line) => line.length <= 80)).toBe(true)
  })
})

const remark = (id: string, severity: Criticism['severity'], headline = `${id} is wrong.`): Criticism => ({ id, severity, headline, found: 'found', remedy: 'remedy' })
const criticismIn = (criticism: readonly Criticism[], folder: string | null = 'out'): string[] =>
  summaryText(resultOf(), { paint: plain, folder, files: [], criticism }).split('\n').filter((line) => /✖|what to do/.test(line))

describe('criticism under the summary', () => {
  it('says what is severe in at most three lines, cut to the screen, and where the rest is', () => {
    const long = 'One trade makes the result: 100.00 of 120.00 are trade 12, a long on ETHUSDT, and so on and on.'
    expect(criticismIn([remark('a', 'severe', long), remark('b', 'severe'), remark('c', 'severe'), remark('d', 'note')])).toEqual([
      '  ✖ One trade makes the result: 100.00 of 120.00 are trade 12, a long on ETHUSD…', '  ✖ b is wrong.', '    2 more, and what to do: hedgerow report out',
    ])
    expect(criticismIn([remark('a', 'severe')], null)).toEqual(['  ✖ a is wrong.', '    How it was found, and what to do: make the page with --report FILE.html'])
  })

  it('says nothing of what is not severe, or has been said as a warning', () => {
    expect(criticismIn([remark('a', 'warning'), remark('b', 'note'), remark('liquidated', 'severe'), remark('synthetic', 'severe')])).toEqual([])
  })
})

describe('result files', () => {
  let folder = ''
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'hedgerow-output-')) })
  afterEach(() => { rmSync(folder, { recursive: true }) })

  it('are written together; a folder of results is replaced', () => {
    const out = join(folder, 'run')
    writeResult(resultOf(), out)
    expect(writeResult(resultOf({ trades: [tradeOf('long', '100')] }), out)).toBe(out)
    expect(readdirSync(out).sort()).toEqual([...RESULT_FILE_NAMES].sort())
    expect(readdirSync(folder)).toEqual(['run'])
    const [header, row] = readFileSync(join(out, 'trades.csv'), 'utf8').split('\r\n')
    expect(header).toContain('openedAtMs,openedAt,')
    expect(row).toContain(',1696204800000,2023-10-02T00:00:00.000Z,')
    expect(readFileSync(join(out, 'fills.csv'), 'utf8')).toContain('f1,1,1696204800000,2023-10-02T00:00:00.000Z,XUSDT,long,open,entry,100.5,1,0.05,taker,order')
    const [first = '', second] = readFileSync(join(out, 'events.jsonl'), 'utf8').split('\n')
    expect(JSON.parse(first)).toMatchObject({ type: 'run.header', profile: 'exact', startingBalance: '10000' })
    expect(second).toBe('{"type":"order.filled"}')
  })

  it('as Parquet: times, counts and texts, decimals to the last digit; a run without them replaces them', async () => {
    const out = join(folder, 'run')
    const qty = '0.1234567890123456789012345678901234567'
    writeResult(resultOf({ trades: [tradeOf('long', '100', { qty: decimal(qty) }), tradeOf('short', '-30', { orders: [] })] }), out, null, { parquet: parquetTable })
    expect(readdirSync(out).sort()).toEqual([...RESULT_FILE_NAMES, ...PARQUET_FILE_NAMES].sort())
    const rowsOf = (name: string): Promise<Record<string, unknown>[]> => parquetReadObjects({ file: inMemory(readFileSync(join(out, name))), compressors: DECOMPRESSORS })
    const trades = await rowsOf('trades.parquet')
    expect(trades.map((row) => [row['id'], row['leg'], row['qty'], row['netPnl'], row['openedAt'], row['holdingMs'], row['orders']])).toEqual([
      [1n, 'long', qty, '100', new Date(START), BigInt(DAY_MS), '1 2'], [1n, 'short', '1', '-30', new Date(START), BigInt(DAY_MS), null],
    ])
    expect(await rowsOf('fills.parquet')).toMatchObject([{ fillId: 'f1', at: new Date(START), leg: 'long', intent: 'open', price: '100.5', fee: '0.05' }])
    expect(await rowsOf('equity.parquet')).toMatchObject([{ at: new Date(START), equity: '10000' }, { at: new Date(START + DAY_MS), equity: '10070', long: '70', short: '0' }])
    expect(await rowsOf('positions.parquet')).toEqual([])
    writeResult(resultOf(), out)
    expect(readdirSync(out).sort()).toEqual([...RESULT_FILE_NAMES].sort())
  })

  it('refuse a folder with other files', () => {
    writeFileSync(join(folder, 'notes.txt'), 'mine')
    expect(() => writeResult(resultOf(), folder)).toThrow(/OUTPUT_REFUSED.*notes\.txt/)
    expect(readdirSync(folder)).toEqual(['notes.txt'])
  })

  it('leave the old result and nothing else when writing fails half-way', () => {
    const out = join(folder, 'run')
    writeResult(resultOf(), out)
    const before = readFileSync(join(out, 'result.json'), 'utf8')
    const broken = resultOf({ lines: function* () { yield '{}'; throw new Error('disk full') } })
    expect(() => writeResult(broken, out)).toThrow(/OUTPUT_FAILED.*disk full/)
    expect(readdirSync(folder)).toEqual(['run'])
    expect(readFileSync(join(out, 'result.json'), 'utf8')).toBe(before)
  })

  it('come back when the move into place was cut in its middle', () => {
    const out = join(folder, 'run')
    mkdirSync(join(folder, `.run.${process.pid}.old`))
    mkdirSync(join(folder, `.run.${process.pid}.new`))
    discardPartial(out)
    expect(readdirSync(folder)).toEqual(['run'])
  })
})
