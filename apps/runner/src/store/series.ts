/** Series: their columns, their names for people, and their folders. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { HedgerowError, parseTimeframe, type SeriesId, type SeriesKind } from '@hedgerow/core'

/** Columns beside the time, in the order of files and hashes. */
export const COLUMNS: Readonly<Record<SeriesKind, readonly string[]>> = {
  candles: ['open', 'high', 'low', 'close', 'volume'],
  marks: ['open', 'high', 'low', 'close'],
  funding: ['rate'],
}

/** The kinds, in the order of lists. */
export const KINDS: readonly SeriesKind[] = ['candles', 'marks', 'funding']

/** The venue of everything that no market printed. */
export const SYNTHETIC = 'synthetic'

/** Name of the time column in every file. */
export const TIME = 'timestamp_ms'

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

/** `binance-usdm ETHUSDT candles 1m`: a series as people read it. */
export function seriesText({ venue, symbol, kind, timeframe }: SeriesId): string {
  return [venue, symbol, kind, ...(timeframe === null ? [] : [timeframe])].join(' ')
}

/** The flags that name a series on the command line. */
export function seriesFlags({ venue, symbol, kind, timeframe }: SeriesId): string {
  return `--venue ${venue} --symbol ${symbol} --kind ${kind}${timeframe === null ? '' : ` --timeframe ${timeframe}`}`
}

/** Milliseconds between two candles of a series; null for funding. */
export function stepOf({ timeframe }: SeriesId): number | null {
  return timeframe === null ? null : parseTimeframe(timeframe).ms
}

/**
 * A checked name with the canonical text of its timeframe.
 *
 * @throws HedgerowError `CONFIG_INVALID` for names that are no folder names, `TIMEFRAME_INVALID`.
 */
export function seriesId({ venue, symbol, kind, timeframe }: SeriesId): SeriesId {
  for (const [label, name] of Object.entries({ venue, symbol })) {
    if (!NAME.test(name)) throw new HedgerowError('CONFIG_INVALID', { where: label, found: `"${name}"`, expected: 'letters, digits, dots, dashes and underscores, such as ETHUSDT', remedy: `Choose another ${label}: it names a folder.` })
  }
  return { venue, symbol, kind, timeframe: kind === 'funding' || timeframe === null ? null : parseTimeframe(timeframe).text }
}

/** `<root>/<venue>/<symbol>/<kind>/<timeframe>` */
export function seriesFolder(root: string, { venue, symbol, kind, timeframe }: SeriesId): string {
  return join(root, venue, symbol, kind, timeframe ?? '')
}

/** The series that have a folder, in the order of venue, symbol, kind and length of the timeframe. */
export function seriesIn(root: string): readonly SeriesId[] {
  const series = foldersIn(root).flatMap((venue) => foldersIn(join(root, venue)).flatMap((symbol) => KINDS.flatMap((kind): SeriesId[] => {
    const folder = join(root, venue, symbol, kind)
    if (kind === 'funding') return foldersIn(join(root, venue, symbol)).includes(kind) ? [{ venue, symbol, kind, timeframe: null }] : []
    return foldersIn(folder).filter(isTimeframe).map((timeframe) => ({ venue, symbol, kind, timeframe })).sort((a, b) => (stepOf(a) ?? 0) - (stepOf(b) ?? 0))
  })))
  return series
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory() && NAME.test(entry.name)).map(({ name }) => name).sort()
  } catch {
    return []
  }
}

function isTimeframe(text: string): boolean {
  try {
    return parseTimeframe(text).text === text
  } catch {
    return false
  }
}
