/** Brings the candles of all symbols onto one grid: the union of their ranges, cut at the end of the run. */
import { areKept, candleTime, HedgerowError, keepBetweenRuns, timeframeOf, timeText, type CandleColumns, type TimeMs } from '@hedgerow/core'

/** The grid of a run. */
export interface Grid {
  readonly start: TimeMs
  readonly end: TimeMs
  readonly step: number
}

/**
 * The union of the ranges, ending no later than `end`.
 *
 * @throws HedgerowError `CONFIG_INVALID` when spacings differ or candles of two symbols do not start on the same grid, `DATA_EMPTY` without candles.
 */
export function unionGrid(series: ReadonlyMap<string, CandleColumns>, end: TimeMs | undefined): Grid {
  const [first, ...others] = [...series]
  if (first === undefined) throw new HedgerowError('DATA_EMPTY', { where: 'candles', found: 'no symbol', expected: 'candles of every routed symbol' })
  const [name, { step, start }] = first
  for (const [symbol, other] of others) {
    if (other.step !== step || (other.start - start) % step !== 0) {
      throw new HedgerowError('CONFIG_INVALID', {
        where: `candles of ${symbol}`, found: `${timeframeOf(other.step).text} candles from ${timeText(other.start)}`,
        expected: `${timeframeOf(step).text} candles on the grid of ${name}, which starts at ${timeText(start)}`,
      })
    }
  }
  const all = [...series.values()]
  const lastEnd = Math.max(...all.map((columns) => candleTime(columns, columns.length)))
  return { start: Math.min(...all.map((columns) => columns.start)), end: Math.min(lastEnd, end ?? lastEnd), step }
}

/** What was placed last: run after run asks for the same grid. */
const lastPlaced = new WeakMap<CandleColumns, { readonly grid: Grid; readonly placed: CandleColumns }>()

/**
 * The columns on the grid: candles that the source lacks are rows of NaN. Without a copy where they fit already, else the same for the same grid
 * as the last time.
 */
export function onGrid(columns: CandleColumns, grid: Grid): CandleColumns {
  const last = lastPlaced.get(columns)
  if (last?.grid.start === grid.start && last.grid.end === grid.end && last.grid.step === grid.step) return last.placed
  const placed = placedOn(columns, grid)
  if (areKept(columns)) keepBetweenRuns(placed)
  lastPlaced.set(columns, { grid, placed })
  return placed
}

/** The same, made anew. */
export function placedOn(columns: CandleColumns, grid: Grid): CandleColumns {
  const length = Math.max(0, Math.ceil((grid.end - grid.start) / grid.step))
  const offset = (columns.start - grid.start) / grid.step
  if (offset === 0 && columns.length === length) return columns
  const place = (column: Float64Array): Float64Array => {
    if (offset === 0 && columns.length >= length) return column.subarray(0, length)
    const placed = new Float64Array(length).fill(Number.NaN)
    placed.set(column.subarray(Math.max(0, -offset), Math.max(0, length - offset)), Math.max(0, offset))
    return placed
  }
  const { open, high, low, close, volume } = columns
  return { start: grid.start, step: grid.step, length, open: place(open), high: place(high), low: place(low), close: place(close), volume: place(volume) }
}
