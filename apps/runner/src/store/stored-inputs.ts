/** The candles, funding and marks of a run from the data folder, by symbol and range. */
import { HedgerowError, parseTimeframe, timeText, type SeriesId, type SeriesKind, type TimeMs, type TimeRange } from '@hedgerow/core'
import type { CandleData } from '../data/candle-data.ts'
import { notStored, seriesThatFit } from './choose-series.ts'
import { fundingRows } from './load-parquet.ts'
import { ParquetCandleStore } from './parquet-candle-store.ts'
import { spanOf, type SeriesSpan } from './series-files.ts'
import { seriesFlags, seriesText, stepOf } from './series.ts'

/** What a run needs of a symbol. */
export interface StoredRequest {
  /** The data folder, absolute. */
  readonly folder: string
  /** Where more than one venue has the symbol. */
  readonly venue?: string | undefined
  readonly symbol: string
  /** Of its routes and data routes: the candles must be whole parts of each. */
  readonly timeframes: readonly string[]
  /** Of the run, without its warm-up. */
  readonly range: TimeRange
  /** Bars of the longest timeframe before the range. */
  readonly warmupCandles: number
}

/** What is stored for a symbol. Funding and marks are null where there are none. */
export interface StoredInputs {
  readonly candles: CandleData
  readonly funding: readonly (readonly [timeMs: TimeMs, rate: string])[] | null
  readonly marks: CandleData | null
}

/**
 * Loads the shortest candles that the timeframes can be built from and that cover the range, with the funding and the marks of
 * the same venue.
 *
 * @throws HedgerowError `DATA_NOT_STORED`, `DATA_AMBIGUOUS`, `DATA_EMPTY`
 */
export async function storedInputs(request: StoredRequest): Promise<StoredInputs> {
  const { folder, symbol, range } = request
  const id = await candlesFor(request)
  const store = new ParquetCandleStore(folder)
  const longest = Math.max(0, ...request.timeframes.map((text) => parseTimeframe(text).ms))
  const start = range.start === undefined ? undefined : range.start - request.warmupCandles * longest
  const candles = await store.candles(id, { start, end: range.end })
  const window = { start: candles.start, end: candles.start + candles.length * candles.step }
  const beside = (kind: SeriesKind): readonly SeriesId[] => seriesThatFit(folder, { venue: id.venue, symbol, kind })
  const [funding] = beside('funding')
  const marks = await firstOverlapping(folder, beside('marks'), window)
  return { candles, funding: funding === undefined ? null : await fundingWithin(store, funding, window), marks: marks === null ? null : await store.candles(marks, window) }
}

async function candlesFor({ folder, venue, symbol, timeframes, range }: StoredRequest): Promise<SeriesId> {
  const wanted = { venue, symbol, kind: 'candles' as const }
  const all = seriesThatFit(folder, wanted)
  if (all.length === 0) throw notStored(folder, wanted)
  const venues = [...new Set(all.map((id) => id.venue))]
  if (venues.length > 1) throw new HedgerowError('DATA_AMBIGUOUS', { where: folder, found: `${symbol} of ${venues.join(', ')}`, expected: 'one venue', remedy: `Choose one: --venue ${venues[0]}, or data: { venue: '${venues[0]}' }.` })
  const parts = all.filter((id) => timeframes.every((text) => parseTimeframe(text).ms % (stepOf(id) ?? 1) === 0))
  if (parts.length === 0) throw new HedgerowError('DATA_NOT_STORED', { where: folder, found: all.map(seriesText).join('; '), expected: `candles of ${symbol} that ${timeframes.join(' and ')} can be built from`, remedy: 'Import shorter candles, or choose longer timeframes.' })
  const spans = (await Promise.all(parts.map((id) => spanOf(folder, id)))).filter((span) => span !== null)
  const covering = spans.find((span) => covers(span, range))
  if (covering !== undefined) return covering.id
  throw notCovered(folder, spans, range)
}

function covers({ id, first, last }: SeriesSpan, { start = first, end }: TimeRange): boolean {
  return first <= start && last + (stepOf(id) ?? 0) >= (end ?? start + 1)
}

function notCovered(folder: string, spans: readonly SeriesSpan[], { start, end }: TimeRange): HedgerowError {
  const stored = spans.map(({ id, first, last }) => `${seriesText(id)} from ${timeText(first)} to ${timeText(last + (stepOf(id) ?? 0))}`)
  const range = [start === undefined ? [] : [`from ${timeText(start)}`], end === undefined ? [] : [`to ${timeText(end)}`]].flat().join(' ')
  const [first] = spans
  return new HedgerowError('DATA_NOT_STORED', { where: folder, found: stored.join('; '), expected: `candles ${range}`, remedy: `Import the rest: hedgerow data import FILE${first === undefined ? '' : ` ${seriesFlags(first.id)}`}. Or choose another --start and --end.` })
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
