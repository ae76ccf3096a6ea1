/**
 * Golden summaries of the examples: the same numbers to the last decimal on every machine.
 * A change that is meant is written by `GOLDEN=write npx vitest run test/examples.test.ts` and read in the diff.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { decimalText, isDecimal } from '@hedgerow/core'
import { runStrategy } from '@hedgerow/strategy-sdk/testing'
import { backtest, loadCandles, loadFunding, synthesizeCandles, type BacktestOptions, type BacktestResult, type CandleInput } from 'hedgerow'
import { describe, expect, it } from 'vitest'
import DcaHedge from '../examples/dca-hedge.ts'
import EmaHedge from '../examples/ema-hedge.ts'
import FundingHarvest from '../examples/funding-harvest.ts'
import HedgeGrid from '../examples/hedge-grid.ts'
import HedgeTimeline from '../examples/hedge-timeline.ts'
import PairEntry from '../examples/pair-entry.ts'
import { expectFinite } from './support/finite.ts'
import { sharedFolder } from './support/shared.ts'

const EXAMPLES = { 'ema-hedge': EmaHedge, 'hedge-grid': HedgeGrid, 'hedge-timeline': HedgeTimeline, 'pair-entry': PairEntry }
const PROFILES = ['bybit-uta', 'binance-usdm'] as const
const CASES = Object.entries(EXAMPLES).flatMap(([name, strategy]) => PROFILES.map((profile) => ({ name, strategy, profile })))
const shared = sharedFolder()

/** Three days of made-up candles: enough for every example to trade both legs. */
const synthetic = synthesizeCandles({ seed: 7, start: Date.UTC(2024, 0, 1), count: 3 * 1440 })

/** Parameters under which an example trades within a few days. */
const PARAMS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = { 'pair-entry': { squeeze: 0.9 } }

function run(name: string, strategy: BacktestOptions['routes'][number]['strategy'], profile: string, candles: CandleInput, end?: string): Promise<BacktestResult> {
  return backtest({
    exchange: { profile, positionMode: 'hedge', leverage: 5, startingBalance: '10000' },
    routes: [{ symbol: 'ETHUSDT', timeframe: '1m', strategy, params: PARAMS[name] ?? {} }],
    candles: { ETHUSDT: candles },
    ...(end === undefined ? {} : { end }),
  })
}

const text = (value: unknown): unknown => (isDecimal(value) ? decimalText(value) : value)

function columnOf({ count, wins, grossPnl, fees, netPnl, profitFactor, intradayMaxDrawdown, hedgedTimeRatio, sharpe365 }: BacktestResult['metrics']): Record<string, unknown> {
  return Object.fromEntries(Object.entries({ count, wins, grossPnl, fees, netPnl, profitFactor, intradayMaxDrawdown, hedgedTimeRatio, sharpe365 }).map(([key, value]) => [key, text(value)]))
}

/** What a reader would compare: a few figures, and the hash over everything else. */
function summaryOf(result: BacktestResult): Record<string, unknown> {
  return {
    finalEquity: text(result.equity.at(-1)?.equity), total: columnOf(result.metrics), long: columnOf(result.legs.long.metrics), short: columnOf(result.legs.short.metrics),
    fills: result.counts.fills, ambiguousCandles: result.counts.ambiguousCandles, journalHash: result.journalHash,
  }
}

function expectGolden(file: string, key: string, result: BacktestResult): void {
  const path = new URL(`golden/${file}.json`, import.meta.url)
  const read = (): Record<string, unknown> => JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
  if (process.env['GOLDEN'] === 'write') writeFileSync(path, `${JSON.stringify({ ...read(), [key]: summaryOf(result) }, null, 2)}\n`)
  expect(summaryOf(result)).toEqual(read()[key])
}

