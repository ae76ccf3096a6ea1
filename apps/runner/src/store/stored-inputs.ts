/** The candles, funding and marks of a run from the data folder, by symbol and range. */
import { HedgerowError, parseTimeframe, timeframeOf, timeText, type SeriesId, type SeriesKind, type TimeMs, type TimeRange } from '@hedgerow/core'
import type { CandleData } from '../data/candle-data.ts'
import { notStored, seriesThatFit } from './choose-series.ts'
import { fundingRows } from './load-parquet.ts'
import { ParquetCandleStore } from './parquet-candle-store.ts'
import { spanOf, type SeriesSpan } from './series-files.ts'
import { seriesFlags, seriesText, stepOf, SYNTHETIC } from './series.ts'

/** What a run needs of the data folder. */
export interface StoredRequest {
  /** The data folder, absolute. */
  readonly folder: string
  /** Where more than one venue has a symbol; made-up data counts only where it is named, or there is no other. */
  readonly venue?: string | undefined
  readonly symbols: readonly string[]
  /** Of all routes and data routes: the candles must be whole parts of each. */
  readonly timeframes: readonly string[]
  /** Spacing of candles that were given as files, in ms: the stored ones must have the same. */
  readonly step?: number | undefined
  /** Of the run, without its warm-up. */
  readonly range: TimeRange
  /** Bars of the longest timeframe before the range. */
  readonly warmupCandles: number
}

/** What is stored for a symbol. Funding and marks are null where there are none. */
export interface StoredInputs {
  readonly candles: CandleData
  /** The series of the candles. */
  readonly series: SeriesId
  readonly funding: readonly (readonly [timeMs: TimeMs, rate: string])[] | null
  readonly marks: CandleData | null
}

/**
 * Loads for each symbol the shortest candles that all of them have, that the timeframes can be built from and that cover the range,
 * with the funding and the marks of the same venue.
 *
 * @throws HedgerowError `DATA_NOT_STORED`, `DATA_AMBIGUOUS`, `DATA_EMPTY`
 */
export async function storedInputs(request: StoredRequest): Promise<ReadonlyMap<string, StoredInputs>> {
  const { range, warmupCandles, timeframes } = request
  const longest = Math.max(0, ...timeframes.map((text) => parseTimeframe(text).ms))
  const wanted = { start: range.start === undefined ? undefined : range.start - warmupCandles * longest, end: range.end }
  const inputs = new Map<string, StoredInputs>()
  for (const id of await candlesFor(request)) inputs.set(id.symbol, await load(request.folder, id, wanted))
  return inputs
}

async function load(folder: string, id: SeriesId, range: TimeRange): Promise<StoredInputs> {
  const store = new ParquetCandleStore(folder)
  const candles = await store.candles(id, range)
  const window = { start: candles.start, end: candles.start + candles.length * candles.step }
  const beside = (kind: SeriesKind): readonly SeriesId[] => seriesThatFit(folder, { venue: id.venue, symbol: id.symbol, kind })
  const [funding] = beside('funding')
  const marks = await firstOverlapping(folder, beside('marks'), window)
  return { candles, series: id, funding: funding === undefined ? null : await fundingWithin(store, funding, window), marks: marks === null ? null : await store.candles(marks, window) }
}

/** One series for each symbol, all of one spacing. */
async function candlesFor(request: StoredRequest): Promise<readonly SeriesId[]> {
  const { folder, symbols, range } = request
  const usable = symbols.map((symbol) => usableSeries(symbol, request))
  const steps = (usable[0] ?? []).map(stepOf).filter((step) => usable.every((series) => series.some((id) => stepOf(id) === step)))
  if (steps.length === 0) throw new HedgerowError('DATA_NOT_STORED', { where: folder, found: usable.flat().map(seriesText).join('; '), expected: `candles of ${symbols.join(' and ')} of one spacing`, remedy: 'Import candles of the same spacing for each symbol.' })
  const missing: SeriesSpan[] = []
  for (const step of steps) {
    const spans = (await Promise.all(usable.flat().filter((id) => stepOf(id) === step).map((id) => spanOf(folder, id)))).filter((span) => span !== null)
    const short = spans.filter((span) => !covers(span, range))
    if (short.length === 0) return spans.map(({ id }) => id)
    missing.push(...short)
  }
  throw notCovered(folder, missing, range)
}

/** Series of a symbol that the timeframes can be built from, the shortest first. */
function usableSeries(symbol: string, { folder, venue, timeframes, step }: StoredRequest): readonly SeriesId[] {
  const wanted = { venue, symbol, kind: 'candles' as const }
  const named = seriesThatFit(folder, wanted)
  if (named.length === 0) throw notStored(folder, wanted)
  const real = named.filter((id) => id.venue !== SYNTHETIC)
  const all = real.length === 0 ? named : real
  const venues = [...new Set(all.map((id) => id.venue))]
  if (venues.length > 1) throw new HedgerowError('DATA_AMBIGUOUS', { where: folder, found: `${symbol} of ${venues.join(', ')}`, expected: 'one venue', remedy: `Choose one: --venue ${venues[0]}, or data: { venue: '${venues[0]}' }.` })
  const usable = all.filter((id) => timeframes.every((text) => parseTimeframe(text).ms % (stepOf(id) ?? 1) === 0) && (step === undefined || stepOf(id) === step))
  if (usable.length > 0) return usable
  const spacing = step === undefined ? '' : `, spaced ${timeframeOf(step).text} as the given candles are`
  throw new HedgerowError('DATA_NOT_STORED', { where: folder, found: all.map(seriesText).join('; '), expected: `candles of ${symbol} that ${timeframes.join(' and ')} can be built from${spacing}`, remedy: 'Import such candles, or choose other timeframes.' })
}

function covers({ id, first, last }: SeriesSpan, { start = first, end }: TimeRange): boolean {
  return first <= start && last + (stepOf(id) ?? 0) >= (end ?? start + 1)
}

function notCovered(folder: string, spans: readonly SeriesSpan[], { start, end }: TimeRange): HedgerowError {
  const stored = spans.map(({ id, first, last }) => `${seriesText(id)} from ${timeText(first)} to ${timeText(last + (stepOf(id) ?? 0))}`)
  const wanted = [...(start === undefined ? [] : [`from ${timeText(start)}`]), ...(end === undefined ? [] : [`to ${timeText(end)}`])].join(' ')
  const [id] = spans.map((span) => span.id)
  return new HedgerowError('DATA_NOT_STORED', { where: folder, found: stored.join('; '), expected: `candles ${wanted}`, remedy: `Import the rest: hedgerow data import FILE${id === undefined ? '' : ` ${seriesFlags(id)}`}. Or choose --start and --end within what is stored.` })
}

/** The shortest series that shares a moment with a window. */
async function firstOverlapping(folder: string, series: readonly SeriesId[], window: Required<TimeRange>): Promise<SeriesId | null> {
  for (const id of series) {
    const span = await spanOf(folder, id)
    if (span !== null && span.first < (window.end ?? 0) && span.last + (stepOf(id) ?? 0) > (window.start ?? 0)) return id
  }
  return null
}

/** Rates of the window; null where all lie outside. */
async function fundingWithin(store: ParquetCandleStore, id: SeriesId, { start, end }: Required<TimeRange>): Promise<StoredInputs['funding']> {
  const { time, columns: { rate = new Float64Array(0) } } = await store.rows(id, { start, end: (end ?? 0) + 1 })
  return time.length === 0 ? null : fundingRows(time, rate)
}
