/** What a simulated exchange is made of. */
import type { CandleColumns, Decimal, EventSink, Instrument, Leg, MarginMode, PositionMode, SelfTradePrevention, TierTable, TimeMs, TriggerBy, VenueProfile } from '@hedgerow/core'

/** One funding settlement of a series. `rate` is a fraction of the position value; positive means that longs pay shorts. */
export interface FundingRate {
  readonly at: TimeMs
  readonly rate: Decimal
}

/** One symbol of the simulated market. */
export interface SandboxSymbol {
  readonly instrument: Instrument
  /** The execution series: prices here fill orders. All symbols share one candle spacing. */
  readonly candles: CandleColumns
  /** Mark prices. With the spacing of the candles they serve triggers, risk and funding; coarser ones serve funding only. Absent: mark is last. */
  readonly marks?: CandleColumns
  /** Index prices, with the spacing of the candles: they trigger orders and nothing else. Absent: an order that asks for them ends the run. */
  readonly indexes?: CandleColumns
  /** Rising in time. Absent: funding is not modelled for this symbol. */
  readonly funding?: readonly FundingRate[]
  /** One for both legs, or by leg where the venue allows it. */
  readonly leverage: Decimal | Readonly<Record<Leg, Decimal>>
  /** Default: the profile's table of the symbol. */
  readonly tiers?: TierTable
}

/** Which of its extremes a candle visits first (SIMULATION 3.3). */
export type PathRule = 'bar-color' | 'ohlc' | 'olhc' | 'adaptive' | 'pessimistic'

/**
 * What a taker loses beside the price: by the venue's defaults, nothing, price steps, basis points (1 is 0.01 %), or with the order's share of
 * the candle's volume: `impact x sigma x sqrt(qty / volume)` of the price, sigma being the volatility of a candle.
 */
export type Slippage = 'profile' | 'none' | { readonly ticks: number } | { readonly bps: Decimal } | { readonly impact: Decimal }

/** How often a venue deleverages: with probability `rate` (0 to 1) in each candle whose mark moves by more than the fraction `move`. */
export interface AdlStress {
  readonly rate: Decimal
  readonly seed: number
  readonly move: Decimal
}

/** How orders meet candles. Every key has the default that its comment names. */
export interface SimOptions {
  /** `bar-color`. */
  readonly path?: PathRule
  /** The profile's. */
  readonly limitFill?: 'touch' | 'through'
  /** `profile`. */
  readonly slippage?: Slippage
  /** False: slippage may lead beyond the candle's high and low. `false`. */
  readonly clampToRange?: boolean
  /** What happens when own orders meet. `none`. */
  readonly stp?: SelfTradePrevention
  /** Never. */
  readonly adl?: AdlStress
  /** Isolated legs are given margin before they are liquidated, where the profile has `isolated.autoAdd`. `false`. */
  readonly autoAddMargin?: boolean
  /** At most this fraction of a candle's volume fills, over all orders of the symbol; unlimited. */
  readonly volumeShare?: Decimal
  /** Orders, cancels and amendments arrive this much later than they are sent; a fill in between wins. 0. */
  readonly latencyMs?: number
  /** The price that triggers orders which do not name one. `last`. */
  readonly triggerBy?: TriggerBy
  /** A closer whose trigger is already passed on arrival: closes at market, or is rejected. `close`. */
  readonly onStopPassed?: 'close' | 'reject'
  readonly funding?: {
    /** A settlement without a rate while a leg is held: ends the run, pays nothing, or takes the rate before it. `fail`. */
    readonly missing?: 'fail' | 'zero' | 'lastKnown'
    /** Positions held before the settlement, or also those opened at it. `before`. */
    readonly boundary?: 'before' | 'inclusive'
  }
  /** False: openers are never refused for margin here. True unless the profile leaves that to the broker. */
  readonly checkMargin?: boolean
}

/** A leg that is held when the simulation starts. */
export interface SeedPosition {
  readonly symbol: string
  readonly leg: Leg
  readonly qty: Decimal
  readonly entryPrice: Decimal
}

/** The choice of a path for one minute by a dry run of both. */
export interface PathChoice {
  /** Start of the minute. */
  readonly at: TimeMs
  readonly path: 'olhc' | 'ohlc'
  /** Account equity at the close under each path, at last prices. */
  readonly equityOlhc: Decimal
  readonly equityOhlc: Decimal
}

/** Everything that a simulated exchange is made of. */
export interface SandboxOptions {
  readonly profile: VenueProfile
  readonly positionMode: PositionMode
  readonly marginMode: MarginMode
  /** In configuration order: it breaks ties. */
  readonly symbols: readonly SandboxSymbol[]
  readonly startingBalance: Decimal
  /** Default: the profile's. */
  readonly fee?: { readonly maker: Decimal; readonly taker: Decimal }
  readonly sim?: SimOptions
  /** Where orders of a bar's close arrive: at the next open or at that close. Default: the profile's. */
  readonly fillAt?: 'open' | 'close'
  /** Told one event at a time, before the next thing happens. */
  readonly sink: EventSink
  readonly seedPositions?: readonly SeedPosition[]
  /** Told each time a dry run decides a path. */
  readonly onPathChoice?: (choice: PathChoice) => void
}

/** What the simulation counted. */
export interface SandboxStatistics {
  /** Candles (one symbol, one minute) whose two monotone paths give different fills. */
  readonly ambiguousCandles: number
  readonly liquidations: number
  /** Legs that the venue closed by auto-deleveraging. */
  readonly deleveraged: number
  /** Quote units that the insurance fund paid: a run that needed it has failed. */
  readonly insuranceUsed: Decimal
  /** What takers of each leg lost beside the market's price: quote units, part of the fill prices. */
  readonly longSlippage: Decimal
  readonly shortSlippage: Decimal
  /** Fills above 5 % of their candle's volume. */
  readonly largeFills: number
  /** Stop-limits of a leg's protection that were gapped beyond their limit and rest unfilled. */
  readonly protectionMissed: number
  /** Funding settlements whose rate was substituted. */
  readonly fundingSubstituted: number
  /** Symbols without a funding series. */
  readonly fundingNotModelled: readonly string[]
  /** Symbols whose triggers by mark and liquidations use the last price. */
  readonly markIsLast: readonly string[]
}
