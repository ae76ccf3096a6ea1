/** The pair of legs as one position to read: the open leg in one-way mode, both in hedge mode. */
import { breakEvenPrice, grossQty, lockedPnl, netQty, pairPnl, sumDecimals } from '@hedgerow/core'
import type { Decimal, Leg, PairOfPositions, PositionMode } from '@hedgerow/core'
import type { Desk } from './desk.ts'
import type { LegReading } from './leg-reading.ts'

/** Direction of the net exposure: `neutral` when both legs are open and equal, `close` when both are flat. */
export type PositionType = 'long' | 'short' | 'neutral' | 'close'

/** The exact values of a pair. */
export class ExactPosition {
  readonly #desk: Desk
  readonly #legs: readonly LegReading[]

  constructor(desk: Desk, legs: readonly LegReading[]) {
    this.#desk = desk
    this.#legs = legs
  }

  get netQty(): Decimal {
    return netQty(this.#pair())
  }

  get grossQty(): Decimal {
    return grossQty(this.#pair())
  }

  /** Unrealised profit of both legs at the current price. */
  get totalPnl(): Decimal {
    return pairPnl(this.#pair(), this.#desk.context.price())
  }

  /** Gross quantity times the current price. */
  get totalValue(): Decimal {
    return this.grossQty.times(this.#desk.context.price())
  }

  get lockedPnl(): Decimal {
    return lockedPnl(this.#pair())
  }

  /** Where closing both legs at market nets zero over both open trades, with their fees, funding and booked profit; null where no price does. */
  get breakEvenPrice(): Decimal | null {
    const booked = sumDecimals(this.#legs.map(({ history }) => history.booked))
    return breakEvenPrice(this.#pair(), { booked, takerRate: this.#desk.context.fee.taker })
  }

  /** Quantity-weighted over both legs; null when both are flat. */
  get entryPrice(): Decimal | null {
    const { long, short } = this.#pair()
    const qty = this.grossQty
    return qty.isZero() ? null : long.cost.plus(short.cost).div(qty)
  }

  #pair(): PairOfPositions {
    return this.#desk.context.pair()
  }
}

/**
 * A read-only view without state of its own. In one-way mode at most one leg is open, so that every property is that leg's, with
 * its sign. No property of a pair ever decides where an order goes.
 */
export class PositionPair {
  readonly longPosition: LegReading
  readonly shortPosition: LegReading
  /** The same values as decimals. */
  readonly exact: ExactPosition
  readonly #desk: Desk
  readonly #previousQty: () => Decimal

  constructor(parts: { readonly desk: Desk; readonly long: LegReading; readonly short: LegReading; readonly previousQty: () => Decimal }) {
    this.#desk = parts.desk
    this.longPosition = parts.long
    this.shortPosition = parts.short
    this.#previousQty = parts.previousQty
    this.exact = new ExactPosition(parts.desk, [parts.long, parts.short])
  }

  getPosition(leg: Leg): LegReading {
    return leg === 'long' ? this.longPosition : this.shortPosition
  }

  get mode(): PositionMode {
    return this.#desk.context.positionMode
  }

  get exchange(): string {
    return this.#desk.context.exchange
  }

  get symbol(): string {
    return this.#desk.context.symbol
  }

  get currentPrice(): number {
    return this.#desk.price
  }

  /** Net quantity: negative when the short leg is larger. */
  get qty(): number {
    return this.netQty
  }

  get netQty(): number {
    return this.exact.netQty.toNumber()
  }

  get grossQty(): number {
    return this.exact.grossQty.toNumber()
  }

  /** Net quantity before the last fill. */
  get previousQty(): number {
    return this.#previousQty().toNumber()
  }

  /** Unrealised profit of both legs, quote units. */
  get pnl(): number {
    return this.totalPnl
  }

  get totalPnl(): number {
    return this.longPosition.pnl + this.shortPosition.pnl
  }

  /** Profit in percent of the margin of both legs; zero when flat. */
  get pnlPercentage(): number {
    const margin = this.longPosition.margin + this.shortPosition.margin
    return margin === 0 ? 0 : (100 * this.totalPnl) / margin
  }

  /** Value of both legs at the current price, quote units. */
  get value(): number {
    return this.totalValue
  }

  get totalValue(): number {
    return this.grossQty * this.#desk.price
  }

  /** Profit that price moves no longer change, quote units: `min(L, S) x (entryS - entryL)`. */
  get lockedPnl(): number {
    return this.exact.lockedPnl.toNumber()
  }

  /** The price at which closing both legs nets zero after all costs of both open trades; null where no price does. */
  get breakEvenPrice(): number | null {
    return this.exact.breakEvenPrice?.toNumber() ?? null
  }

  /** Average over both legs, weighted by quantity: with both open it says nothing about risk. Null when both are flat. */
  get entryPrice(): number | null {
    return this.exact.entryPrice?.toNumber() ?? null
  }

  get isLong(): boolean {
    return this.longPosition.isOpen
  }

  get isShort(): boolean {
    return this.shortPosition.isOpen
  }

  /** True when any leg is open. */
  get isOpen(): boolean {
    return this.isLong || this.isShort
  }

  /** True when both legs are flat. */
  get isClose(): boolean {
    return !this.isOpen
  }

  get isBothClosed(): boolean {
    return !this.isOpen
  }

  get hasAnyOpen(): boolean {
    return this.isOpen
  }

  get type(): PositionType {
    if (this.isClose) return 'close'
    const net = this.exact.netQty
    return net.isZero() ? 'neutral' : net.gt(0) ? 'long' : 'short'
  }
}
