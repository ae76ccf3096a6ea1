/** Orders in columns: some thirty bytes an order, where an object takes several hundred. */
import { Column, DecimalColumn } from '../domain/column.ts'
import { ZERO } from '../domain/decimal.ts'
import type { Bracket, Order, OrderId } from '../domain/order.ts'

/** What many orders have in common. */
export type Shape = Omit<Order, 'id' | 'createdAt' | 'qty' | 'price' | 'trigger' | 'trailing' | 'bracket' | 'expiresAt' | 'group'>

/** Ids farther from the last one are no numbers in sequence. */
const FARTHEST_ID = 1_000_000
/** So many orders are known again by being the same object. */
const RECENT = 256

/** An append-only table. An order that has what the columns have no room for is kept as it is. One that was changed has a row for each version. */
export class OrderTable {
  /** By order id: one more than its last row; 0 for none. */
  readonly #rows = Column.ofCounts()
  readonly #ids = Column.ofCounts()
  /** One more than the number of the known shape; 0 for an order that is kept as it is. */
  readonly #shapes = Column.ofCounts()
  readonly #createdAt = Column.ofDoubles()
  readonly #qty = new DecimalColumn()
  /** The limit price, or the trigger of a type without one. */
  readonly #level = new DecimalColumn()
  readonly #known: Shape[] = []
  /** By row: what hardly two orders have in common. */
  readonly #groups = new Map<number, string>()
  /** By row: what few orders have. */
  readonly #brackets = new Map<number, Bracket>()
  /** By tag: numbers of the known shapes that have it. A strategy that tags has many tags, and few shapes of each. */
  readonly #byTag = new Map<string | undefined, number[]>()
  /** The number of the shape that an order had last: most have the same as one before. */
  #last = 0
  readonly #whole = new Map<number, Order>()
  /** The orders that were put last, by the end of their ids. */
  readonly #recent: (Order | undefined)[] = Array.from({ length: RECENT })

  get length(): number {
    return this.#ids.length
  }

  /** The row of an order as it is, added where there is none; -1 for an id that is no number in sequence. */
  put(order: Order): number {
    const { id } = order
    if (this.#recent[id % RECENT] === order) return this.rowOf(id)
    if (!(id >= 0 && id < this.#rows.length + FARTHEST_ID)) return -1
    const known = this.rowOf(id)
    const row = known >= 0 && this.#holds(known, order) ? known : this.#add(order)
    this.#rows.set(id, row + 1)
    this.#recent[id % RECENT] = order
    return row
  }

  /** The last row of an order; -1 for none. */
  rowOf(id: OrderId): number {
    return this.#rows.at(id) - 1
  }

  #holds(row: number, order: Order): boolean {
    const whole = this.#wholeAt(row)
    return whole === undefined ? fits(order) && this.#qty.isAt(row, order.qty) && this.#level.isAt(row, order.price ?? order.trigger) && this.#groups.get(row) === order.group && this.#brackets.get(row) === order.bracket && isOfShape(order, this.shapeAt(row)) : whole === order
  }

  #add(order: Order): number {
    const row = this.length
    const isWhole = !fits(order)
    if (isWhole) this.#whole.set(row, order)
    this.#ids.push(order.id)
    this.#shapes.push(isWhole ? 0 : this.#shapeOf(order) + 1)
    this.#createdAt.push(order.createdAt)
    this.#qty.push(isWhole ? undefined : order.qty)
    this.#level.push(isWhole ? undefined : (order.price ?? order.trigger))
    if (order.group !== undefined) this.#groups.set(row, order.group)
    if (order.bracket !== undefined) this.#brackets.set(row, order.bracket)
    return row
  }

  /** The order of a row, made anew. */
  at(row: number): Order {
    const whole = this.#wholeAt(row)
    if (whole !== undefined) return whole
    const shape = this.shapeAt(row)
    const level = this.#level.at(row)
    const group = this.#groups.get(row)
    const bracket = this.#brackets.get(row)
    return {
      ...shape, id: this.#ids.at(row), createdAt: this.#createdAt.at(row), qty: this.#qty.at(row) ?? ZERO,
      ...(level === undefined ? {} : shape.type === 'limit' ? { price: level } : { trigger: level }),
      ...(group === undefined ? {} : { group }),
      ...(bracket === undefined ? {} : { bracket }),
    }
  }

  /** What the order of a row has in common with others. */
  shapeAt(row: number): Shape {
    const number = this.#shapes.at(row)
    const shape = number === 0 ? this.#whole.get(row) : this.#known[number - 1]
    if (shape === undefined) throw new RangeError(`no order in row ${row}`)
    return shape
  }

  #wholeAt(row: number): Order | undefined {
    return this.#shapes.at(row) === 0 ? this.#whole.get(row) : undefined
  }

  #shapeOf(order: Order): number {
    const last = this.#known[this.#last]
    if (last === undefined || !isOfShape(order, last)) this.#last = this.#numberOf(order)
    return this.#last
  }

  #numberOf(order: Order): number {
    const same = this.#byTag.get(order.tag) ?? []
    for (const number of same) {
      const shape = this.#known[number]
      if (shape !== undefined && isOfShape(order, shape)) return number
    }
    const number = this.#known.push(shapeOf(order)) - 1
    if (same.length === 0) this.#byTag.set(order.tag, same)
    same.push(number)
    return number
  }
}

/** Whether the columns hold all that the order has. */
function fits(order: Order): boolean {
  const hasOneLevel = order.type === 'limit' ? order.trigger === undefined : order.price === undefined
  return hasOneLevel && order.trailing === undefined && order.expiresAt === undefined
    && DecimalColumn.holds(order.qty) && DecimalColumn.holds(order.price) && DecimalColumn.holds(order.trigger)
}

function shapeOf({ id: _id, createdAt: _at, qty: _qty, price: _price, trigger: _trigger, trailing: _trailing, bracket: _bracket, expiresAt: _expiresAt, group: _group, ...shape }: Order): Shape {
  return shape
}

function isOfShape(order: Order, shape: Shape): boolean {
  return order.symbol === shape.symbol && order.leg === shape.leg && order.intent === shape.intent && order.type === shape.type && order.role === shape.role && order.strategy === shape.strategy
    && order.tag === shape.tag && order.timeInForce === shape.timeInForce && order.postOnly === shape.postOnly && order.triggerBy === shape.triggerBy && order.stp === shape.stp
}
