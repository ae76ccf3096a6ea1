/**
 * What `npm start` runs: `ema-hedge` in hedge mode on a month of real minutes, where the folder with market data is there
 * (`HEDGEROW_SHARED`, by default `shared` beside the repository), else on made-up candles: the summary says which.
 */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { defineConfig, synthesizeCandles } from 'hedgerow'

const repository = resolve(import.meta.dirname, '..')
const recorded = resolve(repository, process.env['HEDGEROW_SHARED'] ?? '../shared', 'data/candles/bybit-linear_ETHUSDT_1m_2023-10.csv.gz')

export default defineConfig({
  exchange: { profile: 'bybit-uta', positionMode: 'hedge', leverage: 3, startingBalance: 10_000 },
  routes: [{ symbol: 'ETHUSDT', timeframe: '15m', strategy: './ema-hedge.ts' }],
  candles: { ETHUSDT: existsSync(recorded) ? recorded : synthesizeCandles({ seed: 1, start: Date.UTC(2023, 9, 2), count: 43_200 }) },
  warmupCandles: 60,
  out: '../out/ema-hedge',
})
