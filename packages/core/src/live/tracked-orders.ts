/** The orders of a session as the venue knows them: ids of both sides, and how far each one is. */
import type { Decimal } from '../domain/decimal.ts'
import type { CancelReason } from '../domain/events.ts'
import { isConditional, isLive, type Order, type OrderId } from '../domain/order.ts'
import type { TimeMs } from '../domain/time.ts'
import type { Amendment } from '../ports/exchange.ts'
import type { OrderAddress } from '../ports/venue-connection.ts'
import type { SessionState } from '../state/session-state.ts'
import { clientIdOf, numberOfClientId } from './client-id.ts'
import { isFinal, OrderMachine, type FinalPhase, type OrderPhase } from './order-machine.ts'

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

/** So many ended orders are kept as they are: what comes late mostly comes soon. */
const KEPT = 512

/**
 * All orders that were ever live, by their ids. A session that runs for months has very many: those that ended long ago are forgotten but for
 * a number each, and made again from the state of the session when the venue names one.
 */
export class TrackedOrders {
  readonly #state: SessionState
  readonly #run: string
  readonly #byId = new Map<OrderId, TrackedOrder>()
  readonly #byClientId = new Map<string, TrackedOrder>()
  readonly #byVenueId = new Map<string, TrackedOrder>()
  readonly #live = new Set<TrackedOrder>()
  /** Ended, the longest ago first. */
  readonly #ended: TrackedOrder[] = []
  /** By the number of the client id. */
  readonly #forgotten = new Map<number, OrderId>()

  constructor(state: SessionState, run: string) {
    this.#state = state
    this.#run = run
  }

  /** Begins to track an order; one that is tracked already is answered as it is. */
  add(order: Order): TrackedOrder {
    const known = this.#byId.get(order.id)
    if (known !== undefined) return known
    if (this.#live.size >= KEPT) this.#retire()
    const tracked = this.#track(order, this.#clientIdOf(order), new OrderMachine(order.qty))
    this.#live.add(tracked)
    return tracked
  }

  /** Undefined for an order that was never sent, and for one that ended long ago. */
  get(id: OrderId): TrackedOrder | undefined {
    return this.#byId.get(id)
  }

  /** By either id of a report. */
  find({ clientId, venueOrderId }: { readonly clientId: string | null; readonly venueOrderId: string | null }): TrackedOrder | undefined {
    return (clientId === null ? undefined : this.#byClientId.get(clientId)) ?? (venueOrderId === null ? undefined : this.#byVenueId.get(venueOrderId)) ?? (clientId === null ? undefined : this.#recall(clientId))
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
    this.#retire()
    return [...this.#live]
  }

  #track(order: Order, clientId: string, machine: OrderMachine): TrackedOrder {
    const tracked: TrackedOrder = { id: order.id, clientId, machine, venueOrderId: null, cancelReason: null, sentAt: order.createdAt, amending: null, reportedAt: 0, triggered: false, missingSince: null, end: null, queries: 0 }
    this.#byId.set(order.id, tracked)
    this.#byClientId.set(clientId, tracked)
    return tracked
  }

  #clientIdOf({ strategy, symbol, leg, id }: Order): string {
    return clientIdOf({ run: this.#run, strategy, symbol, leg, orderId: id, attempt: 1 })
  }

  /** Takes out what has ended, and forgets what ended longest ago. */
  #retire(): void {
    for (const tracked of this.#live) {
      if (isLive(this.#state.orders.get(tracked.id).status)) continue
      this.#live.delete(tracked)
      this.#ended.push(tracked)
    }
    const unsettled: TrackedOrder[] = []
    for (const tracked of this.#ended.splice(0, Math.max(0, this.#ended.length - KEPT))) {
      if (isSettled(tracked)) this.#forget(tracked)
      else unsettled.push(tracked)
    }
    this.#ended.push(...unsettled)
  }

  #forget({ id, clientId, venueOrderId }: TrackedOrder): void {
    this.#byId.delete(id)
    this.#byClientId.delete(clientId)
    if (venueOrderId !== null) this.#byVenueId.delete(venueOrderId)
    this.#forgotten.set(numberOfClientId(clientId), id)
  }

  /** An order of ours that was forgotten: as its session knows it, which takes fills from the venue and no other values. */
  #recall(clientId: string): TrackedOrder | undefined {
    const id = this.#forgotten.get(numberOfClientId(clientId))
    if (id === undefined) return undefined
    const { order, status, filledQty, filledValue, triggered } = this.#state.orders.get(id)
    if (!isFinal(status) || this.#clientIdOf(order) !== clientId) return undefined
    const tracked = this.#track(order, clientId, OrderMachine.ended(status, { qty: order.qty, filledQty, filledValue }))
    tracked.triggered = triggered
    tracked.reportedAt = Number.POSITIVE_INFINITY
    this.#forgotten.delete(numberOfClientId(clientId))
    this.#ended.push(tracked)
    return tracked
  }
}

/** Nothing that was told of it is still to come. */
function isSettled({ machine, end, missingSince, amending }: TrackedOrder): boolean {
  return isFinal(machine.phase) && end === null && missingSince === null && amending === null
}
