/** A trade in progress: what a leg has done since it was last flat. */
import { maxDecimal, minDecimal, ZERO, type Decimal } from '../domain/decimal.ts'
import type { Filled, FundingSettled } from '../domain/events.ts'
import type { Leg } from '../domain/leg.ts'
import type { OrderId } from '../domain/order.ts'
import { unrealisedPnl } from '../domain/position.ts'
import type { TimeMs } from '../domain/time.ts'
import type { ExitReason, Trade } from '../domain/trade.ts'
import { HedgerowError } from '../errors.ts'
import { extendExcursion, NO_EXCURSION, type Excursion, type PriceRange } from './excursion.ts'
import { netPnlOf } from './trade-metrics.ts'

/** A fill of one leg as the ledger booked it. */
export interface LegFill extends Pick<Filled, 'at' | 'symbol' | 'leg' | 'intent' | 'price' | 'qty' | 'fee' | 'role' | 'orderId'> {
  /** Gross pnl that a close booked, rounded by the venue's rule; zero for an opening fill. */
  readonly realised: Decimal
  /** The owner of the leg; the fill that opens a trade names its strategy. */
  readonly strategy: string
}

/** A funding posting of one leg; positive when received. */
export type LegFunding = Pick<FundingSettled, 'at' | 'symbol' | 'leg' | 'amount'>

/** What the liquidation of a leg posts beside its fills: a clearance fee, or what the insurance fund pays; signed, positive adds to the wallet. */
export type LegPosting = LegFunding

/** A leg that is still open. Quote units; fees paid and funding received are positive. */
export interface OpenPosition {
  readonly strategy: string
  readonly symbol: string
  readonly leg: Leg
  /** What is held now, base units. */
  readonly qty: Decimal
  /** Average price of what is held. */
  readonly entryPrice: Decimal
  /** The price at which it is valued. */
  readonly price: Decimal
  readonly unrealisedPnl: Decimal
  /** Gross pnl of the closes so far. */
  readonly realisedPnl: Decimal
  readonly fees: Decimal
  readonly funding: Decimal
  /** `unrealisedPnl + realisedPnl - fees + funding` */
  readonly netPnl: Decimal
  readonly openedAt: TimeMs
  /** Sum of quantity times price of all its fills so far. */
  readonly tradedNotional: Decimal
  readonly mae: Decimal
  readonly mfe: Decimal
  readonly orders: readonly OrderId[]
}

/** The fold of one leg's fills and funding from flat to flat. */
export class RoundTrip {
  /** Where among the trades it is, from 0; null before it has ended. */
  place: number | null = null
  readonly #first: LegFill
  #last: LegFill
  #qty = ZERO
  #cost = ZERO
  #openedQty = ZERO
  #openedNotional = ZERO
  #closedQty = ZERO
  #closedNotional = ZERO
  #gross = ZERO
  #fees = ZERO
  #funding = ZERO
  #peakNotional = ZERO
  #excursion: Excursion = NO_EXCURSION
  /** Where the price went since the quantity last changed; null where it has not been seen since. Profit is linear in it: only the ends count. */
  #range: PriceRange | null = null
  readonly #orders: OrderId[] = []

  /** Starts with the fill that opens the leg. */
  constructor(first: LegFill) {
    if (first.intent !== 'open') throw broken(first, 'a leg that is open')
    this.#first = first
    this.#last = first
    this.fill(first)
  }

  get isOpen(): boolean {
    return !this.#qty.isZero()
  }

  /** When it last changed quantity. */
  get changedAt(): TimeMs {
    return this.#last.at
  }

