/** The simulated exchange. */
export { sandbox } from './driver.ts'
export type { AdlStress, FundingRate, PathChoice, PathRule, SandboxOptions, SandboxStatistics, SandboxSymbol, SeedPosition, SimOptions, Slippage } from './options.ts'
export { exact } from './profiles/exact.ts'
export { jesse } from './profiles/jesse.ts'
export { withoutGaps } from './gap-fix.ts'
export { SandboxExchange } from './sandbox-exchange.ts'
export type { TapeCandle } from './tape.ts'
export type { NextMinute, TakeOver, VenueDesk } from './venue-desk.ts'
