/** The budgets that a venue counts requests by: one limiter for each group of its rate limits, whatever kinds of request share it. */
import type { RateLimit } from '../driver/manifest.ts'
import type { Timers } from '../ports/timers.ts'
import type { RequestKind, VenueConnection } from '../ports/venue-connection.ts'
import type { BudgetReport } from '../ports/venue-report.ts'
import { RateLimiter } from './rate-limiter.ts'

/** All budgets of one connection. */
export class RequestBudgets {
  readonly #byGroup: ReadonlyMap<string, RateLimiter>
  readonly #groups: VenueConnection['budgets']

  constructor({ rateLimits, groups, timers }: { readonly rateLimits: readonly RateLimit[]; readonly groups: VenueConnection['budgets']; readonly timers: Timers }) {
    this.#groups = groups
    this.#byGroup = new Map([...new Set(Object.values(groups))].map((name) => [name, new RateLimiter(rateLimits.filter(({ group }) => group === name), timers)]))
  }

  /** The limiter that a kind of request goes through. */
  of(kind: RequestKind): RateLimiter {
    const limiter = this.#byGroup.get(this.#groups[kind])
    if (limiter === undefined) throw new TypeError(`no budget for ${kind}`)
    return limiter
  }

  /** Requests of all kinds that wait for room. */
  get waiting(): number {
    let waiting = 0
    for (const limiter of this.#byGroup.values()) waiting += limiter.waiting
    return waiting
  }

  /** What the venue says of a group; one that no request of ours counts against is none of our business. */
  note(report: BudgetReport): void {
    this.#byGroup.get(report.group)?.note(report)
  }

  /** Drops what waits. */
  close(): void {
    for (const limiter of this.#byGroup.values()) limiter.close()
  }
}
