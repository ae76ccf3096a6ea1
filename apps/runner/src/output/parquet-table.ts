/**
 * A table of a result as Parquet: the columns of its CSV file. Decimals are texts, so that no digit is lost; a time is a timestamp in ms
 * (the column `at` for `atMs` and `at`), counts are whole numbers, and an empty cell is null.
 */
import { parquetWriteBuffer } from 'hyparquet-writer'
import { COMPRESSORS } from '../store/parquet-codec.ts'
import type { CsvColumn } from './csv.ts'

/** Columns of whole numbers. */
const COUNTS: ReadonlySet<string> = new Set(['id', 'holdingMs'])

/** What makes the bytes of a table. */
export type ParquetTable = typeof parquetTable

/** The bytes of a table; the same rows give the same bytes. */
export function parquetTable<Row>(columns: readonly CsvColumn<Row>[], rows: readonly Row[]): Uint8Array {
  const millisecondsOf = new Map(columns.map((column) => [column.name, columns.find(({ name }) => name === `${column.name}Ms`)]))
  const times = new Set([...millisecondsOf.values()].flatMap((column) => column?.name ?? []))
  const kept = columns.filter(({ name }) => !times.has(name))
  return new Uint8Array(parquetWriteBuffer({
    columnData: kept.map((column) => {
      const milliseconds = millisecondsOf.get(column.name)
      if (milliseconds !== undefined) return { name: column.name, data: wholes(milliseconds, rows), type: 'TIMESTAMP' as const, nullable: true }
      if (COUNTS.has(column.name)) return { name: column.name, data: wholes(column, rows), type: 'INT64' as const, nullable: true }
      return { name: column.name, data: rows.map((row) => column.text(row) || null), type: 'STRING' as const, nullable: true }
    }),
    codec: 'ZSTD', compressors: COMPRESSORS, createdBy: 'hedgerow',
  }))
}

function wholes<Row>(column: CsvColumn<Row>, rows: readonly Row[]): (bigint | null)[] {
  return rows.map((row) => {
    const text = column.text(row)
    return text === '' ? null : BigInt(text)
  })
}
