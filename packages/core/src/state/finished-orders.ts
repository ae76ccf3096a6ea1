/** Orders that nothing happens to any more, in columns: some forty bytes each. */
import { AmountTable, Column, DecimalColumn, Interned } from '../domain/column.ts'
import { ZERO } from '../domain/decimal.ts'
import type { OrderId, OrderState, OrderStatus } from '../domain/order.ts'
import type { OrderTable } from './order-table.ts'

/** The last state of an order is the one that counts. All columns go by the rows of the order table. */
export class FinishedOrders {
  readonly #orders: OrderTable
  /** Twice the number of the status, and one more where the trigger has fired; from 2, for 0 is an order that is not here. */
  readonly #statuses = Column.ofBytes()
  readonly #reasons = Column.ofCounts()
  /** One more than the row of what was filled; 0 for nothing. It ends with the last order that was filled. */
  readonly #fills = Column.ofCounts()
  readonly #filled = new AmountTable()
  readonly #status = new Interned<OrderStatus>()
  readonly #reason = new Interned<string | null>()

  constructor(orders: OrderTable) {
    this.#orders = orders
  }

  /** False where the columns have no room for it. */
  add({ order, status, filledQty, filledValue, triggered, reason }: OrderState): boolean {
    if (!(DecimalColumn.holds(filledQty) && DecimalColumn.holds(filledValue))) return false
    const row = this.#orders.put(order)
    if (row < 0) return false
    this.#statuses.set(row, 2 * (this.#status.numberOf(status) + 1) + (triggered ? 1 : 0))
    this.#reasons.set(row, this.#reason.numberOf(reason))
    const isFilled = !filledQty.isZero() && this.#filled.add(filledQty, filledValue, undefined)
    if (isFilled || row < this.#fills.length) this.#fills.set(row, isFilled ? this.#filled.length : 0)
    return true
  }

  /** The state of an order, made anew; undefined for one that is not here. */
  get(id: OrderId): OrderState | undefined {
    const row = this.#orders.rowOf(id)
    const status = row < 0 ? 0 : this.#statuses.at(row)
    if (status === 0) return undefined
    const triggered = status % 2 === 1
    const fill = this.#fills.at(row)
    const [filledQty = ZERO, filledValue = ZERO] = fill === 0 ? [] : this.#filled.at(fill - 1)
    return {
      order: this.#orders.at(row), filledQty, filledValue,
      status: this.#status.valueOf((status >> 1) - 1) ?? 'canceled', triggered, reason: this.#reason.valueOf(this.#reasons.at(row)) ?? null,
    }
  }
}
