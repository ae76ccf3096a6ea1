/** Both extremes of the path within candles: the same run once along O-L-H-C and once along O-H-L-C, beside the headline result (SIMULATION 3.3). */
import type { Decimal, RunMetrics } from '@hedgerow/core'
import { assembleResult } from './assemble.ts'
import { composeBacktest } from './compose.ts'
import type { BacktestSettings } from './options.ts'
import type { BacktestResult, RunCounts } from './result.ts'

/** What is kept of a run along one path. */
export interface PathRun {
  /** Equity at the end. */
  readonly endingBalance: Decimal
  readonly metrics: RunMetrics
  readonly legs: { readonly long: { readonly metrics: RunMetrics }; readonly short: { readonly metrics: RunMetrics } }
  readonly counts: RunCounts
  readonly journalHash: string
}

/** How much of a result rests on the order of the prices within candles. No bounds: between the two a third path may lead elsewhere. */
export interface PathBracket {
  readonly olhc: PathRun
  readonly ohlc: PathRun
}

/** The result, with both paths beside it where `sim.bracket` asks for them. */
export function withPaths(result: BacktestResult, settings: BacktestSettings): BacktestResult {
  if (settings.sim.bracket !== true) return result
  return result.withBracket({ olhc: runAlong('olhc', settings), ohlc: runAlong('ohlc', settings) })
}

/** What its strategies log was said in the headline run. */
function runAlong(path: keyof PathBracket, settings: BacktestSettings): PathRun {
  const composed = composeBacktest({ ...settings, sim: { ...settings.sim, path, bracket: false }, onLog: undefined })
  composed.engine.run()
  const { metrics, legs, counts, journalHash, equity, header } = assembleResult(composed)
  return { endingBalance: equity.at(-1)?.equity ?? header.startingBalance, metrics, legs, counts, journalHash }
}
