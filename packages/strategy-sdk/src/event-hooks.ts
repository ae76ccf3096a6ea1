/** What happened, as hooks: fills and orders of a leg, and the account. */
import type { Leg, LegChange, StrategyEvent } from '@hedgerow/core'
import type { Book, Books } from './book.ts'
import type { Desk } from './desk.ts'
import { Hooks, type AccountNews, type OrderNews, type OrderNewsKind } from './hooks.ts'
import type { IntentGroups } from './intent-group.ts'
import { OrderView } from './order-view.ts'

type FillEvent = Extract<StrategyEvent, { type: 'fill' }>
type OrderEvent = Extract<StrategyEvent, { type: 'order' }>
type AccountEvent = Extract<StrategyEvent, { type: 'account' }>
type NoOrderEvent = Exclude<StrategyEvent, FillEvent | OrderEvent>

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
  readonly books: Books
  readonly groups: IntentGroups
  /** Told before the hooks that a leg has closed. */
  readonly onClosed: () => void
}

/** Turns events into hooks, and keeps exits in step with fills. */
export class EventHooks {
  readonly #parts: EventParts
  /** False where the author has left `onOrder` alone: nobody looks at the news of an order. */
  readonly #tellsOrders: boolean
  /** The predecessor compares its lists whenever it is told something. */
  readonly #comparesAlways: boolean

  constructor(parts: EventParts) {
    this.#parts = parts
    this.#tellsOrders = parts.hooks.onOrder !== Hooks.prototype.onOrder
    this.#comparesAlways = parts.books.main.desk.context.rules.predecessor
  }

  handle(event: StrategyEvent): void {
    const { books } = this.#parts
    if (event.type === 'order') {
      const { symbol, leg } = event.order.order
      const book = books.of(symbol)
      book.desk.settle(event.order, event.event.type)
      // Nothing follows from it: what is declared stands as it is.
      if (event.event.type === 'order.accepted' && !this.#tellsOrders && !this.#comparesAlways) return
      this.#about(event, book, leg)
    } else if (event.type === 'fill') {
      this.#about(event, books.of(event.fill.symbol), event.fill.leg)
    } else {
      this.#about(event, this.#bookOf(event), null)
    }
  }

  /** Handles what is about a symbol, and a leg of it or none. */
  #about(event: StrategyEvent, book: Book, leg: Leg | null): void {
    const { books } = this.#parts
    books.turnTo(book, leg)
    try {
      if (event.type === 'order') this.#order(event, book)
      else if (event.type === 'fill') this.#fill(event, book)
      else this.#tell(event)
    } finally {
      books.turnBack()
    }
    books.diff('event')
    if (leg !== null) book.declared.release()
  }

  /** The symbol of an account event where it is one of the strategy's. */
  #bookOf(event: NoOrderEvent): Book {
    const { books } = this.#parts
    const symbol = event.type === 'account' ? event.event.symbol : undefined
    return books.all.find(({ desk }) => desk.context.symbol === symbol) ?? books.main
  }

  /** What concerns no order of the strategy. */
  #tell(event: NoOrderEvent): void {
    const { hooks } = this.#parts
    switch (event.type) {
      case 'account': return hooks.onAccount(accountNewsOf(event))
      case 'timer': return hooks.onTimer(event.name)
      case 'message': return hooks.onRouteEvent({ route: event.route, name: event.name, payload: event.payload })
      case 'route': return hooks[ROUTE_HOOKS[event.change]]({ route: event.route, symbol: event.symbol, leg: event.leg })
    }
  }

  #fill(event: FillEvent, book: Book): void {
    const { desk, declared, brackets } = book
    const { fill, order, change } = event
    const lists = declared.of(fill.leg)
    book.see(fill, change)
    if (order !== null) desk.settle(order, fill.type)
    if (change === 'closed') {
      this.#parts.onClosed()
      lists.endCycle()
    } else {
      lists.touch()
      if (order !== null && order.order.intent === 'open') brackets.follow(order)
      lists.diff(change === 'opened' ? 'opened' : 'event')
    }
    if (this.#parts.groups.open.length > 0) this.#parts.groups.check()
    this.#tellFill(event, desk)
  }

  #tellFill({ fill, order, change, trade }: FillEvent, desk: Desk): void {
    const { hooks } = this.#parts
    const { leg, symbol } = fill
    if (fill.source === 'adl') hooks.onAccount({ kind: 'adl', symbol, leg, amount: null })
    const view = order === null ? null : new OrderView(desk, order.order.id)
    if (order !== null && view !== null) hooks.onOrder({ kind: order.status === 'filled' ? 'filled' : 'partial', order: view, leg, code: null })
    if (change === 'opened') hooks.onOpenPosition(view, leg)
    else if (change === 'increased') hooks.onIncreasedPosition(view, leg)
    else if (change === 'reduced') hooks.onReducedPosition(view, leg)
    else {
      hooks.onCancel(leg)
      if (trade !== null) hooks.onClosePosition(view, trade, leg)
    }
  }

  #order({ event, order }: OrderEvent, { desk, declared }: Book): void {
    const { hooks, groups } = this.#parts
    const { id, leg } = order.order
    const kind = kindOf(event)
    if (kind === null) return
    if (kind !== 'accepted') {
      const lists = declared.of(leg)
      lists.touch()
      lists.forgetDeadEntry()
      if (groups.open.length > 0) groups.check()
    }
    if (this.#tellsOrders) hooks.onOrder({ kind, order: new OrderView(desk, id), leg, code: codeOf(event) })
  }
}

function kindOf({ type }: OrderEvent['event']): OrderNewsKind | null {
  switch (type) {
    case 'order.accepted': return 'accepted'
    case 'order.rejected': return 'rejected'
    case 'order.denied': return 'denied'
    case 'order.canceled': return 'canceled'
    case 'order.expired': return 'expired'
    default: return null
  }
}

function codeOf(event: OrderEvent['event']): OrderNews['code'] {
  if (event.type === 'order.rejected' || event.type === 'order.denied') return event.code
  return event.type === 'order.canceled' || event.type === 'order.expired' ? event.reason : null
}

function accountNewsOf({ event }: AccountEvent): AccountNews {
  if (event.type === 'funding.settled') return { kind: 'funding', symbol: event.symbol, leg: event.leg, amount: event.amount.toNumber() }
  if (event.type === 'account.liquidated') return { kind: 'liquidation', symbol: event.leg === null ? null : event.symbol, leg: event.leg, amount: null }
  return { kind: 'posting', symbol: event.symbol ?? null, leg: null, amount: event.amount.toNumber() }
}

