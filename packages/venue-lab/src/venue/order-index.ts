/** The orders of an account, found by number, by the venue's id and by the client's. */
import type { OrderId } from '@hedgerow/core'
import { isWorking, type VenueOrder } from './order.ts'

/** All orders that the venue ever took. */
export class OrderIndex<Terms> {
  readonly #orders = new Map<OrderId, VenueOrder<Terms>>()
  readonly #byVenueId = new Map<string, VenueOrder<Terms>>()
  readonly #byClientId = new Map<string, VenueOrder<Terms>>()
  readonly #working = new Set<VenueOrder<Terms>>()

  add(order: VenueOrder<Terms>): void {
    this.#orders.set(order.number, order)
    this.#byVenueId.set(order.venueId, order)
    if (order.clientId !== '') this.#byClientId.set(order.clientId, order)
    this.#working.add(order)
  }

  /** A refused order leaves no trace: its client id is free again. */
  forget(order: VenueOrder<Terms>): void {
    this.#orders.delete(order.number)
    this.#byVenueId.delete(order.venueId)
    this.#working.delete(order)
    if (this.#byClientId.get(order.clientId) === order) this.#byClientId.delete(order.clientId)
  }

  /** To be called when an order may have ended. */
  review(order: VenueOrder<Terms>): void {
    if (!isWorking(order)) this.#working.delete(order)
  }

  get(number: OrderId): VenueOrder<Terms> | undefined {
    return this.#orders.get(number)
  }

  byVenueId(id: string): VenueOrder<Terms> | undefined {
    return this.#byVenueId.get(id)
  }

  byClientId(id: string): VenueOrder<Terms> | undefined {
    return this.#byClientId.get(id)
  }

  /** Oldest first. */
  all(): readonly VenueOrder<Terms>[] {
    return [...this.#orders.values()]
  }

  /** Those that may still fill, oldest first. */
  working(symbol?: string): readonly VenueOrder<Terms>[] {
    const working = [...this.#working]
    return symbol === undefined ? working : working.filter((order) => order.symbol === symbol)
  }
}
