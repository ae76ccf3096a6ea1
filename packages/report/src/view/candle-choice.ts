/** Which candles a page takes along: all of them, or those around fills and longer ones over the rest. */
import type { PriceCandles } from '../finished-run.ts'

/** With more candles than this in a run, only those around its fills are kept. They take about three bytes each. */
export const MOST_CANDLES = 360_000

/** Longer candles over the whole of such a run: at most so many. */
const MOST_COARSE = 36_000

const COARSER: readonly number[] = [5, 15, 30, 60, 240, 1440]

/** Rows `from` to `to`, exclusive. */
export interface CandleRange {
  readonly from: number
  readonly to: number
}

/** The ranges of real candles to keep: as wide around each fill as the budget allows. */
export function keptRanges(candles: PriceCandles, { fillTimes, budget }: { readonly fillTimes: readonly number[]; readonly budget: number }): readonly CandleRange[] {
  const { start, step, length } = candles
  if (length <= budget) return [{ from: 0, to: length }]
  const rows = [...new Set(fillTimes.map((at) => Math.floor((at - start) / step)))].sort((a, b) => a - b)
  if (rows.length === 0) return []
  let [narrow, wide] = [0, length]
  while (wide - narrow > 1) {
    const radius = Math.floor((narrow + wide) / 2)
    const kept = around(rows, radius, length).reduce((sum, { from, to }) => sum + to - from, 0)
    if (kept <= budget) narrow = radius
    else wide = radius
  }
  return around(rows, narrow, length)
}

function around(rows: readonly number[], radius: number, length: number): CandleRange[] {
  const ranges: { from: number; to: number }[] = []
  for (const row of rows) {
    const [from, to] = [Math.max(0, row - radius), Math.min(length, row + radius + 1)]
    const last = ranges.at(-1)
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to)
    else ranges.push({ from, to })
  }
  return ranges
}

/** The whole run in longer candles, few enough; on the grid of their length. */
export function coarseCandles(candles: PriceCandles): PriceCandles {
  const factor = COARSER.find((times) => candles.length / times <= MOST_COARSE) ?? Math.ceil(candles.length / MOST_COARSE)
  return longerCandles(candles, factor)
}

function longerCandles({ start, step, length, open, high, low, close }: PriceCandles, factor: number): PriceCandles {
  const longer = factor * step
  const first = Math.floor(start / longer)
  const rows = Math.floor((start + (length - 1) * step) / longer) - first + 1
  const column = (): Float64Array => new Float64Array(rows).fill(Number.NaN)
  const made = { start: first * longer, step: longer, length: rows, open: column(), high: column(), low: column(), close: column() }
  for (let index = 0; index < length; index++) {
    const price = close[index] ?? Number.NaN
    if (Number.isNaN(price)) continue
    const row = Math.floor((start + index * step) / longer) - first
    if (Number.isNaN(made.close[row])) {
      made.open[row] = open[index] ?? price
      made.high[row] = high[index] ?? price
      made.low[row] = low[index] ?? price
    }
    made.high[row] = Math.max(made.high[row] ?? price, high[index] ?? price)
    made.low[row] = Math.min(made.low[row] ?? price, low[index] ?? price)
    made.close[row] = price
  }
  return made
}
