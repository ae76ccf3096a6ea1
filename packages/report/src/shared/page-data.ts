/** What the page draws: JSON with references into one block of packed numbers. */

/** A column of numbers within the block. */
export interface ColumnRef {
  /** First byte. */
  readonly at: number
  readonly bytes: number
  readonly length: number
  /** Decimals. */
  readonly places: number
}

/** Candles of one spacing within the block. */
export interface CandleRef extends ColumnRef {
  readonly step: number
  /** Pieces of time without holes between them: start of the first candle of each, and how many it has. */
  readonly starts: ColumnRef
  readonly lengths: ColumnRef
}

/** Column names to columns of one length. */
export type Columns<Name extends string> = Readonly<Record<Name, ColumnRef>>

/** Both legs of one symbol after each change. Missing values are NaN. */
export type PositionColumns = Columns<'at' | 'longQty' | 'longEntry' | 'longBooked' | 'longLiquidation' | 'shortQty' | 'shortEntry' | 'shortBooked' | 'shortLiquidation' | 'lockedPnl' | 'breakEven'>

/** The prices of one symbol, and what was held of it. */
export interface PageMarket {
  readonly symbol: string
  /** Decimals of its prices. */
  readonly places: number
  /** Spacing of its real candles, ms. */
  readonly step: number
  /** Real candles. Where the whole run has too many, those around fills. */
  readonly candles: CandleRef
  /** Longer candles over the whole run, where the real ones have holes. */
  readonly coarse: CandleRef | null
  readonly positions: PositionColumns
  /** Funding settlements: leg 0 is long, 1 short; the amount is positive when received. */
  readonly funding: Columns<'at' | 'leg' | 'amount' | 'rate'>
}

/** What a fill was: index into {@link FILL_KINDS}. */
export const FILL_KINDS = ['entry', 'add', 'reduce', 'exit', 'stop', 'target', 'trailing', 'liquidation', 'adl', 'end of run'] as const

/** One of {@link FILL_KINDS}. */
export type FillKind = (typeof FILL_KINDS)[number]

/** One row a fill, in order. Indexes: `symbol` into markets, `leg` 0 long and 1 short, `kind` into {@link FILL_KINDS}, `order` into orders or -1, `trade` into trades or -1 (open at the end). */
export type FillColumns = Columns<'at' | 'symbol' | 'leg' | 'kind' | 'price' | 'qty' | 'fee' | 'maker' | 'order' | 'trade'>

/** Orders that filled: `price` and `trigger` NaN where there is none; `type` into order types, `tag` into texts or -1. */
export type OrderColumns = Columns<'id' | 'type' | 'price' | 'trigger' | 'tag' | 'createdAt'>

/** One row a closed trade; `strategy` and `reason` index their lists. Net pnl is gross - fees + funding. */
export type TradeColumns = Columns<'id' | 'strategy' | 'symbol' | 'leg' | 'reason' | 'openedAt' | 'closedAt' | 'qty' | 'entryPrice' | 'exitPrice' | 'grossPnl' | 'fees' | 'funding' | 'percent' | 'mae' | 'mfe' | 'peakNotional'>

/** A line that a strategy drew. */
export interface PageLine {
  readonly title: string
  readonly color: string | null
  readonly at: ColumnRef
  readonly value: ColumnRef
}

/** A chart that a strategy drew; its pane is the price pane where it has no name. */
export interface PageChart {
  readonly strategy: string
  readonly symbol: number
  readonly name: string | null
  readonly lines: readonly PageLine[]
  readonly levels: readonly { readonly title: string; readonly value: number; readonly color: string | null; readonly lineWidth: number; readonly lineStyle: 'solid' | 'dotted' | 'dashed' }[]
}

/** A curve beside the account's: gain since the start. */
export interface PageCurve {
  readonly title: string
  readonly at: ColumnRef
  readonly gain: ColumnRef
}

/** Everything that the browser needs. Times are ms UTC; money is in quote units. */
export interface PageData {
  readonly start: number
  readonly end: number
  readonly startingBalance: number
  readonly markets: readonly PageMarket[]
  readonly strategies: readonly string[]
  readonly reasons: readonly string[]
  readonly orderTypes: readonly string[]
  readonly tags: readonly string[]
  readonly fills: FillColumns
  readonly orders: OrderColumns
  readonly trades: TradeColumns
  /** The largest gain or loss of a leg: what the curves have to show. */
  readonly mostGain: number
  readonly course: Columns<'drawdown' | 'gross' | 'net' | 'hedgeRatio' | 'marginUse' | 'liquidationDistance' | 'nakedTime'> & { readonly start: number; readonly step: number }
  readonly curves: readonly PageCurve[]
  readonly charts: readonly PageChart[]
}

/** What the page of several runs draws: their gains in percent of the starting balance. */
export interface ComparisonData {
  readonly runs: readonly PageCurve[]
}
