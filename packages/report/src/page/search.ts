/** Places in sorted columns. */

/** Index of the last value at or below `limit`; -1 where there is none. */
export function lastAtOrBelow(column: Float64Array, limit: number): number {
  let [low, high] = [0, column.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((column[middle] ?? Number.POSITIVE_INFINITY) <= limit) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** A cell; NaN beyond the ends. */
export function at(column: Float64Array, index: number): number {
  return column[index] ?? Number.NaN
}
