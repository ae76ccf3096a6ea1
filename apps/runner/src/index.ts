/** The runner as a library: `import { backtest, loadCandles } from 'hedgerow'`. */
export { backtest } from './backtest/backtest.ts'
export type { Amount, BacktestOptions, DataRouteInput, ExchangeOptions, RouteInput, SimInput, StrategyClass } from './backtest/options.ts'
export { BacktestResult } from './backtest/result.ts'
export type { BacktestRecord, RunCounts, RunHeader, RunWarning } from './backtest/result.ts'
export { defineConfig } from './config/define-config.ts'
export type { ConfigRoute, HedgerowConfig } from './config/define-config.ts'
export type { CandleColumnsInput, CandleInput, CandleRow, FundingInput, MarkInput } from './data/inputs.ts'
export { writeResult } from './output/write-result.ts'
