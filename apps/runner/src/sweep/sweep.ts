/** `sweep()`: one backtest for each set of parameters, on all cores, over one copy of the candles. */
import { HedgerowError } from '@hedgerow/core'
import { present } from '../present.ts'
import { shareMarket, type MarketInputs } from './shared-market.ts'
import { sourceOfOptions, type PlainOptions, type RunSource, type SweepRoute } from './run-source.ts'
import type { Collect, Trial, TrialOutcome } from './trial.ts'
import { WorkerPool, workersFor, type BatchOptions } from './worker-pool.ts'

/** What all runs of a sweep share: the options of `backtest()`, with strategies by file or package name, as every thread loads them itself. */
export interface SweepBase extends PlainOptions, MarketInputs {
  readonly routes: readonly SweepRoute[]
  /** Threads; one a core by default. */
  readonly workers?: number
  /** What each run keeps; `metrics` by default. */
  readonly collect?: Collect
}

/** A sweep over sets of parameters. */
export interface SweepOptions extends SweepBase, BatchOptions {
  /** One run each, by name. What a set leaves out is as the route says, or the strategy's default. */
  readonly sets: readonly Readonly<Record<string, unknown>>[]
}

/** What came of a sweep. */
export interface SweepResult {
  /** One a set, in the order of the sets. */
  readonly outcomes: readonly TrialOutcome[]
  readonly failed: number
  readonly workers: number
  /** Wall time until every thread had loaded its strategies, and from there to the last outcome. */
  readonly startMs: number
  readonly runMs: number
}

/** Threads over one market that run batches of trials, as a search needs them. Close it in the end. */
export interface SweepPool {
  readonly workers: number
  /**
   * One outcome a trial, in their order.
   *
   * @throws HedgerowError `RUN_INTERRUPTED` when the signal stops it; the pool is closed then.
   */
  run(trials: readonly Trial[], batch?: BatchOptions): Promise<readonly TrialOutcome[]>
  /** Ends the threads; a batch that is running is interrupted. */
  close(): Promise<void>
}

/**
 * Runs one backtest for each set. Each is exactly what `backtest()` gives alone. A run that fails is an outcome with its parameters
 * and does not stop the others; an abort stops all at once and leaves nothing behind.
 *
 * @throws HedgerowError `GRID_INVALID` without sets, `UNKNOWN_STRATEGY`, `MODULE_NOT_LOADED`, `CONFIG_INVALID`, `DATA_*`; `RUN_INTERRUPTED`.
 */
export async function sweep({ sets, workers, collect, signal, onProgress, routes, candles, funding, marks, indexes, ...options }: SweepOptions): Promise<SweepResult> {
  const batch: SweepBatch = { trials: sets.map((params) => ({ params })), ...present({ workers, collect, signal, onProgress }) }
  return await sweepOver(sourceOfOptions(options, routes), { candles, ...present({ funding, marks, indexes }) }, batch)
}

/** What a sweep runs, and how. */
export interface SweepBatch extends BatchOptions {
  readonly trials: readonly Trial[]
  readonly workers?: number
  readonly collect?: Collect
}

/** The sweep of a recipe. Throws as {@link sweep} does. */
export async function sweepOver(source: RunSource, market: MarketInputs, { trials, workers, collect = 'metrics', ...batch }: SweepBatch): Promise<SweepResult> {
  if (trials.length === 0) throw new HedgerowError('GRID_INVALID', { where: 'sweep', found: 'no sets of parameters', expected: 'at least one' })
  const started = performance.now()
  const pool = new WorkerPool({ source, market: shareMarket(market), collect }, workersFor(trials.length, workers))
  try {
    await pool.ready(batch.signal)
    const ready = performance.now()
    const outcomes = await pool.run(trials, batch)
    return { outcomes, failed: outcomes.filter(({ status }) => status === 'failed').length, workers: pool.size, startMs: ready - started, runMs: performance.now() - ready }
  } finally {
    await pool.close()
  }
}

/**
 * Opens a pool for many batches over one market.
 *
 * @throws HedgerowError as {@link sweep} does.
 */
export async function openSweep({ workers, collect = 'metrics', routes, candles, funding, marks, indexes, ...options }: SweepBase): Promise<SweepPool> {
  const market = shareMarket({ candles, ...present({ funding, marks, indexes }) })
  const pool = new WorkerPool({ source: sourceOfOptions(options, routes), market, collect }, workersFor(Number.POSITIVE_INFINITY, workers))
  try {
    await pool.ready()
  } catch (error) {
    await pool.close()
    throw error
  }
  return { workers: pool.size, run: async (trials, batch) => await pool.run(trials, batch), close: async () => { await pool.close() } }
}
