/** Reads the rows of any Parquet file for an import. */
import { cell, HedgerowError } from '@hedgerow/core'
import { columnName } from '../data/csv-table.ts'
import { inMemory, openParquet, readColumns, readTexts, schemaOf, type ParquetTable, type Stamp } from './parquet-rows.ts'
import { COLUMNS } from './series.ts'
import { kindOfColumns, SYMBOL, toMilliseconds, wantedColumns, type SourceLayout, type SourceRows, type Violation } from './source-rows.ts'

/** Rows, and what a file of ours says of itself. */
export interface ParquetSource extends SourceRows {
  readonly stamp: Stamp | null
}

/**
 * The rows of a Parquet file, its columns found by name.
 *
 * @throws HedgerowError `DATA_INVALID` for a damaged file, missing columns or such that have lost digits, or several symbols of which none was
 *   chosen, `DATA_EMPTY`
 */
export async function readParquetSource(path: string, bytes: Uint8Array, layout: SourceLayout): Promise<ParquetSource> {
  const table = await openParquet(path, inMemory(bytes))
  if (table.rows === 0) throw new HedgerowError('DATA_EMPTY', { where: path, found: 'no rows', expected: 'at least one' })
  const lower = table.names.map(columnName)
  const kind = layout.kind ?? table.stamp?.kind ?? kindOfColumns(lower, layout.columns)
  if (kind === null) throw missing(table, 'timestamp_ms, open, high, low, close, volume (candles; marks without volume), or timestamp_ms, rate (funding)')
  const names: string[] = []
  let symbolName: string | null = null
  for (const { name, alsoCalled, optional } of wantedColumns(kind, layout.columns)) {
    const found = table.names[[name, ...alsoCalled].map((candidate) => lower.indexOf(candidate)).find((index) => index >= 0) ?? -1]
    if (optional === true) symbolName = found ?? null
    else if (found === undefined) throw missing(table, `a column ${[name, ...alsoCalled].join(' or ')}`)
    else names.push(found)
  }
  const own = symbolName === null ? null : await symbolsOf(table, symbolName, layout.symbol)
  const short = names.find((name) => schemaOf(table.metadata, name)?.type === 'FLOAT')
  if (short !== undefined) throw new HedgerowError('DATA_INVALID', { where: path, found: `column ${short} of 32-bit floats, about 7 digits`, expected: 'doubles, which keep every price as it was printed', remedy: 'Write the file again from its source with 64-bit columns.' })
  const [time = new Float64Array(0), ...values] = await readColumns(table, names)
  const { kept, violations } = readable(table, names, [time, ...values], own)
  const pick = (column: Float64Array): Float64Array => (kept.length === column.length ? column : Float64Array.from(kept, (row) => cell(column, row)))
  const columns = Object.fromEntries(COLUMNS[kind].map((name, index) => [name, pick(values[index] ?? new Float64Array(0))]))
  return { kind, rows: { time: toMilliseconds(pick(time), layout.timeUnit), columns }, numbers: kept, violations, placeOf: (row) => placeOf(table, row), symbol: own?.symbol ?? null, stamp: table.stamp }
}

/** Whose rows a file has. */
interface OwnRows {
  /** What the file names; null when it names none, or another one than was asked for. */
  readonly symbol: string | null
  readonly isOwn: (row: number) => boolean
}

/** As in a CSV file: rows of other symbols are left out, and of several one has to be chosen. A row without a symbol is anybody's. */
async function symbolsOf(table: ParquetTable, name: string, wanted: string | undefined): Promise<OwnRows> {
  const symbols = await readTexts(table, name)
  const found = [...new Set(symbols)].filter((symbol) => symbol !== '')
  if (wanted !== undefined) return { symbol: found.includes(wanted) ? wanted : null, isOwn: (row) => symbols[row] === '' || symbols[row] === wanted }
  if (found.length > 1) throw new HedgerowError('DATA_INVALID', { where: table.path, found: `rows of ${found.slice(0, 5).join(', ')} in column ${name}`, expected: `one ${SYMBOL}`, remedy: 'Import one of them: hedgerow data import FILE --symbol NAME.' })
  return { symbol: found[0] ?? null, isOwn: () => true }
}

/** Own rows without an empty or unreadable cell. */
function readable(table: ParquetTable, names: readonly string[], columns: readonly Float64Array[], own: OwnRows | null): { readonly kept: Float64Array; readonly violations: readonly Violation[] } {
  const kept = new Float64Array(table.rows)
  const violations: Violation[] = []
  let count = 0
  for (let row = 0; row < table.rows; row++) {
    if (own?.isOwn(row) === false) continue
    const empty = columns.findIndex((column) => Number.isNaN(cell(column, row)))
    if (empty < 0) kept[count++] = row
    else violations.push({ number: row, where: placeOf(table, row), found: `no number in column ${names[empty]}`, expected: 'a number' })
  }
  return { kept: kept.subarray(0, count), violations }
}

function placeOf({ path, metadata }: ParquetTable, row: number): string {
  let before = 0
  for (const [group, { num_rows: count }] of metadata.row_groups.entries()) {
    if (row < before + Number(count)) return `${path}, row group ${group + 1}, row ${row - before + 1}`
    before += Number(count)
  }
  return `${path}, row ${row + 1}`
}

function missing({ path, names }: ParquetTable, expected: string): HedgerowError {
  return new HedgerowError('DATA_INVALID', { where: path, found: `the columns ${names.join(', ')}`, expected, remedy: 'Name the columns with --column, such as --column time=ts --column close=last.' })
}
