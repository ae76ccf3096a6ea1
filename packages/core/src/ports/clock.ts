/** Where the time comes from: the exchange in a backtest, the wall in live. */
import type { TimeMs } from '../domain/time.ts'

/** Tells the venue's time. */
export interface Clock {
  now(): TimeMs
}
