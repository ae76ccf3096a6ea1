/** Operations on rows: slices, merges, hashes. */
import { createHash } from 'node:crypto'
import { cell, type OverlapRule, type SeriesRows, type TimeMs, type TimeRange } from '@hedgerow/core'

/** Index of the first time at or after a moment. */
export function firstAtOrAfter(time: Float64Array, at: TimeMs): number {
  let [low, high] = [0, time.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (cell(time, middle) < at) low = middle + 1
    else high = middle
  }
  return low
}

/** Rows `from` to `to`, exclusive, as views. */
export function sliceRows(rows: SeriesRows, from: number, to: number): SeriesRows {
  return mapColumns(rows, (column) => column.subarray(from, to))
}

/** Rows within a range, as views. */
export function rowsWithin(rows: SeriesRows, { start = 0, end = Number.POSITIVE_INFINITY }: TimeRange): SeriesRows {
  return sliceRows(rows, firstAtOrAfter(rows.time, start), firstAtOrAfter(rows.time, end))
}

/** Each column, the time included, made into another. */
export function mapColumns({ time, columns }: SeriesRows, change: (column: Float64Array) => Float64Array): SeriesRows {
  return { time: change(time), columns: Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, change(column)])) }
}

/** Rows of several slices, in their order. */
export function concatRows(names: readonly string[], parts: readonly SeriesRows[]): SeriesRows {
  const join = (pick: (part: SeriesRows) => Float64Array): Float64Array => {
    const joined = new Float64Array(parts.reduce((sum, { time }) => sum + time.length, 0))
    let at = 0
    for (const part of parts) {
      joined.set(pick(part), at)
      at += part.time.length
    }
    return joined
  }
  return { time: join(({ time }) => time), columns: Object.fromEntries(names.map((name) => [name, join(({ columns }) => columns[name] ?? new Float64Array(0))])) }
}

/** `open 1700, high 1701, ...`: the values of a row. */
export function rowText({ columns }: SeriesRows, row: number): string {
  return Object.entries(columns).map(([name, column]) => `${name} ${cell(column, row)}`).join(', ')
}

/** SHA-256 over the time and every column in their order (little-endian doubles), in hex. */
export function hashRows({ time, columns }: SeriesRows): string {
  const hash = createHash('sha256')
  for (const column of [time, ...Object.values(columns)]) hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength))
  return hash.digest('hex')
}

/** Stored and new rows as one. */
export interface Merge {
  readonly rows: SeriesRows
  readonly added: number
  /** New rows that say what is stored. */
  readonly known: number
  /** New rows that say something else. */
  readonly differing: number
  /** The first of them: its row in the stored and in the new rows. */
  readonly firstDiffering: { readonly stored: number; readonly given: number } | null
}

/** Merges by time. Both are rising in time and have the same columns; under `keep` (and `fail`) a stored row wins, else the new one. */
export function mergeRows(stored: SeriesRows, given: SeriesRows, overlap: OverlapRule): Merge {
  const [before, after] = [allColumns(stored), allColumns(given)]
  const merged = before.map(() => new Float64Array(stored.time.length + given.time.length))
  const counts = { added: 0, known: 0, differing: 0 }
  let firstDiffering: Merge['firstDiffering'] = null
  let length = 0
  for (let s = 0, g = 0; s < stored.time.length || g < given.time.length; length++) {
    const order = compare(stored.time, s, given.time, g)
    const same = order === 0 && before.every((column, index) => cell(column, s) === cell(after[index] ?? column, g))
    if (order > 0) counts.added++
    else if (order === 0) counts[same ? 'known' : 'differing']++
    if (order === 0 && !same) firstDiffering ??= { stored: s, given: g }
    const takeGiven = order > 0 || (order === 0 && overlap === 'replace')
    copyRow(takeGiven ? after : before, takeGiven ? g : s, merged, length)
    if (order <= 0) s++
    if (order >= 0) g++
  }
  const [time = new Float64Array(0), ...columns] = merged.map((column) => column.slice(0, length))
  return { rows: { time, columns: Object.fromEntries(Object.keys(stored.columns).map((name, index) => [name, columns[index] ?? new Float64Array(0)])) }, ...counts, firstDiffering }
}

/** Negative where the stored row comes first, positive where the given one does. */
function compare(stored: Float64Array, s: number, given: Float64Array, g: number): number {
  if (s >= stored.length) return 1
  return g >= given.length ? -1 : cell(stored, s) - cell(given, g)
}

function allColumns({ time, columns }: SeriesRows): Float64Array[] {
  return [time, ...Object.values(columns)]
}

function copyRow(from: readonly Float64Array[], row: number, to: readonly Float64Array[], at: number): void {
  for (const [index, column] of to.entries()) column[at] = cell(from[index] ?? column, row)
}
