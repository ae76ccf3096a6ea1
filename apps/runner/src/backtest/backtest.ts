/** `backtest()`: options in, result out. No files, no globals: any number may run at once in one process. */
import { assembleResult } from './assemble.ts'
import { composeBacktest } from './compose.ts'
import { withDriver } from './drivers.ts'
import { parseBacktestOptions } from './options-schema.ts'
import type { BacktestOptions } from './options.ts'
import { withPaths } from './path-bracket.ts'
import type { BacktestResult } from './result.ts'

/**
 * Runs strategies over candles.
 *
 * @throws HedgerowError `CONFIG_INVALID`, `UNKNOWN_KEY` and the other codes of family `config`, naming place, value, expectation and remedy;
 * `STRATEGY_THREW` with the strategy's own error as cause.
 */
export async function backtest(options: BacktestOptions): Promise<BacktestResult> {
  const settings = await withDriver(parseBacktestOptions(options))
  const composed = composeBacktest(settings)
  composed.engine.run()
  return withPaths(assembleResult(composed), settings)
}
