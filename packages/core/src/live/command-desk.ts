/** Sends what has been journalled: by urgency, within the venue's budget, each order under its client id. */
import type { Command } from '../broker/outbox.ts'
import type { CancelReason } from '../domain/events.ts'
import { isConditional, type Order, type OrderId } from '../domain/order.ts'
import type { TimeMs } from '../domain/time.ts'
import type { Timers } from '../ports/timers.ts'
import type { Amendment } from '../ports/exchange.ts'
import type { VenueConnection } from '../ports/venue-connection.ts'
import type { LiveConfig } from './live-config.ts'
import type { Urgency } from './rate-limiter.ts'
import type { RequestBudgets } from './request-budgets.ts'
import type { TrackedOrder, TrackedOrders } from './tracked-orders.ts'

/** What the desk is made of. */
export interface CommandDeskOptions {
  readonly connection: VenueConnection
  readonly config: Pick<LiveConfig, 'positionMode' | 'intentTtlMs'>
  readonly tracked: TrackedOrders
  readonly budgets: RequestBudgets
  readonly timers: Timers
  /** Venue time now. */
  readonly now: () => TimeMs
  /** Told of an opener that waited so long that it was not sent. */
  readonly onExpired: (order: Order) => void
}

/** The way out. */
export class CommandDesk {
  readonly #options: CommandDeskOptions

  constructor(options: CommandDeskOptions) {
    this.#options = options
  }

  /** Sends the commands of one outcome, in their order within each urgency. */
  execute(commands: readonly Command[]): void {
    for (const command of commands) {
      if (command.type === 'submit') this.submit(command.order)
      else if (command.type === 'cancel') this.cancel(command.orderId, 'requested')
      else this.amend(command.orderId, command.change)
    }
  }

  /** Sends an order, for the first time or again under the same id. */
  submit(order: Order): void {
    const { tracked, connection, config, budgets, timers, now, onExpired } = this.#options
    const known = tracked.add(order)
    const mayExpire = order.intent === 'open'
    budgets.of('submit').request({
      urgency: urgencyOf(order),
      ...(mayExpire && { expiresAt: timers.now() + config.intentTtlMs, drop: () => { onExpired(order) } }),
      send: () => {
        known.machine.apply({ type: 'sent' })
        known.sentAt = now()
        connection.submit({ clientId: known.clientId, order: tracked.orderOf(known), positionMode: config.positionMode })
      },
    })
  }

  /** Asks for a cancellation; one that was asked for a moment ago is not asked for again. */
  cancel(orderId: OrderId, reason: CancelReason): void {
    const known = this.#options.tracked.get(orderId)
    if (known === undefined || known.cancelReason !== null) return
    known.cancelReason = reason
    this.cancelAgain(known)
  }

  cancelAgain(known: TrackedOrder): void {
    const { connection, tracked, budgets, now } = this.#options
    known.sentAt = now()
    budgets.of('cancel').request({ urgency: 1, key: `cancel ${known.id}`, send: () => { connection.cancel(tracked.addressOf(known)) } })
  }

  /** Asks for new values; what is being asked for already is not asked for again. */
  amend(orderId: OrderId, change: Amendment): void {
    const known = this.#options.tracked.get(orderId)
    if (known === undefined || (known.amending !== null && isPartOf(change, known.amending))) return
    known.amending = { ...known.amending, ...change }
    this.amendAgain(known)
  }

  amendAgain(known: TrackedOrder): void {
    const { connection, tracked, budgets, now } = this.#options
    const change = known.amending
    if (change === null) return
    known.sentAt = now()
    const order = tracked.orderOf(known)
    budgets.of('amend').request({
      urgency: urgencyOf(order),
      key: `amend ${known.id}`,
      send: () => { connection.amend({ ...tracked.addressOf(known), order: tracked.orderOf(known), change: known.amending ?? change }) },
    })
  }
}

function isPartOf(change: Amendment, whole: Amendment): boolean {
  return (['qty', 'price', 'trigger'] as const).every((key) => change[key] === undefined || whole[key]?.eq(change[key]) === true)
}

function urgencyOf({ intent, type, role }: Order): Urgency {
  if (intent === 'open') return 5
  return isConditional(type) || role === 'stop-loss' ? 2 : 3
}
