/** Reads candle files. */
import { cell, HedgerowError } from '@hedgerow/core'
import { CandleData } from './candle-data.ts'
import { denseCandles, type RawCandles } from './check-candles.ts'
import { openTable, type CsvTable, type WantedColumn } from './csv-table.ts'
import { EXACT_DIGITS } from './exact-doubles.ts'
import { millisecondsPer, parseTimeText } from './time-text.ts'

const COLUMNS: readonly WantedColumn[] = [
  { name: 'timestamp_ms', alsoCalled: ['timestamp', 'time', 'date', 'datetime', 'open_time'] },
  { name: 'open', alsoCalled: [] },
  { name: 'high', alsoCalled: [] },
  { name: 'low', alsoCalled: [] },
  { name: 'close', alsoCalled: [] },
  { name: 'volume', alsoCalled: [] },
]
const TIME = 0
const VOLUME = 5
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/

/**
 * The candles of a CSV text.
 *
 * @throws HedgerowError `DATA_EMPTY`, `DATA_INVALID`, `DATA_UNSORTED`, `DATA_PRECISION`, `DATA_GAP`, each naming file, line and column.
 */
export function readCandleCsv(path: string, bytes: Uint8Array, volume: 'required' | 'optional'): CandleData {
  const wanted = COLUMNS.map((column) => (column.name === 'volume' && volume === 'optional' ? { ...column, optional: true } : column))
  const table = openTable(path, bytes, wanted)
  const raw = toMilliseconds(readRows(table))
  const { columns, gaps } = denseCandles(raw, (row) => `${path}, line ${table.firstLine + row}`)
  return new CandleData(columns, { source: path, gaps })
}

function readRows(table: CsvTable): RawCandles {
  const { cursor } = table
  /** Column that each field belongs to; -1 for none. */
  const columnOf = Array.from({ length: Math.max(...table.fields) + 1 }, (_, field) => table.fields.indexOf(field))
  let columns: Float64Array[] = COLUMNS.map(() => new Float64Array(Math.ceil((1.1 * table.bytes.length) / table.rowLength) + 16))
  let row = 0
  for (; !cursor.atEnd; row++) {
    if (cursor.atLineEnd) {
      if (cursor.onlyBlanksLeft()) break
      throw invalid(table, row, 'an empty line', 'a row')
    }
    if (row >= (columns[TIME]?.length ?? 0)) columns = columns.map(doubled)
    for (let field = 0; field < columnOf.length; field++) {
      if (field > 0 && !cursor.nextField()) throw invalid(table, row, `${field} fields`, `at least ${columnOf.length}`)
      const index = columnOf[field] ?? -1
      const column = columns[index]
      if (column === undefined) cursor.text()
      else {
        const value = cursor.number()
        column[row] = Number.isNaN(value) ? readText(table, row, index, cursor.text()) : value
      }
    }
    cursor.nextLine()
  }
  const [time, open, high, low, close, volume] = columns.map((column) => column.subarray(0, row))
  const none = new Float64Array(0)
  return { time: time ?? none, open: open ?? none, high: high ?? none, low: low ?? none, close: close ?? none, volume: volume ?? none }
}

/** A field that is not a plain number: a time as text, an exponent, a sign, many digits; or nothing that can be read. */
function readText(table: CsvTable, row: number, index: number, text: string): number {
  const name = COLUMNS[index]?.name ?? ''
  const isNumber = NUMBER.test(text)
  if (index === TIME) {
    const at = isNumber ? Number(text) : parseTimeText(text)
    if (Number.isNaN(at)) throw invalid(table, row, `${name} "${text}"`, 'milliseconds, seconds or an ISO 8601 time')
    return at
  }
  if (!isNumber) throw invalid(table, row, `${name} "${text}"`, 'a number')
  if (index !== VOLUME && significantDigits(text) > EXACT_DIGITS) {
    throw new HedgerowError('DATA_PRECISION', { where: rowName(table, row), found: `${name} ${text}`, expected: `at most ${EXACT_DIGITS} significant digits` })
  }
  return Number(text)
}

function significantDigits(text: string): number {
  return text.replace(/[eE].*$/, '').replace(/[+\-.]/g, '').replace(/^0+/, '').replace(/0+$/, '').length
}

function toMilliseconds(raw: RawCandles): RawCandles {
  const unit = millisecondsPer(cell(raw.time, 0))
  return unit === 1 ? raw : { ...raw, time: raw.time.map((time) => Math.round(time * unit * 1000) / 1000) }
}

function doubled(column: Float64Array): Float64Array {
  const larger = new Float64Array(2 * column.length)
  larger.set(column)
  return larger
}

function rowName(table: CsvTable, row: number): string {
  return `${table.path}, line ${table.firstLine + row}`
}

function invalid(table: CsvTable, row: number, found: string, expected: string): HedgerowError {
  return new HedgerowError('DATA_INVALID', { where: rowName(table, row), found, expected })
}
