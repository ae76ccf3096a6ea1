/** The thread of a sweep: makes the options for itself, then answers every trial with its outcome. */
import { enableCompileCache } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import type { RunSource } from './run-source.ts'
import type { SharedMarket } from './shared-market.ts'
import type { Collect, SentError, SentOutcome, Trial } from './trial.ts'

/** What a thread is started with. */
export interface WorkerStart {
  readonly source: RunSource
  readonly market: SharedMarket
  readonly collect: Collect
}

/** What a thread is asked. */
export interface WorkerTask {
  readonly index: number
  readonly trial: Trial
}

/** What a thread answers: it is ready or cannot be, or a trial has come to its end. */
export type WorkerAnswer =
  | { readonly type: 'ready' }
  | { readonly type: 'refused'; readonly error: SentError }
  | { readonly type: 'outcome'; readonly index: number; readonly outcome: SentOutcome }

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
const answer = (message: WorkerAnswer): void => { parentPort?.postMessage(message) }

// Before the first import that costs, as in the main thread.
enableCompileCache()
const [{ loadSource }, { marketOfShared }, { TrialRunner }, { sendError }] = await Promise.all([import('./run-source.ts'), import('./shared-market.ts'), import('./trial-runner.ts'), import('./trial.ts')])

try {
  const { source, market, collect } = workerData as WorkerStart
  const runner = new TrialRunner({ ...(await loadSource(source)), ...marketOfShared(market) }, collect)
  parentPort?.on('message', ({ index, trial }: WorkerTask) => { void runner.run(trial).then((outcome) => answer({ type: 'outcome', index, outcome })) })
  answer({ type: 'ready' })
} catch (error) {
  answer({ type: 'refused', error: sendError(error) })
}
