/** The two ways to start, as help and errors show them. */

const CONFIG = `import { defineConfig } from 'hedgerow'
export default defineConfig({
  exchange: { profile: 'bybit-uta', positionMode: 'hedge', leverage: 2 },
  routes: [{ symbol: 'ETHUSDT', timeframe: '15m', strategy: './ema-hedge.ts' }],
  candles: { ETHUSDT: './ETHUSDT-1m.csv.gz' },
  out: 'out',
})`

const FLAGS = `hedgerow backtest --strategy ./ema-hedge.ts --symbol ETHUSDT --timeframe 15m \\
  --candles ./ETHUSDT-1m.csv.gz --profile bybit-uta --position-mode hedge`

/** A small `hedgerow.config.ts`. */
export const EXAMPLE_CONFIG: string = indented(CONFIG)

/** The same run without a file. */
export const EXAMPLE_FLAGS: string = indented(FLAGS)

function indented(text: string): string {
  return text.replaceAll(/^/gm, '  ')
}
