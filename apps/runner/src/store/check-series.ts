/** Checks stored series: every file against its stamp, every row against the rules, and what is missing. */
import { isHedgerowError, type SeriesId } from '@hedgerow/core'
import type { CandleGap } from '../data/candle-data.ts'
import { checkRows } from './check-rows.ts'
import { concatRows, hashRows } from './rows.ts'
import { filesOf, readSeriesFile } from './series-files.ts'
import { COLUMNS } from './series.ts'
import type { Violation } from './source-rows.ts'

/** What was found. */
export interface SeriesCheck {
  readonly id: SeriesId
  readonly rows: number
  /** Over all rows. */
  readonly sha256: string
  readonly gaps: readonly CandleGap[]
  readonly violations: readonly Violation[]
}

/** Reads all of a series. Damaged files are violations, and the others are checked all the same. */
export async function checkSeries(root: string, id: SeriesId): Promise<SeriesCheck> {
  const [parts, violations]: [Awaited<ReturnType<typeof readSeriesFile>>[], Violation[]] = [[], []]
  for (const file of filesOf(root, id)) {
    try {
      const rows = await readSeriesFile(id, file)
      const { violations: found } = checkRows({ kind: id.kind, rows, numbers: rows.time, placeOf: () => file.path, violations: [], symbol: null }, id.timeframe ?? undefined)
      const outside = rows.time.findIndex((time) => time < file.partition.start || time >= file.partition.end)
      violations.push(...found, ...(outside < 0 ? [] : [{ number: outside, where: file.path, found: `a row of ${new Date(rows.time[outside] ?? 0).toISOString()}`, expected: `rows of ${file.partition.name}` }]))
      parts.push(rows)
    } catch (error) {
      if (!isHedgerowError(error)) throw error
      violations.push({ number: 0, where: file.path, found: error.details.found ?? error.code, expected: error.details.expected ?? 'a whole file' })
    }
  }
  const rows = concatRows(COLUMNS[id.kind], parts)
  const { gaps } = checkRows({ kind: id.kind, rows, numbers: rows.time, placeOf: String, violations: [], symbol: null }, id.timeframe ?? undefined)
  return { id, rows: rows.time.length, sha256: hashRows(rows), gaps, violations }
}
