/** The symbols of a strategy: for each the door of its orders, its two legs, and what is declared for them. */
import { HedgerowError, netQty, ZERO } from '@hedgerow/core'
import type { Decimal, Filled, LegChange, StrategyContext } from '@hedgerow/core'
import { Brackets } from './brackets.ts'
import { DeclaredOrders } from './declared-orders.ts'
import type { DiffPoint } from './declared-leg.ts'
import { Desk } from './desk.ts'
import { LegHandle } from './leg-handle.ts'
import { Market } from './market.ts'
import { PositionPair } from './position-view.ts'

/** One symbol. */
export class Book {
  readonly desk: Desk
  readonly declared: DeclaredOrders
  readonly brackets: Brackets
  readonly long: LegHandle
  readonly short: LegHandle
  readonly position: PositionPair
  readonly market: Market
  #previousQty: Decimal = ZERO

  constructor(desk: Desk) {
    this.desk = desk
    this.declared = new DeclaredOrders(desk)
    this.brackets = new Brackets(desk)
    const { declared, brackets } = this
    this.long = new LegHandle({ desk, brackets, declared, leg: 'long' })
    this.short = new LegHandle({ desk, brackets, declared, leg: 'short' })
    this.position = new PositionPair({ desk, long: this.long, short: this.short, previousQty: () => this.#previousQty })
    this.market = new Market(this)
  }

  get isOpen(): boolean {
    return this.desk.isOpen('long') || this.desk.isOpen('short')
  }

  /** Notes a fill that the positions have in them already. */
  see(fill: Filled, change: LegChange): void {
    const signed = (fill.leg === 'long') === (fill.intent === 'open') ? fill.qty : fill.qty.neg()
    this.#previousQty = netQty(this.desk.context.pair()).minus(signed)
    this[fill.leg].history.see(fill, change)
  }
}

/** All symbols of a strategy, and the one that a running hook is about: the first, unless the hook tells of another. */
export class Books {
  readonly main: Book
  readonly all: readonly Book[]
  #current: Book
  #isAtBar = false

  constructor(context: StrategyContext) {
    const desks = new Map<string, Desk>()
    for (const symbol of context.symbols) desks.set(symbol, new Desk(context.forSymbol(symbol), desks))
    this.all = [...desks.values()].map((desk) => new Book(desk))
    this.main = this.of(context.symbol)
    this.#current = this.main
  }

  /** What everything that names no symbol is about. */
  get current(): Book {
    return this.#current
  }

  /** True while a leg of any symbol is open. */
  get isOpen(): boolean {
    for (const { isOpen } of this.all) if (isOpen) return true
    return false
  }

  /** @throws HedgerowError `UNKNOWN_SYMBOL` for one that the route does not trade. */
  of(symbol: string): Book {
    const found = this.find(symbol)
    if (found !== undefined) return found
    throw new HedgerowError('UNKNOWN_SYMBOL', { found: symbol, expected: `one of ${this.all.map(({ desk }) => desk.context.symbol).join(', ')}, the symbols of the route` })
  }

  find(symbol: string): Book | undefined {
    for (const book of this.all) if (book.desk.context.symbol === symbol) return book
    return undefined
  }

  /** Runs a hook about one symbol. */
  within<T>(book: Book, hook: () => T): T {
    const outer = this.#current
    this.#current = book
    try {
      return hook()
    } finally {
      this.#current = outer
    }
  }

  /** Makes the orders of all symbols follow what is declared. */
  diff(point: DiffPoint): void {
    for (const { declared } of this.all) declared.diff(point)
  }

  atBar(isAtBar: boolean): void {
    if (this.#isAtBar === isAtBar) return
    this.#isAtBar = isAtBar
    for (const { desk } of this.all) desk.atBar(isAtBar)
  }
}
