/**
 * A finished run as the report takes it: what a backtest leaves behind, and in the same shape a window of paper or live trading, or fills that
 * were imported. Everything is data; money is decimal, columns are doubles.
 */
import type { CandleColumns, Chart, Decimal, EquityPoint, JournalEvent, Leg, OpenPosition, RunMetrics, TimeMs, Trade, WatchRow } from '@hedgerow/core'

/** Grows when a reader of an older version could misread a newer file. */
export const SCHEMA_VERSION = 1

/** Source of candles that are nothing but the prices of imported fills. */
export const FILL_PRICES = 'fill prices'

/** Where a run is from. */
export type RunKind = 'backtest' | 'paper' | 'live' | 'import'

/** Something that the reader of a result has to know. */
export interface RunWarning {
  readonly code: string
  readonly text: string
}

/** A strategy on its symbols. */
export interface RunRoute {
  readonly name: string
  /** The symbols of a portfolio are one text: `BTCUSDT+ETHUSDT`. */
  readonly symbol: string
  readonly timeframe: string
  readonly legs: readonly string[]
  readonly params: Readonly<Record<string, unknown>>
  /** Ends of the ranges of its parameters, where the strategy declares them; null for an open end. */
  readonly ranges?: Readonly<Record<string, ParameterRange>>
}

/** What a parameter may be. */
export interface ParameterRange {
  readonly min: number | null
  readonly max: number | null
}

/** Where the candles of a symbol are from. Synthetic: no market printed them. */
export interface RunData {
  readonly symbol: string
  readonly source: string
  readonly synthetic: boolean
  readonly hash: string
  readonly candles: number
  readonly missing: number
  readonly start: TimeMs
  readonly end: TimeMs
}

/** What ran: enough to run it again. */
export interface RunHeader {
  readonly version: string
  readonly profile: string
  readonly exchange: string
  readonly positionMode: 'one-way' | 'hedge'
  /** Unknown where fills were imported. */
  readonly marginMode: 'cross' | 'isolated' | 'unknown'
  readonly leverage: Readonly<Record<Leg, Decimal>>
  readonly startingBalance: Decimal
  readonly fee: { readonly maker: Decimal; readonly taker: Decimal }
  readonly fillAt: 'open' | 'close'
  /** How orders were filled; keys as in the configuration. */
  readonly sim: Readonly<object>
  readonly seed: number
  readonly start: TimeMs
  readonly end: TimeMs
  readonly routes: readonly RunRoute[]
  readonly data: readonly RunData[]
}

/** What was counted on the way. */
export interface RunCounts {
  readonly ambiguousCandles: number
  readonly liquidations: number
  readonly insuranceUsed: Decimal
  /** By leg: what its takers lost beside the market's price. It is part of the fill prices. Null where nobody knows: of imports. */
  readonly slippage: Readonly<Record<Leg, Decimal>> | null
  readonly orders: number
  readonly fills: number
  readonly denied: number
}

/** One leg at one moment. */
export interface LegState {
  /** Base units, zero when flat. */
  readonly qty: Decimal
  /** Average price of what is held; null when flat. */
  readonly entryPrice: Decimal | null
  /** Booked since the start of the run: realised pnl - fees + funding + what liquidations posted. */
  readonly booked: Decimal
  /** Mark price at which the leg is liquidated, the other symbols standing where they are; null when flat, where there is none, or unknown. */
  readonly liquidationPrice: Decimal | null
}

/** Both legs of a symbol after something changed them; they stand until the next change. */
export interface PairChange {
  readonly at: TimeMs
  readonly symbol: string
  readonly long: LegState
  readonly short: LegState
  /** `min(L, S) x (entryS - entryL)`: what price moves can no longer change; zero unless both legs are open. */
  readonly lockedPnl: Decimal
  /** Where closing both legs nets zero over their open trades, with fees, funding and what they booked; null where no price does. */
  readonly breakEvenPrice: Decimal | null
}

/** Columns of {@link Course}. */
export const COURSE_COLUMNS = ['drawdown', 'gross', 'net', 'hedgeRatio', 'marginUse', 'liquidationDistance', 'nakedTime'] as const

/** One of {@link COURSE_COLUMNS}. */
export type CourseColumn = (typeof COURSE_COLUMNS)[number]

/** The account over time, one row each `step`, folded from every candle. NaN where a value does not exist. */
export interface Course extends Readonly<Record<CourseColumn, Float64Array>> {
  /** Start of the first row. */
  readonly start: TimeMs
  readonly step: number
  readonly length: number
  /** Lowest `equity / peak - 1` within the row; at most 0. */
  readonly drawdown: Float64Array
  /** `(L + S) / equity` at the end of the row. */
  readonly gross: Float64Array
  /** `(L - S) / equity` at the end of the row, signed. */
  readonly net: Float64Array
  /** `2 x min(L, S) / (L + S)` at the end of the row, 0 when flat. */
  readonly hedgeRatio: Float64Array
  /** Highest initial margin over equity within the row. */
  readonly marginUse: Float64Array
  /** Lowest `(equity - maintenance margin) / equity` within the row while in the market; 0 is liquidation. */
  readonly liquidationDistance: Float64Array
  /** Share of the time from the start to the end of the row with one leg open and the other flat. */
  readonly nakedTime: Float64Array
}

/** Candles without their volume. */
export type PriceCandles = Omit<CandleColumns, 'volume'>

/** Prices of one symbol over the run. */
export interface RunMarket {
  readonly symbol: string
  readonly candles: PriceCandles
  /** Closes of the mark candles beside the candles, where marks value the positions; null where the last price does. */
  readonly marks: Float64Array | null
}

/** The same strategy with less of a hedge. */
export interface ComparedRun {
  readonly kind: string
  /** Null where the strategy cannot run like that. */
  readonly run: { readonly metrics: RunMetrics; readonly equity: readonly EquityPoint[] } | null
  /** Why it cannot. */
  readonly reason: string | null
}

/** The same run along the two simple paths within candles, O-L-H-C and O-H-L-C. No bounds: a third path may lead elsewhere. */
export type PathExtremes = Readonly<Record<'olhc' | 'ohlc', { readonly metrics: RunMetrics }>>

/** Everything that a report is made of. */
export interface FinishedRun {
  readonly schemaVersion: typeof SCHEMA_VERSION
  readonly kind: RunKind
  readonly header: RunHeader
  /** Of the account, and of each leg as if it had been traded alone with the same balance. */
  readonly metrics: Readonly<Record<'total' | Leg, RunMetrics>>
  readonly counts: RunCounts
  /** Most important first. */
  readonly warnings: readonly RunWarning[]
  /** Closed round trips of one leg each, in the order in which they closed. */
  readonly trades: readonly Trade[]
  readonly openPositions: readonly OpenPosition[]
  /** At the start, every fill, every UTC midnight and the end; the legs sum to the account's gain. */
  readonly equity: readonly EquityPoint[]
  /** Oldest first. */
  readonly events: readonly JournalEvent[]
  /** Oldest first. */
  readonly positions: readonly PairChange[]
  readonly course: Course
  readonly markets: readonly RunMarket[]
  /** By route: what its strategy has drawn. */
  readonly charts: Readonly<Record<string, readonly Chart[]>>
  /** By route: what its strategy shows of its state at the end. */
  readonly watchLists: Readonly<Record<string, readonly WatchRow[]>>
  readonly counterfactuals: readonly ComparedRun[]
  /** Null unless the run was made along both paths too. */
  readonly bracket: PathExtremes | null
  readonly journalHash: string
}
