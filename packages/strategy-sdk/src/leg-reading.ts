/** What can be read of one leg. */
import { decimal, entryPriceOf, legOf, unrealisedPnl } from '@hedgerow/core'
import type { Decimal, Leg, Position, TimeMs } from '@hedgerow/core'
import type { Desk } from './desk.ts'
import { LegHistory } from './leg-history.ts'
import { OrderView } from './order-view.ts'

const HUNDRED: Decimal = decimal('100')

/** The exact values of a leg. Base units and quote units; null where a flat leg has no such value. */
export class ExactLeg {
  readonly #desk: Desk
  readonly #leg: Leg

  constructor(desk: Desk, leg: Leg) {
    this.#desk = desk
    this.#leg = leg
  }

  get qty(): Decimal {
    return this.#position().qty
  }

  get entryPrice(): Decimal | null {
    return entryPriceOf(this.#position())
  }

  /** Quantity times the current price. */
  get value(): Decimal {
    return this.#position().qty.times(this.#desk.context.price())
  }

  get margin(): Decimal {
    return this.#desk.context.marginOf(this.#leg)
  }

  /** Unrealised profit at the current price, before fees. */
  get pnl(): Decimal {
    return unrealisedPnl(this.#position(), this.#desk.context.price())
  }

  /** `100 x pnl / margin`; zero when flat. */
  get pnlPercentage(): Decimal {
    const { margin } = this
    return margin.isZero() ? margin : HUNDRED.times(this.pnl).div(margin)
  }

  /** `100 x (price / entry - 1)` for the long leg, its negative for the short: positive is a gain. Zero when flat. */
  get priceChangePercentage(): Decimal {
    const { cost } = this.#position()
    return cost.isZero() ? cost : HUNDRED.times(this.pnl).div(cost)
  }

  get liquidationPrice(): Decimal | null {
    return this.#desk.context.liquidationPrice(this.#leg)
  }

  /** The largest quantity that the available margin lets the leg open, at a price or at the current one. */
  maxOpenQty(price?: Decimal): Decimal {
    return this.#desk.context.maxOpenQty(this.#leg, price)
  }

  #position(): Position {
    return legOf(this.#desk.context.pair(), this.#leg)
  }
}

/** One leg to read: numbers for calculating, the decimals behind them in `exact`. A flat leg is zero. */
export class LegReading {
  readonly leg: Leg
  /** The same values as decimals. */
  readonly exact: ExactLeg
  /** What has happened to the leg since it opened. */
  readonly history: LegHistory
  protected readonly desk: Desk
  #position: Position | null = null
  #qty = 0
  #cost = 0
  #entryPrice: number | null = null

  constructor(desk: Desk, leg: Leg) {
    this.desk = desk
    this.leg = leg
    this.exact = new ExactLeg(desk, leg)
    this.history = new LegHistory(desk, leg)
  }

  /** Base units held; zero when flat. */
  get qty(): number {
    this.#refresh()
    return this.#qty
  }

  get isOpen(): boolean {
    return this.desk.isOpen(this.leg)
  }

  get isFlat(): boolean {
    return !this.desk.isOpen(this.leg)
  }

  /** Average opening price; null when flat. */
  get entryPrice(): number | null {
    this.#refresh()
    return this.#entryPrice
  }

  /** Quantity times the current price, quote units. */
  get value(): number {
    return this.qty * this.desk.price
  }

  /** Margin that the leg takes, quote units. */
  get margin(): number {
    return this.exact.margin.toNumber()
  }

  /** Unrealised profit at the current price, quote units, before fees. */
  get pnl(): number {
    const gain = this.value - this.#cost
    return this.leg === 'long' ? gain : 0 - gain
  }

  /** Profit in percent of the margin; zero when flat. */
  get pnlPercentage(): number {
    const { margin } = this
    return margin === 0 ? 0 : (100 * this.pnl) / margin
  }

  /** Profit in percent of the entry price: positive is a gain on either leg. Zero when flat. */
  get priceChangePercentage(): number {
    const { pnl } = this
    return this.#cost === 0 ? 0 : (100 * pnl) / this.#cost
  }

  /** Null where there is none. */
  get liquidationPrice(): number | null {
    return this.exact.liquidationPrice?.toNumber() ?? null
  }

  /** When the leg last went from flat to open; null when flat. */
  get openedAt(): TimeMs | null {
    return legOf(this.desk.context.pair(), this.leg).openedAt
  }

  /** Live orders of this strategy on the leg, oldest first, without those whose cancellation was asked for. */
  get orders(): readonly OrderView[] {
    const { symbol } = this.desk.context
    return this.desk.context.liveOrders()
      .filter((state) => state.order.leg === this.leg && state.order.symbol === symbol && this.desk.stands(state))
      .map(({ order }) => new OrderView(this.desk, order.id))
  }

  /** Numbers of a position are taken once, when it has changed. */
  #refresh(): void {
    const position = legOf(this.desk.context.pair(), this.leg)
    if (position === this.#position) return
    this.#position = position
    this.#qty = position.qty.toNumber()
    this.#cost = position.cost.toNumber()
    this.#entryPrice = entryPriceOf(position)?.toNumber() ?? null
  }
}
