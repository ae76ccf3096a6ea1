/** A backtest as the report takes it. */
import { canonicalEvent } from '@hedgerow/core'
import { SCHEMA_VERSION, type CriticisedRun, type FinishedRun } from '@hedgerow/report/run'
import { plain, type BacktestResult } from '../backtest/result.ts'
import type { WritableRun } from './result-files.ts'

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

/** A finished run that was not made by a backtest, such as imported fills, to be written as the folder that a backtest writes. */
export function writableRun(run: FinishedRun): WritableRun {
  const { trades, events, equity, positions, course, markets } = run
  const { schemaVersion, kind, header, metrics: { total, long, short }, counts, warnings, openPositions, journalHash } = run
  return {
    trades, events, equity, positions, course, markets,
    eventLines: () => events.map((event) => canonicalEvent(event)),
    toJSON: () => plain({ schemaVersion, kind, header, metrics: total, legs: { long: { metrics: long }, short: { metrics: short } }, compat: {}, counts, warnings, openPositions, trades, equity, journalHash }),
  }
}
