/**
 * One account at a simulated venue: orders, executions and settings over the sandbox's matching and margin core. It knows no protocol;
 * a skin translates requests into calls and changes into messages. `Terms` is what the skin keeps with each order.
 */
import {
  assessMargin, LEGS, sideOf, ZERO, type Decimal, type ExchangeEvent, type Filled, type FundingSettled, type Leg, type MarginMode, type MarginReport, type Order,
  type PairOfPositions, type TimeMs, type VenueProfile,
} from '@hedgerow/core'
import { SandboxExchange, type SandboxOptions, type VenueDesk } from '@hedgerow/driver-sandbox'
import { IdSequence } from './ids.ts'
import { LegHistory } from './leg-history.ts'
import { OrderIndex } from './order-index.ts'
import type { OrderWish, VenueOrder } from './order.ts'
import type { AccountChange, AccountRecord, Execution, ExecutionKind, OrderCause, Transfer } from './record.ts'

/** What an account starts with. */
export interface AccountOptions<Terms> extends Omit<SandboxOptions, 'sink'> {
  /** Told in order, while it happens. */
  readonly onChange: (change: AccountChange<Terms>) => void
  /** Names the ids that the venue gives. */
  readonly seed: string
}

/** Changes of a working order. */
export interface OrderChange<Terms> {
  readonly qty?: Decimal
  readonly price?: Decimal
  readonly trigger?: Decimal
  readonly terms?: Terms
}

/** What says something about an order but its fills. */
type OrderEvent = Exclude<ExchangeEvent, { readonly type: 'order.filled' | 'funding.settled' | 'account.posted' | 'margin.moved' | 'account.liquidated' | 'account.deleveraged' }>

/** First number of the cross sequence: as long as the venue's own. */
const FIRST_SEQUENCE = 140_612_000_000_000

/** The account. */
export class VenueAccount<Terms> {
  readonly exchange: SandboxExchange
  readonly profile: VenueProfile
  readonly #onChange: (change: AccountChange<Terms>) => void
  readonly #ids: IdSequence
  /** Its orders, to be read. */
  readonly orders: OrderIndex<Terms> = new OrderIndex()
  /** What it remembers of its legs, to be read. */
  readonly legs: LegHistory = new LegHistory()
  readonly #records: AccountRecord<Terms>[] = []
  readonly rates: { readonly maker: Decimal; readonly taker: Decimal }
  readonly #places: ReadonlyMap<string, number>
  #lastNumber = 0
  #sequence = FIRST_SEQUENCE
  #now: TimeMs = 0
  #isTelling = false

