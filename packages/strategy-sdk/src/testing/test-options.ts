/** What a test says of the run that its strategy is put through. */
import type { CandleColumns, Leg, MarginMode, PositionMode, Strategy, TimeMs, VenueProfile } from '@hedgerow/core'
import type { Amount } from '../amounts.ts'
import type { PriceBar } from './prices.ts'

/** A class that makes a strategy. */
export interface Runnable<S extends Strategy> {
  new (params?: Readonly<Record<string, unknown>>): S
  readonly name: string
}

/** Every key has a default but the prices: one series, or by symbol for a portfolio. */
export interface TestOptions {
  /** One bar a candle. Either these or `candles`. */
  readonly prices?: readonly PriceBar[] | Readonly<Record<string, readonly PriceBar[]>>
  readonly candles?: CandleColumns | Readonly<Record<string, CandleColumns>>
  /** Of a single series; `TESTUSDT`. */
  readonly symbol?: string
  /** Bars that the strategy is called on; one a candle. */
  readonly timeframe?: string
  readonly params?: Readonly<Record<string, unknown>>
  /** Variables of an earlier run to go on from. */
  readonly vars?: Readonly<Record<string, unknown>>
  /** `hedge`. */
  readonly positionMode?: PositionMode
  /** `cross`. */
  readonly marginMode?: MarginMode
  /** Legs that the strategy owns: both. */
  readonly legs?: readonly Leg[]
  /** 1. */
  readonly leverage?: Amount
  /** 100000. */
  readonly startingBalance?: Amount
  /** Of makers and takers: 0. */
  readonly feeRate?: Amount
  /** By symbol: `[time in ms, rate]`, rising in time. Without rates funding is not modelled. */
  readonly funding?: Readonly<Record<string, readonly (readonly [at: TimeMs, rate: Amount])[]>>
  /** Where market orders of a bar fill: at the next open, or at its close. `open`. */
  readonly fillAt?: 'open' | 'close'
  /** Bars before the first tradable one: 0. */
  readonly warmupCandles?: number
  /** Whether legs are closed at the end: no. */
  readonly closeAtEnd?: boolean
  /** `0.01`. */
  readonly tickSize?: string
  /** `0.001`. */
  readonly qtyStep?: string
  /** The rules of the venue: the sandbox's `exact`, which rounds nothing and slips nothing. */
  readonly profile?: VenueProfile
}
