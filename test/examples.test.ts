/**
 * Golden summaries of the examples: the same numbers to the last decimal on every machine.
 * A change that is meant is written by `GOLDEN=write npx vitest run test/examples.test.ts` and read in the diff.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { decimalText, isDecimal } from '@hedgerow/core'
import { backtest, loadCandles, synthesizeCandles, type BacktestOptions, type BacktestResult, type CandleInput } from 'hedgerow'
import { describe, expect, it } from 'vitest'
import EmaHedge from '../examples/ema-hedge.ts'
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

if (shared === null) console.warn('SKIPPED: the examples on real candles need the shared folder (HEDGEROW_SHARED)')
