/** Everything that changes while a simulation runs. A fork of it can be run ahead without touching the original. */
import { ZERO, type Decimal, type EventSink, type ExchangeEvent, type Leg, type Ledger, type MarginMode, type OrderId, type TimeMs } from '@hedgerow/core'
import { FloatAccount } from './float-account.ts'
import { LEG_START, ratioOf, type Fraction } from './fraction.ts'
import type { LiveOrder } from './live-order.ts'
import { startOf, type Setup } from './market.ts'
import { AT_CLOSE, AT_OPEN, LEGS_OF_A_CANDLE } from './path.ts'
import { RiskWatch } from './risk-watch.ts'
import { ledgerOf } from './setup.ts'
import { SymbolBook } from './symbol-book.ts'
import { Transit } from './transit.ts'

/** What a simulation counts. */
export interface Counts {
  ambiguousCandles: number
  liquidations: number
  deleveraged: number
  insuranceUsed: Decimal
  longSlippage: Decimal
  shortSlippage: Decimal
  largeFills: number
  protectionMissed: number
  fundingSubstituted: number
}

/** What moves the ledger. */
type MoneyEvent = Parameters<Ledger['apply']>[0]

/** Keeps a time that is a whole millisecond from being floored to the one before by a rounding of its fraction. */
const ROUNDING_MS = 1e-6

/** A simulated venue at one moment. */
export class Simulation {
  readonly setup: Setup
  ledger: Ledger
  readonly books: readonly SymbolBook[]
  readonly counts: Counts
  risk: RiskWatch
  floats: FloatAccount
  /** Commands that have been sent and have not arrived. */
  readonly transit: Transit
  /** Orders of symbols that do not trade at the moment. */
  readonly waiting: LiveOrder[] = []
  readonly #sink: EventSink
  /** Lets commands that came while an event was told take effect; nothing in a fork, which nobody listens to. */
  settle: () => void = () => {}
  /** The minute that is walked, or whose close was the last price. */
  minute = -1
  /** {@link AT_OPEN}, a leg from 0 to 2, or {@link AT_CLOSE}. */
  leg: number = AT_CLOSE
  fraction: Fraction = LEG_START
  /** A number from the start: a field that was ever undefined takes a new object for each number. */
  now: TimeMs = Number.NaN
  isEnded = false
  /** Number of events told. */
  told = 0
  /** Number of minutes until the last series has ended. */
  minutes: number
  /** In rising order of expiry; orders that are gone are dropped when they come first. */
  #expiring: LiveOrder[] = []
  /** Number of orders taken in. */
  #taken = 0
  #highestId = 0
  #requeues = 0
  #fills = 0

  constructor(input: { readonly setup: Setup; readonly ledger: Ledger; readonly books: readonly SymbolBook[]; readonly counts: Counts; readonly risk: RiskWatch; readonly sink: EventSink; readonly transit: Transit }) {
    this.setup = input.setup
    this.ledger = input.ledger
    this.books = input.books
    this.counts = input.counts
    this.risk = input.risk
    this.floats = new FloatAccount(input.ledger, input.setup.markets)
    this.#sink = input.sink
    this.transit = input.transit
    this.now = input.setup.grid.start
    this.minutes = Math.max(0, ...this.books.map(({ last }) => last.tape.end))
  }

  static start(setup: Setup, ledger: Ledger, sink: EventSink): Simulation {
    const counts: Counts = { ambiguousCandles: 0, liquidations: 0, deleveraged: 0, insuranceUsed: ZERO, longSlippage: ZERO, shortSlippage: ZERO, largeFills: 0, protectionMissed: 0, fundingSubstituted: 0 }
    return new Simulation({ setup, ledger, books: setup.markets.map((market) => new SymbolBook(market)), counts, risk: new RiskWatch(setup), sink, transit: new Transit(setup.rules.latencyMs) })
  }

  /** A copy whose events go to `sink` and whose changes stay in it. Use it before the original goes on. */
  fork(sink: EventSink): Simulation {
    const { setup } = this
    const books = this.books.map((book) => book.fork())
    const copy = new Simulation({ setup, ledger: this.ledger.clone(), books, counts: { ...this.counts }, risk: this.risk.copy(setup), sink, transit: this.transit.copy(books) })
    copy.minute = this.minute
    copy.leg = this.leg
    copy.fraction = this.fraction
    copy.now = this.now
    copy.#expiring = this.#expiring.flatMap(({ id }) => copy.orderOf(id) ?? [])
    copy.#taken = this.#taken
    copy.#highestId = this.#highestId
    copy.#requeues = this.#requeues
    copy.#fills = this.#fills
    return copy
  }

  /** Moves to a point of the minute; time inside a candle ends one millisecond before its close. */
  moveTo(leg: number, fraction: Fraction): void {
    this.leg = leg
    this.fraction = fraction
    const { grid } = this.setup
    const inside = leg === AT_OPEN ? 0 : Math.floor(((leg + ratioOf(fraction)) * grid.step) / LEGS_OF_A_CANDLE + ROUNDING_MS)
    this.now = Math.max(this.now, startOf(grid, this.minute) + Math.min(inside, grid.step - 1))
  }

  /** For an account without orders and positions: the wallet goes on under the other mode. */
  switchMarginMode(mode: MarginMode): void {
    this.setup.marginMode = mode
    this.ledger = ledgerOf(this.setup, this.ledger.wallet)
    this.risk = new RiskWatch(this.setup)
    this.floats = new FloatAccount(this.ledger, this.setup.markets)
  }

  /** A live order; undefined once it is gone. Most that are asked for are young. */
  orderOf(id: OrderId): LiveOrder | undefined {
    for (const { orders } of this.books) {
      for (let place = orders.length - 1; place >= 0; place -= 1) if (orders[place]?.id === id) return orders[place]
    }
    return undefined
  }

  heldOn(book: SymbolBook, leg: Leg): Decimal {
    return this.ledger.position(book.market.symbol, leg).qty
  }

  /** Tells an event that moves no money. */
  tell(event: Exclude<ExchangeEvent, MoneyEvent>): void {
    this.told += 1
    this.#sink(event)
  }

  /** Books an event, then tells it. */
  post(event: MoneyEvent): void {
    this.ledger.apply(event)
    this.risk.forget()
    this.floats.forget()
    this.told += 1
    this.#sink(event)
  }

  /** Takes a new order in; it has not arrived yet. */
  register(live: LiveOrder): void {
    const { id, order: { expiresAt } } = live
    live.takenAfter = this.#taken++
    live.book.add(live)
    this.#highestId = Math.max(this.#highestId, id)
    if (expiresAt === undefined) return
    const index = this.#expiring.findIndex((other) => (other.order.expiresAt ?? 0) > expiresAt)
    this.#expiring.splice(index < 0 ? this.#expiring.length : index, 0, live)
  }

  /** The live order whose time runs out first. */
  nextExpiring(): LiveOrder | undefined {
    while (this.#expiring.length > 0 && this.#expiring[0]?.stage === 'gone') this.#expiring.shift()
    return this.#expiring.length === 0 ? undefined : this.#expiring[0]
  }

  /** Sends an order to the end of the queue. */
  requeue(live: LiveOrder): void {
    live.rank = this.#highestId
    live.requeued = ++this.#requeues
  }

  nextFillId(): string {
    return `f${++this.#fills}`
  }
}

