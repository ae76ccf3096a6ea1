/** The Parquet files of each series in a data folder, and what they say of themselves. */
import { existsSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { HedgerowError, type SeriesId, type SeriesRows, type StoredSeries } from '@hedgerow/core'
import { onDisk, openParquet, readColumns, type ParquetTable, type Stamp } from './parquet-rows.ts'
import { partitionNamed, type SeriesFile } from './partitions.ts'
import { hashRows } from './rows.ts'
import { COLUMNS, seriesFlags, seriesFolder, seriesText, TIME } from './series.ts'

const ENDING = '.parquet'
const NO_COLUMN = new Float64Array(0)

/** The path of the file of a series for a partition. */
export function filePath(root: string, id: SeriesId, partition: string): string {
  return join(seriesFolder(root, id), `${partition}${ENDING}`)
}

/** The files of a series, oldest first; none for a series that is not stored. */
export function filesOf(root: string, id: SeriesId): readonly SeriesFile[] {
  const folder = seriesFolder(root, id)
  if (!existsSync(folder)) return []
  return readdirSync(folder).sort().flatMap((name): SeriesFile[] => {
    const partition = name.endsWith(ENDING) ? partitionNamed(name.slice(0, -ENDING.length)) : null
    return partition === null ? [] : [{ path: join(folder, name), partition }]
  })
}

/**
 * The files of a series that is stored.
 *
 * @throws HedgerowError `DATA_NOT_STORED`
 */
export function requireFiles(root: string, id: SeriesId): readonly SeriesFile[] {
  const files = filesOf(root, id)
  if (files.length > 0) return files
  throw new HedgerowError('DATA_NOT_STORED', { where: root, found: `no ${seriesText(id)}`, expected: 'a stored series', remedy: `Import it: hedgerow data import FILE ${seriesFlags(id)}. See what is stored: hedgerow data list.` })
}

/**
 * The rows of a file, compared with its own stamp.
 *
 * @throws HedgerowError `DATA_STORE_DAMAGED`
 */
export async function readSeriesFile(id: SeriesId, { path }: SeriesFile): Promise<SeriesRows> {
  const { table, stamp } = await openSeriesFile(id, path)
  const names = COLUMNS[id.kind]
  const [time = NO_COLUMN, ...columns] = await undamaged(path, () => readColumns(table, [TIME, ...names]))
  const rows = { time, columns: Object.fromEntries(names.map((name, index) => [name, columns[index] ?? NO_COLUMN])) }
  if (hashRows(rows) !== stamp.sha256) throw damaged(path, { found: 'other rows than were written', expected: `rows of SHA-256 ${stamp.sha256}` })
  return rows
}

/** First and last time of a series. */
export interface SeriesSpan extends Pick<StoredSeries, 'id' | 'first' | 'last' | 'origin'> {}

/** The span of a series by the stamps of its first and last file; null for nothing. Throws `DATA_STORE_DAMAGED`. */
export async function spanOf(root: string, id: SeriesId): Promise<SeriesSpan | null> {
  const files = filesOf(root, id)
  const [head, tail] = [files[0], files.at(-1)]
  if (head === undefined || tail === undefined) return null
  const [{ stamp: { first, origin } }, { stamp: { last } }] = [await openSeriesFile(id, head.path), await openSeriesFile(id, tail.path)]
  return { id, first, last, origin }
}

/** What is stored of a series, by the stamps of all its files; null for nothing. Throws `DATA_STORE_DAMAGED`. */
export async function describeSeries(root: string, id: SeriesId): Promise<StoredSeries | null> {
  const span = await spanOf(root, id)
  if (span === null) return null
  let rows = 0
  for (const { path } of filesOf(root, id)) rows += (await openSeriesFile(id, path)).stamp.rows
  return { ...span, rows }
}

async function openSeriesFile(id: SeriesId, path: string): Promise<{ readonly table: ParquetTable; readonly stamp: Stamp }> {
  const table = await undamaged(path, async () => await openParquet(path, onDisk(path)))
  const { stamp } = table
  if (stamp === null) throw damaged(path, { found: 'a file that another program wrote', expected: 'a file that `hedgerow data import` wrote', remedy: 'Move it out of the data folder and import it from there.' })
  if (seriesText(stamp) !== seriesText(id)) throw damaged(path, { found: `rows of ${seriesText(stamp)}`, expected: `rows of ${seriesText(id)}`, remedy: 'Move the file to the folder of its series.' })
  return { table, stamp }
}

async function undamaged<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (cause) {
    throw damaged(path, { found: cause instanceof HedgerowError ? (cause.details.found ?? cause.code) : String(cause), expected: 'a complete Parquet file', cause })
  }
}

function damaged(path: string, details: { readonly found: string; readonly expected: string; readonly remedy?: string; readonly cause?: unknown }): HedgerowError {
  return new HedgerowError('DATA_STORE_DAMAGED', { where: relative(process.cwd(), path) || path, ...details })
}
