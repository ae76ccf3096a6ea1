/** Deadlines of requests that all have the same time: one timer for however many are under way, where a timer for each costs more than to build the request. */

/** One that is under way. */
export interface Deadline {
  /** ms since the process began. */
  readonly at: number
  readonly pass: () => void
}

/** Deadlines in the order in which they pass. */
export class Deadlines {
  readonly #afterMs: number
  readonly #open = new Set<Deadline>()
  #timer: NodeJS.Timeout | null = null

  /** `afterMs`: from the start of a request until it is given up. */
  constructor(afterMs: number) {
    this.#afterMs = afterMs
  }

  /** Calls `pass` once the time is over, unless {@link meet} is called before. */
  start(pass: () => void): Deadline {
    const deadline = { at: performance.now() + this.#afterMs, pass }
    this.#open.add(deadline)
    if (this.#timer === null) this.#wait(this.#afterMs)
    return deadline
  }

  /** The answer has come. */
  meet(deadline: Deadline): void {
    this.#open.delete(deadline)
  }

  /** A timer holds no process: what is under way does. */
  #wait(ms: number): void {
    this.#timer = setTimeout(() => { this.#pass() }, ms).unref()
  }

  #pass(): void {
    this.#timer = null
    const now = performance.now()
    for (const deadline of this.#open) {
      if (deadline.at > now) {
        this.#wait(deadline.at - now)
        return
      }
      this.#open.delete(deadline)
      deadline.pass()
    }
  }
}
