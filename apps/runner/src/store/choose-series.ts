/** Finds the series that somebody means. */
import { HedgerowError, type SeriesId } from '@hedgerow/core'
import type { PartialId } from './file-name.ts'
import { seriesFlags, seriesIn, seriesText } from './series.ts'

/** Stored series that fit what is named; what is left out fits all. */
export function seriesThatFit(root: string, wanted: PartialId): readonly SeriesId[] {
  return seriesIn(root).filter((id) => fits(id, wanted))
}

/**
 * The one stored series that fits.
 *
 * @throws HedgerowError `DATA_NOT_STORED`, `DATA_AMBIGUOUS`
 */
export function chooseSeries(root: string, wanted: PartialId): SeriesId {
  const [first, ...others] = seriesThatFit(root, wanted)
  if (first === undefined) throw notStored(root, wanted)
  if (others.length > 0) throw new HedgerowError('DATA_AMBIGUOUS', { where: root, found: [first, ...others].map(seriesText).join('; '), expected: 'one series', remedy: `Name one, such as ${seriesFlags(first)}` })
  return first
}

/** The error for a series that is not there; it says what is. */
export function notStored(root: string, wanted: PartialId): HedgerowError {
  const text = [wanted.venue, wanted.symbol, wanted.kind, wanted.timeframe].filter((part) => part !== undefined && part !== null).join(' ')
  const stored = seriesIn(root)
  const near = stored.filter(({ symbol }) => symbol === wanted.symbol)
  const listed = (near.length > 0 ? near : stored).slice(0, 8).map(seriesText)
  return new HedgerowError('DATA_NOT_STORED', {
    where: root, found: stored.length === 0 ? 'no data yet' : `${listed.join('; ')}${stored.length > listed.length ? `; ${stored.length - listed.length} more` : ''}`, expected: text || 'a series',
    remedy: `Import a file: hedgerow data import FILE ${importFlags(wanted)}. What is stored: hedgerow data list. A backtest can also take a file: --candles FILE.`,
  })
}

/** `--venue VENUE --symbol ETHUSDT`, as far as they are known. */
function importFlags({ venue, symbol, kind }: PartialId): string {
  return [`--venue ${venue ?? 'VENUE'}`, `--symbol ${symbol ?? 'SYMBOL'}`, ...(kind === undefined || kind === 'candles' ? [] : [`--kind ${kind}`])].join(' ')
}

function fits(id: SeriesId, wanted: PartialId): boolean {
  return (['venue', 'symbol', 'kind', 'timeframe'] as const).every((key) => wanted[key] === undefined || wanted[key] === id[key])
}
