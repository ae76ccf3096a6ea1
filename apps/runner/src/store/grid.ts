/** Rows of candles as a dense grid in one piece of shared memory. */
import { cell, type SeriesRows, type TimeMs } from '@hedgerow/core'

/** Columns of a grid, in the order of the series' kind. */
export interface Grid {
  readonly start: TimeMs
  readonly step: number
  readonly length: number
  readonly columns: readonly Float64Array[]
}

/** Columns of doubles in one SharedArrayBuffer, so that workers may read them without a copy. */
export function sharedColumns(count: number, length: number): Float64Array[] {
  const memory = new SharedArrayBuffer(count * length * Float64Array.BYTES_PER_ELEMENT)
  return Array.from({ length: count }, (_, index) => new Float64Array(memory, index * length * Float64Array.BYTES_PER_ELEMENT, length))
}

/** Rows on a grid from the first to the last; what is missing is NaN in every column. The times must lie on the grid. */
export function gridOf({ time, columns }: SeriesRows, step: number): Grid {
  const start = cell(time, 0)
  const length = time.length === 0 ? 0 : (cell(time, time.length - 1) - start) / step + 1
  const given = Object.values(columns)
  const dense = sharedColumns(given.length, length)
  for (const [index, column] of given.entries()) {
    const target = dense[index]
    if (length === time.length) target?.set(column)
    else if (target !== undefined) spread(column, time, target, step)
  }
  return { start, step, length, columns: dense }
}

function spread(column: Float64Array, time: Float64Array, target: Float64Array, step: number): void {
  const start = cell(time, 0)
  target.fill(Number.NaN)
  for (let row = 0; row < column.length; row++) target[(cell(time, row) - start) / step] = cell(column, row)
}
