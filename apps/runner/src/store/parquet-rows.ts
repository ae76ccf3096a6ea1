/** Rows as Parquet files: a time column, a double for every other, and a stamp that says what they are. */
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { HedgerowError, type SeriesId, type SeriesRows, type TimeMs } from '@hedgerow/core'
import { parquetMetadataAsync, parquetRead, type AsyncBuffer, type DecodedArray, type FileMetaData, type ParquetParsers } from 'hyparquet'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { z } from '@hedgerow/core/zod'
import { COMPRESSORS, DECOMPRESSORS, READABLE_CODECS } from './parquet-codec.ts'
import { parseTimeText } from '../data/time-text.ts'
import { hashRows } from './rows.ts'
import { COLUMNS, TIME } from './series.ts'

const STAMP_KEY = 'hedgerow'
const ROWS_PER_GROUP = 131_072
/** What a footer takes at most, as a rule; a longer one is read in a second step. */
const FOOTER_BYTES = 8192

/** What a file of ours says of itself, in its footer. */
export interface Stamp extends SeriesId {
  readonly format: 1
  readonly rows: number
  readonly first: TimeMs
  readonly last: TimeMs
  /** Over the rows, as {@link hashRows} gives it. */
  readonly sha256: string
  /** Who made the rows, where no market did. */
  readonly origin: string | null
}

const stampSchema: z.ZodType<Stamp> = z.object({
  format: z.literal(1), venue: z.string(), symbol: z.string(), kind: z.enum(['candles', 'marks', 'funding']), timeframe: z.string().nullable(),
  rows: z.int().min(1), first: z.int(), last: z.int(), sha256: z.string(), origin: z.string().nullable(),
})

/** Times become numbers of milliseconds; hyparquet would make dates of them. */
const PARSERS: Partial<ParquetParsers> = {
  timestampFromMilliseconds: Number,
  timestampFromMicroseconds: (at) => Number(at) / 1000,
  timestampFromNanoseconds: (at) => Number(at / 1000n) / 1000,
  dateFromDays: (days) => days * 86_400_000,
}

/** The content of a file in memory, as hyparquet reads it. */
export function inMemory(bytes: Uint8Array): AsyncBuffer {
  return { byteLength: bytes.length, slice: (start, end) => new Uint8Array(bytes.subarray(start, end)).buffer }
}

/** A file on the disk, as hyparquet reads it: only the parts that are asked for. */
export function onDisk(path: string): AsyncBuffer {
  const byteLength = statSync(path).size
  return { byteLength, slice: (start, end = byteLength) => readPart(path, start, end - start) }
}

/** The bytes of a Parquet file: zstd pages, one row group for each 131,072 rows, the same bytes for the same rows. */
export function encodeRows(id: SeriesId, rows: SeriesRows, origin: string | null): Uint8Array {
  const { time, columns } = rows
  const stamp: Stamp = { format: 1, ...id, rows: time.length, first: time[0] ?? 0, last: time.at(-1) ?? 0, sha256: hashRows(rows), origin }
  return new Uint8Array(parquetWriteBuffer({
    columnData: [
      { name: TIME, data: BigInt64Array.from(time, BigInt), type: 'TIMESTAMP', nullable: false, encoding: 'DELTA_BINARY_PACKED', statistics: true },
      ...COLUMNS[id.kind].map((name) => ({ name, data: columns[name] ?? [], type: 'DOUBLE' as const, nullable: false, encoding: 'PLAIN' as const, statistics: false })),
    ],
    codec: 'ZSTD', compressors: COMPRESSORS, rowGroupSize: ROWS_PER_GROUP, createdBy: 'hedgerow', kvMetadata: [{ key: STAMP_KEY, value: JSON.stringify(stamp) }],
  }))
}

/** A Parquet file with its footer read. */
export interface ParquetTable {
  readonly path: string
  readonly file: AsyncBuffer
  readonly metadata: FileMetaData
  readonly names: readonly string[]
  readonly rows: number
  /** Null for a file that another program wrote. */
  readonly stamp: Stamp | null
}

/**
 * Reads the footer.
 *
 * @throws HedgerowError `DATA_INVALID` for a damaged file, or one whose pages are packed in a way that cannot be read.
 */
export async function openParquet(path: string, file: AsyncBuffer): Promise<ParquetTable> {
  const metadata = await footerOf(path, file)
  const names = [...new Set(metadata.row_groups[0]?.columns.flatMap(({ meta_data: data }) => data?.path_in_schema[0] ?? []))]
  const codecs = new Set(metadata.row_groups.flatMap(({ columns }) => columns.map(({ meta_data: data }) => data?.codec ?? 'UNCOMPRESSED')))
  const unreadable = [...codecs].find((codec) => !READABLE_CODECS.includes(codec))
  if (unreadable !== undefined) throw new HedgerowError('DATA_INVALID', { where: path, found: `pages packed with ${unreadable}`, expected: READABLE_CODECS.join(', '), remedy: 'Write the file again with zstd, or export it as CSV.' })
  const stamp = metadata.key_value_metadata?.find(({ key }) => key === STAMP_KEY)?.value
  return { path, file, metadata, names, rows: Number(metadata.num_rows), stamp: stampOf(stamp) }
}

