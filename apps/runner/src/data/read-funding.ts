/** Reads funding files and rows. */
import { decimal, HedgerowError, isDecimal, timeText, type Decimal, type TimeMs } from '@hedgerow/core'
import { openTable, type WantedColumn } from './csv-table.ts'
import { millisecondsPer, parseTimeText } from './time-text.ts'

/** `[timeMs, rate]`, oldest first. The rate is a fraction: 0.0001 is 1 bp, paid by longs when positive. */
export type FundingRow = readonly [timeMs: TimeMs, rate: number | string | Decimal]

/** One settlement. */
export interface FundingSettlement {
  readonly at: TimeMs
  readonly rate: Decimal
}

const COLUMNS: readonly WantedColumn[] = [
  { name: 'timestamp_ms', alsoCalled: ['timestamp', 'time', 'date', 'datetime', 'funding_time', 'fundingtime', 'fundingratetimestamp', 'calc_time'] },
  { name: 'symbol', alsoCalled: [], optional: true },
  { name: 'rate', alsoCalled: ['funding_rate', 'fundingrate', 'last_funding_rate'] },
]
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/

/**
 * The settlements of a CSV text, rates as they are written. A file of several symbols needs `symbol`.
 *
 * @throws HedgerowError `DATA_EMPTY`, `DATA_INVALID`, `DATA_UNSORTED`
 */
export function readFundingCsv(path: string, bytes: Uint8Array, symbol?: string): readonly (readonly [timeMs: TimeMs, rate: string])[] {
  const { cursor, firstLine, fields } = openTable(path, bytes, COLUMNS)
  const rows: (readonly [TimeMs, string])[] = []
  const symbols = new Set<string>()
  for (let line = firstLine; !cursor.atEnd && !cursor.onlyBlanksLeft(); line++) {
    const texts = [cursor.text()]
    while (cursor.nextField()) texts.push(cursor.text())
    cursor.nextLine()
    const [time = '', own = '', rate = ''] = fields.map((field) => texts[field] ?? '')
    if (symbol !== undefined && own !== '' && own !== symbol) continue
    symbols.add(own)
    rows.push([readTime(`${path}, line ${line}`, time), readRate(`${path}, line ${line}`, rate)])
  }
  if (symbols.size > 1) throw new HedgerowError('DATA_INVALID', { where: path, found: `funding of ${[...symbols].join(', ')}`, expected: 'one symbol', remedy: 'Name the symbol that you want, or split the file.' })
  if (rows.length === 0) throw new HedgerowError('DATA_EMPTY', { where: path, found: `no row of ${symbol ?? 'any symbol'}`, expected: 'at least one settlement' })
  fundingOf(path, rows, (row) => `${path}, row ${row + 1}`)
  return rows
}

/**
 * Settlements of rows, with rates as decimals.
 *
 * @throws HedgerowError `DATA_INVALID` for a time or rate that cannot be, `DATA_UNSORTED`
 */
export function fundingOf(name: string, rows: readonly FundingRow[], nameOf: (row: number) => string = (row) => `${name}, row ${row + 1}`): readonly FundingSettlement[] {
  if (!Array.isArray(rows)) throw new HedgerowError('DATA_INVALID', { where: name, found: typeof rows, expected: 'rows [timeMs, rate]', remedy: 'Pass rows, or what loadFunding(path) returns.' })
  let before = Number.NEGATIVE_INFINITY
  return rows.map((given: unknown, row) => {
    const [at, rate] = Array.isArray(given) ? (given as readonly unknown[]) : []
    if (typeof at !== 'number' || !Number.isSafeInteger(at)) throw new HedgerowError('DATA_INVALID', { where: nameOf(row), found: `time ${String(at)}`, expected: '[timeMs, rate] with whole milliseconds UTC' })
    if (at <= before) throw new HedgerowError('DATA_UNSORTED', { where: nameOf(row), found: timeText(at), expected: `a time after ${timeText(before)}` })
    before = at
    return { at, rate: decimal(readRate(nameOf(row), isDecimal(rate) ? rate.toFixed() : String(rate))) }
  })
}

function readTime(where: string, text: string): TimeMs {
  const given = NUMBER.test(text) ? Number(text) * millisecondsPer(Number(text)) : parseTimeText(text)
  if (!Number.isSafeInteger(given)) throw new HedgerowError('DATA_INVALID', { where, found: `time "${text}"`, expected: 'milliseconds, seconds or an ISO 8601 time' })
  return given
}

/** A rate of 100 % or more of the position is a unit error (percent for fraction). */
function readRate(where: string, text: string): string {
  if (NUMBER.test(text) && Math.abs(Number(text)) < 1) return text
  throw new HedgerowError('DATA_INVALID', { where, found: `rate "${text}"`, expected: 'a fraction between -1 and 1, such as 0.0001' })
}
