/**
 * One line a run for a wide set of runs: a hash of everything that a result says, and of its journal. What is meant to leave results
 * alone prints the same lines before and after: `npm run fingerprint > before`, change, `npm run fingerprint | diff before -`.
 */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { isHedgerowError } from '@hedgerow/core'
import { backtest, loadCandles, loadFunding, synthesizeCandles, type BacktestOptions, type CandleInput } from 'hedgerow'
import DcaHedge from '../../examples/dca-hedge.ts'
import EmaHedge from '../../examples/ema-hedge.ts'
import FundingHarvest from '../../examples/funding-harvest.ts'
import HedgeGrid from '../../examples/hedge-grid.ts'
import HedgeTimeline from '../../examples/hedge-timeline.ts'
import PairEntry from '../../examples/pair-entry.ts'
import { Restless } from './restless.ts'

const START = Date.UTC(2024, 0, 1)
const PROFILES = ['bybit-uta', 'binance-usdm', 'exact', 'jesse']
const ROUTES: Readonly<Record<string, Omit<BacktestOptions['routes'][number], 'symbol'>>> = {
  'ema-hedge': { timeframe: '1m', strategy: EmaHedge },
  'hedge-grid': { timeframe: '1m', strategy: HedgeGrid },
  'hedge-timeline': { timeframe: '1m', strategy: HedgeTimeline },
  'pair-entry': { timeframe: '1m', strategy: PairEntry, params: { squeeze: 0.9 } },
  'dca-hedge': { timeframe: '5m', strategy: DcaHedge, params: { anchor: '30m' } },
  restless: { timeframe: '1m', strategy: Restless },
  'restless-large': { timeframe: '5m', strategy: Restless, params: { seed: 5, size: 8 } },
}

const shared = process.env['HEDGEROW_SHARED'] ?? new URL('../../../shared', import.meta.url).pathname
const fileOf = (kind: string, name: string): string => `${shared}/data/${kind}/${name}.csv.gz`
const recorded = fileOf('candles', 'bybit-linear_ETHUSDT_1m_2023-10')

/** Everything about a result but the version of the program. */
async function fingerprint(options: BacktestOptions): Promise<string> {
  try {
    const result = await backtest(options)
    const { header, ...rest } = result.toJSON()
    const text = JSON.stringify({ ...rest, header: { ...(header as object), version: '' } })
    return `${createHash('sha256').update(text).digest('hex').slice(0, 16)} ${result.journalHash.slice(0, 16)} ${result.counts.orders} orders ${result.counts.fills} fills ${result.counts.denied} denied ${result.counts.liquidations} liquidations`
  } catch (error) {
    if (isHedgerowError(error)) return `${error.code} ${createHash('sha256').update(error.message).digest('hex').slice(0, 16)}`
    throw error
  }
}

/** Runs whose names the first argument, a regular expression, does not match are left out. */
const chosen = new RegExp(process.argv[2] ?? '')

async function print(name: string, options: BacktestOptions): Promise<void> {
  if (!chosen.test(name)) return
  process.stdout.write(`${name.padEnd(70)} ${await fingerprint(options)}\n`)
}

async function single(data: string, candles: CandleInput, end: string | undefined): Promise<void> {
  for (const [name, route] of Object.entries(ROUTES)) {
    for (const profile of PROFILES) {
      for (const positionMode of ['hedge', 'one-way'] as const) {
        for (const marginMode of ['cross', 'isolated'] as const) {
          const leverage = name === 'restless-large' ? 25 : 5
          await print(`${data} ${name} ${profile} ${positionMode} ${marginMode}`, {
            exchange: { profile, positionMode, marginMode, leverage, startingBalance: '10000' }, routes: [{ symbol: 'ETHUSDT', ...route }], candles: { ETHUSDT: candles },
            dataRoutes: [{ symbol: 'ETHUSDT', timeframe: '30m' }], warmupCandles: route.timeframe === '5m' ? 360 : 240, ...(end === undefined ? {} : { end }),
          })
        }
      }
    }
  }
}

