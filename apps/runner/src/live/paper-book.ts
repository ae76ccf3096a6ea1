/** What a paper account holds between two processes: money, legs, resting orders and the last executions, in one file that is replaced as a whole. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { decimal, decimalText, HedgerowError, isDecimal, type Decimal, type ExecutionReport, type Leg, type Order } from '@hedgerow/core'
import { z } from '@hedgerow/core/zod'

/** An order at the paper venue. */
export interface PaperOrder {
  readonly clientId: string
  readonly venueOrderId: string
  readonly order: Order
  readonly filledQty: Decimal
}

/** The account as it is kept. */
export interface PaperState {
  readonly wallet: Decimal
  readonly legs: readonly { readonly symbol: string; readonly leg: Leg; readonly qty: Decimal; readonly entryPrice: Decimal }[]
  readonly orders: readonly PaperOrder[]
  /** The last ones, oldest first. */
  readonly executions: readonly ExecutionReport[]
  readonly lastId: number
}

const DECIMALS: ReadonlySet<string> = new Set(['wallet', 'qty', 'entryPrice', 'filledQty', 'price', 'trigger', 'fee', 'closedQty', 'distance', 'distanceRatio', 'activation'])
const shape = z.looseObject({ wallet: z.custom<Decimal>(isDecimal), legs: z.array(z.unknown()), orders: z.array(z.unknown()), executions: z.array(z.unknown()), lastId: z.int() })

/** Reads a book; null when there is none. @throws HedgerowError `JOURNAL_DAMAGED`. */
export function readBook(path: string): PaperState | null {
  if (!existsSync(path)) return null
  const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'), (key, value: unknown) => (typeof value === 'string' && DECIMALS.has(key) ? decimal(value) : value))
  if (!shape.safeParse(parsed).success) throw new HedgerowError('JOURNAL_DAMAGED', { where: path, found: 'something else', expected: 'the book of a paper account' })
  return parsed as PaperState
}

/** Writes a book. */
export function writeBook(path: string, state: PaperState): void {
  const plain = (value: unknown): unknown => {
    if (isDecimal(value)) return decimalText(value)
    if (Array.isArray(value)) return value.map(plain)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]))
  }
  writeFileSync(`${path}.new`, JSON.stringify(plain(state)), { mode: 0o600 })
  renameSync(`${path}.new`, path)
}
