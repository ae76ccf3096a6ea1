/** The options of a backtest: as they are given, and with every default filled in. */
import type { Decimal, Driver, InstrumentInput, Leg, MarginMode, PositionMode, SelfTradePrevention, Strategy, TimeMs, TriggerBy, VenueProfile } from '@hedgerow/core'
import type { CandleInput, FundingInput, IndexInput, MarkInput } from '../data/inputs.ts'

/** A number, its text or a Decimal. */
export type Amount = number | string | Decimal

/** A class that makes a strategy: `class X extends Strategy` of `@hedgerow/strategy-sdk`. */
export interface StrategyClass {
  new (params?: Readonly<Record<string, unknown>>): Strategy
  readonly name: string
}

/** The account and the venue that it is at. */
export interface ExchangeOptions {
  /** Name of the venue as strategies see it; the profile's name by default. */
  readonly name?: string
  /** Name of a profile that a loaded driver exports, or a profile. */
  readonly profile?: string | VenueProfile
  readonly positionMode?: PositionMode
  readonly marginMode?: MarginMode
  /** One for both legs, or by leg where the profile allows it. */
  readonly leverage?: Amount | Readonly<Record<Leg, Amount>>
  readonly startingBalance?: Amount
  /** One rate for both, or maker and taker: 0.0005 is 0.05 %. The profile's by default. */
  readonly fee?: Amount | { readonly maker: Amount; readonly taker: Amount }
  /** Isolated legs are given margin from what is available before they are liquidated, where the profile allows it. */
  readonly autoAddMargin?: boolean
}

/** A strategy on a symbol and a timeframe, or on several symbols at once: either `symbol` or `symbols`. */
export interface RouteInput {
  readonly symbol?: string
  /** A portfolio: one strategy, called once a bar of all of them. */
  readonly symbols?: readonly string[]
  readonly timeframe: string
  readonly strategy: StrategyClass
  readonly params?: Readonly<Record<string, unknown>>
  /** `vars` to go on from: what `result.vars` of an earlier run says of the route. */
  readonly vars?: Readonly<Record<string, unknown>>
  /** The legs that the route owns, of each of its symbols: both by default. */
  readonly legs?: readonly Leg[]
  /** Unique in the run; the class name by default. */
  readonly name?: string
}

/** Candles that a strategy reads beside those of its own route. */
export interface DataRouteInput {
  readonly symbol: string
  readonly timeframe: string
}

/** How the simulation fills orders. */
export interface SimInput {
  readonly path?: 'bar-color' | 'ohlc' | 'olhc' | 'adaptive' | 'pessimistic'
  readonly limitFill?: 'touch' | 'through'
  readonly slippage?: 'profile' | 'none' | { readonly ticks: number } | { readonly bps: Amount } | { readonly impact: Amount }
  readonly clampToRange?: boolean
  readonly bracket?: boolean
  readonly stp?: SelfTradePrevention
  /** `seed` is that of the run, `move` 0.01 where they are left out. */
  readonly adl?: { readonly rate: Amount; readonly seed?: number; readonly move?: Amount }
  readonly volumeShare?: Amount
  readonly latencyMs?: number
  readonly triggerBy?: TriggerBy
  readonly onStopPassed?: 'close' | 'reject'
  readonly maxGapMinutes?: number
  readonly funding?: { readonly missing?: 'fail' | 'zero' | 'lastKnown'; readonly boundary?: 'before' | 'inclusive' }
}

