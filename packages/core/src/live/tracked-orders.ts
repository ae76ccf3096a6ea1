/** The orders of a session as the venue knows them: ids of both sides, and how far each one is. */
import type { Decimal } from '../domain/decimal.ts'
import type { CancelReason } from '../domain/events.ts'
import { isConditional, isLive, type Order, type OrderId } from '../domain/order.ts'
import type { TimeMs } from '../domain/time.ts'
import type { Amendment } from '../ports/exchange.ts'
import type { OrderAddress } from '../ports/venue-connection.ts'
import type { SessionState } from '../state/session-state.ts'
import { clientIdOf } from './client-id.ts'
import { OrderMachine, type FinalPhase, type OrderPhase } from './order-machine.ts'

/** An end that was told before all fills were. */
export interface AwaitedEnd {
  readonly phase: FinalPhase
  readonly filledQty: Decimal
  readonly reason: string | null
}

/** One order at the venue. */
export interface TrackedOrder {
  readonly id: OrderId
  readonly clientId: string
  readonly machine: OrderMachine
  venueOrderId: string | null
  /** Why its cancellation was asked for; null while it was not. */
  cancelReason: CancelReason | null
  /** When something was last sent for it. */
  sentAt: TimeMs
  /** Asked for and not answered. */
  amending: Amendment | null
  /** Venue time of the newest report of it. */
  reportedAt: TimeMs
  triggered: boolean
  /** More fills are known of than were told; since when. */
  missingSince: TimeMs | null
  end: AwaitedEnd | null
  /** Questions asked since its outcome became unknown. */
  queries: number
}

const UNANSWERED: ReadonlySet<string> = new Set<OrderPhase>(['intent', 'submitting', 'unknown'])

/** All orders that were ever live, by their ids. */
export class TrackedOrders {
  readonly #state: SessionState
  readonly #run: string
  readonly #byId = new Map<OrderId, TrackedOrder>()
  readonly #byClientId = new Map<string, TrackedOrder>()
  readonly #byVenueId = new Map<string, TrackedOrder>()
  readonly #live = new Set<TrackedOrder>()

  constructor(state: SessionState, run: string) {
    this.#state = state
    this.#run = run
  }

  /** Begins to track an order; one that is tracked already is answered as it is. */
  add(order: Order): TrackedOrder {
    const known = this.#byId.get(order.id)
    if (known !== undefined) return known
    const clientId = clientIdOf({ run: this.#run, strategy: order.strategy, symbol: order.symbol, leg: order.leg, orderId: order.id, attempt: 1 })
    const tracked: TrackedOrder = {
      id: order.id, clientId, machine: new OrderMachine(order.qty), venueOrderId: null, cancelReason: null, sentAt: order.createdAt, amending: null, reportedAt: 0, triggered: false, missingSince: null, end: null, queries: 0,
    }
    this.#byId.set(order.id, tracked)
    this.#byClientId.set(clientId, tracked)
    this.#live.add(tracked)
    return tracked
  }

  get(id: OrderId): TrackedOrder | undefined {
    return this.#byId.get(id)
  }

  /** By either id of a report. */
  find({ clientId, venueOrderId }: { readonly clientId: string | null; readonly venueOrderId: string | null }): TrackedOrder | undefined {
    return (clientId === null ? undefined : this.#byClientId.get(clientId)) ?? (venueOrderId === null ? undefined : this.#byVenueId.get(venueOrderId))
  }

  name(tracked: TrackedOrder, venueOrderId: string): void {
    if (tracked.venueOrderId === venueOrderId) return
    tracked.venueOrderId = venueOrderId
    this.#byVenueId.set(venueOrderId, tracked)
  }

  orderOf({ id }: TrackedOrder): Order {
    return this.#state.orders.get(id).order
  }

  addressOf(tracked: TrackedOrder): OrderAddress {
    const { symbol, type } = this.orderOf(tracked)
    return { clientId: tracked.clientId, venueOrderId: tracked.venueOrderId, symbol, conditional: isConditional(type) && !tracked.triggered }
  }

  /** Orders for which something was asked and not answered, or of which more is known than was told. */
  get unsettled(): number {
    return this.live().filter(({ machine: { phase }, cancelReason, amending, end, missingSince }) => UNANSWERED.has(phase) || cancelReason !== null || amending !== null || end !== null || missingSince !== null).length
  }

  /** Orders whose end has not been told, oldest first. */
  live(): TrackedOrder[] {
    for (const tracked of this.#live) if (!isLive(this.#state.orders.get(tracked.id).status)) this.#live.delete(tracked)
    return [...this.#live]
  }
}
