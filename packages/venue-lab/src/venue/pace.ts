/** Lets market time pass by itself, so many times as fast as the wall. */
import type { TimeMs } from '@hedgerow/core'

const TICK_MS = 100

/** A running market. */
export class Pace {
  readonly #advanceTo: (at: TimeMs) => Promise<void>
  readonly #onError: (error: unknown) => void
  #timer: NodeJS.Timeout | null = null
  #isBusy = false

  constructor(advanceTo: (at: TimeMs) => Promise<void>, onError: (error: unknown) => void) {
    this.#advanceTo = advanceTo
    this.#onError = onError
  }

  /** Goes on from a market time; `speed` market seconds pass in a second. */
  start(from: TimeMs, speed: number): void {
    this.stop()
    const began = performance.now()
    this.#timer = setInterval(() => {
      if (this.#isBusy) return
      this.#isBusy = true
      this.#advanceTo(from + Math.floor((performance.now() - began) * speed)).catch(this.#onError).finally(() => { this.#isBusy = false })
    }, TICK_MS)
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
  }
}
