/** One declared variable of a strategy: which leg a row belongs to, and which list of that leg it sets. */
import { HedgerowError, LEGS, type Leg } from '@hedgerow/core'
import type { SlotName } from './declared-draft.ts'
import { listedRows } from './declared-list.ts'
import type { DeclaredOrders } from './declared-orders.ts'
import { freezeDeclaration, RowReader, type ListedRow, type Row, type Variable } from './declarations.ts'
import type { Desk } from './desk.ts'
import { isIgnored } from './predecessor.ts'

/** What a variable is made of: the list that it sets of each leg. */
export interface VariableParts {
  readonly desk: Desk
  readonly orders: DeclaredOrders
  readonly name: Variable
  readonly long: SlotName
  readonly short: SlotName
}

/** Reads what is assigned to it, and hands each leg its rows. */
export class DeclaredVariable {
  readonly #parts: VariableParts
  readonly #reader: RowReader
  /** Readers of rows that are seen from one leg. */
  readonly #longReader: RowReader
  readonly #shortReader: RowReader

  constructor(parts: VariableParts) {
    this.#parts = parts
    this.#reader = readerOf(parts)
    this.#longReader = readerOf(parts, 'long')
    this.#shortReader = readerOf(parts, 'short')
  }

  /** Sets the rows of the legs that the value names; the other leg keeps its own. `null` changes nothing, `[]` clears. */
  assign(value: unknown, onlyLeg?: Leg): void {
    if (value === null) return
    if (Array.isArray(value) && value.length === 0) {
      freezeDeclaration(value)
      for (const leg of this.#legsToClear(onlyLeg)) this.#set(leg, [])
      return
    }
    const rows = this.#readerFor(onlyLeg).read(value)
    freezeDeclaration(value)
    const first = rows[0]
    if (rows.length === 1 && first !== undefined) return this.#set(first.leg, rows)
    for (const leg of LEGS) {
      const ofLeg = rows.filter((row) => row.leg === leg)
      if (ofLeg.length > 0) this.#set(leg, ofLeg)
    }
  }

  /** The declared rows, of one leg or of both. */
  list(onlyLeg?: Leg): readonly ListedRow[] {
    const { desk, orders, name } = this.#parts
    const legs = onlyLeg === undefined ? LEGS : [onlyLeg]
    const rows = legs.flatMap((leg) => orders.of(leg).rows(this.#slotOf(leg)))
    return listedRows(rows, () => desk.where(name))
  }

  #set(leg: Leg, rows: readonly Row[]): void {
    const { desk, orders, name } = this.#parts
    const slot = this.#slotOf(leg)
    if (desk.context.rules.predecessor && isIgnored(name, leg)) {
      desk.context.warn('IGNORED_DECLARATION', `${desk.where(name)}: ${name} is not read during a ${leg}; reduce it with takeProfit or stopLoss`)
      return
    }
    if (slot === 'entry') {
      for (const { qty } of rows) if (qty === 'all') throw new HedgerowError('DECLARATION_INVALID', { where: desk.where(name), found: "qty 'all'", expected: 'a quantity: only orders that reduce a leg can follow it' })
    }
    orders.of(leg).assign(slot, rows)
  }

  #legsToClear(onlyLeg: Leg | undefined): readonly Leg[] {
    const { desk, orders, name } = this.#parts
    const leg = onlyLeg ?? orders.knownLeg
    if (leg !== null) return [leg]
    return desk.isAnyOpen ? [orders.impliedLeg(name)] : LEGS
  }

  #slotOf(leg: Leg): SlotName {
    return leg === 'long' ? this.#parts.long : this.#parts.short
  }

  #readerFor(onlyLeg: Leg | undefined): RowReader {
    if (onlyLeg === undefined) return this.#reader
    return onlyLeg === 'long' ? this.#longReader : this.#shortReader
  }
}

function readerOf({ desk, orders, name }: VariableParts, onlyLeg?: Leg): RowReader {
  return new RowReader(name, {
    impliedLeg: () => onlyLeg ?? orders.impliedLeg(name),
    ...(onlyLeg !== undefined && { onlyLeg }),
    magnitudes: desk.context.rules.predecessor,
    where: (place) => desk.where(place),
  })
}
