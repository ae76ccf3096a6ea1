/** The orders of one symbol, and what its candle still lets them fill. */
import { decimalOfDouble, HedgerowError, minDecimal, ZERO, type Decimal, type Leg, type TriggerBy } from '@hedgerow/core'
import { Ladder } from './ladder.ts'
import { byRank, type LiveOrder } from './live-order.ts'
import type { Market, Rules } from './market.ts'
import { insertAt, takeOut } from './order-list.ts'
import { at, LEGS_OF_A_CANDLE } from './path.ts'
import type { Tape } from './tape.ts'

/** One price series with the orders that watch it, and the leg of the path that is being walked. */
export class Lane {
  readonly tape: Tape
  /** Orders that act when the price falls to them, and when it rises. */
  readonly falls: Ladder = new Ladder(false)
  readonly rises: Ladder = new Ladder(true)
  readonly trailing: LiveOrder[] = []
  /** Corners of the path of the minute that is walked. */
  readonly corners: Float64Array = new Float64Array(LEGS_OF_A_CANDLE + 1)
  from: number = Number.NaN
  to: number = Number.NaN
  #price = 0
  #decimal: Decimal = ZERO

  constructor(tape: Tape) {
    this.tape = tape
  }

  /** The decimal of a price of the series. The last one is kept: whatever happens at a point of the path asks for its price. */
  decimalOf(price: number): Decimal {
    if (price !== this.#price) {
      this.#price = price
      this.#decimal = decimalOfDouble(price)
    }
    return this.#decimal
  }
}

/** The orders of one symbol in the order of their queue. */
export class SymbolBook {
  readonly market: Market
  readonly last: Lane
  /** The lane of the last price where there is no mark series. */
  readonly mark: Lane
  readonly lanes: readonly Lane[]
  readonly #index: Lane | null
  readonly orders: LiveOrder[] = []
  /** How many of them wait for a price; the others wait for a candle. */
  #priced = 0
  /** Upper bound of the margin that resting openers reserve. */
  reserved = 0
  /** Next of the market's settlements. */
  nextSettlement = 0
  #budget: Decimal = ZERO
  #budgetMinute = -1

  constructor(market: Market) {
    this.market = market
    this.last = new Lane(market.last)
    this.mark = market.mark === null ? this.last : new Lane(market.mark)
    this.#index = market.indexPrice === null ? null : new Lane(market.indexPrice)
    this.lanes = [this.last, ...(this.mark === this.last ? [] : [this.mark]), ...(this.#index === null ? [] : [this.#index])]
  }

  /** A book with copies of the orders, for a dry run. */
  fork(): SymbolBook {
    const copy = new SymbolBook(this.market)
    copy.nextSettlement = this.nextSettlement
    copy.#budget = this.#budget
    copy.#budgetMinute = this.#budgetMinute
    for (const live of this.orders) {
      const own = live.copy(copy)
      copy.orders.push(own)
      if (own.stage !== 'arriving' && own.stage !== 'remainder') copy.#place(own)
    }
    copy.reserved = this.reserved
    return copy
  }

  /** The series of a price. @throws HedgerowError `INDEX_MISSING`. */
  lane(source: TriggerBy): Lane {
    if (source === 'last') return this.last
    if (source === 'mark') return this.mark
    if (this.#index === null) throw new HedgerowError('INDEX_MISSING', { where: this.market.symbol, found: 'an order that triggers by index', expected: 'index prices of the symbol' })
    return this.#index
  }

  add(live: LiveOrder): void {
    const last = this.orders.at(-1)
    if (last === undefined || byRank(last, live) < 0) this.orders.push(live)
    else insertAt(this.orders, this.orders.findIndex((other) => byRank(other, live) > 0), live)
  }

  /** Puts an order where it waits; `level`, `rises`, `strict` and the price that it watches are set. */
  rest(live: LiveOrder, stage: Exclude<LiveOrder['stage'], 'arriving' | 'gone'>, reserved: number): void {
    live.stage = stage
    live.reserved = reserved
    this.reserved += reserved
    if (stage !== 'remainder') this.#place(live)
  }

  /** Takes an order from where it waits; it stays in the queue. */
  lift(live: LiveOrder): void {
    if (live.stage === 'arriving') return
    if (live.stage !== 'remainder') this.#unplace(live)
    live.stage = 'arriving'
    this.reserved -= live.reserved
    live.reserved = 0
  }

  remove(live: LiveOrder): void {
    this.lift(live)
    live.stage = 'gone'
    takeOut(this.orders, live)
    if (this.orders.length === 0) this.reserved = 0
  }

  /** True when the next candle lets an order act, whatever its prices are. */
  get waitsForCandle(): boolean {
    return this.orders.length > this.#priced
  }

  /** Orders of a leg in the order of their queue, without one of them. */
  ordersOf(leg: Leg, except: LiveOrder): LiveOrder[] {
    const found: LiveOrder[] = []
    for (const live of this.orders) if (live.leg === leg && live !== except) found.push(live)
    return found
  }

  /** Volume of a minute's candle in base units; zero without a candle. */
  volumeOf(minute: number): number {
    const volume = at(this.market.last.columns.volume, minute - this.market.last.first)
    return Number.isNaN(volume) ? 0 : volume
  }

  /** What the candle of a minute still lets orders fill; null when there is no limit. */
  budgetOf(minute: number, rules: Rules): Decimal | null {
    if (rules.volumeShare === null) return null
    if (this.#budgetMinute !== minute) {
      this.#budgetMinute = minute
      this.#budget = rules.volumeShare.times(decimalOfDouble(this.volumeOf(minute)))
    }
    return this.#budget
  }

  spend(qty: Decimal): void {
    this.#budget = this.#budget.minus(minDecimal(qty, this.#budget))
  }

  /** False when no resting limit can fill in this minute any more: without volume, or with less than a step of its share left. */
  limitsMayFill(minute: number, rules: Rules): boolean {
    if (!rules.fillsWithoutVolume && this.volumeOf(minute) <= 0) return false
    const budget = this.budgetOf(minute, rules)
    return budget === null || (budget.gt(0) && budget.gte(this.market.instrument.qtyStep))
  }

  #place(live: LiveOrder): void {
    const { lane } = live
    this.#priced += 1
    if (live.stage === 'trailing') lane.trailing.push(live)
    else (live.rises ? lane.rises : lane.falls).add(live)
  }

  #unplace(live: LiveOrder): void {
    const { lane } = live
    this.#priced -= 1
    if (live.stage === 'trailing') takeOut(lane.trailing, live)
    else (live.rises ? lane.rises : lane.falls).remove(live)
  }
}
