/** How a series is cut into files: by month where candles are shorter than an hour, else by year. */
import { cell, type SeriesRows, type TimeMs, type TimeRange } from '@hedgerow/core'
import { firstAtOrAfter, sliceRows } from './rows.ts'

const HOUR_MS = 3_600_000
const NAME = /^(\d{4})(?:-(0[1-9]|1[0-2]))?$/

/** A calendar month or year. */
export interface Partition {
  /** `2025-05` or `2025`: the file's name without its ending. */
  readonly name: string
  readonly start: TimeMs
  /** Exclusive. */
  readonly end: TimeMs
}

/** A file of a series. */
export interface SeriesFile {
  readonly path: string
  readonly partition: Partition
}

/** The partition that holds a time; `step` is null for funding. */
export function partitionOf(time: TimeMs, step: number | null): Partition {
  const date = new Date(time)
  return step !== null && step < HOUR_MS ? month(date.getUTCFullYear(), date.getUTCMonth()) : year(date.getUTCFullYear())
}

/** The partition of a file's name; null for other files. */
export function partitionNamed(name: string): Partition | null {
  const [, years, months] = NAME.exec(name) ?? []
  if (years === undefined) return null
  return months === undefined ? year(Number(years)) : month(Number(years), Number(months) - 1)
}

/** True where a partition and a range share a moment. */
export function overlaps({ start, end }: Partition, range: TimeRange): boolean {
  return start < (range.end ?? Number.POSITIVE_INFINITY) && end > (range.start ?? Number.NEGATIVE_INFINITY)
}

/** Rows by partition, oldest first. */
export function* split(rows: SeriesRows, step: number | null): Generator<{ readonly partition: Partition; readonly rows: SeriesRows }> {
  for (let from = 0; from < rows.time.length;) {
    const partition = partitionOf(cell(rows.time, from), step)
    const to = firstAtOrAfter(rows.time, partition.end)
    yield { partition, rows: sliceRows(rows, from, to) }
    from = to
  }
}

function month(years: number, months: number): Partition {
  return { name: `${String(years).padStart(4, '0')}-${String(months + 1).padStart(2, '0')}`, start: Date.UTC(years, months), end: Date.UTC(years, months + 1) }
}

function year(years: number): Partition {
  return { name: String(years).padStart(4, '0'), start: Date.UTC(years, 0), end: Date.UTC(years + 1, 0) }
}