  /** A fill opens at its price, or closes at the average price; its own price counts as seen. */
  fill(fill: LegFill): void {
    if (!fill.qty.gt(0)) throw broken(fill, 'a quantity above zero')
    this.see({ low: fill.price, high: fill.price })
    this.#settle()
    if (fill.intent === 'open') this.#open(fill)
    else this.#close(fill)
    this.#fees = this.#fees.plus(fill.fee)
    this.#last = fill
    if (fill.orderId !== null && !this.#orders.includes(fill.orderId)) this.#orders.push(fill.orderId)
  }

  /** A settlement of funding. */
  fund(amount: Decimal): void {
    this.#funding = this.#funding.plus(amount)
  }

  /** What a liquidation takes beside the fees of its fills; negative for what it is given. */
  charge(amount: Decimal): void {
    this.#fees = this.#fees.plus(amount)
  }

  /** The price moved within this range while the quantity stood. */
  see({ low, high }: PriceRange): void {
    if (!this.isOpen) return
    const seen = this.#range
    this.#range = seen === null ? { low, high } : { low: minDecimal(seen.low, low), high: maxDecimal(seen.high, high) }
  }

  /** What the prices seen so far mean for what is held. */
  #settle(): void {
    if (this.#range !== null) this.#excursion = extendExcursion(this.#excursion, { holding: this.#holding(), booked: this.#gross, range: this.#range })
    this.#range = null
  }

  /** The finished trade; `timeOf` says how it shows the times of its fills. */
  toTrade(id: number, { leverage, timeOf }: { readonly leverage: Decimal; readonly timeOf: (at: TimeMs) => TimeMs }): Trade {
    const { strategy, symbol, leg } = this.#first
    const netPnl = this.booked
    const openedAt = timeOf(this.#first.at)
    const closedAt = timeOf(this.#last.at)
    return {
      id,
      strategy,
      symbol,
      leg,
      orders: [...this.#orders],
      mae: this.#excursion.mae,
      mfe: this.#excursion.mfe,
      openedAt,
      closedAt,
      holdingMs: closedAt - openedAt,
      qty: this.#openedQty,
      entryPrice: this.#openedNotional.div(this.#openedQty),
      exitPrice: this.#closedNotional.div(this.#closedQty),
      grossPnl: this.#gross,
      fees: this.#fees,
      funding: this.#funding,
      netPnl,
      pnlPercentage: netPnl.times(100).times(leverage).div(this.#openedNotional),
      exitReason: exitReasonOf(this.#last.role),
      peakNotional: this.#peakNotional,
    }
  }

  /** Realised so far, with fees and funding. Quote units. */
  get booked(): Decimal {
    return netPnlOf({ grossPnl: this.#gross, fees: this.#fees, funding: this.#funding })
  }

  /** The open rest, valued at a price. */
  toOpenPosition(price: Decimal, timeOf: (at: TimeMs) => TimeMs): OpenPosition {
    this.#settle()
    const { strategy, symbol, leg } = this.#first
    const unrealised = unrealisedPnl(this.#holding(), price)
    return {
      strategy,
      symbol,
      leg,
      orders: [...this.#orders],
      ...this.#excursion,
      openedAt: timeOf(this.#first.at),
      qty: this.#qty,
      entryPrice: this.#cost.div(this.#qty),
      price,
      unrealisedPnl: unrealised,
      realisedPnl: this.#gross,
      fees: this.#fees,
      funding: this.#funding,
      netPnl: netPnlOf({ grossPnl: this.#gross.plus(unrealised), fees: this.#fees, funding: this.#funding }),
      tradedNotional: this.#openedNotional.plus(this.#closedNotional),
    }
  }

  #open(fill: LegFill): void {
    const notional = fill.qty.times(fill.price)
    this.#qty = this.#qty.plus(fill.qty)
    this.#cost = this.#cost.plus(notional)
    this.#openedQty = this.#openedQty.plus(fill.qty)
    this.#openedNotional = this.#openedNotional.plus(notional)
    this.#peakNotional = maxDecimal(this.#peakNotional, this.#cost)
  }

  #close(fill: LegFill): void {
    if (fill.qty.gt(this.#qty)) throw broken(fill, `at most the ${this.#qty.toFixed()} that is open`)
    const rest = this.#qty.minus(fill.qty)
    this.#cost = rest.isZero() ? ZERO : this.#cost.minus(this.#cost.times(fill.qty).div(this.#qty))
    this.#qty = rest
    this.#closedQty = this.#closedQty.plus(fill.qty)
    this.#closedNotional = this.#closedNotional.plus(fill.qty.times(fill.price))
    this.#gross = this.#gross.plus(fill.realised)
  }

  #holding(): { readonly leg: Leg; readonly qty: Decimal; readonly cost: Decimal } {
    return { leg: this.#first.leg, qty: this.#qty, cost: this.#cost }
  }
}

const EXIT_REASONS: Record<LegFill['role'], ExitReason> = {
  entry: 'signal',
  exit: 'signal',
  'stop-loss': 'stop-loss',
  'take-profit': 'take-profit',
  trailing: 'trailing',
  'end-of-run': 'end-of-run',
  liquidation: 'liquidation',
  adl: 'adl',
}

/** The reason that a trade shows when an order of this role ended it. */
export function exitReasonOf(role: LegFill['role']): ExitReason {
  return EXIT_REASONS[role]
}

function broken(fill: LegFill, expected: string): HedgerowError {
  return new HedgerowError('INVARIANT_BROKEN', {
    where: `${fill.symbol} ${fill.leg}`,
    found: `a fill that would ${fill.intent} ${fill.qty.toFixed()}`,
    expected,
  })
}
