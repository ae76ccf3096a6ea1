/** Names of columns: those of an API, and what the same thing is called in an export from the venue's page. */
import type { SourceRow } from './source-rows.ts'

/** A heading without case, blanks, points and brackets: `Time(UTC+0)` is `timeutc0`. */
function plainName(heading: string): string {
  return heading.toLowerCase().replace(/[^a-z0-9]/g, '')
}

/**
 * A renaming of columns.
 *
 * @param names By plain heading, the name that the schema knows; a heading that is not listed keeps its own.
 */
export function renamed(names: Readonly<Record<string, string>>): (row: SourceRow) => SourceRow {
  return (row) => {
    const { value } = row
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return row
    return { ...row, value: Object.fromEntries(Object.entries(value).map(([heading, cell]) => [names[plainName(heading)] ?? heading, cell])) }
  }
}

/** True where the headings of a row include all of these plain names. */
export function hasColumns({ value }: SourceRow, names: readonly string[]): boolean {
  const headings = new Set(columnsOf(value).map(plainName))
  return names.every((name) => headings.has(name))
}

/** The headings of a row, for messages. */
export function columnsOf(value: unknown): readonly string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : []
}

/** Ids for rows that have none: what stands in the row, and how often it stood in the file before. A row of two overlapping files has one id. */
export function contentIds(rows: readonly SourceRow[]): readonly string[] {
  const seen = new Map<string, number>()
  return rows.map(({ value }) => {
    const content = JSON.stringify(value)
    const count = seen.get(content) ?? 0
    seen.set(content, count + 1)
    return count === 0 ? content : `${content} ${count}`
  })
}
