/** Marks and index prices, row by row beside the candles that they belong to. */
import { candleTime, cell, HedgerowError, isMissing, timeText, type CandleColumns } from '@hedgerow/core'
import { PRICES } from '../data/check-candles.ts'
import { placedOn } from './grid.ts'

/** Marks of the same spacing as the candles. */
export interface FineMarks {
  readonly marks: CandleColumns
  /** Candles beside which the series has none: the last price is their mark. Absent where there are none. */
  readonly lastAsMark?: number
}

/** What was made of a series for the candles that it belongs to, while both live. Neither changes. */
type Beside<Value> = WeakMap<CandleColumns, WeakMap<CandleColumns, Value>>
const knownMarks: Beside<FineMarks> = new WeakMap()
const knownIndexes: Beside<CandleColumns> = new WeakMap()

/**
 * Marks beside each candle. Where the series has none the candle stands in, as it does without any series: a gap would hide what it liquidates.
 *
 * @throws HedgerowError `CONFIG_INVALID` for marks that lie between the candles.
 */
export function marksBeside(symbol: string, marked: CandleColumns, candles: CandleColumns): FineMarks {
  return once(knownMarks, [marked, candles], () => {
    if ((marked.start - candles.start) % candles.step !== 0) {
      throw new HedgerowError('CONFIG_INVALID', { where: `marks of ${symbol}`, found: `marks from ${timeText(marked.start)}`, expected: `marks on the grid of the candles, which starts at ${timeText(candles.start)}` })
    }
    const marks = placedBeside(marked, candles)
    const first = nextLacking(marks, candles, 0)
    return first === candles.length ? { marks } : filledFrom(first, marks, candles)
  })
}

/**
 * Index prices beside each candle: nothing stands in for one that is missing.
 *
 * @throws HedgerowError `CONFIG_INVALID` for prices of another spacing or between the candles, `DATA_GAP` for a candle without one.
 */
export function indexesBeside(symbol: string, indexes: CandleColumns, candles: CandleColumns): CandleColumns {
  return once(knownIndexes, [indexes, candles], () => {
    const where = `indexes of ${symbol}`
    if (indexes.step !== candles.step || (indexes.start - candles.start) % candles.step !== 0) {
      throw new HedgerowError('CONFIG_INVALID', { where, found: `one every ${indexes.step} ms from ${timeText(indexes.start)}`, expected: `index candles on the grid of the candles, one every ${candles.step} ms from ${timeText(candles.start)}` })
    }
    const placed = placedBeside(indexes, candles)
    const lacking = nextLacking(placed, candles, 0)
    if (lacking < candles.length) throw new HedgerowError('DATA_GAP', { where, found: `none at ${timeText(candleTime(candles, lacking))}`, expected: 'an index candle beside each candle', remedy: 'Complete the series.' })
    return placed
  })
}

function once<Value>(known: Beside<Value>, [series, candles]: readonly [CandleColumns, CandleColumns], make: () => Value): Value {
  const of = known.get(series) ?? new WeakMap<CandleColumns, Value>()
  const value = of.get(candles) ?? make()
  known.set(series, of)
  of.set(candles, value)
  return value
}

function placedBeside(columns: CandleColumns, candles: CandleColumns): CandleColumns {
  return placedOn(columns, { start: candles.start, end: candleTime(candles, candles.length), step: candles.step })
}

/** The first row from `from` on that has a candle and nothing beside it; the number of candles where there is none. */
function nextLacking(beside: CandleColumns, candles: CandleColumns, from: number): number {
  let row = from
  while (row < candles.length && !(isMissing(beside, row) && !isMissing(candles, row))) row++
  return row
}

function filledFrom(first: number, marks: CandleColumns, candles: CandleColumns): FineMarks {
  const filled = { ...marks, open: marks.open.slice(), high: marks.high.slice(), low: marks.low.slice(), close: marks.close.slice() }
  let lastAsMark = 0
  for (let row = first; row < candles.length; row = nextLacking(marks, candles, row + 1)) {
    for (const name of PRICES) filled[name][row] = cell(candles[name], row)
    lastAsMark++
  }
  return { marks: filled, lastAsMark }
}
