/** Orders that nothing happens to any more, in columns: some fifty bytes each. */
import { AmountTable, Column, DecimalColumn, Interned } from '../domain/column.ts'
import { ZERO } from '../domain/decimal.ts'
import type { OrderId, OrderState, OrderStatus } from '../domain/order.ts'
import { OrderTable } from './order-table.ts'

/** Ids farther from the last one are no numbers in sequence. */
const FARTHEST_ID = 1_000_000

/** The last state of an order is the one that counts. */
export class FinishedOrders {
  readonly #orders = new OrderTable()
  /** By order id: one more than the row of the order; 0 for none. */
  readonly #rows = Column.ofCounts()
  readonly #statuses = Column.ofBytes()
  readonly #triggered = Column.ofBytes()
  readonly #reasons = Column.ofCounts()
  /** One more than the row of what was filled; 0 for nothing. */
  readonly #fills = Column.ofCounts()
  readonly #filled = new AmountTable()
  readonly #status = new Interned<OrderStatus>()
  readonly #reason = new Interned<string | null>()

  /** False where the columns have no room for it. */
  add({ order, status, filledQty, filledValue, triggered, reason }: OrderState): boolean {
    const { id } = order
    if (!(id >= 0 && id < this.#rows.length + FARTHEST_ID && DecimalColumn.holds(filledQty) && DecimalColumn.holds(filledValue))) return false
    while (this.#rows.length <= id) this.#rows.push(0)
    this.#rows.set(id, this.#orders.add(order) + 1)
    this.#statuses.push(this.#status.numberOf(status))
    this.#triggered.push(triggered ? 1 : 0)
    this.#reasons.push(this.#reason.numberOf(reason))
    const isFilled = !filledQty.isZero() && this.#filled.add(filledQty, filledValue, undefined)
    this.#fills.push(isFilled ? this.#filled.length : 0)
    return true
  }

  /** The state of an order, made anew; undefined for one that is not here. */
  get(id: OrderId): OrderState | undefined {
    const row = this.#rows.at(id) - 1
    if (row < 0) return undefined
    const fill = this.#fills.at(row)
    const [filledQty = ZERO, filledValue = ZERO] = fill === 0 ? [] : this.#filled.at(fill - 1)
    return {
      order: this.#orders.at(row), filledQty, filledValue,
      status: this.#status.valueOf(this.#statuses.at(row)) ?? 'canceled', triggered: this.#triggered.at(row) === 1, reason: this.#reason.valueOf(this.#reasons.at(row)) ?? null,
    }
  }
}
