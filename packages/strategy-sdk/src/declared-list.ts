/** Declared lists as an author reads them back: frozen, with a typed error for a change in place. */
import { HedgerowError } from '@hedgerow/core'
import type { ListedRow, Row } from './declarations.ts'

/** Lists rows so that a change in place throws `DECLARATION_FROZEN`. */
export function listedRows(rows: readonly Row[], where: () => string): readonly ListedRow[] {
  return frozen(rows.map((row) => frozen(listed(row), where)), where)
}

function listed(row: Row): ListedRow {
  const price = row.price ?? row.trigger
  return [row.qty === 'all' ? 'all' : row.qty.toNumber(), price === null ? null : price.toNumber(), row.leg]
}

function frozen<T extends object>(target: T, where: () => string): T {
  const refuse = (): never => {
    throw new HedgerowError('DECLARATION_FROZEN', { where: where() })
  }
  return new Proxy(target, { set: refuse, defineProperty: refuse, deleteProperty: refuse, setPrototypeOf: refuse })
}
