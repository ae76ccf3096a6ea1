/** Floor of the sweep: the hand-written loop over the same sets, on as many fresh threads as the engine has, over one copy of the candles. */
import { once } from 'node:events'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import type { CandleColumns } from '@hedgerow/core'
import { emaCross, type CrossParams } from './floor-cross.ts'

const COLUMNS = ['open', 'high', 'low', 'close', 'volume'] as const

/** What each thread is given. */
interface FloorWork {
  readonly candles: CandleColumns
  readonly warmup: number
}

/** Wall milliseconds from the moment that the threads have started to the last set; they take the sets in turn, and end with it. */
export async function sweepFloor(work: FloorWork, sets: readonly CrossParams[], threads: number): Promise<number> {
  const shared: FloorWork = { ...work, candles: { ...gridOf(work.candles), ...Object.fromEntries(COLUMNS.map((name) => [name, sharedColumn(work.candles[name])])) } as CandleColumns }
  const workers = Array.from({ length: threads }, () => new Worker(new URL(import.meta.url), { workerData: shared }))
  try {
    await Promise.all(workers.map((worker) => once(worker, 'message')))
    const since = performance.now()
    await Promise.all(workers.map((worker, index) => {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
      worker.postMessage(sets.filter((_, place) => place % threads === index))
      return once(worker, 'message')
    }))
    return performance.now() - since
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}

function gridOf({ start, step, length }: CandleColumns): Pick<CandleColumns, 'start' | 'step' | 'length'> {
  return { start, step, length }
}

function sharedColumn(column: Float64Array): Float64Array {
  const shared = new Float64Array(new SharedArrayBuffer(column.byteLength))
  shared.set(column)
  return shared
}

if (!isMainThread) {
  const { candles, warmup } = workerData as FloorWork
  parentPort?.on('message', (sets: readonly CrossParams[]) => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    parentPort?.postMessage(sets.map((params) => emaCross(candles, { params, warmup, both: false }).trades.length))
  })
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  parentPort?.postMessage('ready')
}
