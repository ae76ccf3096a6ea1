/** Waiting, as a port: live code waits by the wall, its tests by a clock that they move. */
import type { Clock } from './clock.ts'

/** Tells the time and calls back. */
export interface Timers extends Clock {
  /** Calls once after so many milliseconds; the answer takes it back. */
  after(ms: number, call: () => void): () => void
}
