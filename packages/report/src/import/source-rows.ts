/** The rows of an exported file, JSON or CSV, each with the place it was read from. */
import { HedgerowError } from '@hedgerow/core'
import type { z } from '@hedgerow/core/zod'

/** A file as text, unpacked. */
export interface SourceFile {
  readonly path: string
  readonly text: string
}

/** One row, not looked at yet. */
export interface SourceRow {
  /** `executions.json, row 3` or `fills.csv, line 12`. */
  readonly where: string
  readonly value: unknown
}

/** True where a file holds JSON: an object or a list. */
export function isJson({ text }: SourceFile): boolean {
  return /^\uFEFF?\s*[[{]/.test(text)
}

/**
 * The content of a JSON file.
 *
 * @throws HedgerowError `IMPORT_INVALID` with the parser's words.
 */
export function jsonOf({ path, text }: SourceFile): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (cause) {
    throw new HedgerowError('IMPORT_INVALID', { where: path, found: cause instanceof Error ? cause.message : String(cause), expected: 'JSON, whole', cause })
  }
}

/** Names a list of a JSON file by its rows, counted from 1. */
export function listRows(path: string, list: readonly unknown[]): readonly SourceRow[] {
  return list.map((value, index) => ({ where: `${path}, row ${index + 1}`, value }))
}

/**
 * The rows of a CSV file as objects of texts, by the names of its header. Quotes as RFC 4180 has them.
 *
 * @throws HedgerowError `IMPORT_INVALID` without a header, or for a row with another number of cells.
 */
export function csvRows({ path, text }: SourceFile): readonly SourceRow[] {
  requireText(path, text)
  const [header, ...records] = withoutPreamble(recordsOf(text.replace(/^\uFEFF/, '')))
  if (header === undefined) throw new HedgerowError('IMPORT_INVALID', { where: path, found: 'an empty file', expected: 'a header and rows' })
  const names = header.cells
  return records.filter(({ cells }) => !isNotice(cells)).map(({ line, cells }) => {
    const where = `${path}, line ${line}`
    if (cells.length < names.length || cells.slice(names.length).some((cell) => cell !== '')) throw new HedgerowError('IMPORT_INVALID', { where, found: `${cells.length} cells`, expected: `${names.length}, as the header has` })
    return { where, value: Object.fromEntries(names.map((name, index) => [name, cells[index]])) }
  })
}

/** The first bytes of a zip archive, which a workbook is as well. */
const ZIP = 'PK\u0003\u0004'

function requireText(path: string, text: string): void {
  if (!text.startsWith(ZIP)) return
  throw new HedgerowError('IMPORT_INVALID', { where: path, found: 'an archive or a workbook', expected: 'CSV or JSON', remedy: 'Unpack a .zip first; save a workbook (.xlsx) as CSV, with columns wide enough that no id is rounded.' })
}

/** Whose account it is stands above the header in some exports: `UID: 1234,Company Name: ,Country:`. */
function withoutPreamble(records: readonly CsvRecord[]): readonly CsvRecord[] {
  return /^UID:/i.test(records[0]?.cells[0] ?? '') ? records.slice(1) : records
}

/** `No data matches the criteria.` in place of rows. */
function isNotice([first = '', ...others]: readonly string[]): boolean {
  return others.length === 0 && /^no data/i.test(first)
}

/**
 * Reads a row by a schema.
 *
 * @throws HedgerowError `IMPORT_INVALID` naming the row and each field that is wrong, with its value.
 */
export function readRow<T>(schema: z.ZodType<T>, { where, value }: SourceRow): T {
  const read = schema.safeParse(value)
  if (read.success) return read.data
  const found = read.error.issues.slice(0, 3).map(({ path, message }) => `${path.join('.') || 'the row'}${valueText(value, path)}: ${message}`).join('; ')
  throw new HedgerowError('IMPORT_INVALID', { where, found, expected: 'a row as docs/report-imports.md describes it', cause: read.error })
}

function valueText(value: unknown, path: readonly PropertyKey[]): string {
  const found = path.reduce<unknown>((inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined), value)
  return path.length === 0 ? '' : found === undefined ? ' is missing' : ` ${JSON.stringify(found)}`
}

interface CsvRecord {
  readonly line: number
  readonly cells: string[]
}

/** By what stands between cells: commas, or what a spreadsheet puts in their place. */
const CELLS: Readonly<Record<string, RegExp>> = { ',': cellOf(','), ';': cellOf(';'), '\t': cellOf('\t') }

function cellOf(separator: string): RegExp {
  return new RegExp(`(?:"((?:[^"]|"")*)"|([^"${separator}\\r\\n]*))(${separator}|\\r?\\n|$)`, 'gy')
}

function separatorOf(text: string): string {
  const header = /^.*$/m.exec(text)?.[0] ?? ''
  return Object.keys(CELLS).find((separator) => header.includes(separator)) ?? ','
}

function recordsOf(text: string): CsvRecord[] {
  const records: CsvRecord[] = []
  const separator = separatorOf(text)
  const cell = CELLS[separator] ?? cellOf(separator)
  let [cells, line, next]: [string[], number, number] = [[], 1, 1]
  cell.lastIndex = 0
  while (cell.lastIndex < text.length) {
    const match = cell.exec(text)
    if (match === null) break
    const [all, quoted, plain = '', end] = match
    cells.push((quoted === undefined ? plain : quoted.replaceAll('""', '"')).trim())
    next += all.split('\n').length - 1
    if (end === separator && cell.lastIndex < text.length) continue
    if (end === separator) cells.push('')
    if (cells.length > 1 || cells[0] !== '') records.push({ line, cells })
    ;[cells, line] = [[], next]
  }
  return records
}