  constructor({ onChange, seed, ...sandbox }: AccountOptions<Terms>) {
    this.#onChange = onChange
    this.#ids = new IdSequence(seed)
    this.profile = sandbox.profile
    this.#places = new Map(sandbox.symbols.map(({ instrument: { symbol, tickSize } }) => [symbol, tickSize.decimalPlaces()]))
    this.rates = sandbox.fee ?? sandbox.profile.fees
    this.exchange = new SandboxExchange({ ...sandbox, sink: (event) => this.#see(event) })
  }

  get desk(): VenueDesk {
    return this.exchange.desk
  }

  /** Market time. */
  now(): TimeMs {
    return Math.max(this.#now, this.exchange.now())
  }

  /** Lets an order arrive where the market stands. Refused for margin: its status is `rejected`, and nobody is told. */
  place(wish: OrderWish<Terms>): VenueOrder<Terms> {
    const number = ++this.#lastNumber
    const at = this.now()
    const order: VenueOrder<Terms> = {
      ...wish, number, venueId: this.#ids.next(), side: sideOf(wish.leg, wish.intent), status: 'resting', triggered: false,
      filledQty: ZERO, filledValue: ZERO, fees: ZERO, realised: ZERO, reason: null, createdAt: at, updatedAt: at, lastOnArrival: this.lastPrice(wish.symbol),
    }
    this.orders.add(order)
    this.#beginAct()
    this.exchange.submit(sandboxOrder(order))
    this.#arrive()
    if (order.status === 'rejected') this.orders.forget(order)
    return order
  }

  /** Nothing when it is no longer working. */
  cancel(order: VenueOrder<Terms>): void {
    this.#beginAct()
    this.exchange.cancel(order.number)
    this.#arrive()
  }

  /** Changes a working order; terms that only the protocol knows change with it. */
  amend(order: VenueOrder<Terms>, { terms, ...change }: OrderChange<Terms>): void {
    if (terms !== undefined) order.terms = terms
    this.#beginAct()
    this.exchange.amend(order.number, change)
    this.#arrive()
  }

  /** Executions, funding and transfers, oldest first. */
  records(): readonly AccountRecord<Terms>[] {
    return this.#records
  }

  pair(symbol: string): PairOfPositions {
    return this.desk.pair(symbol)
  }

  margin(): MarginReport {
    return assessMargin(this.profile, this.desk.account())
  }

  /** True while the account, or a symbol of it, has a position. */
  isHeld(symbol?: string): boolean {
    return this.desk.account().pairs.some((pair) => (symbol === undefined || pair.symbol === symbol) && LEGS.some((leg) => !pair[leg].qty.isZero()))
  }

  /** Last price on the grid of the symbol: between two points of a candle's path the exact one has any number of digits. */
  lastPrice(symbol: string): Decimal | null {
    return this.exchange.priceOf(symbol)?.toDecimalPlaces(this.tickPlaces(symbol)) ?? null
  }

  /** Decimals of the price step. */
  tickPlaces(symbol: string): number {
    return this.#places.get(symbol) ?? 0
  }

  /** A setting of a leg has changed. */
  touch(symbol: string, leg: Leg): void {
    this.#tellPosition(symbol, leg, 'setting')
  }

  /** Only while nothing is open. */
  setMarginMode(mode: MarginMode): void {
    this.desk.setMarginMode(mode)
    this.legs.restart()
  }

  /** What follows shares one number of the cross sequence. To be called before each act of the market as well. */
  beginAct(): void {
    this.#beginAct()
  }

  #beginAct(): void {
    this.#sequence += 1
  }

  /** What is asked for while an event is told follows by itself, once the act that it belongs to is over. */
  #arrive(): void {
    if (!this.#isTelling) this.exchange.arrive()
  }

  #see(event: ExchangeEvent): void {
    this.#now = event.at
    this.#isTelling = true
    this.#fold(event)
    this.#isTelling = false
  }

  #fold(event: ExchangeEvent): void {
    switch (event.type) {
      case 'order.filled':
        return this.#fill(event)
      case 'funding.settled':
        return this.#fund(event)
      case 'account.posted':
        return this.#transfer({ kind: event.kind, amount: event.amount })
      case 'margin.moved':
        return this.#tellPosition(event.symbol, event.leg, 'setting')
      case 'account.liquidated':
      case 'account.deleveraged':
        return this.#onChange({ type: 'wallet' })
      default:
        return this.#seeOrder(event)
    }
  }

