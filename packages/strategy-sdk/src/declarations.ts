/** Declared orders as an author writes them, and the rows that they mean. */
import { HedgerowError, isDecimal } from '@hedgerow/core'
import type { Decimal, ErrorCode, Leg, OrderType, TimeInForce, TriggerBy } from '@hedgerow/core'
import { magnitude, positiveAmount, type Amount } from './amounts.ts'
import { shown } from './shown.ts'

/** The four declared lists of a strategy. */
export type Variable = 'buy' | 'sell' | 'stopLoss' | 'takeProfit'

/** A quantity in base units, or the text `'all'`: whatever the leg holds. */
export type DeclaredQty = Amount

/** One declared order in full: what a tuple cannot say. */
export interface RowObject {
  readonly qty: DeclaredQty
  /** Left out for a market order. */
  readonly price?: Amount
  /** Trigger of a stop-limit. */
  readonly trigger?: Amount
  /** Left out: as `sim.triggerBy` says, else last. */
  readonly triggerBy?: TriggerBy
  readonly leg?: Leg
  /** Left out: from the price. */
  readonly type?: Exclude<OrderType, 'trailing-stop'>
  readonly timeInForce?: TimeInForce
  readonly postOnly?: boolean
}

/** One declared order: `[qty, price]`, `[qty, price, leg]` or an object. */
export type DeclaredRow = readonly [qty: DeclaredQty, price: Amount] | readonly [qty: DeclaredQty, price: Amount, leg: Leg] | RowObject

/** What may be assigned to a declared list: a row, rows, `[]` to clear, or `null` to leave everything as it is. */
export type Declaration = DeclaredRow | readonly DeclaredRow[] | null

/** A row as a declared list shows it: price null for a market order. */
export type ListedRow = readonly [qty: number | 'all', price: number | null, leg: Leg]

/** A row after reading: exact, with its leg. */
export interface Row {
  readonly qty: Decimal | 'all'
  readonly price: Decimal | null
  readonly trigger: Decimal | null
  /** Null: as the venue does. */
  readonly triggerBy: TriggerBy | null
  readonly leg: Leg
  /** Null: from the price. */
  readonly type: Exclude<OrderType, 'trailing-stop'> | null
  readonly timeInForce: TimeInForce
  readonly postOnly: boolean
}

/** What reading needs to know of the strategy. */
export interface ReadingRules {
  /** The leg of rows that name none; throws `LEG_REQUIRED` where it does not follow. */
  readonly impliedLeg: () => Leg
  /** Rows are seen from one leg: naming the other is an error. */
  readonly onlyLeg?: Leg
  /** Negative quantities count as their size. */
  readonly magnitudes: boolean
  /** Names a place for an error. */
  readonly where: (place: string) => string
}

const KEYS: ReadonlySet<string> = new Set(['qty', 'price', 'trigger', 'triggerBy', 'leg', 'type', 'timeInForce', 'postOnly'] satisfies (keyof RowObject)[])
const TYPES: ReadonlySet<unknown> = new Set(['market', 'limit', 'stop-market', 'stop-limit', 'take-profit-market', 'take-profit-limit'] satisfies RowObject['type'][])
const TRIGGERS: ReadonlySet<unknown> = new Set(['last', 'mark', 'index'] satisfies TriggerBy[])
const TIMES_IN_FORCE: ReadonlySet<unknown> = new Set(['GTC', 'IOC', 'FOK'] satisfies TimeInForce[])

/** Reads what is assigned to a variable into rows. */
export class RowReader {
  readonly rules: ReadingRules
  readonly #variable: Variable
  /** The row that is being read: errors name it. */
  #row = 1

  constructor(variable: Variable, rules: ReadingRules) {
    this.#variable = variable
    this.rules = rules
  }

  /**
   * The rows of a value; the caller has dealt with `null`.
   *
   * @throws HedgerowError `DECLARATION_INVALID`, `UNKNOWN_KEY`, `NOT_POSITIVE`, `NOT_A_DECIMAL` or `LEG_REQUIRED`, each naming the row.
   */
  read(value: unknown): Row[] {
    this.#row = 1
    if (!isList(value)) return [readRow(value, this)]
    const rows: Row[] = []
    for (const row of value) {
      rows.push(readRow(row, this))
      this.#row++
    }
    return rows
  }

  /** Names the row for an error, or one of its fields. */
  where(field = ''): string {
    return this.rules.where(`${this.#variable} row ${this.#row}${field === '' ? '' : ` ${field}`}`)
  }
}

/** Freezes what an author assigned, with its rows: a later change in place fails instead of being missed. */
export function freezeDeclaration(value: unknown): void {
  if (Array.isArray(value)) {
    for (let row = 0; row < value.length; row++) if (typeof value[row] === 'object') freezeDeclaration(value[row])
  } else if (typeof value !== 'object' || value === null || isDecimal(value)) {
    return
  }
  Object.freeze(value)
}

/** True for rows that would make the same order. */
export function isSameRow(a: Row, b: Row): boolean {
  return a === b || (isSameValue(a.price, b.price) && isSameValue(a.trigger, b.trigger) && isSameValue(a.qty, b.qty) && a.triggerBy === b.triggerBy
    && a.leg === b.leg && a.type === b.type && a.timeInForce === b.timeInForce && a.postOnly === b.postOnly)
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && (value.length === 0 || Array.isArray(value[0]) || (typeof value[0] === 'object' && !isDecimal(value[0])))
}

