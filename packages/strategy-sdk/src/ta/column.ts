/** Columns of numbers, a row a bar, as kernels work on them: whole ranges of rows, in place. */

/** Most rows that a kernel folds at once: so many of a few columns stay in the processor's first cache. */
export const ROWS = 256

/** A column for what a kernel computes on the way; its values last for one fold. */
export function scratch(): Float64Array {
  return new Float64Array(ROWS)
}

/** The value in a row that the column has. Where it never meets another row, this costs what the load does. */
export function valueAt(column: Float64Array, row: number): number {
  return column[row] ?? Number.NaN
}

/** Copies rows `from` up to `to`, the first into row `at` of the target. */
export function copyRows(source: Float64Array, from: number, to: number, target: Float64Array, at: number): void {
  for (let row = from; row < to; row++) target[at + row - from] = valueAt(source, row)
}

/** The first row from `from` on whose value is known (not NaN); `to` where there is none before it. */
export function firstKnown(column: Float64Array, from: number, to: number): number {
  let row = from
  while (row < to && Number.isNaN(valueAt(column, row))) row++
  return row
}
