/** The simulated exchange. */
export type { FundingRate, PathChoice, PathRule, SandboxOptions, SandboxStatistics, SandboxSymbol, SeedPosition, SimOptions, Slippage } from './options.ts'
export { SandboxExchange } from './sandbox-exchange.ts'
