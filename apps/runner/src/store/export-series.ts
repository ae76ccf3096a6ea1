/** Writes a series of a data folder to a file that others, or another import, can read. */
import { existsSync } from 'node:fs'
import { relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import { HedgerowError, type CandleStore, type SeriesId, type SeriesRows, type TimeRange } from '@hedgerow/core'
import { encodeRows } from './parquet-rows.ts'
import { hashRows } from './rows.ts'
import { csvChunks } from './rows-csv.ts'
import { writeWhole } from './write-whole.ts'

/** The formats, by the ending of the file's name. */
export const EXPORT_FORMATS = ['csv', 'csv.gz', 'parquet'] as const

/** One of {@link EXPORT_FORMATS}. */
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** What was written. */
export interface ExportReport {
  readonly path: string
  readonly rows: number
  readonly first: number
  readonly last: number
  /** Over time and columns; an import of the file gives rows of the same hash. */
  readonly sha256: string
}

/** What to write, and where to. */
export interface ExportRequest {
  readonly id: SeriesId
  readonly range: TimeRange
  readonly format: ExportFormat
  /** Who made the rows, where no market did: a Parquet file keeps it. */
  readonly origin: string | null
  /** Absolute path, made from what is exported where it is not known before. */
  readonly path: (rows: SeriesRows) => string
  readonly replace: boolean
}

/** The format that a file's name asks for; null where it asks for none. */
export function formatOf(path: string): ExportFormat | null {
  return EXPORT_FORMATS.find((format) => path.endsWith(`.${format}`)) ?? null
}

/**
 * Writes the file, whole or not at all.
 *
 * @throws HedgerowError `DATA_NOT_STORED`, `DATA_EMPTY`, `OUTPUT_REFUSED` for a file that exists, `OUTPUT_FAILED`.
 */
export async function exportSeries(store: CandleStore, { id, range, format, origin, path: pathFor, replace }: ExportRequest): Promise<ExportReport> {
  const rows = await store.rows(id, range)
  const [first, last] = [rows.time[0], rows.time.at(-1)]
  if (first === undefined || last === undefined) throw new HedgerowError('DATA_EMPTY', { where: 'data export', found: 'no row in the range', expected: 'at least one', remedy: 'Choose another range; `hedgerow data list` shows what is stored.' })
  const path = pathFor(rows)
  const shown = relative(process.cwd(), path) || path
  if (!replace && existsSync(path)) throw new HedgerowError('OUTPUT_REFUSED', { where: shown, found: 'a file of this name', expected: 'none', remedy: 'Choose another name with --out, or replace it with --force.' })
  const csv = (): Buffer => Buffer.from([...csvChunks(rows)].join(''))
  const bytes = format === 'parquet' ? encodeRows(id, rows, origin) : format === 'csv' ? csv() : gzipSync(csv())
  try {
    writeWhole(path, [bytes])
  } catch (cause) {
    throw new HedgerowError('OUTPUT_FAILED', { where: shown, found: cause instanceof Error ? cause.message : String(cause), expected: 'a file that can be written', remedy: 'Check the folder and the space on the disk; nothing was left behind.', cause })
  }
  return { path, rows: rows.time.length, first, last, sha256: hashRows(rows) }
}
