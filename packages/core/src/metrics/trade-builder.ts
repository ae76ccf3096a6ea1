/**
 * Turns the fills and funding of all legs into round trips, one leg at a time: a trade starts when its leg goes from zero
 * to open and ends when it is back at zero. Scaling in and out stays one trade (SIMULATION 5.1).
 */
import { type Decimal } from '../domain/decimal.ts'
import { sumDecimals } from '../domain/sum.ts'
import { legOf, type Leg } from '../domain/leg.ts'
import type { TimeMs } from '../domain/time.ts'
import type { Trade } from '../domain/trade.ts'
import { HedgerowError } from '../errors.ts'
import type { PriceRange } from './excursion.ts'
import type { LotBuilder } from './lot-builder.ts'
import { RoundTrip, type LegFill, type LegFunding, type LegPosting, type OpenPosition } from './round-trip.ts'

/** The price of a symbol moved within a range; says nothing about time, only that the quantity of the leg (left out: of both) stood meanwhile. */
export interface PriceSeen extends PriceRange {
  readonly symbol: string
  readonly leg?: Leg
}

/** What a trade is made of. */
export type TradeEvent = ({ readonly type: 'fill' } & LegFill) | ({ readonly type: 'funding' } & LegFunding) | ({ readonly type: 'posting' } & LegPosting) | ({ readonly type: 'price' } & PriceSeen)

/** What the events do not say. */
export interface TradeRules {
  /** Leverage of a leg: the margin in `pnlPercentage` is the entry notional over it. */
  readonly leverage: (symbol: string, leg: Leg) => Decimal
  /** The time that a trade shows for a fill; the fill's own by default. */
  readonly timeOf?: (at: TimeMs) => TimeMs
  /** Is told the same events. */
  readonly lots?: LotBuilder
}

/** The round trip of each leg of a symbol. */
interface RoundTrips {
  long: RoundTrip | undefined
  short: RoundTrip | undefined
}

/** The fold of leg events into trades. */
export class TradeBuilder {
  readonly #rules: TradeRules
  readonly #timeOf: (at: TimeMs) => TimeMs
  readonly #trades: Trade[] = []
  /** By symbol: the round trip of each leg that was ever open; a finished one stays until the leg opens again. */
  readonly #roundTrips = new Map<string, RoundTrips>()

  constructor(rules: TradeRules) {
    this.#rules = rules
    this.#timeOf = rules.timeOf ?? ((at) => at)
  }

  /** The same fills as lots, first in first out; null unless they are kept. */
  get lots(): LotBuilder | null {
    return this.#rules.lots ?? null
  }

  /** Closed trades in the order in which they closed. */
  get trades(): readonly Trade[] {
    return this.#trades
  }

  /**
   * Takes the next event, and answers with the trade that it finished or changed; null when there is none.
   *
   * @throws HedgerowError `INVARIANT_BROKEN` when a fill closes what is not open, or money is posted to a leg that was flat.
   */
  apply(event: TradeEvent): Trade | null {
    const trade = this.#fold(event)
    this.#rules.lots?.apply(event)
    return trade
  }

  #fold(event: TradeEvent): Trade | null {
    if (event.type === 'fill') return this.#fill(event)
    if (event.type !== 'price') return this.#post(event)
    const { long, short } = this.#legs(event.symbol)
    if (event.leg !== 'short') long?.see(event)
    if (event.leg !== 'long') short?.see(event)
    return null
  }

  /** The legs that are still open, in the order in which their symbols were first traded, long first, valued at the given prices. */
  openPositions(priceOf: (symbol: string) => Decimal): readonly OpenPosition[] {
    return [...this.#roundTrips].flatMap(([symbol, { long, short }]) =>
      [long, short].flatMap((roundTrip) => (roundTrip?.isOpen === true ? [roundTrip.toOpenPosition(priceOf(symbol), this.#timeOf)] : [])))
  }

  /** What the open trades of a symbol have booked: realised - fees + funding, quote units; zero without one. */
  booked(symbol: string): Decimal {
    const { long, short } = this.#roundTrips.get(symbol) ?? { long: undefined, short: undefined }
    return sumDecimals([long, short].flatMap((roundTrip) => (roundTrip?.isOpen === true ? [roundTrip.booked] : [])))
  }

  #fill(fill: LegFill): Trade | null {
    const legs = this.#legs(fill.symbol)
    const current = legOf(legs, fill.leg)
    if (current?.isOpen === true) {
      current.fill(fill)
      return current.isOpen ? null : this.#finish(current, fill)
    }
    if (fill.leg === 'long') legs.long = new RoundTrip(fill)
    else legs.short = new RoundTrip(fill)
    return null
  }

  /** Funding that counts positions closed at the same moment (`boundary: 'inclusive'`), and what a liquidation posts after its closes, belong to the trade that has just ended. */
  #post(event: Extract<TradeEvent, { type: 'funding' | 'posting' }>): Trade | null {
    const { symbol, leg, at, amount, type } = event
    const roundTrip = legOf(this.#legs(symbol), leg)
    if (roundTrip === undefined || (!roundTrip.isOpen && roundTrip.changedAt !== at)) {
      throw new HedgerowError('INVARIANT_BROKEN', { where: `${symbol} ${leg}`, found: `${type} of ${amount.toFixed()} on a flat leg`, expected: `${type} of legs that hold something` })
    }
    if (type === 'funding') roundTrip.fund(amount)
    else roundTrip.charge(amount.neg())
    return roundTrip.isOpen ? null : this.#finish(roundTrip, event)
  }

  #finish(roundTrip: RoundTrip, { symbol, leg }: { readonly symbol: string; readonly leg: Leg }): Trade {
    roundTrip.place ??= this.#trades.length
    const trade = roundTrip.toTrade(roundTrip.place + 1, { leverage: this.#rules.leverage(symbol, leg), timeOf: this.#timeOf })
    this.#trades[roundTrip.place] = trade
    return trade
  }

  #legs(symbol: string): RoundTrips {
    const known = this.#roundTrips.get(symbol)
    if (known !== undefined) return known
    const legs: RoundTrips = { long: undefined, short: undefined }
    this.#roundTrips.set(symbol, legs)
    return legs
  }
}

/** Folds a whole stream at once. */
export function foldTrades(events: Iterable<TradeEvent>, rules: TradeRules): TradeBuilder {
  const builder = new TradeBuilder(rules)
  for (const event of events) builder.apply(event)
  return builder
}
