/** The venue's side of a simulated account: what it lets the owner set, and what it does without being asked. For venues that live on while orders come in. */
import { fundingAmount, HedgerowError, LEGS, marginBoundOf, tradeFee, type AccountPosted, type Decimal, type Leg, type MarginAccount, type MarginMode, type PairOfPositions, type PositionMode, type TierTable } from '@hedgerow/core'
import { marginAccount } from './admission.ts'
import { cancelOrder } from './answers.ts'
import type { Market } from './market.ts'
import { markPrice } from './prices.ts'
import type { Progress } from './progress.ts'
import type { Simulation } from './simulation.ts'
import type { SymbolBook } from './symbol-book.ts'
import type { TapeCandle } from './tape.ts'

/** A quantity of a leg that the venue, or the owner elsewhere, takes at a price without an order here. */
export interface TakeOver {
  readonly symbol: string
  readonly leg: Leg
  readonly qty: Decimal
  readonly price: Decimal
  readonly source: 'liquidation' | 'adl'
  /** Default: the taker fee. */
  readonly fee?: Decimal
}

/** One candle for each symbol that trades in a minute. */
export interface NextMinute {
  readonly last: ReadonlyMap<string, TapeCandle>
  /** For symbols with a mark series. */
  readonly mark?: ReadonlyMap<string, TapeCandle>
  /** For symbols with an index series. */
  readonly index?: ReadonlyMap<string, TapeCandle>
}

/** Acts where the path stands. */
export class VenueDesk {
  readonly #sim: Simulation
  readonly #progress: Progress

  constructor(sim: Simulation, progress: Progress) {
    this.#sim = sim
    this.#progress = progress
  }

  /** Adds the minute after the last one; symbols that are left out do not trade in it. */
  extend({ last, mark, index }: NextMinute): void {
    // Its open is still ahead.
    this.#progress.leaveEnd()
    for (const book of this.#sim.books) {
      const { symbol } = book.market
      for (const lane of book.lanes) {
        const candles = lane === book.last ? last : lane === book.mark ? mark : index
        lane.tape.append(candles?.get(symbol) ?? null)
      }
      this.#sim.minutes = Math.max(this.#sim.minutes, book.last.tape.end)
    }
  }

  /** Both legs as they are booked. */
  pair(symbol: string): PairOfPositions {
    return this.#sim.ledger.pair(symbol)
  }

  get wallet(): Decimal {
    return this.#sim.ledger.wallet
  }

  /** The account as the margin model takes it. */
  account(): MarginAccount {
    return marginAccount(this.#sim)
  }

  get marginMode(): MarginMode {
    return this.#sim.setup.marginMode
  }

  positionMode(symbol: string): PositionMode {
    return this.#market(symbol).positionMode
  }

  leverage(symbol: string): Readonly<Record<Leg, Decimal>> {
    return this.#market(symbol).leverage
  }

  tiers(symbol: string): TierTable {
    return this.#market(symbol).tiers
  }

  /** Whether that is allowed, the caller has asked the account. */
  setLeverage(symbol: string, leverage: Readonly<Record<Leg, Decimal>>): void {
    const market = this.#market(symbol)
    market.leverage = leverage
    market.marginBound = marginBoundOf(leverage, this.#sim.setup.rules.feeBound)
    this.#sim.risk.forget()
  }

  /** @throws HedgerowError `INVARIANT_BROKEN` while the symbol has an order or a position. */
  setPositionMode(symbol: string, mode: PositionMode): void {
    this.#requireQuiet(symbol, 'position mode')
    this.#market(symbol).positionMode = mode
  }

  /** @throws HedgerowError `INVARIANT_BROKEN` while the account has an order or a position. */
  setMarginMode(mode: MarginMode): void {
    for (const { market } of this.#sim.books) this.#requireQuiet(market.symbol, 'margin mode')
    this.#sim.switchMarginMode(mode)
  }

  /** Money that comes or goes, signed. */
  post(kind: AccountPosted['kind'], amount: Decimal): void {
    this.#sim.post({ type: 'account.posted', at: this.#sim.now, kind, amount })
  }

  /** Moves isolated margin between the wallet and a leg; positive adds to the leg. */
  moveMargin(symbol: string, leg: Leg, amount: Decimal): void {
    this.#sim.post({ type: 'margin.moved', at: this.#sim.now, symbol, leg, amount })
  }

  /** Closes a part of a leg; closing orders of a leg that is flat then go with it. */
  takeOver({ symbol, leg, qty, price, source, fee }: TakeOver): void {
    const sim = this.#sim
    const book = this.#book(symbol)
    const { profile, rules } = sim.setup
    sim.post({
      type: 'order.filled', at: sim.now, fillId: sim.nextFillId(), orderId: null, symbol, leg, intent: 'close', price, qty,
      fee: fee ?? tradeFee(profile.money, { value: qty.times(price), rate: rules.takerRate }), liquidity: 'taker', source, role: source,
    })
    if (!sim.heldOn(book, leg).isZero()) return
    for (const live of book.orders.filter((other) => other.leg === leg && other.intent === 'close')) cancelOrder(sim, live, 'position-closed')
  }

  /** Settles funding of both legs at the mark, now. */
  settle(symbol: string, rate: Decimal): void {
    const sim = this.#sim
    const book = this.#book(symbol)
    const mark = markPrice(sim, book)
    if (mark === null) return
    for (const leg of LEGS) {
      const qty = sim.heldOn(book, leg)
      if (qty.isZero()) continue
      sim.post({ type: 'funding.settled', at: sim.now, symbol, leg, qty, mark, rate, amount: fundingAmount(sim.setup.profile.money, { leg, qty, mark, rate }) })
    }
  }

  #requireQuiet(symbol: string, what: string): void {
    const book = this.#book(symbol)
    if (book.orders.length === 0 && LEGS.every((leg) => this.#sim.heldOn(book, leg).isZero())) return
    throw new HedgerowError('INVARIANT_BROKEN', { where: `${what} of ${symbol}`, found: 'orders or positions', expected: 'a caller that asks first' })
  }

  #market(symbol: string): Market {
    return this.#book(symbol).market
  }

  #book(symbol: string): SymbolBook {
    const book = this.#sim.books.find(({ market }) => market.symbol === symbol)
    if (book === undefined) throw new HedgerowError('UNKNOWN_SYMBOL', { found: symbol, expected: `one of ${this.#sim.books.map(({ market }) => market.symbol).join(', ')}` })
    return book
  }
}