/** Rules of the simulation that are not the default. */
async function rules(candles: CandleInput): Promise<void> {
  const sims: readonly (readonly [string, NonNullable<BacktestOptions['sim']>])[] = [
    ['pessimistic', { path: 'pessimistic' }], ['adaptive', { path: 'adaptive' }], ['touch', { limitFill: 'touch' }], ['volume share', { volumeShare: '0.05' }], ['slippage', { slippage: { bps: '2.5' } }], ['reject', { onStopPassed: 'reject' }],
  ]
  for (const [name, sim] of sims) {
    for (const strategy of ['restless', 'hedge-grid', 'ema-hedge'] as const) {
      const route = ROUTES[strategy]
      if (route !== undefined) await print(`rules ${name} ${strategy}`, { exchange: { profile: 'bybit-uta', leverage: 5 }, routes: [{ symbol: 'ETHUSDT', ...route }], candles: { ETHUSDT: candles }, sim })
    }
  }
}

/** Several symbols in one account, with marks and funding. */
async function several(): Promise<void> {
  const candles = Object.fromEntries(['BTCUSDT', 'ETHUSDT', 'SOLUSDT'].map((symbol, index) => [symbol, synthesizeCandles({ seed: 20 + index, start: START, count: 2 * 1440, price: [42_000, 2300, 101][index] ?? 1, tickSize: ['0.1', '0.01', '0.001'][index] ?? '0.01' })]))
  const funding = Object.fromEntries(Object.keys(candles).map((symbol, index) => [symbol, Array.from({ length: 13 }, (_, row) => [START + row * 28_800_000, (((row * 7 + index * 5) % 9) - 3) / 10_000] as const)]))
  const marks = { ETHUSDT: synthesizeCandles({ seed: 21, start: START, count: 2 * 1440, price: 2300.5, tickSize: '0.01' }) }
  for (const profile of PROFILES) {
    for (const marginMode of ['cross', 'isolated'] as const) {
      for (const leverage of [5, 40]) {
        await print(`several ${profile} ${marginMode} x${leverage}`, {
          exchange: { profile, marginMode, leverage, startingBalance: '20000' }, candles, funding, marks,
          routes: [
            { symbol: 'BTCUSDT', timeframe: '1m', strategy: Restless, params: { seed: 3, size: 0.05 }, name: 'a' }, { symbol: 'ETHUSDT', timeframe: '5m', strategy: Restless, params: { seed: 4 }, name: 'b' }, { symbol: 'SOLUSDT', timeframe: '1m', strategy: HedgeGrid, name: 'c' },
          ],
        })
      }
    }
    await print(`portfolio ${profile}`, { exchange: { profile, leverage: 3, startingBalance: '10000' }, candles, funding, routes: [{ symbols: ['BTCUSDT', 'ETHUSDT'], timeframe: '1m', strategy: FundingHarvest, params: { enterAt: 0.005 } }] })
  }
}

await single('synthetic', synthesizeCandles({ seed: 7, start: START, count: 2 * 1440 }), undefined)
await rules(synthesizeCandles({ seed: 9, start: START, count: 2 * 1440 }))
await several()
if (existsSync(recorded)) {
  await single('ETHUSDT 2023-10', await loadCandles(recorded), '2023-10-03')
  const [SOLUSDT, XRPUSDT] = await Promise.all(['SOLUSDT', 'XRPUSDT'].map((symbol) => loadCandles(fileOf('candles', `binance-usdm_${symbol}_1m_2025-05-04_2025-06-24`))))
  const [sol, xrp] = await Promise.all(['SOLUSDT', 'XRPUSDT'].map((symbol) => loadFunding(fileOf('funding', `binance-usdm_${symbol}_funding`))))
  if (SOLUSDT !== undefined && XRPUSDT !== undefined && sol !== undefined && xrp !== undefined) {
    await print('SOL+XRP 2025-05 funding-harvest', { exchange: { profile: 'binance-usdm', leverage: 3 }, candles: { SOLUSDT, XRPUSDT }, funding: { SOLUSDT: sol, XRPUSDT: xrp }, routes: [{ symbols: ['SOLUSDT', 'XRPUSDT'], timeframe: '1m', strategy: FundingHarvest, params: { enterAt: 0.005 } }], end: '2025-05-09' })
  }
} else {
  process.stderr.write('SKIPPED: the real files need the shared folder (HEDGEROW_SHARED)\n')
}
