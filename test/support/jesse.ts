/** Strategies under the profile `jesse` over small markets whose numbers fit in a head. */
import type { Leg, PositionMode } from '@hedgerow/core'
import { backtest, type BacktestOptions, type BacktestResult, type CandleRow, type ExchangeOptions, type StrategyClass } from 'hedgerow'

/** Every rule of the one-way predecessor holds in both modes as long as one leg is used. */
export const MODES: readonly PositionMode[] = ['one-way', 'hedge']
/** Both legs: what holds for one holds mirrored for the other. */
export const EACH_LEG: readonly Leg[] = ['long', 'short']
/** Every mode with every leg. */
export const MODES_AND_LEGS: readonly (readonly [PositionMode, Leg])[] = MODES.flatMap((mode) => EACH_LEG.map((leg) => [mode, leg] as const))

/** The first candle of every market: 2024-01-01T00:00Z. */
export const START = 1_704_067_200_000
export const SYMBOL = 'ETHUSDT'

/** One minute: open, high, low, close. */
export type Minute = readonly [open: number, high: number, low: number, close: number]

/** The moment after this many minutes. */
export const after = (count: number): number => START + count * 60_000

/** Candles of one minute each, one after the other. */
export function candles(minutes: readonly Minute[], options: { readonly start?: number; readonly volume?: number } = {}): CandleRow[] {
  const { start = START, volume = 1000 } = options
  return minutes.map(([open, high, low, close], index) => [start + index * 60_000, open, high, low, close, volume])
}

/** A minute in which nothing moves. */
export const still = (price: number): Minute => [price, price, price, price]

/** What a test says of a run: all else is one symbol, one-minute bars, 10,000 at leverage 1 without fees or warm-up. */
export interface JesseRun extends Partial<Omit<BacktestOptions, 'exchange' | 'candles'>> {
  readonly mode: PositionMode
  readonly minutes?: readonly Minute[]
  readonly strategy?: StrategyClass
  readonly timeframe?: string
  readonly exchange?: ExchangeOptions
  readonly candles?: BacktestOptions['candles']
}

/** Runs a strategy under the profile. */
export function jesse({ mode, minutes = [], strategy, timeframe = '1m', exchange, ...more }: JesseRun): Promise<BacktestResult> {
  return backtest({
    exchange: { profile: 'jesse', positionMode: mode, startingBalance: '10000', leverage: 1, fee: '0', ...exchange },
    routes: strategy === undefined ? [] : [{ symbol: SYMBOL, timeframe, strategy }],
    candles: { [SYMBOL]: candles(minutes) },
    warmupCandles: 0,
    ...more,
  })
}

/** Every fill as `minute leg intent qty @ price`; a fill inside a candle or at its close shows the minute that ends there. */
export function fills(result: BacktestResult): string[] {
  return result.events.flatMap((event) => event.type === 'order.filled'
    ? [`${minuteOf(event.at)} ${event.leg} ${event.intent} ${event.qty.toFixed()} @ ${event.price.toFixed()}`] : [])
}

/** The minute that ends at this time, or that this time lies in: 1 is the first. */
export function minuteOf(at: number): number {
  return Math.ceil((at - START) / 60_000)
}

/** The price on the other side of 100, for the other leg: 95 is 105 for a short. */
export function mirrored(leg: Leg, price: number): number {
  return leg === 'long' ? price : 200 - price
}

/** A minute mirrored at 100: what falls for a long rises for a short. */
export function mirroredMinute(leg: Leg, [open, high, low, close]: Minute): Minute {
  return leg === 'long' ? [open, high, low, close] : [200 - open, 200 - low, 200 - high, 200 - close]
}
