/** One declared list of one leg: its rows, and the order that stands for each. */
import { ZERO } from '@hedgerow/core'
import type { Decimal, OrderId } from '@hedgerow/core'
import type { SlotName } from './declared-draft.ts'
import { isSameRow, type Row } from './declarations.ts'

/** A row and what became of it. */
export interface Standing {
  readonly row: Row
  /** The row with the type that it had when it was decided, where its order goes out later; null where it goes at once. */
  typed: Row | null
  /** The order that stands for the row; null before it is placed. */
  orderId: OrderId | null
  /** Quantity filled by earlier orders of this row. */
  filledBefore: Decimal
  /** The order that was seen to be over: it stays over, and is not asked about again. */
  overId: OrderId | null
}

const NO_ROWS: readonly Standing[] = []
const NO_ORDERS: readonly OrderId[] = []

/** Rows of one list of one leg. Assigning compares with what the last diff has acted on; nothing is sent before the next. */
export class DeclaredSlot {
  readonly name: SlotName
  /** Rows in the order of the declaration. */
  standing: readonly Standing[] = NO_ROWS
  /** The rows that the last diff has acted on. */
  #settled: readonly Standing[] = NO_ROWS

  constructor(name: SlotName) {
    this.name = name
  }

  /** True where nothing is declared, and nothing was that still has to go. */
  get isEmpty(): boolean {
    return this.standing.length === 0 && this.#settled.length === 0
  }

  /** Orders of rows that are no longer declared. */
  get going(): readonly OrderId[] {
    if (this.#settled === this.standing || this.#settled.length === 0) return NO_ORDERS
    let going = NO_ORDERS
    for (const standing of this.#settled) if (standing.orderId !== null && !this.standing.includes(standing)) going = going.length === 0 ? [standing.orderId] : [...going, standing.orderId]
    return going
  }

  /** Takes new rows: equal ones keep their order, filled or not. Returns true when anything changed. */
  assign(rows: readonly Row[]): boolean {
    if (isEqual(this.standing, rows)) return false
    const kept: Standing[] = []
    this.standing = rows.map((row) => keptOf(this.#settled, row, kept) ?? fresh(row))
    return true
  }

  /** Takes new rows and keeps no order of the old ones, unless the lists are equal. */
  replace(rows: readonly Row[]): boolean {
    if (isEqual(this.standing, rows)) return false
    this.standing = isEqual(this.#settled, rows) ? this.#settled : rows.map(fresh)
    return true
  }

  /** Forgets all rows. */
  clear(): void {
    this.standing = NO_ROWS
    this.#settled = NO_ROWS
  }

  /** The orders follow the rows. Returns those of rows that are no longer declared: they must go. */
  settle(): readonly OrderId[] {
    if (this.#settled === this.standing) return NO_ORDERS
    const { going } = this
    this.#settled = this.standing
    return going
  }
}

/** True when the rows are these, in this order. */
function isEqual(standing: readonly Standing[], rows: readonly Row[]): boolean {
  if (rows.length !== standing.length) return false
  for (let index = 0; index < rows.length; index++) {
    const a = standing[index]
    const b = rows[index]
    if (a === undefined || b === undefined || !isSameRow(a.row, b)) return false
  }
  return true
}

/** The first of some rows that is the same as a new one and is not among those that are kept already. */
function keptOf(settled: readonly Standing[], row: Row, kept: Standing[]): Standing | null {
  for (const standing of settled) {
    if (!isSameRow(standing.row, row) || kept.includes(standing)) continue
    kept.push(standing)
    return standing
  }
  return null
}

function fresh(row: Row): Standing {
  return { row, typed: null, orderId: null, filledBefore: ZERO, overId: null }
}
