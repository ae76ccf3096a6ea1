/** What the hedge bought: the same strategy again with one leg refused, with the other refused, and in one-way mode. */
import { HedgerowError, isHedgerowError, type EquityPoint, type RunMetrics } from '@hedgerow/core'
import { assembleResult } from './assemble.ts'
import { composeBacktest } from './compose.ts'
import { withDriver } from './drivers.ts'
import { parseBacktestOptions } from './options-schema.ts'
import type { BacktestOptions, BacktestSettings } from './options.ts'
import { withPaths } from './path-bracket.ts'
import type { BacktestResult, RunCounts } from './result.ts'

/** How a run differs from the hedged one. */
export type CounterfactualKind = 'without-short' | 'without-long' | 'one-way'

/** One run beside the hedged one. */
export interface Counterfactual {
  readonly kind: CounterfactualKind
  /** Null where the strategy cannot run like that. */
  readonly run: CounterfactualRun | null
  /** Why it cannot; null where it can. */
  readonly reason: string | null
}

/** What is kept of such a run. */
export interface CounterfactualRun {
  readonly metrics: RunMetrics
  readonly legs: { readonly long: { readonly metrics: RunMetrics }; readonly short: { readonly metrics: RunMetrics } }
  readonly counts: RunCounts
  readonly equity: readonly EquityPoint[]
  readonly journalHash: string
}

type Change = (settings: BacktestSettings) => BacktestSettings

const CHANGES: Readonly<Record<CounterfactualKind, Change>> = {
  'without-short': (settings) => ({ ...settings, refuseLeg: 'short' }),
  'without-long': (settings) => ({ ...settings, refuseLeg: 'long' }),
  'one-way': (settings) => ({ ...settings, exchange: { ...settings.exchange, positionMode: 'one-way' } }),
}

const KINDS = ['without-short', 'without-long', 'one-way'] as const

/**
 * Runs strategies over candles as `backtest()` does, and the same three more times with less of a hedge: `result.counterfactuals`.
 *
 * @throws HedgerowError as `backtest()`, and `CONFIG_INVALID` where the run is not in hedge mode or refuses a leg itself.
 */
export async function counterfactual(options: BacktestOptions): Promise<BacktestResult> {
  const settings = await withDriver(parseBacktestOptions(options))
  requireHedge(settings)
  return withPaths(resultOf(settings), settings).withCounterfactuals(counterfactualsOf(settings))
}

/** The three runs, without the hedged one. A strategy that fails in one of them leaves its reason. */
export function counterfactualsOf(settings: BacktestSettings): readonly Counterfactual[] {
  return KINDS.map((kind) => {
    try {
      const { metrics, legs, counts, equity, journalHash } = resultOf(CHANGES[kind](settings))
      return { kind, run: { metrics, legs, counts, equity, journalHash }, reason: null }
    } catch (error) {
      if (!isHedgerowError(error) || error.code === 'RUN_INTERRUPTED') throw error
      return { kind, run: null, reason: error.message }
    }
  })
}

/**
 * Refuses settings that leave nothing to compare with.
 *
 * @throws HedgerowError `CONFIG_INVALID`.
 */
export function requireHedge({ exchange: { positionMode }, refuseLeg }: BacktestSettings): void {
  const found = positionMode === 'hedge' ? refuseLeg && `refuseLeg: '${refuseLeg}'` : `positionMode: '${positionMode}'`
  if (found === undefined) return
  throw new HedgerowError('CONFIG_INVALID', { where: 'counterfactual', found, expected: "positionMode: 'hedge' with both legs traded", remedy: 'Run in hedge mode (--position-mode hedge) without refuseLeg, or leave --counterfactual out.' })
}

function resultOf(settings: BacktestSettings): BacktestResult {
  const composed = composeBacktest(settings)
  composed.engine.run()
  return assembleResult(composed)
}
