/**
 * Spends a venue's budget of requests by urgency (SIMULATION 7.6): what protects goes before what opens, and what opens may use only a part,
 * so that a cancel always finds room. What has waited too long to be right is dropped, never sent late.
 */
import type { RateLimit } from '../driver/manifest.ts'
import type { Timers } from '../ports/timers.ts'
import type { BudgetReport } from '../ports/venue-report.ts'
import type { TimeMs } from '../domain/time.ts'

/** From most to least urgent: cancels and kills, protective orders, closes, reads that reconcile, opens, history. */
export type Urgency = 1 | 2 | 3 | 4 | 5 | 6

/** One thing to send. */
export interface LimitedRequest {
  readonly urgency: Urgency
  /** A waiting request of the same key is replaced: only the newest amendment counts. */
  readonly key?: string
  /** After this time it is dropped. */
  readonly expiresAt?: TimeMs
  readonly send: () => void
  readonly drop?: () => void
}

/** Share of the budget that is open to everything below class 2. */
const OPEN_SHARE = 0.7

/** One budget and who waits for it. */
export class RateLimiter {
  readonly #windows: readonly Window[]
  readonly #timers: Timers
  #waiting: LimitedRequest[] = []
  #blockedUntil: TimeMs = 0
  #stopTimer: (() => void) | null = null

  /** `limits`: the rows of the manifest that count these requests. Without a row nothing waits. */
  constructor(limits: readonly RateLimit[], timers: Timers) {
    this.#windows = limits.map((limit) => new Window(limit))
    this.#timers = timers
  }

  /** Number of requests that wait. */
  get waiting(): number {
    return this.#waiting.length
  }

  /** Sends now, or as soon as the budget allows. */
  request(request: LimitedRequest): void {
    const same = request.key === undefined ? -1 : this.#waiting.findIndex(({ key }) => key === request.key)
    if (same >= 0) this.#waiting[same] = request
    else if ((this.#waiting[0]?.urgency ?? Number.POSITIVE_INFINITY) > request.urgency && this.#hasRoom(request.urgency)) this.#send(request)
    else this.#wait(request)
  }

  /** Resolves when the budget allows a question. */
  async admit(urgency: Urgency): Promise<void> {
    await new Promise<void>((resolve) => { this.request({ urgency, send: resolve }) })
  }

  /** What the venue says is left, and how much this account may send. */
  note({ at, remaining, limit, resetAt }: BudgetReport): void {
    if (limit !== null && limit > 0) for (const window of this.#windows) window.requests = limit
    // Both times are the venue's, and its clock may be anywhere: how long to wait is what counts, and no budget takes longer to fill than its window.
    const most = Math.max(0, ...this.#windows.map(({ perMs }) => perMs))
    if (remaining <= 0) this.backOff(this.#timers.now() + Math.min(most, Math.max(0, resetAt - at)))
  }

  /** Nothing goes before this time, by our clock. */
  backOff(until: TimeMs): void {
    this.#blockedUntil = Math.max(this.#blockedUntil, until)
  }

  /** Drops what waits and stops waiting. */
  close(): void {
    this.#waiting = []
    this.#stopTimer?.()
  }

  #wait(request: LimitedRequest): void {
    const after = this.#waiting.findIndex(({ urgency }) => urgency > request.urgency)
    this.#waiting.splice(after < 0 ? this.#waiting.length : after, 0, request)
    this.#schedule()
  }

  #send(request: LimitedRequest): void {
    const now = this.#timers.now()
    if (request.expiresAt !== undefined && now > request.expiresAt) {
      request.drop?.()
      return
    }
    for (const window of this.#windows) window.count(now)
    request.send()
  }

  #hasRoom(urgency: Urgency): boolean {
    const now = this.#timers.now()
    if (now < this.#blockedUntil) return false
    return this.#windows.every((window) => window.used(now) < (urgency <= 2 ? window.requests : Math.max(1, Math.floor(window.requests * OPEN_SHARE))))
  }

  #schedule(): void {
    if (this.#stopTimer !== null || this.#waiting.length === 0) return
    const now = this.#timers.now()
    const wait = now < this.#blockedUntil ? this.#blockedUntil - now : Math.max(1, ...this.#windows.map(({ requests, perMs }) => Math.ceil(perMs / requests)))
    this.#stopTimer = this.#timers.after(wait, () => {
      this.#stopTimer = null
      this.#drain()
    })
  }

  #drain(): void {
    for (let next = this.#waiting[0]; next !== undefined && this.#hasRoom(next.urgency); next = this.#waiting[0]) {
      this.#waiting.shift()
      this.#send(next)
    }
    this.#schedule()
  }
}

/** What was sent within the last so many ms. */
class Window {
  readonly perMs: number
  requests: number
  /** Oldest first; those before `#first` are over. */
  #sent: TimeMs[] = []
  #first = 0

  constructor({ requests, perMs }: RateLimit) {
    this.requests = requests
    this.perMs = perMs
  }

  count(at: TimeMs): void {
    this.#sent.push(at)
  }

  used(now: TimeMs): number {
    while (this.#first < this.#sent.length && (this.#sent[this.#first] ?? now) <= now - this.perMs) this.#first++
    if (this.#first > KEPT) {
      this.#sent = this.#sent.slice(this.#first)
      this.#first = 0
    }
    return this.#sent.length - this.#first
  }
}

/** So many that are over are kept before they are cut off. */
const KEPT = 1_000
