/** `hedgerow data fetch`: history of a venue into the data folder, page by page; started again it goes on where it stopped. */
import { HedgerowError, MINUTE_MS, parseTimeframe, type LiveDriver, type SeriesId, type SeriesKind, type SeriesRows, type TimeMs, type VenueConnection } from '@hedgerow/core'
import { countText } from '@hedgerow/report/run'
import { loadDrivers } from '../backtest/drivers.ts'
import { dataFolder } from '../store/data-folder.ts'
import { ParquetCandleStore } from '../store/parquet-candle-store.ts'
import { concatRows } from '../store/rows.ts'
import { COLUMNS, KINDS, seriesText } from '../store/series.ts'
import { factLine, momentOfFlag, reporting, spanText, type DataFlags } from './data-options.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { ProgressLine } from './progress-line.ts'

/** Flags of the command. */
export interface FetchFlags extends DataFlags {
  readonly kinds?: string
  readonly url?: string
}

/** Rows that are kept in memory before they are stored. */
const ROWS_A_BATCH = 20_000
const DAYS_BACK = 365

/** Fetches every kind of every symbol. */
export async function dataFetchCommand(venue: string, symbols: readonly string[], flags: FetchFlags): Promise<ExitCode> {
  return await reporting(async () => {
    const live = await liveDriver(venue)
    const kinds = kindsOf(flags.kinds)
    const connection = await live.create(flags.url === undefined ? {} : { url: flags.url }, { clock: { now: () => Date.now() }, logger: { log: (_level, text) => { process.stderr.write(`${text}\n`) } } })
    const store = new ParquetCandleStore(dataFolder(flags.data, process.cwd()))
    const stop = new AbortController()
    const interrupt = (): void => { stop.abort() }
    process.once('SIGINT', interrupt)
    try {
      for (const symbol of symbols) for (const kind of kinds) await fetchOne(connection, store, { id: { venue, symbol, kind, timeframe: kind === 'funding' ? null : parseTimeframe(flags.timeframe ?? '1m').text }, flags, signal: stop.signal })
      return EXIT.done
    } finally {
      process.off('SIGINT', interrupt)
      await connection.close()
    }
  })
}

async function fetchOne(connection: VenueConnection, store: ParquetCandleStore, { id, flags, signal }: { readonly id: SeriesId; readonly flags: FetchFlags; readonly signal: AbortSignal }): Promise<void> {
  const end = momentOfFlag('--end', flags.end) ?? Date.now()
  const wanted = momentOfFlag('--start', flags.start) ?? end - DAYS_BACK * 86_400_000
  const stored = (await store.list()).find((series) => seriesText(series.id) === seriesText(id))
  const goesOn = stored !== undefined && stored.first <= wanted
  const start = goesOn ? Math.max(wanted, stored.last + 1) : wanted
  const progress = new ProgressLine()
  let [added, first, last]: [number, TimeMs | null, TimeMs | null] = [0, null, null]
  const keep = async (pages: readonly SeriesRows[]): Promise<void> => {
    if (pages.length === 0) return
    const rows = concatRows(COLUMNS[id.kind], pages)
    added += (await store.append(id, rows, 'replace')).added
    first ??= rows.time[0] ?? null
    last = rows.time.at(-1) ?? last
  }
  let [batch, count]: [SeriesRows[], number] = [[], 0]
  if (start < end - (id.kind === 'funding' ? 0 : MINUTE_MS)) {
    for await (const page of connection.history({ ...id, start, end })) {
      batch.push(page)
      count += page.time.length
      if (process.stderr.isTTY) progress.show(Math.min(1, ((page.time.at(-1) ?? start) - start) / (end - start)))
      if (count < ROWS_A_BATCH && !signal.aborted) continue
      await keep(batch)
      batch = []
      count = 0
      if (signal.aborted) break
    }
    await keep(batch)
  }
  progress.clear()
  process.stdout.write(`  ${seriesText(id)}\n${factLine('fetched', first === null || last === null ? `nothing new${goesOn ? `, stored up to ${new Date(stored.last).toISOString().slice(0, 16)}Z` : ''}` : `${countText(added)} new rows, ${spanText(first, last)}`)}\n`)
  if (signal.aborted) throw new HedgerowError('RUN_INTERRUPTED', { found: `stopped within ${seriesText(id)}`, expected: 'a fetch to its end', remedy: 'Start it again: it goes on where it stopped.' })
}

async function liveDriver(name: string): Promise<LiveDriver<unknown>> {
  const known = (await loadDrivers()).flatMap(({ manifest, live }) => (live === null ? [] : [{ name: manifest.name, live }]))
  const found = known.find((driver) => driver.name === name)
  if (found !== undefined) return found.live
  throw new HedgerowError('LIVE_UNSUPPORTED', { where: 'venue', found: `"${name}"`, expected: `one of ${known.map((driver) => driver.name).join(', ')}` })
}

function kindsOf(text: string = 'candles,marks,funding'): readonly SeriesKind[] {
  return text.split(',').map((name) => {
    const kind = KINDS.find((each) => each === name.trim())
    if (kind === undefined) throw new HedgerowError('USAGE_INVALID', { where: '--kinds', found: `"${name}"`, expected: KINDS.join(', ') })
    return kind
  })
}
