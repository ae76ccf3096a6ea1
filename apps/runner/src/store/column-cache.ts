/**
 * Beside each Parquet file of candles a cache: its columns as raw doubles, which load as fast as a disk reads.
 * A cache is derived and may be deleted at any time. It counts only while its header names the present source.
 *
 * Layout: a JSON header, padded to 512 bytes with spaces; then each column of the grid as little-endian doubles.
 */
import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { z } from '@hedgerow/core/zod'
import type { Grid } from './grid.ts'
import { writeWhole } from './write-whole.ts'

const HEADER_BYTES = 512
const MAGIC = 'hedgerow-columns-1'
/** A Parquet file ends in the length of its footer (4 bytes) and four letters. */
const TAIL_BYTES = 8

/** What a cache holds. */
export interface CacheHeader {
  readonly magic: typeof MAGIC
  /** As {@link sourceHash} gave it. */
  readonly source: string
  readonly start: number
  readonly step: number
  readonly length: number
  /** Number of columns. */
  readonly columns: number
  /** Of the other fields of the header and all columns, one after the other. */
  readonly crc32: number
}

const headerSchema: z.ZodType<CacheHeader> = z.object({ magic: z.literal(MAGIC), source: z.string(), start: z.int(), step: z.int().positive(), length: z.int().positive(), columns: z.int().positive(), crc32: z.int() })

/**
 * Names the present content of a Parquet file: SHA-256 over its footer (which holds the SHA-256 of its rows), size and
 * time of change, so that nothing but the footer is read.
 */
export function sourceHash(path: string): string {
  const file = openSync(path, 'r')
  try {
    const { size, mtimeMs } = fstatSync(file)
    const tail = readAt(file, Math.max(0, size - TAIL_BYTES), Math.min(size, TAIL_BYTES))
    const footer = tail.length < TAIL_BYTES ? 0 : Math.min(tail.readUInt32LE(0) + TAIL_BYTES, size)
    return createHash('sha256').update(`${size} ${mtimeMs} `).update(readAt(file, size - footer, footer)).digest('hex')
  } finally {
    closeSync(file)
  }
}

/** The path of the cache of a Parquet file. */
export function cachePath(path: string): string {
  return path.replace(/\.parquet$/, '.cache')
}

/** The header of the cache of a Parquet file; null where there is none, or it is of another source. */
export function cacheHeader(path: string): CacheHeader | null {
  try {
    const file = openSync(cachePath(path), 'r')
    try {
      const header = headerSchema.parse(JSON.parse(readAt(file, 0, HEADER_BYTES).toString('latin1')))
      const whole = fstatSync(file).size === HEADER_BYTES + header.columns * header.length * Float64Array.BYTES_PER_ELEMENT
      return whole && header.source === sourceHash(path) ? header : null
    } finally {
      closeSync(file)
    }
  } catch {
    return null
  }
}

/** Reads the columns of a cache into places of their length; false when they are damaged. */
export function readCache(path: string, header: CacheHeader, columns: readonly Float64Array[]): boolean {
  try {
    const file = openSync(cachePath(path), 'r')
    try {
      let [at, sum] = [HEADER_BYTES, headerSum(header)]
      for (const column of columns) {
        const bytes = bytesOf(column)
        if (!fill(file, bytes, at)) return false
        at += bytes.length
        sum = crc32(bytes, sum)
      }
      return sum === header.crc32
    } finally {
      closeSync(file)
    }
  } catch {
    return false
  }
}

/** Writes the cache of a Parquet file. Where that is not possible there is none: the next load reads Parquet again. */
export function writeCache(path: string, { start, step, length, columns }: Grid, source: string): void {
  const bytes = columns.map(bytesOf)
  const fields = { magic: MAGIC, source, start, step, length, columns: columns.length } as const
  const header: CacheHeader = { ...fields, crc32: bytes.reduce((sum, column) => crc32(column, sum), headerSum(fields)) }
  try {
    writeWhole(cachePath(path), [Buffer.from(JSON.stringify(header).padEnd(HEADER_BYTES), 'latin1'), ...bytes], 'disposable')
  } catch {
    // A folder that cannot be written to, or a full disk: the data itself is unharmed.
  }
}

/** Checksum of the fields that say where the columns belong. */
function headerSum({ magic, source, start, step, length, columns }: Omit<CacheHeader, 'crc32'>): number {
  return crc32(JSON.stringify([magic, source, start, step, length, columns]))
}

function bytesOf(column: Float64Array): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength)
}

function readAt(file: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  fill(file, bytes, at)
  return bytes
}

/** False when the file ends before the place is full. */
function fill(file: number, bytes: Uint8Array, at: number): boolean {
  for (let done = 0; done < bytes.length;) {
    const read = readSync(file, bytes, done, bytes.length - done, at + done)
    if (read === 0) return false
    done += read
  }
  return true
}
