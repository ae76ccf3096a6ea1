/** What happened, as hooks: fills and orders of a leg, and the account. */
import type { Filled, JournalEvent, Leg, LegChange, StrategyEvent } from '@hedgerow/core'
import type { Brackets } from './brackets.ts'
import type { DeclaredOrders } from './declared-orders.ts'
import type { Desk } from './desk.ts'
import type { AccountNews, Hooks, OrderNews } from './hooks.ts'
import type { IntentGroups } from './intent-group.ts'
import { OrderView } from './order-view.ts'

type FillEvent = Extract<StrategyEvent, { type: 'fill' }>
type OrderEvent = Extract<StrategyEvent, { type: 'order' }>
type AccountEvent = Extract<StrategyEvent, { type: 'account' }>

const ROUTE_HOOKS = {
  opened: 'onRouteOpenPosition',
  increased: 'onRouteIncreasedPosition',
  reduced: 'onRouteReducedPosition',
  closed: 'onRouteClosePosition',
  canceled: 'onRouteCancel',
} as const satisfies Record<LegChange | 'canceled', keyof Hooks>

/** What events work on. */
export interface EventParts {
  readonly hooks: Hooks
  readonly desk: Desk
  readonly declared: DeclaredOrders
  readonly brackets: Brackets
  readonly groups: IntentGroups
  /** Told of each fill before the hooks. */
  readonly onFill: (fill: Filled, change: LegChange) => void
}

/** Turns events into hooks, and keeps exits in step with fills. */
export class EventHooks {
  readonly #parts: EventParts

  constructor(parts: EventParts) {
    this.#parts = parts
  }

  handle(event: StrategyEvent): void {
    if (event.type !== 'fill' && event.type !== 'order') {
      this.#tell(event)
      this.#parts.declared.diff('event')
      return
    }
    const { leg } = event.type === 'fill' ? event.fill : event.order.order
    this.#parts.declared.inLeg(leg, () => (event.type === 'fill' ? this.#fill(event, leg) : this.#order(event, leg)))
    this.#parts.declared.diff('event')
    this.#parts.declared.release()
  }

  /** What concerns no order of the strategy. */
  #tell(event: Exclude<StrategyEvent, FillEvent | OrderEvent>): void {
    const { hooks } = this.#parts
    switch (event.type) {
      case 'account': return hooks.onAccount(accountNewsOf(event))
      case 'timer': return hooks.onTimer(event.name)
      case 'message': return hooks.onRouteEvent({ route: event.route, name: event.name, payload: event.payload })
      case 'route': return hooks[ROUTE_HOOKS[event.change]]({ route: event.route, symbol: event.symbol, leg: event.leg })
    }
  }

  #fill(event: FillEvent, leg: Leg): void {
    const { desk, declared, brackets, groups, onFill } = this.#parts
    const { order, change } = event
    const lists = declared.of(leg)
    onFill(event.fill, change)
    if (order !== null) desk.settle(order)
    if (change === 'closed') {
      lists.reset()
    } else {
      lists.touch()
      if (order !== null && order.order.intent === 'open') brackets.follow(order)
      lists.diff(change === 'opened' ? 'opened' : 'event')
    }
    groups.check()
    this.#tellFill(event, leg)
  }

  #tellFill({ fill, order, change, trade }: FillEvent, leg: Leg): void {
    const { hooks, desk } = this.#parts
    if (fill.source === 'adl') hooks.onAccount({ kind: 'adl', leg, amount: null })
    const view = order === null ? null : new OrderView(desk, order.order.id)
    if (view !== null) hooks.onOrder({ kind: view.status === 'filled' ? 'filled' : 'partial', order: view, leg, code: null })
    if (change === 'opened') hooks.onOpenPosition(view, leg)
    else if (change === 'increased') hooks.onIncreasedPosition(view, leg)
    else if (change === 'reduced') hooks.onReducedPosition(view, leg)
    else {
      hooks.onCancel(leg)
      if (trade !== null) hooks.onClosePosition(view, trade, leg)
    }
  }

  #order({ event, order }: OrderEvent, leg: Leg): void {
    const { hooks, desk, declared, groups } = this.#parts
    desk.settle(order)
    const news = newsOf(event)
    if (news === null) return
    const { kind, code } = news
    if (kind !== 'accepted') {
      declared.of(leg).touch()
      declared.of(leg).forgetDeadEntry()
      groups.check()
    }
    hooks.onOrder({ kind, order: new OrderView(desk, order.order.id), leg, code })
  }
}

function newsOf(event: Exclude<JournalEvent, { type: 'order.filled' }>): Pick<OrderNews, 'kind' | 'code'> | null {
  switch (event.type) {
    case 'order.accepted': return { kind: 'accepted', code: null }
    case 'order.rejected': return { kind: 'rejected', code: event.code }
    case 'order.denied': return { kind: 'denied', code: event.code }
    case 'order.canceled': return { kind: 'canceled', code: event.reason }
    case 'order.expired': return { kind: 'expired', code: event.reason }
    default: return null
  }
}

function accountNewsOf({ event }: AccountEvent): AccountNews {
  if (event.type === 'funding.settled') return { kind: 'funding', leg: event.leg, amount: event.amount.toNumber() }
  if (event.type === 'account.liquidated') return { kind: 'liquidation', leg: event.leg, amount: null }
  return { kind: 'posting', leg: null, amount: event.amount.toNumber() }
}

