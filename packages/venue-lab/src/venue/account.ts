/**
 * One account at a simulated venue: orders, executions and settings over the sandbox's matching and margin core. It knows no protocol;
 * a skin translates requests into calls and changes into messages. `Terms` is what the skin keeps with each order.
 */
import {
  assessMargin, LEGS, sideOf, ZERO, type Decimal, type ExchangeEvent, type Filled, type FundingSettled, type Leg, type MarginMode, type MarginReport, type Order, type OrderId,
  type PairOfPositions, type TimeMs, type VenueProfile,
} from '@hedgerow/core'
import { SandboxExchange, type SandboxOptions, type VenueDesk } from '@hedgerow/driver-sandbox'
import { IdSequence } from './ids.ts'
import { isWorking, type OrderWish, type VenueOrder } from './order.ts'
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

/** Profit, minus fees, plus funding. */
export interface Earned {
  /** Since the leg was last opened. */
  readonly current: Decimal
  readonly total: Decimal
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
  readonly #orders = new Map<OrderId, VenueOrder<Terms>>()
  readonly #byVenueId = new Map<string, VenueOrder<Terms>>()
  readonly #byClientId = new Map<string, VenueOrder<Terms>>()
  readonly #records: AccountRecord<Terms>[] = []
  readonly #realised = new Map<string, Decimal>()
  readonly #sequences = new Map<string, number>()
  readonly #earned = new Map<string, Earned>()
  readonly #touched = new Map<string, TimeMs>()
  readonly rates: { readonly maker: Decimal; readonly taker: Decimal }
  readonly #places: ReadonlyMap<string, number>
  #lastNumber = 0
  #sequence = FIRST_SEQUENCE
  #now: TimeMs = 0

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
      filledQty: ZERO, filledValue: ZERO, fees: ZERO, realised: ZERO, reason: null, createdAt: at, updatedAt: at, lastOnArrival: this.exchange.priceOf(wish.symbol),
    }
    this.#orders.set(number, order)
    this.#byVenueId.set(order.venueId, order)
    if (wish.clientId !== '') this.#byClientId.set(wish.clientId, order)
    this.#beginAct()
    this.exchange.submit(sandboxOrder(order))
    this.exchange.arrive()
    if (order.status === 'rejected') this.#forget(order)
    return order
  }

  /** Nothing when it is no longer working. */
  cancel(order: VenueOrder<Terms>): void {
    this.#beginAct()
    this.exchange.cancel(order.number)
    this.exchange.arrive()
  }

  /** Changes a working order; terms that only the protocol knows change with it. */
  amend(order: VenueOrder<Terms>, { terms, ...change }: OrderChange<Terms>): void {
    if (terms !== undefined) order.terms = terms
    this.#beginAct()
    this.exchange.amend(order.number, change)
    this.exchange.arrive()
  }

  /** All orders, oldest first. */
  orders(): readonly VenueOrder<Terms>[] {
    return [...this.#orders.values()]
  }

  working(symbol?: string): readonly VenueOrder<Terms>[] {
    return this.orders().filter((order) => isWorking(order) && (symbol === undefined || order.symbol === symbol))
  }

  byVenueId(id: string): VenueOrder<Terms> | undefined {
    return this.#byVenueId.get(id)
  }

  byClientId(id: string): VenueOrder<Terms> | undefined {
    return this.#byClientId.get(id)
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

  /** Last cross sequence of a leg; null when it never traded. */
  sequenceOf(symbol: string, leg: Leg): number | null {
    return this.#sequences.get(`${symbol} ${leg}`) ?? null
  }

  /** What a leg earned after costs. */
  earned(symbol: string, leg: Leg): Earned {
    return this.#earned.get(`${symbol} ${leg}`) ?? { current: ZERO, total: ZERO }
  }

  /** What all legs earned after costs. */
  get totalEarned(): Decimal {
    return [...this.#earned.values()].reduce((sum, { total }) => sum.plus(total), ZERO)
  }

  /** When a leg last changed. */
  touchedAt(symbol: string, leg: Leg): TimeMs {
    return this.#touched.get(`${symbol} ${leg}`) ?? 0
  }

  /** True while the account, or a symbol of it, has a position. */
  isHeld(symbol?: string): boolean {
    return this.desk.account().pairs.some((pair) => (symbol === undefined || pair.symbol === symbol) && LEGS.some((leg) => !pair[leg].qty.isZero()))
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
    this.#realised.clear()
  }

  /** Gives a client id free that a refused order used. */
  #forget(order: VenueOrder<Terms>): void {
    this.#orders.delete(order.number)
    this.#byVenueId.delete(order.venueId)
    if (this.#byClientId.get(order.clientId) === order) this.#byClientId.delete(order.clientId)
  }

  /** What follows shares one number of the cross sequence. To be called before each act of the market as well. */
  beginAct(): void {
    this.#beginAct()
  }

  #beginAct(): void {
    this.#sequence += 1
  }

  #see(event: ExchangeEvent): void {
    this.#now = event.at
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
    const order = this.#orders.get(event.orderId)
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
    this.#onChange({ type: 'order', order, cause: causeOf(event.type) })
    this.#tellPosition(order.symbol, order.leg, 'order')
  }

  #fill(event: Filled): void {
    const { symbol, leg, qty, price, fee } = event
    const order = event.orderId === null ? null : this.#orders.get(event.orderId) ?? null
    const realised = this.#realisedBy(event)
    if (order !== null) {
      order.filledQty = order.filledQty.plus(qty)
      order.filledValue = order.filledValue.plus(qty.times(price))
      order.fees = order.fees.plus(fee)
      order.realised = order.realised.plus(realised)
      order.updatedAt = event.at
      if (order.filledQty.gte(order.qty)) order.status = 'filled'
    }
    this.#sequences.set(`${symbol} ${leg}`, this.#sequence)
    const record: Execution<Terms> = {
      type: 'execution', id: this.#ids.next(), sequence: this.#sequence, at: event.at, symbol, leg, qty, price, mark: this.exchange.markOf(symbol) ?? price, wallet: this.desk.wallet,
      kind: kindOf(event), intent: event.intent, side: sideOf(leg, event.intent), fee, feeRate: event.liquidity === 'maker' ? this.rates.maker : this.rates.taker,
      liquidity: event.liquidity, realised, order, leavesQty: order === null ? ZERO : order.qty.minus(order.filledQty),
    }
    this.#records.push(record)
    this.#earn(record, realised.minus(fee), event.intent === 'open' && this.desk.pair(symbol)[leg].qty.eq(qty))
    this.#onChange({ type: 'booked', record })
    if (order !== null) this.#onChange({ type: 'order', order, cause: 'filled' })
    this.#tellPosition(symbol, leg, event.source === 'liquidation' || event.source === 'adl' ? event.source : 'fill')
    this.#onChange({ type: 'wallet' })
  }

  #fund({ at, symbol, leg, qty, mark, rate, amount }: FundingSettled): void {
    this.#sequences.set(`${symbol} ${leg}`, this.#sequence)
    const record = { type: 'funding', id: this.#ids.next(), sequence: this.#sequence, at, symbol, leg, qty, price: mark, mark, wallet: this.desk.wallet, rate, amount } as const
    this.#records.push(record)
    this.#earn(record, amount)
    this.#onChange({ type: 'booked', record })
    this.#tellPosition(symbol, leg, 'fill')
    this.#onChange({ type: 'wallet' })
  }

  #transfer({ kind, amount }: Pick<Transfer, 'kind' | 'amount'>): void {
    this.#records.push({ type: 'transfer', id: this.#ids.next(), at: this.#now, kind, amount, wallet: this.desk.wallet })
    this.#onChange({ type: 'wallet' })
  }

  #earn({ symbol, leg }: { readonly symbol: string; readonly leg: Leg }, amount: Decimal, isNew = false): void {
    const before = this.earned(symbol, leg)
    this.#earned.set(`${symbol} ${leg}`, { current: isNew ? amount : before.current.plus(amount), total: before.total.plus(amount) })
  }

  #tellPosition(symbol: string, leg: Leg, cause: 'fill' | 'order' | 'setting' | 'liquidation' | 'adl'): void {
    if (cause !== 'order') this.#touched.set(`${symbol} ${leg}`, this.now())
    this.#onChange({ type: 'position', symbol, leg, cause })
  }

  /** The ledger sums what a leg earned: the difference is what this fill did. */
  #realisedBy({ symbol, leg }: Filled): Decimal {
    const key = `${symbol} ${leg}`
    const { realised } = this.desk.pair(symbol)[leg]
    const before = this.#realised.get(key) ?? ZERO
    this.#realised.set(key, realised)
    return realised.minus(before)
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