  #seeOrder(event: OrderEvent): void {
    const order = this.orders.get(event.orderId)
    if (order === undefined) return
    order.updatedAt = event.at
    if (event.type === 'order.accepted') {
      if (order.type !== 'market' && order.type !== 'limit') order.status = 'untriggered'
    } else if (event.type === 'order.triggered') {
      order.triggered = true
      order.status = 'resting'
    } else if (event.type === 'order.amended' || event.type === 'order.reduced') {
      order.qty = event.qty
      if ('price' in event && event.price !== undefined) order.price = event.price
      if ('trigger' in event && event.trigger !== undefined) order.trigger = event.trigger
    } else if (event.type === 'order.rejected') {
      order.status = 'rejected'
      order.reason = event.code
      return
    } else if (event.type === 'order.canceled' || event.type === 'order.expired') {
      order.status = 'canceled'
      order.reason = event.reason
    }
    this.orders.review(order)
    this.#onChange({ type: 'order', order, cause: causeOf(event.type) })
    this.#tellPosition(order.symbol, order.leg, 'order')
  }

  #fill(event: Filled): void {
    const { symbol, leg, qty, price, fee } = event
    const order = event.orderId === null ? null : this.orders.get(event.orderId) ?? null
    const realised = this.legs.gain(symbol, leg, this.desk.pair(symbol)[leg].realised)
    if (order !== null) {
      order.filledQty = order.filledQty.plus(qty)
      order.filledValue = order.filledValue.plus(qty.times(price))
      order.fees = order.fees.plus(fee)
      order.realised = order.realised.plus(realised)
      order.updatedAt = event.at
      if (order.filledQty.gte(order.qty)) order.status = 'filled'
      this.orders.review(order)
    }
    const record: Execution<Terms> = {
      type: 'execution', id: this.#ids.next(), sequence: this.#sequence, at: event.at, symbol, leg, qty, price, mark: this.exchange.markOf(symbol) ?? price, wallet: this.desk.wallet,
      kind: kindOf(event), intent: event.intent, side: sideOf(leg, event.intent), fee, feeRate: event.liquidity === 'maker' ? this.rates.maker : this.rates.taker,
      liquidity: event.liquidity, realised, order, leavesQty: order === null ? ZERO : order.qty.minus(order.filledQty),
    }
    this.#records.push(record)
    this.legs.book(symbol, leg, { sequence: this.#sequence, amount: realised.minus(fee), isNew: event.intent === 'open' && this.desk.pair(symbol)[leg].qty.eq(qty) })
    this.#onChange({ type: 'booked', record })
    if (order !== null) this.#onChange({ type: 'order', order, cause: 'filled' })
    this.#tellPosition(symbol, leg, event.source === 'liquidation' || event.source === 'adl' ? event.source : 'fill')
    this.#onChange({ type: 'wallet' })
  }

  #fund({ at, symbol, leg, qty, mark, rate, amount }: FundingSettled): void {
    const record = { type: 'funding', id: this.#ids.next(), sequence: this.#sequence, at, symbol, leg, qty, price: mark, mark, wallet: this.desk.wallet, rate, amount } as const
    this.#records.push(record)
    this.legs.book(symbol, leg, { sequence: this.#sequence, amount, isNew: false })
    this.#onChange({ type: 'booked', record })
    this.#tellPosition(symbol, leg, 'fill')
    this.#onChange({ type: 'wallet' })
  }

  #transfer({ kind, amount }: Pick<Transfer, 'kind' | 'amount'>): void {
    this.#records.push({ type: 'transfer', id: this.#ids.next(), at: this.#now, kind, amount, wallet: this.desk.wallet })
    this.#onChange({ type: 'wallet' })
  }

  #tellPosition(symbol: string, leg: Leg, cause: 'fill' | 'order' | 'setting' | 'liquidation' | 'adl'): void {
    if (cause !== 'order') this.legs.touch(symbol, leg, this.now())
    this.#onChange({ type: 'position', symbol, leg, cause })
  }
}

function sandboxOrder<Terms>(order: VenueOrder<Terms>): Order {
  const { number, symbol, leg, intent, type, qty, price, trigger, triggerBy, trailing, timeInForce, postOnly, createdAt } = order
  return {
    id: number, symbol, leg, intent, type, qty, timeInForce, postOnly, createdAt, role: intent === 'open' ? 'entry' : 'exit', strategy: 'account',
    ...(price === undefined ? {} : { price }), ...(trigger === undefined ? {} : { trigger }), ...(triggerBy === undefined ? {} : { triggerBy }), ...(trailing === undefined ? {} : { trailing }),
  }
}

function causeOf(type: OrderEvent['type']): OrderCause {
  switch (type) {
    case 'order.accepted':
      return 'accepted'
    case 'order.triggered':
      return 'triggered'
    case 'order.amended':
    case 'order.reduced':
      return 'amended'
    default:
      return 'ended'
  }
}

function kindOf({ source }: Filled): ExecutionKind {
  return source === 'liquidation' || source === 'adl' ? source : 'trade'
}
