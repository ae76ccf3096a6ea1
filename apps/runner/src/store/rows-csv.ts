/** Rows as CSV text: a header, a line a row, numbers in the shortest fixed notation, which reads back as the same double. */
import { cell, decimalOfDouble, decimalText, type SeriesRows } from '@hedgerow/core'
import { TIME } from './series.ts'

const ROWS_PER_CHUNK = 8192

/** The text in pieces. */
export function* csvChunks({ time, columns }: SeriesRows): Generator<string> {
  const values = Object.values(columns)
  yield `${[TIME, ...Object.keys(columns)].join(',')}\n`
  for (let from = 0; from < time.length; from += ROWS_PER_CHUNK) {
    const lines: string[] = []
    for (let row = from; row < Math.min(time.length, from + ROWS_PER_CHUNK); row++) lines.push(`${cell(time, row)},${values.map((column) => numberText(cell(column, row))).join(',')}\n`)
    yield lines.join('')
  }
}

function numberText(value: number): string {
  const text = String(value)
  return text.includes('e') ? decimalText(decimalOfDouble(value)) : text
}
