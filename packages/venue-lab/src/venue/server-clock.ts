/**
 * The clock of the venue's servers: what requests are checked against and `market/time` tells. It goes with the wall, and is never behind the
 * market: a market that a test or a replay lets run ahead takes the clock along, and from there the clock runs on like any other.
 */
import type { TimeMs } from '@hedgerow/core'

/** Time of the servers. */
export class ServerClock {
  readonly #wall: () => TimeMs
  #aheadMs = 0
  /** Milliseconds that the venue is ahead of the wall. */
  skewMs = 0

  constructor(wall: () => TimeMs = Date.now) {
    this.#wall = wall
  }

  now(): TimeMs {
    return this.#wall() + this.#aheadMs + this.skewMs
  }

  /**
   * The earliest time that a client may take for now: one that asked before the market ran ahead goes by the wall since. The same as
   * {@link ServerClock.now} as long as the market is not ahead of the wall.
   */
  earliest(): TimeMs {
    return this.#wall() + this.skewMs
  }

  /** The market has got here: the clock is never behind it, and never stands still. */
  follow(market: TimeMs): void {
    this.#aheadMs = Math.max(this.#aheadMs, market - this.#wall())
  }
}
