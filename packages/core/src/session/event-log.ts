/**
 * The records of a run: what happened, in order, and the last variables of each strategy. What happens most, an order on its way to its
 * end, is kept in columns; events and texts are made from them when somebody asks.
 */
import { AmountTable, Column, Interned } from '../domain/column.ts'
import { ZERO } from '../domain/decimal.ts'
import type { CancelReason, Filled, JournalEvent, JournalRecord, OrderAmended, OrderDenied, OrderSubmitted, VarsChanged } from '../domain/events.ts'
import { OrderTable } from '../state/order-table.ts'
import { canonicalEvent } from './canonical.ts'

/** How a row is kept: its event as it is, or one that follows from the order that it is about. */
const [WHOLE, SUBMITTED, ACCEPTED, CANCELED, AMENDED, FILLED_MAKER, FILLED_TAKER, DENIED] = [0, 1, 2, 3, 4, 5, 6, 7] as const

/** So many kinds there are; a kind is what is left of a number in `#what` that is divided by it. */
const KINDS = 8

/** The kinds of rows that events of a type have, where they are not kept as they are. */
const KINDS_OF: Readonly<Partial<Record<JournalEvent['type'], readonly number[]>>> = {
  'order.submitted': [SUBMITTED], 'order.denied': [DENIED], 'order.accepted': [ACCEPTED], 'order.canceled': [CANCELED], 'order.amended': [AMENDED], 'order.filled': [FILLED_MAKER, FILLED_TAKER],
}

type About = Extract<JournalEvent, { type: 'order.accepted' | 'order.canceled' | 'order.amended' | 'order.filled' }>

/** An append-only list of records. */
export class EventLog {
  /** The kind of the row, and {@link KINDS} times a detail: the number of a reason, a row of amounts, or a denial. */
  readonly #what = Column.ofCounts()
  /** How many rows of each kind there are. */
  readonly #counts = new Uint32Array(KINDS)
  readonly #at = Column.ofDoubles()
  /** The row of the order; of an event that is kept as it is, its place among those. */
  readonly #subjects = Column.ofCounts()
  readonly #whole: JournalEvent[] = []
  readonly #orders: OrderTable
  readonly #reasons = new Interned<CancelReason>()
  readonly #amendments = new AmountTable()
  readonly #fills = new AmountTable()
  readonly #fillIds: string[] = []
  readonly #denials: Pick<OrderDenied, 'code' | 'message'>[] = []
  readonly #vars = new Map<string, VarsChanged>()
  /** Events that were made so far. */
  readonly #made: JournalEvent[] = []

  /** `orders`: a table that holds them for others too. */
  constructor(orders: OrderTable = new OrderTable()) {
    this.#orders = orders
  }

  append(records: readonly JournalRecord[]): void {
    for (const record of records) {
      if (record.type === 'vars.changed') this.#vars.set(record.strategy, record)
      else this.#add(record)
    }
  }

  get length(): number {
    return this.#what.length
  }

