/** A CSV file with named columns: its header, and where its rows begin. */
import { HedgerowError } from '@hedgerow/core'
import { CsvCursor } from './csv-cursor.ts'

/** A column that a reader wants: its own name, and the names by which files call it. */
export interface WantedColumn {
  readonly name: string
  /** As {@link columnName} writes them. */
  readonly alsoCalled: readonly string[]
  readonly optional?: boolean
  /** Without a header it is lacking: what stands in its place is another column. */
  readonly namedOnly?: boolean
}

/** The layout of a file. */
export interface CsvTable {
  readonly path: string
  readonly bytes: Uint8Array
  /** At the first row. */
  readonly cursor: CsvCursor
  /** Line of the first row, counted from 1. */
  readonly firstLine: number
  /** Field of each wanted column, in the order of the wish; -1 for an optional one that the file lacks. */
  readonly fields: readonly number[]
  /** Bytes of the first row. */
  readonly rowLength: number
}

const NEWLINE = 10
const BYTE_ORDER_MARK = 0xfeff

/**
 * Finds the columns of a file: by name where the first line is a header, by position (in the order of the wish) where it
 * is a row of data.
 *
 * @throws HedgerowError `DATA_EMPTY` without rows, `DATA_INVALID` when a column is missing.
 */
export function openTable(path: string, given: Uint8Array, wanted: readonly WantedColumn[]): CsvTable {
  const bytes = given.at(-1) === NEWLINE ? given : Buffer.concat([given, Buffer.of(NEWLINE)])
  const firstEnd = bytes.indexOf(NEWLINE)
  const firstLine = new TextDecoder().decode(bytes.subarray(0, firstEnd))
  if (firstLine.trim() === '' && bytes.every((byte) => byte <= 32)) throw empty(path, 'an empty file')
  const delimiter = [',', ';', '\t'].find((candidate) => firstLine.includes(candidate)) ?? ','
  const names = firstLine.split(delimiter).map(columnName)
  const hasHeader = !/^[\d+-]/.test(names[0] ?? '')
  const fields = hasHeader ? namedFields(path, names, wanted) : positionalFields(path, names.length, wanted)
  const bodyAt = hasHeader ? firstEnd + 1 : firstLine.codePointAt(0) === BYTE_ORDER_MARK ? 3 : 0
  const cursor = new CsvCursor(bytes, bodyAt, delimiter)
  if (cursor.onlyBlanksLeft()) throw empty(path, 'a header without rows')
  return { path, bytes, cursor, firstLine: hasHeader ? 2 : 1, fields, rowLength: bytes.indexOf(NEWLINE, bodyAt) + 1 - bodyAt }
}

/** The name of a column without quotes, in lower case and with underscores: `open_time` for `"Open time"`. */
export function columnName(text: string): string {
  return text.trim().replace(/^"(.*)"$/, '$1').trim().toLowerCase().replaceAll(/\s+/g, '_')
}

/** A line as an error may show it: what is no text is said to be none. */
export function shownLine(text: string): string {
  if (/(?![\t\r])\p{Cc}|\uFFFD/u.test(text)) return 'bytes that are no text: a binary file, or a text in another encoding than UTF-8'
  return text.trim().slice(0, 120) || 'an empty line'
}

function namedFields(path: string, names: readonly string[], wanted: readonly WantedColumn[]): number[] {
  return wanted.map(({ name, alsoCalled, optional }) => {
    const field = [name, ...alsoCalled].map((candidate) => names.indexOf(candidate)).find((index) => index >= 0) ?? -1
    if (field < 0 && optional !== true) {
      throw new HedgerowError('DATA_INVALID', {
        where: `${path}, line 1`, found: `the columns ${names.join(', ')}`, expected: `a column ${[name, ...alsoCalled].join(' or ')}`,
        remedy: `Name the columns ${wanted.map((column) => column.name).join(', ')} in the first line, or leave the header out and keep that order.`,
      })
    }
    return field
  })
}

function positionalFields(path: string, count: number, wanted: readonly WantedColumn[]): number[] {
  const required = wanted.filter((column) => column.optional !== true).length
  if (count < required) {
    throw new HedgerowError('DATA_INVALID', { where: `${path}, line 1`, found: `${count} fields`, expected: wanted.map((column) => column.name).join(', ') })
  }
  let next = 0
  // A row of exactly what is needed has nothing else between.
  return wanted.map(({ optional, namedOnly }) => (namedOnly === true || (optional === true && count === required) || next >= count ? -1 : next++))
}

function empty(path: string, found: string): HedgerowError {
  return new HedgerowError('DATA_EMPTY', { where: path, found, expected: 'at least one row', remedy: 'Check that the file is the right one and complete.' })
}
