/** Reads settlements of funding as events: one of a leg and a moment counts once, whoever tells it. */
import type { ExchangeEvent } from '../domain/events.ts'
import type { FundingReport } from '../ports/venue-report.ts'
import { legOfFunding } from './reconcile.ts'
import type { Reading } from './venue-orders.ts'

const NOTHING: Reading = { events: [], requests: [] }

/** The settlements of a session. */
export class FundingNews {
  readonly #known = new Set<string>()

  /** Learns from an event that an earlier program has folded. */
  remember(event: Extract<ExchangeEvent, { type: 'funding.settled' }>): void {
    this.#known.add(keyOf(event))
  }

  read(report: FundingReport): Reading {
    const leg = report.leg ?? legOfFunding(report)
    if (leg === null) return report.amount.isZero() ? NOTHING : { events: [], requests: [{ type: 'anomaly', text: `funding ${report.fundingId} of ${report.symbol} names no leg` }] }
    const { at, symbol, qty, mark, rate, amount } = report
    const key = keyOf({ at, symbol, leg })
    if (this.#known.has(key)) return NOTHING
    this.#known.add(key)
    return { events: [{ type: 'funding.settled', at, symbol, leg, qty, mark, rate, amount }], requests: [] }
  }
}

function keyOf({ at, symbol, leg }: Pick<Extract<ExchangeEvent, { type: 'funding.settled' }>, 'at' | 'symbol' | 'leg'>): string {
  return `${symbol} ${leg} ${at}`
}
