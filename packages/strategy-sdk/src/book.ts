/** The symbols of a strategy: for each the door of its orders, its two legs, and what is declared for them. */
import { HedgerowError, netQty, ZERO } from '@hedgerow/core'
import type { Decimal, Filled, Leg, LegChange, PairOfPositions, StrategyContext } from '@hedgerow/core'
import { Brackets } from './brackets.ts'
import { DeclaredOrders } from './declared-orders.ts'
import type { DiffPoint } from './declared-leg.ts'
import { Desk, Desks } from './desk.ts'
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
  /** The last fill, and the legs after it. */
  #last: { readonly fill: Filled; readonly pair: PairOfPositions } | null = null

  constructor(desk: Desk) {
    this.desk = desk
    this.declared = new DeclaredOrders(desk)
    this.brackets = new Brackets(desk)
    const { declared, brackets } = this
    this.long = new LegHandle({ desk, brackets, declared, leg: 'long' })
    this.short = new LegHandle({ desk, brackets, declared, leg: 'short' })
    this.position = new PositionPair({ desk, long: this.long, short: this.short, previousQty: () => this.#previousQty() })
    this.market = new Market(this)
  }

  /** Notes a fill that the positions have in them already. */
  see(fill: Filled, change: LegChange): void {
    const pair = this.desk.context.pair()
    this.#last = { fill, pair }
    if (fill.leg === 'long') this.long.history.see(fill, change, pair.long)
    else this.short.history.see(fill, change, pair.short)
  }

  /** Net quantity before the last fill. */
  #previousQty(): Decimal {
    if (this.#last === null) return ZERO
    const { fill: { leg, intent, qty }, pair } = this.#last
    const net = netQty(pair)
    return (leg === 'long') === (intent === 'open') ? net.minus(qty) : net.plus(qty)
  }
}

/** All symbols of a strategy, and the one that a running hook is about: the first, unless the hook tells of another. */
export class Books {
  readonly main: Book
  readonly all: readonly Book[]
  /** What everything that names no symbol is about. */
  current: Book
  readonly desks: Desks = new Desks()

  constructor(context: StrategyContext) {
    const { bySymbol } = this.desks
    for (const symbol of context.symbols) bySymbol.set(symbol, new Desk(context.forSymbol(symbol), this.desks))
    this.all = [...bySymbol.values()].map((desk) => new Book(desk))
    this.main = this.of(context.symbol)
    this.current = this.main
  }

  /** True while a leg of any symbol is open. */
  get isOpen(): boolean {
    for (const { desk } of this.all) if (desk.isAnyOpen) return true
    return false
  }

  /** @throws HedgerowError `UNKNOWN_SYMBOL` for one that the route does not trade. */
  of(symbol: string): Book {
    for (const book of this.all) if (book.desk.context.symbol === symbol) return book
    throw new HedgerowError('UNKNOWN_SYMBOL', { found: symbol, expected: `one of ${this.all.map(({ desk }) => desk.context.symbol).join(', ')}, the symbols of the route` })
  }

  /** What follows is about one symbol, and about one leg of it or none. */
  turnTo(book: Book, leg: Leg | null): void {
    this.current = book
    book.declared.hookLeg = leg
  }

  /** What follows is about the first symbol, and about no leg. */
  turnBack(): void {
    this.current.declared.hookLeg = null
    this.current = this.main
  }

  /** Runs a hook about one leg of a symbol. */
  within<T>(book: Book, leg: Leg, hook: () => T): T {
    this.turnTo(book, leg)
    try {
      return hook()
    } finally {
      this.turnBack()
    }
  }

  /** Makes the orders of all symbols follow what is declared. */
  diff(point: DiffPoint): void {
    for (const { declared: { long, short } } of this.all) {
      if (long.work !== 'none') long.diff(point)
      if (short.work !== 'none') short.diff(point)
    }
  }
}
