/** Requests a second of one account, by route, and what the answer says about them. */
import type { TimeMs } from '@hedgerow/core'

const WINDOW_MS = 1000

/** The state of a route's limit after a request. */
export interface LimitState {
  readonly isExceeded: boolean
  readonly headers: Readonly<Record<string, string>>
}

/** Counts requests in windows of one second. */
export class RateLimit {
  readonly #windows = new Map<string, { start: TimeMs; count: number }>()
  /** Set: every route has this many requests a second. */
  perSecond: number | null = null

  /** Counts a request; `weight` is the number of orders of a batch. */
  count(route: string, options: { readonly perSecond: number; readonly weight: number; readonly now: TimeMs }): LimitState {
    const { weight, now } = options
    const limit = this.perSecond ?? options.perSecond
    const known = this.#windows.get(route)
    const window = known === undefined || now >= known.start + WINDOW_MS || now < known.start ? { start: now, count: 0 } : known
    this.#windows.set(route, window)
    const isExceeded = window.count + weight > limit
    if (!isExceeded) window.count += weight
    return {
      isExceeded,
      headers: {
        'X-Bapi-Limit': String(limit), 'X-Bapi-Limit-Status': String(Math.max(0, limit - window.count)),
        'X-Bapi-Limit-Reset-Timestamp': String(isExceeded ? window.start + WINDOW_MS : now),
      },
    }
  }
}