/**
 * Columns as doubles, the first of times: in ms where the file knows their unit or writes them as ISO 8601, else as they
 * are written; NaN where a cell is empty or no number.
 *
 * @throws HedgerowError `DATA_INVALID` for damaged pages.
 */
export async function readColumns({ path, file, metadata, rows }: ParquetTable, names: readonly string[]): Promise<readonly Float64Array[]> {
  const columns = new Map(names.map((name) => [name, new Float64Array(rows).fill(Number.NaN)]))
  const readers = new Map(names.map((name, index) => [name, readerOf(metadata, name, index === 0)]))
  const onChunk = ({ columnName, columnData, rowStart }: Chunk): void => {
    const column = columns.get(columnName)
    if (columnData instanceof Float64Array) column?.set(columnData, rowStart)
    else if (column !== undefined) {
      const read = readers.get(columnName) ?? numberOf
      for (let row = 0; row < columnData.length; row++) column[rowStart + row] = read(columnData[row])
    }
  }
  await readChunks({ path, file, metadata: withDigits(metadata, names) }, [...columns.keys()], onChunk)
  return [...columns.values()]
}

/**
 * One column as texts; empty where a cell is.
 *
 * @throws HedgerowError `DATA_INVALID` for damaged pages.
 */
export async function readTexts({ path, file, metadata, rows }: ParquetTable, name: string): Promise<readonly string[]> {
  const texts = Array.from({ length: rows }, () => '')
  await readChunks({ path, file, metadata }, [name], ({ columnData, rowStart }) => {
    for (let row = 0; row < columnData.length; row++) {
      const value: unknown = columnData[row]
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') texts[rowStart + row] = String(value)
    }
  })
  return texts
}

/** A part of a column, as it was decoded. */
interface Chunk {
  readonly columnName: string
  readonly columnData: DecodedArray
  readonly rowStart: number
}

async function readChunks({ path, file, metadata }: Pick<ParquetTable, 'path' | 'file' | 'metadata'>, columns: string[], onChunk: (chunk: Chunk) => void): Promise<void> {
  try {
    await parquetRead({ file, metadata, columns, compressors: DECOMPRESSORS, parsers: PARSERS, onChunk })
  } catch (cause) {
    throw damaged(path, cause)
  }
}

/** The same file whose decimals are read as their digits: hyparquet would multiply these by a power of ten, which is not the nearest double. */
function withDigits(metadata: FileMetaData, names: readonly string[]): FileMetaData {
  const schema = metadata.schema.map((element) => {
    if (!names.includes(element.name) || !isDecimal(element)) return element
    const { converted_type: _type, logical_type: _logical, ...plain } = element
    return plain
  })
  return { ...metadata, schema }
}

/** Decimals of variable length are left to hyparquet, which takes such bytes for a text. */
function isDecimal({ type, converted_type: converted, scale }: FileMetaData['schema'][number]): boolean {
  return converted === 'DECIMAL' && scale !== undefined && type !== undefined && type !== 'BYTE_ARRAY'
}

async function footerOf(path: string, file: AsyncBuffer): Promise<FileMetaData> {
  try {
    return await parquetMetadataAsync(file, { parsers: PARSERS, initialFetchSize: FOOTER_BYTES })
  } catch (cause) {
    throw damaged(path, cause)
  }
}

function damaged(path: string, cause: unknown): HedgerowError {
  return new HedgerowError('DATA_INVALID', { where: path, found: `a Parquet file that is damaged or incomplete (${cause instanceof Error ? cause.message : String(cause)})`, expected: 'a complete Parquet file', remedy: 'Copy or download the file again.', cause })
}

function readPart(path: string, at: number, length: number): ArrayBuffer {
  const file = openSync(path, 'r')
  try {
    const bytes = new Uint8Array(length)
    const read = readSync(file, bytes, 0, length, at)
    return bytes.buffer.slice(0, read)
  } finally {
    closeSync(file)
  }
}

/** What makes a number of a cell. */
function readerOf(metadata: FileMetaData, name: string, isTime: boolean): (value: unknown) => number {
  if (isTime) return (value) => (typeof value === 'string' && Number.isNaN(numberOf(value)) ? parseTimeText(value.trim()) : numberOf(value))
  const element = schemaOf(metadata, name)
  return element !== undefined && isDecimal(element) ? (value) => decimalOf(value, element.scale ?? 0) : numberOf
}

/** The double that is nearest to digits and a scale. */
function decimalOf(value: unknown, scale: number): number {
  const digits = value instanceof Uint8Array ? signed(value) : value
  return typeof digits === 'bigint' || typeof digits === 'number' ? Number(`${digits}e-${scale}`) : Number.NaN
}

/** A whole number in two's complement, highest byte first. */
function signed(bytes: Uint8Array): bigint {
  return BigInt.asIntN(8 * bytes.length, bytes.reduce((value, byte) => 256n * value + BigInt(byte), 0n))
}

/** How the file describes a column. */
export function schemaOf(metadata: FileMetaData, name: string): FileMetaData['schema'][number] | undefined {
  return metadata.schema.find((element) => element.name === name && element.type !== undefined)
}

function numberOf(value: unknown): number {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
}

function stampOf(text: string | undefined): Stamp | null {
  try {
    return stampSchema.safeParse(JSON.parse(text ?? 'null')).data ?? null
  } catch {
    return null
  }
}
