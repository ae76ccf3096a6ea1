/** One peer on one workload: `peer-child.ts PEER WORKLOAD FOLDER CACHE`. Prints CPU times and trades as its last line. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { CandleData } from '../../apps/runner/src/data/candle-data.ts'
import { HOUR, WARMUP } from './account.ts'
import { readData } from './data.ts'
import { CROSS, crossSignals } from './floor-cross.ts'
import { cpuOf, spreadOf } from './measure.ts'

const RUNS = 3
const PERCENT = 100
const [peer = '', workload = '', folder = '', cache = ''] = process.argv.slice(2)
const load = createRequire(join(cache, 'peers.js'))

/** One minute as an object: what peers take. `signal` is 1 or -1 where the averages have crossed. */
interface PeerBar {
  readonly time: Date
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
  readonly signal: number
}

/** They are handed the crosses: what is compared is the walk over the candles. */
function barsOf(candles: CandleData): PeerBar[] {
  const signals = workload === 'ema-cross' ? crossSignals(candles, CROSS, WARMUP * HOUR) : new Int8Array(candles.length)
  const { open, high, low, close, volume, start, step } = candles
  return Array.from(signals, (signal, row) => ({ time: new Date(start + row * step), open: open[row] ?? 0, high: high[row] ?? 0, low: low[row] ?? 0, close: close[row] ?? 0, volume: volume[row] ?? 0, signal }))
}

interface Grademark {
  readonly backtest: (strategy: object, series: object) => { readonly length: number }
}

interface EntryArguments {
  readonly bar: PeerBar
}

function grademark(bars: readonly PeerBar[]): () => number {
  const { backtest } = load('grademark') as Grademark
  const { DataFrame } = load('data-forge') as { readonly DataFrame: new (rows: readonly PeerBar[]) => object }
  const series = new DataFrame(bars)
  const strategy = {
    entryRule: (enter: (options: { readonly direction: 'long' | 'short' }) => void, { bar }: EntryArguments): void => {
      if (bar.signal !== 0) enter({ direction: bar.signal > 0 ? 'long' : 'short' })
    },
    stopLoss: distance(CROSS.stop), profitTarget: distance(CROSS.target),
  }
  return () => backtest(strategy, series).length
}

function distance(percent: number): (entry: { readonly entryPrice: number }) => number {
  return ({ entryPrice }) => (entryPrice * percent) / PERCENT
}

interface Framework {
  readonly run: (options: object) => Promise<unknown>
}

/** Its candles come from a database that is not part of what is compared: they are handed over in its stead. */
function framework(bars: readonly PeerBar[]): () => Promise<number> {
  const base = '@backtest/framework/dist/src/helpers'
  const candles = bars.map(({ time, ...bar }) => ({ ...bar, symbol: 'X', interval: '1m', openTime: time.getTime(), closeTime: time.getTime() + 59_999, assetVolume: 0, numberOfTrades: 0 }))
  const store = load.resolve(`${base}/prisma-historical-data.js`)
  load.cache[store] = Object.assign(Object.create(null) as NodeJS.Module, { id: store, filename: store, loaded: true, exports: { getCandles: () => Promise.resolve({ candles, metaCandles: [{ name: 'x', symbol: 'X', interval: '1m' }] }) } })
  const { run } = load(`${base}/run-strategy.js`) as Framework
  const book = load(`${base}/orders.js`) as { readonly allOrders: readonly { readonly type: string }[] }
  writeStrategy()
  const options = { strategyName: 'bench', historicalData: ['x'], supportHistoricalData: [], startingAmount: 10_000, startTime: 0, endTime: Number.MAX_SAFE_INTEGER, params: {}, percentFee: 0.055, percentSlippage: 0, rootPath: join(cache, 'strategies') }
  return async () => {
    await run(options)
    return book.allOrders.filter(({ type }) => type === 'sell').length
  }
}

/** It takes a strategy from a file alone. */
function writeStrategy(): void {
  const path = join(cache, 'strategies', 'bench.js')
  if (existsSync(path)) return
  mkdirSync(join(cache, 'strategies'), { recursive: true })
  writeFileSync(path, `exports.runStrategy = async ({ currentCandle: { signal, close }, orderBook, buy }) => {
  if (signal === 0 || orderBook.bought) return
  await buy({ position: signal > 0 ? 'long' : 'short', baseAmount: 1, stopLoss: close * (1 - signal * ${CROSS.stop / PERCENT}), takeProfit: close * (1 + signal * ${CROSS.target / PERCENT}) })
}
`)
}

const bars = barsOf(readData(folder, { years: 1, symbol: 0 }))
const engine: () => number | Promise<number> = peer === 'grademark' ? grademark(bars) : framework(bars)
let trades = await engine()
const samples: number[] = []
for (let run = 0; run < RUNS; run++) samples.push(await cpuOf(async () => { trades = await engine() }))
console.log(JSON.stringify({ cpuMs: spreadOf(samples), trades }))