/** Everything that `backtest()` takes. */
export interface BacktestOptions {
  readonly exchange?: ExchangeOptions
  readonly routes: readonly RouteInput[]
  readonly dataRoutes?: readonly DataRouteInput[]
  /** By symbol. */
  readonly candles: Readonly<Record<string, CandleInput>>
  readonly funding?: Readonly<Record<string, FundingInput>>
  readonly marks?: Readonly<Record<string, MarkInput>>
  /** Index prices, which trigger orders and nothing else. */
  readonly indexes?: Readonly<Record<string, IndexInput>>
  /** First tradable moment, ms UTC or ISO text; by default the candles' start plus the warm-up. */
  readonly start?: TimeMs | string
  /** End, exclusive; by default the candles' end. */
  readonly end?: TimeMs | string
  /** Route bars before the first tradable one. */
  readonly warmupCandles?: number
  readonly closeAtEnd?: boolean
  /** What counts as a trade: a round trip of a leg, or a closed lot, first in first out. */
  readonly tradeMode?: 'round-trip' | 'fifo'
  /** Orders that open this leg are denied: what the run would have been without it. */
  readonly refuseLeg?: Leg
  readonly fillAt?: 'open' | 'close'
  readonly seed?: number
  readonly sim?: SimInput
  /** Beside the drivers that come with the runner. */
  readonly drivers?: readonly Driver[]
  readonly instruments?: readonly InstrumentInput[] | Readonly<Record<string, Omit<InstrumentInput, 'symbol'>>>
  /** Told the time that the run has reached, as a fraction of its window. Returning true stops the run. */
  readonly onProgress?: (fraction: number) => boolean | void
  /** Takes what strategies and the run log. */
  readonly onLog?: (level: 'info' | 'warn' | 'error', text: string) => void
}

/** The account and the venue, with defaults. */
export interface ExchangeSettings {
  readonly name?: string | undefined
  readonly profile: string | VenueProfile
  readonly positionMode: PositionMode
  readonly marginMode: MarginMode
  readonly leverage: Readonly<Record<Leg, Decimal>>
  readonly startingBalance: Decimal
  /** The profile's where it is left out. */
  readonly fee?: { readonly maker: Decimal; readonly taker: Decimal } | undefined
  readonly autoAddMargin: boolean
}

/** A route with its defaults. */
export interface RouteSettings {
  readonly symbols: readonly [string, ...string[]]
  readonly timeframe: string
  readonly strategy: StrategyClass
  readonly params: Readonly<Record<string, unknown>>
  readonly vars?: Readonly<Record<string, unknown>> | undefined
  readonly legs: readonly Leg[]
  readonly name?: string | undefined
}

/** How the simulation fills orders; what is left out is the profile's, or the simulator's default. */
export interface SimSettings {
  readonly path?: SimInput['path'] | undefined
  readonly limitFill?: SimInput['limitFill'] | undefined
  readonly slippage?: 'profile' | 'none' | { readonly ticks: number } | { readonly bps: Decimal } | { readonly impact: Decimal } | undefined
  readonly clampToRange?: boolean | undefined
  readonly bracket?: boolean | undefined
  readonly stp?: SelfTradePrevention | undefined
  readonly adl?: { readonly rate: Decimal; readonly seed?: number | undefined; readonly move: Decimal } | undefined
  readonly volumeShare?: Decimal | undefined
  readonly latencyMs?: number | undefined
  readonly triggerBy?: TriggerBy | undefined
  readonly onStopPassed?: SimInput['onStopPassed'] | undefined
  readonly maxGapMinutes?: number | undefined
  readonly funding?: { readonly missing?: 'fail' | 'zero' | 'lastKnown' | undefined; readonly boundary?: 'before' | 'inclusive' | undefined } | undefined
}

/** The options with every default filled in. */
export interface BacktestSettings {
  readonly exchange: ExchangeSettings
  readonly routes: readonly RouteSettings[]
  readonly dataRoutes: readonly DataRouteInput[]
  readonly candles: Readonly<Record<string, CandleInput>>
  readonly funding: Readonly<Record<string, FundingInput>>
  readonly marks: Readonly<Record<string, MarkInput>>
  readonly indexes: Readonly<Record<string, IndexInput>>
  readonly start?: TimeMs | undefined
  readonly end?: TimeMs | undefined
  readonly warmupCandles: number
  readonly closeAtEnd: boolean
  readonly tradeMode: 'round-trip' | 'fifo'
  readonly refuseLeg?: Leg | undefined
  readonly fillAt?: 'open' | 'close' | undefined
  readonly seed: number
  readonly sim: SimSettings
  /** Those of the options, and before them those of the runner that were loaded for this run. */
  readonly drivers: readonly Driver[]
  readonly instruments: readonly InstrumentInput[]
  readonly onProgress?: BacktestOptions['onProgress'] | undefined
  readonly onLog?: BacktestOptions['onLog'] | undefined
}