function runDca(profile: string, candles: CandleInput, end?: string): Promise<BacktestResult> {
  return backtest({
    exchange: { profile, positionMode: 'hedge', leverage: 5, startingBalance: '10000' },
    routes: [{ symbol: 'ETHUSDT', timeframe: '5m', strategy: DcaHedge, params: { anchor: '30m' } }], dataRoutes: [{ symbol: 'ETHUSDT', timeframe: '30m' }],
    candles: { ETHUSDT: candles }, warmupCandles: 360, ...(end === undefined ? {} : { end }),
  })
}

/** The long grows in steps, the short lives within it, and what it won buys a piece of the long back lower. */
function expectHedged(result: BacktestResult): void {
  expectFinite(result.toJSON())
  const [longs, shorts] = [result.trades.filter(({ leg }) => leg === 'long'), result.trades.filter(({ leg }) => leg === 'short')]
  expect(shorts.length).toBeGreaterThan(0)
  for (const short of shorts) expect(longs.some((long) => long.openedAt < short.openedAt && short.openedAt < long.closedAt), 'a long to hedge').toBe(true)
  expect(longs.some(({ orders }) => orders.length > 3), 'steps').toBe(true)
  const rebuys = result.events.filter((event) => event.type === 'order.submitted' && event.order.tag === 'rebuy')
  expect(rebuys.length).toBeGreaterThan(0)
  expect(result.events.filter((event) => event.type === 'order.denied')).toEqual([])
}

/** Fills in the first sixteen hours. */
function early(fills: readonly string[]): readonly string[] {
  return fills.filter((fill) => Number(/^@(\d+)/.exec(fill)?.[1]) <= 960)
}

describe('examples on seeded synthetic candles', () => {
  it.each(CASES)('$name under $profile', async ({ name, strategy, profile }) => {
    const result = await run(name, strategy, profile, synthetic)
    expect(result.trades.some((trade) => trade.leg === 'long') && result.trades.some((trade) => trade.leg === 'short'), 'both legs trade').toBe(true)
    expectFinite(result.toJSON())
    expectGolden('synthetic', `${name} ${profile}`, result)
  })
})

describe.skipIf(shared === null)('examples on a week of real candles', () => {
  it.each(CASES)('$name under $profile', async ({ name, strategy, profile }) => {
    const result = await run(name, strategy, profile, await loadCandles(`${shared ?? ''}/data/candles/bybit-linear_ETHUSDT_1m_2023-10.csv.gz`), '2023-10-09')
    expectFinite(result.toJSON())
    expectGolden('bybit-ETHUSDT-2023-10', `${name} ${profile}`, result)
  })
})

describe('hedge-timeline', () => {
  it('opens long 1.0 at bar 5, short 0.5 at bar 10, closes the long at bar 20 and the short at bar 25', async () => {
    const result = await backtest({
      exchange: { profile: 'exact', positionMode: 'hedge' }, routes: [{ symbol: 'ETHUSDT', timeframe: '1m', strategy: HedgeTimeline }], candles: { ETHUSDT: synthetic },
      instruments: [{ symbol: 'ETHUSDT', tickSize: '0.01', qtyStep: '0.01' }], warmupCandles: 0,
    })
    const openOf = (bar: number): number => synthetic.open[bar] ?? Number.NaN
    const fills = result.events.flatMap((event) => (event.type === 'order.filled' ? [event] : []))
    expect(fills.map(({ leg, intent, qty }) => [leg, intent, decimalText(qty)])).toEqual([['long', 'open', '1'], ['short', 'open', '0.5'], ['long', 'close', '1'], ['short', 'close', '0.5']])
    expect(fills.map(({ at, price }) => [(at - synthetic.start) / 60_000, price.toNumber()])).toEqual([6, 11, 21, 26].map((bar) => [bar, openOf(bar)]))
  })
})

