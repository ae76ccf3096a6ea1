/** Tests a strategy in a few lines: `@hedgerow/strategy-sdk/testing`. */
export { candlesOf } from './prices.ts'
export type { PriceBar } from './prices.ts'
export { runStrategy } from './run-strategy.ts'
export type { StrategyRun } from './run-strategy.ts'
export type { Runnable, TestOptions } from './test-options.ts'
