/** A clock that the test moves: timers fire in order, and everything that they cause comes to rest in between. */
import type { TimeMs, Timers } from '@hedgerow/core'

interface Due {
  readonly at: TimeMs
  readonly call: () => void
}

export class VirtualTimers implements Timers {
  #now: TimeMs
  #due: Due[] = []

  constructor(now: TimeMs) {
    this.#now = now
  }

  now(): TimeMs {
    return this.#now
  }

  after(ms: number, call: () => void): () => void {
    const due = { at: this.#now + Math.max(0, ms), call }
    this.#due.push(due)
    return () => { this.#due = this.#due.filter((other) => other !== due) }
  }

  /** Moves to a time, timer by timer. */
  async to(at: TimeMs): Promise<void> {
    await rest()
    for (;;) {
      const next = this.#due.filter((due) => due.at <= at).toSorted((a, b) => a.at - b.at)[0]
      if (next === undefined) break
      this.#due = this.#due.filter((due) => due !== next)
      this.#now = Math.max(this.#now, next.at)
      next.call()
      await rest()
    }
    this.#now = Math.max(this.#now, at)
    await rest()
  }

  /** Waits for a promise while time goes by. */
  async during<T>(promise: Promise<T>, mostMs = 120_000): Promise<T> {
    let done = false
    const watched = promise.finally(() => { done = true })
    watched.catch(() => {})
    for (let spent = 0; spent <= mostMs; spent += 100) {
      await rest()
      if (done) break
      await this.to(this.#now + 100)
    }
    return await watched
  }

  /** Forgets all timers: the process that set them is gone. */
  clear(): void {
    this.#due = []
  }
}

/** Lets promises that have what they wait for go on until none has. */
export async function rest(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise<void>((resolve) => { setImmediate(resolve) })
}
