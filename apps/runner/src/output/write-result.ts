/** Writes the files of a result: all of them, or none. */
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { HedgerowError, isHedgerowError } from '@hedgerow/core'
import type { ParquetTable } from './parquet-table.ts'
import { PARQUET_FILE_NAMES, PARQUET_FILES, RESULT_FILE_NAMES, RESULT_FILES, type WritableRun } from './result-files.ts'
import { SOURCES_FILE, type RunSources } from './run-sources.ts'

const CHUNK_CHARACTERS = 1 << 16

/**
 * Writes `result.json`, `trades.csv`, `fills.csv`, `equity.csv`, `positions.csv`, `course.csv`, `candles.json` and `events.jsonl`. They are written beside the folder and moved into its
 * place at the end, so that whoever looks sees the old result or the new one. A folder that holds nothing but results is replaced.
 * With `sources` another file, `sources.json`, says where the data came from: `hedgerow why` reads it. With `parquet`, loaded by those who want
 * it, trades, fills, equity and positions are there as Parquet as well.
 *
 * @returns the absolute path of the folder.
 * @throws HedgerowError `OUTPUT_REFUSED` when the folder holds other files, `OUTPUT_FAILED`; nothing is left behind.
 */
export function writeResult(result: WritableRun, folder: string, sources: RunSources | null = null, { parquet = null }: { readonly parquet?: ParquetTable | null } = {}): string {
  requireReplaceable(folder)
  const { target, staging } = placesOf(folder)
  try {
    mkdirSync(staging, { recursive: true })
    for (const { name, pieces } of RESULT_FILES) writePieces(join(staging, name), pieces(result))
    if (parquet !== null) for (const { name, bytes } of PARQUET_FILES) writeFileSync(join(staging, name), bytes(result, parquet), { flag: 'wx' })
    if (sources !== null) writePieces(join(staging, SOURCES_FILE), [`${JSON.stringify(sources, null, 2)}\n`])
    publish(folder)
    return target
  } catch (error) {
    discardPartial(folder)
    throw isHedgerowError(error) ? error : new HedgerowError('OUTPUT_FAILED', { where: target, found: error instanceof Error ? error.message : String(error), expected: 'a folder that can be written', cause: error })
  }
}

/**
 * Refuses a folder that holds files which this module would not have written.
 *
 * @throws HedgerowError `OUTPUT_REFUSED`.
 */
export function requireReplaceable(folder: string): void {
  if (!existsSync(folder)) return
  if (!statSync(folder).isDirectory()) throw new HedgerowError('OUTPUT_REFUSED', { where: folder, found: 'a file', expected: 'a folder, or nothing yet' })
  const others = readdirSync(folder).filter((name) => name !== SOURCES_FILE && !RESULT_FILE_NAMES.includes(name) && !PARQUET_FILE_NAMES.includes(name))
  if (others.length > 0) throw new HedgerowError('OUTPUT_REFUSED', { where: folder, found: others.slice(0, 3).join(', '), expected: `a new or empty folder, or one that holds only ${RESULT_FILE_NAMES.join(', ')}` })
}

/** Takes back a {@link writeResult} that was stopped in its middle: the folder is what it was, or the whole new result. */
export function discardPartial(folder: string): void {
  const { target, staging, old } = placesOf(folder)
  if (existsSync(old) && !existsSync(target)) renameSync(old, target)
  for (const rest of [staging, old]) rmSync(rest, { recursive: true, force: true })
}

interface Places {
  readonly target: string
  /** Where the new files are until they are complete: beside the folder, so that moving them is one step. */
  readonly staging: string
  /** Where the files of the last run go aside. */
  readonly old: string
}

function placesOf(folder: string): Places {
  const target = resolve(folder)
  const beside = join(dirname(target), `.${basename(target)}.${process.pid}`)
  return { target, staging: `${beside}.new`, old: `${beside}.old` }
}

/** A folder cannot be moved onto one that has files: the old one steps aside first. */
function publish(folder: string): void {
  const { target, staging, old } = placesOf(folder)
  if (existsSync(target)) renameSync(target, old)
  renameSync(staging, target)
  rmSync(old, { recursive: true, force: true })
}

function writePieces(path: string, pieces: Iterable<string>): void {
  const file = openSync(path, 'wx')
  try {
    let chunk = ''
    for (const piece of pieces) {
      chunk += piece
      if (chunk.length < CHUNK_CHARACTERS) continue
      writeFileSync(file, chunk)
      chunk = ''
    }
    writeFileSync(file, chunk)
  } finally {
    closeSync(file)
  }
}