function readRow(row: unknown, rows: RowReader): Row {
  if (Array.isArray(row)) return readTuple(row, rows)
  if (typeof row === 'object' && row !== null && !isDecimal(row)) return readObject(row, rows)
  throw invalid(rows, 'DECLARATION_INVALID', shown(row), '[qty, price], [qty, price, leg] or { qty, price, ... }')
}

function readTuple(row: readonly unknown[], rows: RowReader): Row {
  if (row.length !== 2 && row.length !== 3) throw invalid(rows, 'DECLARATION_INVALID', `${row.length} elements`, '[qty, price] or [qty, price, leg]')
  return {
    qty: readQty(row[0], rows),
    price: positiveAmount(row[1], () => rows.where('price')),
    trigger: null,
    triggerBy: null,
    leg: readLeg(row.length === 3 ? row[2] : undefined, rows),
    type: null,
    timeInForce: 'GTC',
    postOnly: false,
  }
}

function readObject(row: object, rows: RowReader): Row {
  const fields: Partial<Record<keyof RowObject, unknown>> = row
  for (const key of Object.keys(row)) if (!KEYS.has(key)) throw invalid(rows, 'UNKNOWN_KEY', key, `one of ${[...KEYS].join(', ')}`)
  const { type, timeInForce, postOnly, triggerBy } = fields
  if (type !== undefined && !isType(type)) throw invalid(rows, 'DECLARATION_INVALID', `type ${shown(type)}`, `one of ${[...TYPES].join(', ')}`)
  if (timeInForce !== undefined && !isTimeInForce(timeInForce)) throw invalid(rows, 'DECLARATION_INVALID', `timeInForce ${shown(timeInForce)}`, 'GTC, IOC or FOK')
  if (triggerBy !== undefined && !isTriggerBy(triggerBy)) throw invalid(rows, 'DECLARATION_INVALID', `triggerBy ${shown(triggerBy)}`, 'last, mark or index')
  if (postOnly !== undefined && typeof postOnly !== 'boolean') throw invalid(rows, 'DECLARATION_INVALID', `postOnly ${shown(postOnly)}`, 'true or false')
  return withPrices({
    qty: readQty(fields.qty, rows),
    price: readOptional(fields.price, 'price', rows),
    trigger: readOptional(fields.trigger, 'trigger', rows),
    triggerBy: triggerBy ?? null,
    leg: readLeg(fields.leg, rows),
    type: type ?? null,
    timeInForce: timeInForce ?? 'GTC',
    postOnly: postOnly ?? false,
  }, rows)
}

/** Settles the type where the prices given leave only one, and refuses prices that do not go with the type. */
function withPrices(row: Row, rows: RowReader): Row {
  const { price, trigger } = row
  const type = row.type ?? (trigger === null ? (price === null ? 'market' : null) : price === null ? 'stop-market' : 'stop-limit')
  if (type === null) return row
  if ((type === 'market' || type === 'limit') && trigger !== null) throw invalid(rows, 'DECLARATION_INVALID', `a ${type} order with a trigger`, 'no trigger, or a stop or take-profit type')
  if (type === 'market') return { ...row, type }
  if (type === 'limit') {
    if (price === null) throw invalid(rows, 'DECLARATION_INVALID', 'a limit order without price', 'a price')
    return { ...row, type }
  }
  const isLimit = type === 'stop-limit' || type === 'take-profit-limit'
  if (isLimit && (price === null || trigger === null)) throw invalid(rows, 'DECLARATION_INVALID', `a ${type} order without ${price === null ? 'price' : 'trigger'}`, 'both price and trigger')
  if (!isLimit && price === null && trigger === null) throw invalid(rows, 'DECLARATION_INVALID', `a ${type} order without price`, 'the trigger price')
  return isLimit ? { ...row, type } : { ...row, type, trigger: trigger ?? price, price: null }
}

function readQty(value: unknown, rows: RowReader): Decimal | 'all' {
  if (value === 'all') return 'all'
  const where = (): string => rows.where('qty')
  return rows.rules.magnitudes ? magnitude(value, where) : positiveAmount(value, where)
}

function readOptional(value: unknown, name: string, rows: RowReader): Decimal | null {
  return value === undefined ? null : positiveAmount(value, () => rows.where(name))
}

function readLeg(value: unknown, rows: RowReader): Leg {
  const { impliedLeg, onlyLeg } = rows.rules
  if (value === undefined) return impliedLeg()
  if (value !== 'long' && value !== 'short') throw invalid(rows, 'DECLARATION_INVALID', `leg ${shown(value)}`, "'long' or 'short'")
  if (onlyLeg !== undefined && onlyLeg !== value) throw invalid(rows, 'DECLARATION_INVALID', `leg ${value} in a list of the ${onlyLeg} leg`, `rows of the ${onlyLeg} leg`)
  return value
}

function isType(value: unknown): value is Exclude<OrderType, 'trailing-stop'> {
  return TYPES.has(value)
}

/** True for last, mark and index. */
export function isTriggerBy(value: unknown): value is TriggerBy {
  return TRIGGERS.has(value)
}

/** True for GTC, IOC and FOK. */
export function isTimeInForce(value: unknown): value is TimeInForce {
  return TIMES_IN_FORCE.has(value)
}

function isSameValue(a: Decimal | 'all' | null, b: Decimal | 'all' | null): boolean {
  return a === b || (a !== null && b !== null && a !== 'all' && b !== 'all' && a.eq(b))
}

function invalid(rows: RowReader, code: ErrorCode, found: string, expected: string): HedgerowError {
  return new HedgerowError(code, { where: rows.where(), found, expected })
}
