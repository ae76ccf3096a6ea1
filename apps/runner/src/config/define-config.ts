/** The shape of `hedgerow.config.ts`. */
import type { BacktestOptions, RouteInput, StrategyClass } from '../backtest/options.ts'
import type { LiveOptions } from '../live/live-options.ts'
import type { CandleInput, FundingInput, IndexInput, MarkInput } from '../data/inputs.ts'

/** A route of a configuration: its strategy may be a path (from the file's folder) or the name of an installed package. */
export interface ConfigRoute extends Omit<RouteInput, 'strategy'> {
  readonly strategy: string | StrategyClass
}

/** A data folder, as `hedgerow data import` fills it. */
export interface DataSource {
  /** By default what `HEDGEROW_DATA` names, else `hedgerow-data` in the working directory. */
  readonly folder?: string
  /** Where several venues have a symbol. */
  readonly venue?: string
}

/** The keys of `backtest()` in a file: wherever data or a class is expected, a path will do. Paths start at the file's folder. */
export interface HedgerowConfig extends Omit<BacktestOptions, 'routes' | 'candles' | 'funding' | 'marks' | 'indexes' | 'onProgress' | 'onLog'> {
  readonly routes: readonly ConfigRoute[]
  /** By symbol: a file (csv, csv.gz, Parquet) or candles. A symbol without them is looked up in the data folder. */
  readonly candles?: Readonly<Record<string, string | CandleInput>>
  /** Where symbols are looked up. */
  readonly data?: DataSource
  readonly funding?: Readonly<Record<string, string | FundingInput>>
  readonly marks?: Readonly<Record<string, string | MarkInput>>
  readonly indexes?: Readonly<Record<string, string | IndexInput>>
  /** Folder for the files of the result; without it nothing is written. */
  readonly out?: string
  /** How far a live session may go: read by `hedgerow live`, `paper` and `doctor`. */
  readonly live?: LiveOptions
}

/** The symbols of a route: its own, or those of its portfolio. */
export function symbolsOf({ symbol, symbols }: Pick<ConfigRoute, 'symbol' | 'symbols'>): readonly string[] {
  return symbols ?? (symbol === undefined ? [] : [symbol])
}

/** Types a configuration; `export default defineConfig({ ... })`. */
export function defineConfig(config: HedgerowConfig): HedgerowConfig {
  return config
}
