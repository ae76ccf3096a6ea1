/** What an author sees of an order. */
import { decimalText, isLive } from '@hedgerow/core'
import type { Decimal, Intent, Leg, OrderId, OrderRole, OrderState, OrderStatus, OrderType } from '@hedgerow/core'
import type { Desk } from './desk.ts'

/** Exact values of an order. */
export interface ExactOrder {
  readonly qty: Decimal
  readonly price: Decimal | null
  readonly trigger: Decimal | null
  readonly filledQty: Decimal
  readonly averagePrice: Decimal | null
}

/** A read-only view of one order: it always tells the present state. Numbers are for calculating; `exact` has the decimals. */
export class OrderView {
  readonly id: OrderId
  readonly #desk: Desk

  constructor(desk: Desk, id: OrderId) {
    this.#desk = desk
    this.id = id
  }

  get symbol(): string {
    return this.#state().order.symbol
  }

  get leg(): Leg {
    return this.#state().order.leg
  }

  get intent(): Intent {
    return this.#state().order.intent
  }

  get type(): OrderType {
    return this.#state().order.type
  }

  get role(): OrderRole {
    return this.#state().order.role
  }

  get tag(): string | null {
    return this.#state().order.tag ?? null
  }

  get status(): OrderStatus {
    return this.#state().status
  }

  /** True while the order may still fill. */
  get isLive(): boolean {
    return isLive(this.#state().status)
  }

  /** Why it was denied, rejected or cancelled; null otherwise. */
  get reason(): string | null {
    return this.#state().reason
  }

  /** Base units, whole order. */
  get qty(): number {
    return this.#state().order.qty.toNumber()
  }

  /** Limit price; null where there is none. */
  get price(): number | null {
    return this.#state().order.price?.toNumber() ?? null
  }

  /** Trigger price; null where there is none. */
  get trigger(): number | null {
    return this.#state().order.trigger?.toNumber() ?? null
  }

  /** Base units filled so far. */
  get filledQty(): number {
    return this.#state().filledQty.toNumber()
  }

  /** Quantity-weighted price of its fills; null before the first. */
  get averagePrice(): number | null {
    return this.exact.averagePrice?.toNumber() ?? null
  }

  /** The same values as decimals. */
  get exact(): ExactOrder {
    const { order, filledQty, filledValue } = this.#state()
    return {
      qty: order.qty,
      price: order.price ?? null,
      trigger: order.trigger ?? null,
      filledQty,
      averagePrice: filledQty.isZero() ? null : filledValue.div(filledQty),
    }
  }

  /** Asks for the cancellation of what is left; the answer comes through `onOrder`. Does nothing when the order is no longer live. */
  cancel(): void {
    this.#desk.cancel(this.id)
  }

  toString(): string {
    const { order, status, filledQty } = this.#state()
    const at = order.price ?? order.trigger
    return `order ${order.id} ${order.intent} ${order.leg} ${decimalText(order.qty)} ${order.symbol} ${order.type}${at === undefined ? '' : ` ${decimalText(at)}`}: ${status}, ${decimalText(filledQty)} filled`
  }

  #state(): OrderState {
    return this.#desk.context.order(this.id)
  }
}
