/** Reads the rows of any Parquet file for an import. */
import { cell, HedgerowError } from '@hedgerow/core'
import { columnName } from '../data/csv-table.ts'
import { inMemory, openParquet, readColumns, schemaOf, type ParquetTable, type Stamp } from './parquet-rows.ts'
import { COLUMNS } from './series.ts'
import { kindOfColumns, toMilliseconds, wantedColumns, type SourceLayout, type SourceRows, type Violation } from './source-rows.ts'

/** Rows, and what a file of ours says of itself. */
export interface ParquetSource extends SourceRows {
  readonly stamp: Stamp | null
}

/**
 * The rows of a Parquet file, its columns found by name.
 *
 * @throws HedgerowError `DATA_INVALID` for a damaged file, missing columns or such that have lost digits, `DATA_EMPTY`
 */
export async function readParquetSource(path: string, bytes: Uint8Array, layout: SourceLayout): Promise<ParquetSource> {
  const table = await openParquet(path, inMemory(bytes))
  if (table.rows === 0) throw new HedgerowError('DATA_EMPTY', { where: path, found: 'no rows', expected: 'at least one' })
  const lower = table.names.map(columnName)
  const kind = layout.kind ?? table.stamp?.kind ?? kindOfColumns(lower, layout.columns)
  if (kind === null) throw missing(table, 'timestamp_ms, open, high, low, close, volume (candles; marks without volume), or timestamp_ms, rate (funding)')
  const names = wantedColumns(kind, layout.columns).slice(0, -1).map(({ name, alsoCalled }) => {
    const found = table.names[[name, ...alsoCalled].map((candidate) => lower.indexOf(candidate)).find((index) => index >= 0) ?? -1]
    if (found === undefined) throw missing(table, `a column ${[name, ...alsoCalled].join(' or ')}`)
    return found
  })
  const short = names.find((name) => schemaOf(table.metadata, name)?.type === 'FLOAT')
  if (short !== undefined) throw new HedgerowError('DATA_INVALID', { where: path, found: `column ${short} of 32-bit floats, about 7 digits`, expected: 'doubles, which keep every price as it was printed', remedy: 'Write the file again from its source with 64-bit columns.' })
  const [time = new Float64Array(0), ...values] = await readColumns(table, names)
  const { kept, violations } = readable(table, names, [time, ...values])
  const pick = (column: Float64Array): Float64Array => (kept.length === column.length ? column : Float64Array.from(kept, (row) => cell(column, row)))
  const columns = Object.fromEntries(COLUMNS[kind].map((name, index) => [name, pick(values[index] ?? new Float64Array(0))]))
  return { kind, rows: { time: toMilliseconds(pick(time), layout.timeUnit), columns }, numbers: kept, violations, placeOf: (row) => placeOf(table, row), symbol: null, stamp: table.stamp }
}

/** Rows without an empty or unreadable cell. */
function readable(table: ParquetTable, names: readonly string[], columns: readonly Float64Array[]): { readonly kept: Float64Array; readonly violations: readonly Violation[] } {
  const kept = new Float64Array(table.rows)
  const violations: Violation[] = []
  let count = 0
  for (let row = 0; row < table.rows; row++) {
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
