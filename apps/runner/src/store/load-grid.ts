/** Candles of several files as one dense grid: from the caches where they are good, from Parquet (and into caches) where not. */
import { cell, HedgerowError, MINUTE_MS, timeText, type SeriesRows, type TimeMs, type TimeRange } from '@hedgerow/core'
import type { CandleGap } from '../data/candle-data.ts'
import { cacheHeader, readCache, sourceHash, writeCache } from './column-cache.ts'
import { gridOf, sharedColumns, type Grid } from './grid.ts'
import type { SeriesFile } from './partitions.ts'

/** What to load. */
interface GridSource {
  /** Oldest first. */
  readonly files: readonly SeriesFile[]
  readonly step: number
  readonly range: TimeRange
  /** Number of columns. */
  readonly columns: number
  readonly read: (file: SeriesFile) => Promise<SeriesRows>
}

/** A file whose columns can be put in place. */
interface Piece {
  readonly start: TimeMs
  readonly length: number
  /** False when the cache turns out to be damaged. */
  readonly put: (columns: readonly Float64Array[]) => boolean
}

/** A grid and what it lacks. */
export interface LoadedGrid extends Grid {
  readonly gaps: readonly CandleGap[]
}

/**
 * The grid from the first to the last candle of a range; null when there is none.
 *
 * @throws HedgerowError `DATA_GAP` where more is missing than a grid can hold.
 */
export async function loadGrid(source: GridSource, caches: 'trusted' | 'renewed' = 'trusted'): Promise<LoadedGrid | null> {
  const pieces: Piece[] = []
  for (const file of source.files) pieces.push((caches === 'trusted' ? cached(file, source) : null) ?? (await decoded(file, source)))
  const [first, last] = [pieces[0], pieces.at(-1)]
  if (first === undefined || last === undefined) return null
  const { step } = source
  const length = (last.start - first.start) / step + last.length
  requireDense(pieces, length, first.start)
  const columns = sharedColumns(source.columns, length)
  let filled = 0
  for (const { start, length: rows, put } of pieces) {
    const at = (start - first.start) / step
    for (const column of columns) column.fill(Number.NaN, filled, at)
    if (!put(columns.map((column) => column.subarray(at, at + rows)))) return await loadGrid(source, 'renewed')
    filled = at + rows
  }
  return within({ start: first.start, step, length, columns }, source.range)
}

function cached({ path }: SeriesFile, { step, columns }: GridSource): Piece | null {
  const header = cacheHeader(path)
  if (header === null || header.step !== step || header.columns !== columns) return null
  return { start: header.start, length: header.length, put: (targets) => readCache(path, header, targets) }
}

async function decoded(file: SeriesFile, { step, read }: GridSource): Promise<Piece> {
  const hash = sourceHash(file.path)
  const grid = gridOf(await read(file), step)
  writeCache(file.path, grid, hash)
  const put = (targets: readonly Float64Array[]): boolean => {
    for (const [index, target] of targets.entries()) target.set(grid.columns[index] ?? [])
    return true
  }
  return { start: grid.start, length: grid.length, put }
}

function requireDense(pieces: readonly Piece[], length: number, start: TimeMs): void {
  const present = pieces.reduce((sum, piece) => sum + piece.length, 0)
  if (length <= 20 * present + 100_000) return
  throw new HedgerowError('DATA_GAP', { where: timeText(start), found: `${present} candles spread over a range of ${length}`, expected: 'at least one candle in twenty', remedy: 'Choose a shorter range with start and end.' })
}

/** The part of a grid within a range, from its first to its last candle. */
function within({ start, step, length, columns }: Grid, range: TimeRange): LoadedGrid | null {
  const close = columns.at(-1) ?? new Float64Array(0)
  let from = Math.max(0, Math.ceil(((range.start ?? start) - start) / step))
  let to = Math.min(length, Math.ceil(((range.end ?? Number.POSITIVE_INFINITY) - start) / step))
  while (from < to && Number.isNaN(cell(close, from))) from++
  while (to > from && Number.isNaN(cell(close, to - 1))) to--
  if (from >= to) return null
  const part = columns.map((column) => column.subarray(from, to))
  return { start: start + from * step, step, length: to - from, columns: part, gaps: gapsOf(part[0] ?? close, start + from * step, step) }
}

function gapsOf(column: Float64Array, start: TimeMs, step: number): CandleGap[] {
  const gaps: CandleGap[] = []
  for (let row = 0; row < column.length; row++) {
    if (!Number.isNaN(cell(column, row))) continue
    const from = row
    while (row < column.length && Number.isNaN(cell(column, row))) row++
    gaps.push({ from: start + from * step, to: start + row * step, minutes: ((row - from) * step) / MINUTE_MS })
  }
  return gaps
}
