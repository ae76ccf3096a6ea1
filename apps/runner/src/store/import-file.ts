/** Imports a file into a data folder. */
import { HedgerowError, type AppendReport, type OverlapRule, type SeriesId } from '@hedgerow/core'
import { isParquet, readDataFile } from '../data/read-file.ts'
import { checkRows, type CheckedRows } from './check-rows.ts'
import { idOfName, type PartialId } from './file-name.ts'
import type { ParquetCandleStore } from './parquet-candle-store.ts'
import type { Stamp } from './parquet-rows.ts'
import { readCsvRows } from './read-csv-rows.ts'
import { readParquetSource } from './read-parquet-source.ts'
import { seriesId, SYNTHETIC } from './series.ts'
import type { SourceLayout, SourceRows } from './source-rows.ts'

/** What the user says of a file; the rest is found out. */
export interface ImportOptions extends PartialId, Omit<SourceLayout, 'kind' | 'symbol'> {
  readonly overlap: OverlapRule
  /** Leaves out rows that cannot be right; otherwise one such row refuses the file. */
  readonly skipInvalid: boolean
  readonly onProgress?: (fraction: number) => void
  readonly signal?: AbortSignal
}

/** What came of a file. */
export interface ImportReport extends Omit<CheckedRows, 'timeframe'> {
  readonly path: string
  readonly id: SeriesId
  /** Null when the file was refused for its violations. */
  readonly stored: AppendReport | null
}

/**
 * Reads, checks and stores a file. All of it is checked before anything is stored.
 *
 * @throws HedgerowError `DATA_*`, `USAGE_INVALID` when venue or symbol are neither given nor found, `RUN_INTERRUPTED`.
 */
export async function importFile(store: ParquetCandleStore, path: string, options: ImportOptions): Promise<ImportReport> {
  const { overlap, skipInvalid, onProgress, signal } = options
  const named = idOfName(path)
  const bytes = await readDataFile(path)
  const layout: SourceLayout = { ...options, kind: options.kind ?? named.kind, symbol: options.symbol ?? named.symbol }
  const { stamp, ...source }: SourceRows & { readonly stamp: Stamp | null } = isParquet(bytes) ? await readParquetSource(path, bytes, layout) : { ...readCsvRows(path, bytes, layout), stamp: null }
  const { timeframe, ...checked } = checkRows(source, options.timeframe ?? stamp?.timeframe ?? named.timeframe ?? undefined)
  const id = identify(path, [{ ...options, kind: source.kind, timeframe: timeframe?.text ?? null }, stamp ?? {}, named, { symbol: source.symbol ?? undefined }])
  const origin = originOf(path, id, stamp)
  if (checked.rows.time.length === 0 && checked.violations.length === 0) throw new HedgerowError('DATA_EMPTY', { where: path, found: `no row of ${id.symbol}`, expected: 'at least one' })
  if (checked.violations.length > 0 && !skipInvalid) return { path, id, ...checked, stored: null }
  const stored = await store.append(id, checked.rows, overlap, { origin, ...(onProgress === undefined ? {} : { onProgress }), ...(signal === undefined ? {} : { signal }) })
  return { path, id, ...checked, stored }
}

/** The first of the sources that knows a part wins. */
function identify(path: string, known: readonly PartialId[]): SeriesId {
  const first = <Key extends keyof SeriesId>(key: Key): SeriesId[Key] | undefined => known.map((source) => source[key]).find((part) => part !== undefined)
  const [venue, symbol, kind] = [first('venue'), first('symbol'), first('kind')]
  if (venue !== undefined && symbol !== undefined && kind !== undefined) return seriesId({ venue, symbol, kind, timeframe: first('timeframe') ?? null })
  const missing = [...(venue === undefined ? ['--venue bybit-linear'] : []), ...(symbol === undefined ? ['--symbol ETHUSDT'] : [])].join(' ')
  throw new HedgerowError('USAGE_INVALID', { where: path, found: `no ${[...(venue === undefined ? ['venue'] : []), ...(symbol === undefined ? ['symbol'] : [])].join(' and no ')} in its name`, expected: 'a name such as binance-usdm_ETHUSDT_1m.csv.gz, or flags', remedy: `Say what it is, for instance: hedgerow data import ${path} ${missing}` })
}

/** Made-up rows stay labelled. */
function originOf(path: string, { venue }: SeriesId, stamp: Stamp | null): string | null {
  const origin = stamp?.origin ?? null
  if (origin !== null && venue !== SYNTHETIC) throw new HedgerowError('USAGE_INVALID', { where: path, found: `${origin} as data of ${venue}`, expected: `the venue ${SYNTHETIC}`, remedy: `Made-up data is stored as such: leave --venue out.` })
  return origin ?? (venue === SYNTHETIC ? SYNTHETIC : null)
}
