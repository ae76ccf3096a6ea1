/** Threads that run trials: each has one at a time, and a thread that dies takes only its own trial with it. */
import { availableParallelism } from 'node:os'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { HedgerowError } from '@hedgerow/core'
import { receiveError, receiveOutcome, sendError, type SentOutcome, type Trial, type TrialOutcome } from './trial.ts'
import type { WorkerAnswer, WorkerStart, WorkerTask } from './trial-worker.ts'

/** How far a sweep is. */
export interface SweepProgress {
  readonly done: number
  readonly failed: number
  readonly total: number
}

/** How a batch of trials is watched and stopped. */
export interface BatchOptions {
  /** Stops at once, also within a run. */
  readonly signal?: AbortSignal
  /** Called after every trial. */
  readonly onProgress?: (progress: SweepProgress) => void
}

/** Started from sources, a thread resolves the workspace's packages to their sources too. */
const EXTENSION = extname(import.meta.url)
const SOURCES = '--conditions=@hedgerow/source'
const THREAD_ARGS = EXTENSION === '.ts' && !process.execArgv.includes(SOURCES) ? { execArgv: [SOURCES] } : {}

/** Threads for the cores of this machine, or as many as there is work for. */
export function workersFor(trials: number, wanted?: number): number {
  return Math.max(1, Math.min(wanted ?? availableParallelism(), trials))
}

/** A thread, and the trial that it is at. */
interface Member {
  readonly worker: Worker
  at: number | null
  /** What it died of, where it told. */
  cause?: Error
}

/** The trials of one call of `run`. */
interface Batch {
  readonly trials: readonly Trial[]
  readonly outcomes: (TrialOutcome | undefined)[]
  readonly onProgress: BatchOptions['onProgress']
  readonly resolve: (outcomes: readonly TrialOutcome[]) => void
  readonly reject: (error: Error) => void
  next: number
  done: number
  failed: number
}

/** A pool of threads over one market. Close it when it is no longer needed: threads keep a process alive. */
export class WorkerPool {
  readonly size: number
  readonly #start: WorkerStart
  readonly #members = new Set<Member>()
  #batch: Batch | null = null
  #waiting: { readonly resolve: () => void; readonly reject: (error: Error) => void } | null = null
  #ready = 0
  #broken: Error | null = null

  constructor(start: WorkerStart, size: number) {
    this.#start = start
    this.size = size
    for (let count = 0; count < size; count++) this.#spawn()
  }

  /**
   * Resolves once every thread has loaded its strategies.
   *
   * @throws HedgerowError what the first of them refused to start with, `RUN_INTERRUPTED`.
   */
  async ready(signal?: AbortSignal): Promise<void> {
    if (this.#broken !== null) throw this.#broken
    if (this.#ready >= this.size) return
    const waited = new Promise<void>((resolve, reject) => { this.#waiting = { resolve, reject } })
    await this.#abortable(signal, waited)
  }

  /**
   * Runs trials; the outcomes are in their order, whichever thread was faster.
   *
   * @throws HedgerowError `RUN_INTERRUPTED` when the signal stops it: the threads are gone, and so is the pool.
   */
  async run(trials: readonly Trial[], { signal, onProgress }: BatchOptions = {}): Promise<readonly TrialOutcome[]> {
    if (this.#broken !== null) throw this.#broken
    if (this.#batch !== null) throw new HedgerowError('INVARIANT_BROKEN', { where: 'sweep', found: 'a second batch of trials while one is running', expected: 'one at a time' })
    if (trials.length === 0) return []
    const ran = new Promise<readonly TrialOutcome[]>((resolve, reject) => {
      this.#batch = { trials, outcomes: [], onProgress, resolve, reject, next: 0, done: 0, failed: 0 }
    })
    for (const member of this.#members) this.#assign(member)
    return await this.#abortable(signal, ran)
  }

  /** Ends the threads wherever they are. */
  async close(): Promise<void> {
    this.#broken ??= new HedgerowError('RUN_INTERRUPTED', { where: 'sweep', found: 'a pool that was closed', expected: 'an open one' })
    await Promise.all([...this.#members].map(async ({ worker }) => await worker.terminate()))
  }

  async #abortable<T>(signal: AbortSignal | undefined, work: Promise<T>): Promise<T> {
    const stop = (): void => {
      this.#fail(new HedgerowError('RUN_INTERRUPTED', { where: 'sweep', ...(this.#batch === null ? {} : { found: `stopped after ${this.#batch.done} of ${this.#batch.trials.length} runs` }), cause: signal?.reason }))
    }
    if (signal?.aborted === true) stop()
    signal?.addEventListener('abort', stop, { once: true })
    try {
      return await work
    } finally {
      signal?.removeEventListener('abort', stop)
    }
  }

  #spawn(): void {
    // What strategies print must not get between the lines of a result.
    const worker = new Worker(new URL(`./trial-worker${EXTENSION}`, import.meta.url), { workerData: this.#start, stdout: true, ...THREAD_ARGS })
    const member: Member = { worker, at: null }
    this.#members.add(member)
    worker.stdout.on('data', (text: Buffer) => { process.stderr.write(text) })
    worker.on('message', (answer: WorkerAnswer) => { this.#hear(member, answer) })
    worker.on('error', (error) => { member.cause = error instanceof Error ? error : new Error(String(error)) })
    worker.on('exit', () => { this.#bury(member) })
    this.#assign(member)
  }

  #hear(member: Member, answer: WorkerAnswer): void {
    if (answer.type === 'refused') {
      this.#fail(receiveError(answer.error))
    } else if (answer.type === 'ready') {
      this.#ready++
      if (this.#ready >= this.size) this.#waiting?.resolve()
    } else {
      member.at = null
      this.#settle(answer.index, answer.outcome)
      this.#assign(member)
    }
  }

  #assign(member: Member): void {
    const batch = this.#batch
    const trial = batch?.trials[batch.next]
    if (batch === null || trial === undefined || member.at !== null) return
    member.at = batch.next++
    const task: WorkerTask = { index: member.at, trial }
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    member.worker.postMessage(task)
  }

  #settle(index: number, outcome: SentOutcome): void {
    const batch = this.#batch
    const trial = batch?.trials[index]
    if (batch === null || trial === undefined) return
    batch.outcomes[index] = receiveOutcome(outcome, index, trial)
    batch.done++
    if (outcome.status === 'failed') batch.failed++
    batch.onProgress?.({ done: batch.done, failed: batch.failed, total: batch.trials.length })
    if (batch.done < batch.trials.length) return
    this.#batch = null
    batch.resolve(batch.outcomes.flatMap((settled) => (settled === undefined ? [] : [settled])))
  }

  /** A thread has ended: by `process.exit` in a strategy, for want of memory, or because it was told to. */
  #bury(member: Member): void {
    this.#members.delete(member)
    if (this.#broken !== null) return
    const lost = new HedgerowError('WORKER_LOST', { where: 'sweep', found: member.cause?.message ?? 'a thread that ended itself', expected: 'an outcome', cause: member.cause })
    if (member.at === null) return this.#fail(lost)
    const { at } = member
    this.#spawn()
    this.#settle(at, { status: 'failed', error: sendError(lost) })
  }

  #fail(error: Error): void {
    this.#broken ??= error
    this.#waiting?.reject(error)
    this.#batch?.reject(error)
    this.#batch = null
    for (const { worker } of this.#members) void worker.terminate()
  }
}
