/** The columns of `positions.csv` and `course.csv`, for whoever writes them and for whoever reads them back. */
import { decimal, decimalText, type Decimal, type Leg } from '@hedgerow/core'
import { COURSE_COLUMNS, type Course, type CourseColumn, type LegState, type PairChange } from '../finished-run.ts'

/** A column: its name, and its text in a row. */
export interface TextColumn<Row> {
  readonly name: string
  readonly text: (row: Row) => string
}

const LEG_COLUMNS = ['Qty', 'EntryPrice', 'Booked', 'LiquidationPrice'] as const

/** `atMs, at, symbol`, of each leg `Qty, EntryPrice, Booked, LiquidationPrice`, then `lockedPnl, breakEvenPrice`; empty where a value does not exist. */
export const POSITION_COLUMNS: readonly TextColumn<PairChange>[] = [
  { name: 'atMs', text: ({ at }) => String(at) },
  { name: 'at', text: ({ at }) => new Date(at).toISOString() },
  { name: 'symbol', text: ({ symbol }) => symbol },
  ...(['long', 'short'] as const).flatMap((leg) => LEG_COLUMNS.map((name): TextColumn<PairChange> => ({ name: `${leg}${name}`, text: (change) => legText(change[leg], name) }))),
  { name: 'lockedPnl', text: ({ lockedPnl }) => decimalText(lockedPnl) },
  { name: 'breakEvenPrice', text: ({ breakEvenPrice }) => cellOf(breakEvenPrice) },
]

function legText({ qty, entryPrice, booked, liquidationPrice }: LegState, name: (typeof LEG_COLUMNS)[number]): string {
  const value: Decimal | null = { Qty: qty, EntryPrice: entryPrice, Booked: booked, LiquidationPrice: liquidationPrice }[name]
  return cellOf(value)
}

function cellOf(value: Decimal | null): string {
  return value === null ? '' : decimalText(value)
}

/** A row of a course. */
export interface CourseRow {
  readonly course: Course
  readonly row: number
}

/** `atMs, at`, then the columns of a course; empty where a value does not exist. */
export const COURSE_TEXTS: readonly TextColumn<CourseRow>[] = [
  { name: 'atMs', text: (place) => String(timeOf(place)) },
  { name: 'at', text: (place) => new Date(timeOf(place)).toISOString() },
  ...COURSE_COLUMNS.map((name): TextColumn<CourseRow> => ({ name, text: ({ course, row }) => numberText(course[name][row] ?? Number.NaN) })),
]

/** The rows of a course. */
export function* courseRows(course: Course): Generator<CourseRow> {
  for (let row = 0; row < course.length; row++) yield { course, row }
}

function timeOf({ course: { start, step }, row }: CourseRow): number {
  return start + row * step
}

function numberText(value: number): string {
  return Number.isNaN(value) ? '' : String(Number(value.toFixed(10)))
}

/** Reads `positions.csv`. */
export function positionsOf(text: string): readonly PairChange[] {
  const width = LEG_COLUMNS.length
  return rowsOf(text, POSITION_COLUMNS).map(([at = '', , symbol = '', ...cells]) => {
    const [lockedPnl = '0', breakEvenPrice = ''] = cells.slice(2 * width)
    return { at: Number(at), symbol, long: legOf(cells.slice(0, width)), short: legOf(cells.slice(width, 2 * width)), lockedPnl: decimal(lockedPnl), breakEvenPrice: valueOf(breakEvenPrice) }
  })
}

function legOf([qty = '0', entryPrice = '', booked = '0', liquidationPrice = '']: readonly string[]): PairChange[Leg] {
  return { qty: decimal(qty), entryPrice: valueOf(entryPrice), booked: decimal(booked), liquidationPrice: valueOf(liquidationPrice) }
}

function valueOf(cell: string): Decimal | null {
  return cell === '' ? null : decimal(cell)
}

/** Reads `course.csv`. */
export function courseOf(text: string): Course {
  const rows = rowsOf(text, COURSE_TEXTS)
  const [first, second] = rows.map(([at]) => Number(at))
  const column = (index: number): Float64Array => Float64Array.from(rows, (cells) => (cells[index] === undefined || cells[index] === '' ? Number.NaN : Number(cells[index])))
  const columns = Object.fromEntries(COURSE_COLUMNS.map((name, index) => [name, column(2 + index)])) as Record<CourseColumn, Float64Array>
  return { start: first ?? 0, step: first === undefined || second === undefined ? 1 : second - first, length: rows.length, ...columns }
}

/** The cells below a header, which has to be the one that is expected. No cell of these files holds a comma. Throws SyntaxError. */
function rowsOf(text: string, columns: readonly { readonly name: string }[]): string[][] {
  const [header, ...lines] = text.split(/\r?\n/).filter((line) => line !== '')
  const expected = columns.map(({ name }) => name).join(',')
  if (header !== expected) throw new SyntaxError(`the columns ${header ?? 'of an empty file'} instead of ${expected}`)
  return lines.map((line) => line.split(','))
}
