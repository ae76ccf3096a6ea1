/** The last word of an engine that gives up: what would open is taken back, and the venue is given a moment to answer before the connection goes. */
import type { VenueReport } from '../ports/venue-report.ts'
import type { LiveEngine } from './live-engine.ts'

/** A venue that has not answered by then is not waited for. */
const PATIENCE_MS = 5_000

/** Cancels every opener of a failed engine. Protective orders stay. */
export class PartingCancels {
  readonly #waiting = new Set<string>()
  readonly #done: () => void
  #stopTimer: (() => void) | null = null

  /** `done` is called once: when all cancels are answered, or time is up. */
  constructor({ desk, tracked, options: { state, timers } }: LiveEngine, done: () => void) {
    this.#done = done
    for (const { order } of state.orders.live()) {
      const known = order.intent === 'open' ? tracked.get(order.id) : undefined
      if (known === undefined) continue
      this.#waiting.add(known.clientId)
      desk.cancel(order.id, 'requested')
    }
    if (this.#waiting.size === 0) done()
    else this.#stopTimer = timers.after(PATIENCE_MS, () => { this.#finish() })
  }

  /** Takes what the venue says meanwhile. */
  see(report: VenueReport): void {
    if (report.type !== 'taken' && report.type !== 'refused' && report.type !== 'unanswered') return
    if (report.command !== 'cancel' || report.clientId === null) return
    if (this.#waiting.delete(report.clientId) && this.#waiting.size === 0) this.#finish()
  }

  #finish(): void {
    if (this.#stopTimer === null) return
    this.#stopTimer()
    this.#stopTimer = null
    this.#done()
  }
}
