/** The account that all workloads share. */
import type { BacktestOptions, RouteInput } from 'hedgerow'
import { MAKER, TAKER } from './floor-trade.ts'
import { symbolName } from './workload.ts'

/** Bars of the route before the first tradable one. */
export const WARMUP = 240
/** Minutes in an hour. */
export const HOUR = 60

/** An account in cross margin, with fees and a tick of a cent on every symbol. */
export function account(positionMode: 'one-way' | 'hedge', routes: readonly RouteInput[]): Omit<BacktestOptions, 'candles' | 'routes'> & { readonly routes: readonly RouteInput[] } {
  return { ...terms(positionMode, routes.map(({ symbol = '' }) => symbol)), routes }
}

/** The same without its routes. */
export function terms(positionMode: 'one-way' | 'hedge', symbols: readonly string[]): Omit<BacktestOptions, 'candles' | 'routes'> {
  return { exchange: { positionMode, startingBalance: String(10_000 * symbols.length), fee: { maker: MAKER, taker: TAKER } }, instruments: symbols.map((symbol) => ({ symbol, tickSize: '0.01', qtyStep: '0.001' })), warmupCandles: WARMUP }
}

/** A strategy on a symbol by its number. */
export function route(strategy: RouteInput['strategy'], timeframe: string, symbol = 0): RouteInput {
  return { symbol: symbolName(symbol), timeframe, strategy }
}
