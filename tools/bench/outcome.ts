/** What a workload says of itself when it is over. */
import type { Spread } from './measure.ts'

/** What the numbers of a workload count. */
export type Unit = 'CPU ms' | 'wall ms' | 'MB a year' | 'bytes an order'

/** One workload, measured. */
export interface Outcome {
  readonly unit: Unit
  readonly value: Spread
  /** CPU milliseconds of the very first run, nothing compiled yet; null where every run starts afresh. */
  readonly coldMs: number | null
  /** CPU milliseconds of all threads, where that is not the value itself. */
  readonly cpuMs: number | null
  /** The hand-written loop, in the same unit, in the same process, in turn with the engine. */
  readonly floor: Spread | null
  readonly candles: number
  readonly peakRssMb: number
  readonly trades: number
  readonly runs: number
  /** What else a reader should know. */
  readonly note?: string
}

/** A goal of the performance page, and the floor that stood beside it there. */
export interface Goal {
  readonly value: number
  readonly floor: number | null
}
