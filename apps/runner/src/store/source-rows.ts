/** Rows as a file gives them, and which of its columns they come from. */
import { HedgerowError, type SeriesKind, type SeriesRows } from '@hedgerow/core'
import { columnName, type WantedColumn } from '../data/csv-table.ts'
import { COLUMNS, TIME } from './series.ts'

/** A row that cannot be right. */
export interface Violation {
  /** Its number in the file. */
  readonly number: number
  /** File and line, or row group and row. */
  readonly where: string
  readonly found: string
  readonly expected: string
}

/** What a reader made of a file: rows in its order, unchecked. */
export interface SourceRows {
  readonly kind: SeriesKind
  /** Times in ms. */
  readonly rows: SeriesRows
  /** For every row its number in the file. */
  readonly numbers: Float64Array
  /** Names a row of the file by its number. */
  readonly placeOf: (number: number) => string
  /** Rows that could not be read; they are not among the rows. */
  readonly violations: readonly Violation[]
  /** The symbol that the file itself names; null where it names none. */
  readonly symbol: string | null
}

/** Units of a time column. */
export const TIME_UNITS = ['ms', 's', 'us', 'ns'] as const

/** One of {@link TIME_UNITS}. */
export type TimeUnit = (typeof TIME_UNITS)[number]

/** How a file is to be read, where it does not say so itself. */
export interface SourceLayout {
  readonly kind?: SeriesKind | undefined
  /** By our name of a column its name in the file. */
  readonly columns: Readonly<Record<string, string>>
  readonly timeUnit?: TimeUnit | undefined
  /** Rows of other symbols are left out. */
  readonly symbol?: string | undefined
}

/** Name of the column that tells symbols apart. */
export const SYMBOL = 'symbol'

const ALSO_CALLED: Readonly<Record<string, readonly string[]>> = {
  [TIME]: ['timestamp', 'time', 'date', 'datetime', 'open_time', 'opentime', 'start', 'ts', 'unix', 'funding_time', 'fundingtime', 'fundingratetimestamp', 'calc_time'],
  volume: ['vol', 'base_volume'],
  rate: ['funding_rate', 'fundingrate', 'last_funding_rate'],
}

/** The columns to look for: time and values, then the symbol. Candles without a header have other columns there: Binance's files turnover and counts. */
export function wantedColumns(kind: SeriesKind, given: SourceLayout['columns']): readonly WantedColumn[] {
  const own = [TIME, ...COLUMNS[kind]]
  const unknown = Object.keys(given).find((name) => !own.includes(name) && name !== SYMBOL && name !== 'time')
  if (unknown !== undefined) throw new HedgerowError('USAGE_INVALID', { where: '--column', found: `"${unknown}"`, expected: `one of time, ${COLUMNS[kind].join(', ')}, ${SYMBOL}, the columns of ${kind}` })
  return [...own, SYMBOL].map((name): WantedColumn => {
    const called = given[name] ?? (name === TIME ? given['time'] : undefined)
    const optional = name === SYMBOL ? { optional: true, namedOnly: kind !== 'funding' } : {}
    return called === undefined ? { name, alsoCalled: ALSO_CALLED[name] ?? [], ...optional } : { name: columnName(called), alsoCalled: [] }
  })
}

/** The kind that column names speak of; null when they do not. */
export function kindOfColumns(names: readonly string[], given: SourceLayout['columns']): SeriesKind | null {
  const has = (column: string): boolean => given[column] !== undefined || [column, ...(ALSO_CALLED[column] ?? [])].some((name) => names.includes(name))
  if (has('rate')) return 'funding'
  if (!has('close')) return null
  if (has('volume')) return 'candles'
  // Candles whose volume has another name are no marks.
  return names.some((name) => name.includes('vol')) ? null : 'marks'
}

const MS_PER: Readonly<Record<TimeUnit, (time: number) => number>> = {
  s: (time) => Math.round(time * 1e6) / 1e3, ms: (time) => time, us: (time) => time / 1e3, ns: (time) => Math.round(time / 1e3) / 1e3,
}

/** Makes a time column one of milliseconds; a unit that is not given shows in the size of the first time. */
export function toMilliseconds(time: Float64Array, unit?: TimeUnit): Float64Array {
  const first = time[0] ?? 0
  const found = unit ?? (first < 1e11 ? 's' : first < 1e14 ? 'ms' : first < 1e17 ? 'us' : 'ns')
  return found === 'ms' ? time : time.map(MS_PER[found])
}
