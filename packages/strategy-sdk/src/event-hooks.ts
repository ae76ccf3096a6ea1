/** What happened, as hooks: fills and orders of a leg, and the account. */
import type { JournalEvent, LegChange, StrategyEvent } from '@hedgerow/core'
import type { Book, Books } from './book.ts'
import { Hooks, type AccountNews, type OrderNews } from './hooks.ts'
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
    if (event.type === 'order' && event.event.type === 'order.accepted' && !this.#tellsOrders && !this.#comparesAlways) {
      // Nothing follows from it: what is declared stands as it is.
      books.of(event.event.symbol).desk.settle(event.order, 'order.accepted')
    } else if (event.type === 'fill' || event.type === 'order') {
      const { leg, symbol } = event.type === 'fill' ? event.fill : event.order.order
      const book = books.of(symbol)
      books.within(book, () => book.declared.inLeg(leg, () => (event.type === 'fill' ? this.#fill(event, book) : this.#order(event, book))))
      books.diff('event')
      book.declared.release()
    } else {
      books.within(this.#bookOf(event), () => this.#tell(event))
      books.diff('event')
    }
  }

  /** The symbol of an account event where it is one of the strategy's. */
  #bookOf(event: Exclude<StrategyEvent, FillEvent | OrderEvent>): Book {
    const { books } = this.#parts
    const symbol = event.type === 'account' ? event.event.symbol : undefined
    return (symbol === undefined ? undefined : books.find(symbol)) ?? books.main
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

  #fill(event: FillEvent, book: Book): void {
    const { desk, declared, brackets } = book
    const { fill, order, change } = event
    const lists = declared.of(fill.leg)
    book.see(fill, change)
    if (change === 'closed') this.#parts.onClosed()
    if (order !== null) desk.settle(order, fill.type)
    if (change === 'closed') {
      lists.reset()
    } else {
      lists.touch()
      if (order !== null && order.order.intent === 'open') brackets.follow(order)
      lists.diff(change === 'opened' ? 'opened' : 'event')
    }
    this.#parts.groups.check()
    this.#tellFill(event, book)
  }

  #tellFill({ fill, order, change, trade }: FillEvent, { desk }: Book): void {
    const { hooks } = this.#parts
    const { leg, symbol } = fill
    if (fill.source === 'adl') hooks.onAccount({ kind: 'adl', symbol, leg, amount: null })
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

  #order({ event, order }: OrderEvent, { desk, declared }: Book): void {
    const { hooks, groups } = this.#parts
    const { leg } = order.order
    desk.settle(order, event.type)
    const news = newsOf(event)
    if (news === null) return
    const { kind, code } = news
    if (kind !== 'accepted') {
      declared.of(leg).touch()
      declared.of(leg).forgetDeadEntry()
      groups.check()
    }
    if (this.#tellsOrders) hooks.onOrder({ kind, order: new OrderView(desk, order.order.id), leg, code })
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
  if (event.type === 'funding.settled') return { kind: 'funding', symbol: event.symbol, leg: event.leg, amount: event.amount.toNumber() }
  if (event.type === 'account.liquidated') return { kind: 'liquidation', symbol: event.leg === null ? null : event.symbol, leg: event.leg, amount: null }
  return { kind: 'posting', symbol: event.symbol ?? null, leg: null, amount: event.amount.toNumber() }
}

