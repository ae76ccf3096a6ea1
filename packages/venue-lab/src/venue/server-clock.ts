/** The clock that a venue signs by: wall time, off by what a test wants. Market time is another: a replay may run faster than any clock. */
import type { TimeMs } from '@hedgerow/core'

/** Ticks at the pace of the wall. */
export class ServerClock {
  readonly #wall: () => TimeMs
  /** Milliseconds that the venue is ahead of the wall. */
  skewMs = 0

  constructor(wall: () => TimeMs = Date.now) {
    this.#wall = wall
  }

  now(): TimeMs {
    return this.#wall() + this.skewMs
  }
}