describe('dca-hedge', () => {
  it.each(PROFILES)('on seeded synthetic candles under %s', async (profile) => {
    const result = await runDca(profile, synthesizeCandles({ seed: 2, start: Date.UTC(2024, 0, 1), count: 5 * 1440 }))
    expectHedged(result)
    expectGolden('synthetic', `dca-hedge ${profile}`, result)
  })

  it.skipIf(shared === null).each(PROFILES)('on real candles under %s', async (profile) => {
    const result = await runDca(profile, await loadCandles(`${shared ?? ''}/data/candles/bybit-linear_ETHUSDT_1m_2023-10.csv.gz`), '2023-10-14')
    expectHedged(result)
    expectGolden('bybit-ETHUSDT-2023-10', `dca-hedge ${profile}`, result)
  })
})

describe('funding-harvest', () => {
  it.skipIf(shared === null).each(PROFILES)('on real candles and rates of two symbols under %s', async (profile) => {
    const symbols = ['SOLUSDT', 'XRPUSDT'] as const
    const load = async <T>(read: (symbol: string) => Promise<T>): Promise<Record<string, T>> => Object.fromEntries(await Promise.all(symbols.map(async (symbol) => [symbol, await read(symbol)] as const)))
    const result = await backtest({
      exchange: { profile, positionMode: 'hedge', leverage: 3, startingBalance: '10000' }, routes: [{ symbols, timeframe: '1h', strategy: FundingHarvest }], warmupCandles: 0, end: '2025-06-01',
      candles: await load((symbol) => loadCandles(`${shared ?? ''}/data/candles/binance-usdm_${symbol}_1m_2025-05-04_2025-06-24.csv.gz`)),
      funding: await load((symbol) => loadFunding(`${shared ?? ''}/data/funding/binance-usdm_${symbol}_funding.csv.gz`)),
    })
    expectFinite(result.toJSON())
    for (const { symbol, leg, openedAt } of result.trades) {
      const other = result.trades.find((trade) => trade.symbol !== symbol && trade.openedAt === openedAt)
      expect(other?.leg, 'the other symbol is held the other way').toBe(leg === 'long' ? 'short' : 'long')
    }
    expect(result.metrics.funding.gt(0), 'funding was earned').toBe(true)
    expectGolden('binance-SOL-XRP-2025-05', `funding-harvest ${profile}`, result)
  })

  const HOUR = 3_600_000
  const flat = Array.from({ length: 26 * 60 }, () => 100)
  const harvest = (rates: readonly (readonly [a: number, b: number])[], positionMode: 'hedge' | 'one-way' = 'hedge'): readonly string[] => runStrategy(FundingHarvest, {
    prices: { A: flat, B: flat }, timeframe: '1h', positionMode, leverage: 2, feeRate: 0,
    funding: { A: rates.map(([rate], index) => [index * 8 * HOUR, rate]), B: rates.map(([, rate], index) => [index * 8 * HOUR, rate]) },
  }).fills

  it.each(['hedge', 'one-way'] as const)('%s: shorts what pays more once it has paid, and turns when that has', (positionMode) => {
    const fills = harvest([[0.0003, 0.0001], [0.0003, 0.0001], [0.0001, 0.0009], [0.0001, 0.0009]], positionMode)
    expect(fills.slice(0, 2)).toEqual(['@60 A open short 500 at 100', '@60 B open long 500 at 100'])
    expect(fills.slice(2).map((fill) => fill.replace(/ [\d.]+ at 100$/, ''))).toEqual(['@1020 A close short', '@1020 B close long', '@1080 A open long', '@1080 B open short'])
  })

  it('a rate that is still ahead changes nothing', () => {
    const known = [[0.0003, 0.0001], [0.0003, 0.0001]] as const
    expect(early(harvest([...known, [0.0001, 0.0009], [0, 0]]))).toEqual(early(harvest([...known, [0.0009, 0.0001], [0, 0]])))
  })
})

if (shared === null) console.warn('SKIPPED: the examples on real candles need the shared folder (HEDGEROW_SHARED)')
