/** A backtest as the report takes it. */
import { SCHEMA_VERSION, type CriticisedRun, type FinishedRun } from '@hedgerow/report'
import type { BacktestResult } from '../backtest/result.ts'

/** The result with what it held and the prices that it ran on. The first call goes through its events once more. */
export function finishedRun(result: BacktestResult): FinishedRun {
  const { header, metrics, legs, counts, warnings, trades, openPositions, equity, events, positions, course, markets, charts, watchLists, counterfactuals, bracket, journalHash } = result
  return {
    schemaVersion: SCHEMA_VERSION, kind: 'backtest', header, metrics: { total: metrics, long: legs.long.metrics, short: legs.short.metrics }, counts, warnings,
    trades, openPositions, equity, events, positions, course, markets, charts, watchLists, counterfactuals, bracket, journalHash,
  }
}

/** What a criticism of it reads, at hand as soon as it has run. */
export function criticisedRun({ header, metrics, legs, counts, warnings, trades, openPositions, events, markets, bracket }: BacktestResult): CriticisedRun {
  return { kind: 'backtest', header, metrics: { total: metrics, long: legs.long.metrics, short: legs.short.metrics }, counts, warnings, trades, openPositions, events, markets, bracket, course: null }
}