  /** How many events of a type there are. */
  countOf(type: JournalEvent['type']): number {
    let count = 0
    for (const kind of KINDS_OF[type] ?? []) count += this.#counts[kind] ?? 0
    for (const event of this.#whole) if (event.type === type) count++
    return count
  }

  /** The last variables of a strategy; null where it has changed none. */
  varsOf(strategy: string): VarsChanged['vars'] | null {
    return this.#vars.get(strategy)?.vars ?? null
  }

  /** Everything that happened so far, oldest first. Made on the first access. */
  get events(): readonly JournalEvent[] {
    for (let row = this.#made.length; row < this.length; row++) this.#made.push(this.#eventAt(row))
    return this.#made
  }

  /** One line of canonical JSON for everything that happened, without line ends. */
  *lines(): Generator<string> {
    for (let row = 0; row < this.length; row++) yield canonicalEvent(this.#made[row] ?? this.#eventAt(row))
  }

  #add(event: JournalEvent): void {
    switch (event.type) {
      case 'order.submitted':
        if (event.at === event.order.createdAt && this.#addSubmission(event)) return
        break
      case 'order.denied':
        if (event.at === event.order.createdAt && this.#addDenial(event)) return
        break
      case 'order.accepted':
      case 'order.canceled':
      case 'order.amended':
      case 'order.filled':
        if (this.#addAbout(event)) return
        break
      default:
    }
    this.#push(WHOLE, event.at, this.#whole.push(event) - 1, 0)
  }

  #addSubmission({ at, order }: OrderSubmitted): boolean {
    const row = this.#orders.put(order)
    if (row < 0) return false
    this.#push(SUBMITTED, at, row, 0)
    return true
  }

  #addDenial({ at, symbol, leg, strategy, order, code, message }: OrderDenied): boolean {
    if (order.symbol !== symbol || order.leg !== leg || order.strategy !== strategy) return false
    const row = this.#orders.put(order)
    if (row < 0) return false
    this.#push(DENIED, at, row, this.#denials.push({ code, message }) - 1)
    return true
  }

  /** False for an event that says something which does not follow from its order. */
  #addAbout(event: About): boolean {
    const row = event.orderId === null ? -1 : this.#orders.rowOf(event.orderId)
    if (row < 0) return false
    const order = this.#orders.shapeAt(row)
    if (order.symbol !== event.symbol || order.leg !== event.leg) return false
    if (event.type === 'order.accepted') this.#push(ACCEPTED, event.at, row, 0)
    else if (event.type === 'order.canceled') this.#push(CANCELED, event.at, row, this.#reasons.numberOf(event.reason))
    else if (event.type === 'order.amended') return this.#addAmendment(event, row)
    else return event.intent === order.intent && event.role === order.role && event.source === 'order' && this.#addFill(event, row)
    return true
  }

  #addAmendment({ at, qty, price, trigger }: OrderAmended, row: number): boolean {
    if (!this.#amendments.add(qty, price, trigger)) return false
    this.#push(AMENDED, at, row, this.#amendments.length - 1)
    return true
  }

  #addFill({ at, qty, price, fee, fillId, liquidity }: Filled, row: number): boolean {
    if (!this.#fills.add(qty, price, fee)) return false
    this.#fillIds.push(fillId)
    this.#push(liquidity === 'maker' ? FILLED_MAKER : FILLED_TAKER, at, row, this.#fills.length - 1)
    return true
  }

  #push(kind: number, at: number, subject: number, detail: number): void {
    this.#counts[kind] = (this.#counts[kind] ?? 0) + 1
    this.#what.push(KINDS * detail + kind)
    this.#at.push(at)
    this.#subjects.push(subject)
  }

  #eventAt(row: number): JournalEvent {
    const what = this.#what.at(row)
    const at = this.#at.at(row)
    const subject = this.#subjects.at(row)
    const kind = what % KINDS
    const detail = Math.floor(what / KINDS)
    const whole = kind === WHOLE ? this.#whole[subject] : undefined
    if (whole !== undefined) return whole
    const order = this.#orders.at(subject)
    if (kind === SUBMITTED) return { type: 'order.submitted', at, order }
    const denial = kind === DENIED ? this.#denials[detail] : undefined
    if (denial !== undefined) return { type: 'order.denied', at, symbol: order.symbol, leg: order.leg, strategy: order.strategy, order, ...denial }
    const { id: orderId, symbol, leg, intent, role } = order
    const about = { at, orderId, symbol, leg }
    if (kind === ACCEPTED) return { type: 'order.accepted', ...about }
    if (kind === CANCELED) return { type: 'order.canceled', ...about, reason: this.#reasons.valueOf(detail) ?? 'requested' }
    if (kind === AMENDED) {
      const [qty = ZERO, price, trigger] = this.#amendments.at(detail)
      return { type: 'order.amended', ...about, qty, ...(price === undefined ? {} : { price }), ...(trigger === undefined ? {} : { trigger }) }
    }
    const [qty = ZERO, price = ZERO, fee = ZERO] = this.#fills.at(detail)
    return { type: 'order.filled', ...about, fillId: this.#fillIds[detail] ?? '', intent, price, qty, fee, liquidity: kind === FILLED_MAKER ? 'maker' : 'taker', source: 'order', role }
  }
}
