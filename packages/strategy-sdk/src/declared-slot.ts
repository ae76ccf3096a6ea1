/** One declared list of one leg: its rows, and the order that stands for each. */
import { ZERO } from '@hedgerow/core'
import type { Decimal, OrderId } from '@hedgerow/core'
import { isSameRow, type Row } from './declarations.ts'

/** A row and what became of it. */
export interface Standing {
  readonly row: Row
  /** The order that stands for the row; null before it is placed. */
  orderId: OrderId | null
  /** Quantity filled by earlier orders of this row. */
  filledBefore: Decimal
}

/** Rows of one list of one leg. Assigning compares; nothing is sent before the diff. */
export class DeclaredSlot {
  /** Rows in the order of the declaration. */
  standing: Standing[] = []
  /** Orders of rows that are no longer declared and must go. */
  going: OrderId[] = []

  /** Takes new rows: equal ones keep their order, filled or not. Returns true when anything changed. */
  assign(rows: readonly Row[]): boolean {
    if (this.isEqualTo(rows)) return false
    const before = [...this.standing]
    this.standing = rows.map((row) => {
      const same = before.findIndex((standing) => isSameRow(standing.row, row))
      const [kept] = same === -1 ? [] : before.splice(same, 1)
      return kept ?? fresh(row)
    })
    this.#letGo(before)
    return true
  }

  /** Takes new rows and keeps no order of the old ones, unless the lists are equal. */
  replace(rows: readonly Row[]): boolean {
    if (this.isEqualTo(rows)) return false
    const before = this.standing
    this.standing = rows.map(fresh)
    this.#letGo(before)
    return true
  }

  /** True when the declared rows are these, in this order. */
  isEqualTo(rows: readonly Row[]): boolean {
    return rows.length === this.standing.length && this.standing.every(({ row }, index) => {
      const other = rows[index]
      return other !== undefined && isSameRow(row, other)
    })
  }

  #letGo(standing: readonly Standing[]): void {
    for (const { orderId } of standing) if (orderId !== null) this.going.push(orderId)
  }
}

function fresh(row: Row): Standing {
  return { row, orderId: null, filledBefore: ZERO }
}
