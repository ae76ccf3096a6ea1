/** Reads settlements of funding as events: one of a leg and a moment counts once, whoever tells it. */
import { decimalText } from '../domain/decimal.ts'
import type { ExchangeEvent } from '../domain/events.ts'
import type { Leg } from '../domain/leg.ts'
import type { FundingReport } from '../ports/venue-report.ts'
import { legOfFunding } from './reconcile.ts'
import type { Reading } from './venue-orders.ts'

const NOTHING: Reading = { events: [], requests: [] }

/** The settlements of a session. */
export class FundingNews {
  readonly #known = new Set<string>()
  readonly #isFlat: (symbol: string, leg: Leg) => boolean

  constructor(isFlat: (symbol: string, leg: Leg) => boolean) {
    this.#isFlat = isFlat
  }

  /** Learns from an event that an earlier program has folded. */
  remember(event: ExchangeEvent): void {
    if (event.type === 'funding.settled') this.#known.add(keyOf(event))
    else if (event.type === 'account.posted') this.#known.add(lateKeyOf(event))
  }

  /** A settlement that is told after the fill that closed its leg belongs to no trade any more: it is booked on the wallet alone. */
  read(report: FundingReport): Reading {
    const leg = report.leg ?? legOfFunding(report)
    if (leg === null) return report.amount.isZero() ? NOTHING : { events: [], requests: [{ type: 'anomaly', text: `funding ${report.fundingId} of ${report.symbol} names no leg` }] }
    const { at, symbol, qty, mark, rate, amount } = report
    const key = keyOf({ at, symbol, leg })
    if (this.#known.has(key) || this.#known.has(lateKeyOf(report))) return NOTHING
    this.#known.add(key)
    if (!this.#isFlat(symbol, leg)) return { events: [{ type: 'funding.settled', at, symbol, leg, qty, mark, rate, amount }], requests: [] }
    const text = `funding of ${decimalText(amount)} was told when the ${leg} leg of ${symbol} was flat here: posted as reconcile-adjust`
    return { events: amount.isZero() ? [] : [{ type: 'account.posted', at, kind: 'reconcile-adjust', amount }], requests: [{ type: 'anomaly', text }] }
  }
}

function keyOf({ at, symbol, leg }: Pick<Extract<ExchangeEvent, { type: 'funding.settled' }>, 'at' | 'symbol' | 'leg'>): string {
  return `${symbol} ${leg} ${at}`
}

/** A posting names no leg: its moment and its amount tell which settlement it was. */
function lateKeyOf({ at, amount }: Pick<FundingReport, 'at' | 'amount'>): string {
  return `${at} ${decimalText(amount)}`
}
