/** Reads the rows of a CSV file for an import. What cannot be read is reported with its line, and the rest is read on. */
import { HedgerowError, type SeriesKind } from '@hedgerow/core'
import { columnName, openTable, shownLine, type CsvTable } from '../data/csv-table.ts'
import { parseTimeText } from '../data/time-text.ts'
import { COLUMNS, TIME } from './series.ts'
import { kindOfColumns, toMilliseconds, wantedColumns, type SourceLayout, type SourceRows, type Violation } from './source-rows.ts'

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/
const NEWLINE = 10

/**
 * The rows of a CSV text with or without a header.
 *
 * @throws HedgerowError `DATA_EMPTY`, `DATA_INVALID` for missing columns, or several symbols of which none was chosen.
 */
export function readCsvRows(path: string, bytes: Uint8Array, layout: SourceLayout): SourceRows {
  const kind = layout.kind ?? kindOfCsv(path, bytes, layout)
  const table = openTable(path, bytes, wantedColumns(kind, layout.columns))
  const reader = new RowReader(table, [TIME, ...COLUMNS[kind]])
  const symbols = reader.readAll(layout.symbol)
  if (symbols.size > 1 && layout.symbol === undefined) throw new HedgerowError('DATA_INVALID', { where: path, found: `rows of ${[...symbols].slice(0, 5).join(', ')}`, expected: 'one symbol', remedy: 'Choose one with --symbol.' })
  const [time = new Float64Array(0), ...values] = reader.columns()
  const columns = Object.fromEntries(COLUMNS[kind].map((name, index) => [name, values[index] ?? new Float64Array(0)]))
  return {
    kind, rows: { time: toMilliseconds(time, layout.timeUnit), columns }, numbers: reader.lines(), violations: reader.violations,
    placeOf: (line) => `${path}, line ${line}`, symbol: layout.symbol === undefined ? ([...symbols][0] ?? null) : symbols.has(layout.symbol) ? layout.symbol : null,
  }
}

/** By the header; without one by the number of fields. */
function kindOfCsv(path: string, bytes: Uint8Array, { columns }: SourceLayout): SeriesKind {
  const end = bytes.indexOf(NEWLINE)
  const first = new TextDecoder().decode(bytes.subarray(0, end < 0 ? bytes.length : end))
  const names = first.split(/[,;\t]/).map(columnName)
  const byCount: SeriesKind | null = names.length >= 6 ? 'candles' : names.length === 5 ? 'marks' : names.length <= 3 ? 'funding' : null
  const kind = /^[\d+-]/.test(names[0] ?? '') ? byCount : kindOfColumns(names, columns)
  if (kind !== null) return kind
  throw new HedgerowError('DATA_INVALID', { where: `${path}, line 1`, found: shownLine(first), expected: 'the columns timestamp_ms, open, high, low, close, volume (candles; marks without volume), or timestamp_ms, rate (funding)', remedy: 'Name the columns with --column, such as --column time=ts --column close=last.' })
}

/** Reads line after line into growing columns. */
class RowReader {
  readonly #table: CsvTable
  /** Column that each field belongs to; -1 for none. */
  readonly #columnOf: readonly number[]
  readonly #names: readonly string[]
  /** Index of the symbol among the wanted columns. */
  readonly #symbolAt: number
  #columns: Float64Array[]
  #rows = 0
  #line: number
  readonly violations: Violation[] = []

  constructor(table: CsvTable, names: readonly string[]) {
    this.#table = table
    this.#names = names
    this.#symbolAt = names.length
    this.#line = table.firstLine
    this.#columnOf = Array.from({ length: Math.max(...table.fields) + 1 }, (_, field) => table.fields.indexOf(field))
    const capacity = Math.ceil((1.1 * table.bytes.length) / table.rowLength) + 16
    this.#columns = Array.from({ length: names.length + 1 }, () => new Float64Array(capacity))
  }

  columns(): Float64Array[] {
    return this.#columns.slice(0, -1).map((column) => column.subarray(0, this.#rows))
  }

  lines(): Float64Array {
    return (this.#columns.at(-1) ?? new Float64Array(0)).subarray(0, this.#rows)
  }

  /** Reads to the end; returns the symbols that the rows name. */
  readAll(symbol: string | undefined): ReadonlySet<string> {
    const symbols = new Set<string>()
    const { cursor } = this.#table
    for (; !cursor.atEnd; this.#line++) {
      if (cursor.atLineEnd && cursor.onlyBlanksLeft()) break
      if (this.#rows >= (this.#columns[0]?.length ?? 0)) this.#grow()
      const own = this.#readRow()
      if (own !== null && own !== '') symbols.add(own)
      if (own !== null && (own === '' || symbol === undefined || own === symbol)) {
        this.#write(this.#symbolAt, this.#line)
        this.#rows++
      }
      cursor.nextLine()
    }
    return symbols
  }

  /** Reads one row into the place of the next; its symbol, empty where it names none, or null for a row that cannot be read. */
  #readRow(): string | null {
    const { cursor } = this.#table
    let symbol = ''
    if (cursor.atLineEnd) return this.#refuse('an empty line', 'a row')
    for (let field = 0; field < this.#columnOf.length; field++) {
      if (field > 0 && !cursor.nextField()) return this.#refuse(field === 1 ? 'one field' : `${field} fields`, `at least ${this.#columnOf.length}`)
      const column = this.#columnOf[field] ?? -1
      if (column < 0) cursor.text()
      else if (column === this.#symbolAt) symbol = cursor.text()
      else if (!this.#readCell(column)) return null
    }
    return symbol
  }

  #readCell(column: number): boolean {
    const { cursor } = this.#table
    const plain = cursor.number()
    const text = Number.isNaN(plain) ? cursor.text() : ''
    const value = Number.isNaN(plain) ? (NUMBER.test(text) ? Number(text) : column === 0 ? parseTimeText(text) : Number.NaN) : plain
    if (Number.isNaN(value)) return this.#refuse(`${this.#names[column]} "${text}"`, column === 0 ? 'a time: a number, or ISO 8601' : 'a number') !== null
    this.#write(column, value)
    return true
  }

  #refuse(found: string, expected: string): null {
    this.violations.push({ number: this.#line, where: `${this.#table.path}, line ${this.#line}`, found, expected })
    return null
  }

  #write(column: number, value: number): void {
    const target = this.#columns[column]
    // A negative zero becomes a zero.
    if (target !== undefined) target[this.#rows] = value + 0
  }

  #grow(): void {
    this.#columns = this.#columns.map((column) => {
      const larger = new Float64Array(2 * column.length)
      larger.set(column)
      return larger
    })
  }
}
