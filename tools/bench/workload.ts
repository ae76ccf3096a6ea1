/** What a workload is: a strategy over candles, the loop that sets its floor, and the goal. */
import type { BacktestOptions } from 'hedgerow'
import type { CandleData } from '../../apps/runner/src/data/candle-data.ts'
import type { FloorRun } from './floor-trade.ts'

/** A goal of the performance page: CPU milliseconds a year, and the floor that stood beside them there. */
export interface Goal {
  readonly cpuMs: number
  readonly floorMs: number
}

/** A strategy that is run again and again beside its floor. */
export interface Workload {
  readonly name: string
  /** One line for people. */
  readonly what: string
  readonly years: number
  /** Markets, each with a route of its own. */
  readonly symbols: number
  readonly goal: Goal | null
  /** The options of the run over the candles of its symbols. */
  readonly options: (candles: Readonly<Record<string, CandleData>>) => BacktestOptions
  /** The hand-written loop that finds the same trades on the candles of the first symbol; null where none is kept. */
  readonly floor: ((candles: CandleData) => FloorRun) | null
  /** Strategy calls of the last run, where the strategy counts them. */
  readonly calls?: () => number
}

/** The name of a symbol by its number. */
export function symbolName(symbol: number): string {
  return `BENCH${symbol}USDT`
}
