/** The prices beside imported fills: candles that were given, or the prices of the fills themselves, all on one grid. */
import { candleTime, cell, DAY_MS, doubleOf, HedgerowError, MINUTE_MS, timeText, type CandleColumns, type TimeMs } from '@hedgerow/core'
import { FILL_PRICES, type RunData, type RunMarket } from '../finished-run.ts'
import type { ImportedRow } from './imported-file.ts'

/** Candles of one symbol, with where they are from. */
export interface ImportCandles {
  readonly columns: CandleColumns
  readonly source: string
  readonly synthetic: boolean
  readonly hash: string
}

/** Prices of every symbol over the window of the rows. */
export interface ImportMarket {
  readonly start: TimeMs
  /** End of the candle of the last row. */
  readonly end: TimeMs
  readonly markets: readonly (RunMarket & { readonly candles: CandleColumns })[]
  readonly data: readonly RunData[]
  /** Symbols whose only prices are those of their fills. */
  readonly withoutCandles: readonly string[]
}

const STEPS: readonly number[] = [MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, 60 * MINUTE_MS, 240 * MINUTE_MS, DAY_MS]
/** Of all symbols together: a column is eight bytes a candle. */
const MOST_CANDLES = 4_000_000

/**
 * The market of the rows.
 *
 * @throws HedgerowError `UNKNOWN_SYMBOL` for candles of a symbol that no row names, `CONFIG_INVALID` for candles on different grids,
 * `DATA_EMPTY` where the candles do not cover the rows.
 */
export function importMarket(rows: readonly ImportedRow[], given: ReadonlyMap<string, ImportCandles>): ImportMarket {
  const symbols = [...new Set(rows.map(({ symbol }) => symbol))]
  for (const symbol of given.keys()) if (!symbols.includes(symbol)) throw new HedgerowError('UNKNOWN_SYMBOL', { where: '--candles', found: `"${symbol}"`, expected: `a symbol of the fills: ${symbols.join(', ')}` })
  const [first, last] = [rows[0]?.at ?? 0, rows.at(-1)?.at ?? 0]
  const step = stepOf(given, { span: last - first, symbols: symbols.length })
  const origin = [...given.values()][0]?.columns.start ?? 0
  const start = origin + Math.floor((first - origin) / step) * step
  const length = Math.floor((last - start) / step) + 1
  const markets = symbols.map((symbol) => {
    const candles = given.get(symbol)
    return { symbol, marks: null, candles: candles === undefined ? fillPrices(rows.filter((row) => row.symbol === symbol), { start, step, length }) : covered(symbol, candles, { start, step, length }) }
  })
  return {
    start, end: start + length * step, markets, withoutCandles: symbols.filter((symbol) => !given.has(symbol)),
    data: markets.map(({ symbol, candles }) => dataRow(symbol, candles, given.get(symbol))),
  }
}

interface Grid {
  readonly start: TimeMs
  readonly step: number
  readonly length: number
}

function stepOf(given: ReadonlyMap<string, ImportCandles>, { span, symbols }: { readonly span: number; readonly symbols: number }): number {
  const [first, ...others] = [...given]
  if (first === undefined) return STEPS.find((step) => (span / step) * symbols <= MOST_CANDLES) ?? DAY_MS
  const { step, start } = first[1].columns
  const other = others.find(([, { columns }]) => columns.step !== step || (columns.start - start) % step !== 0)
  if (other !== undefined) throw new HedgerowError('CONFIG_INVALID', { where: `--candles of ${other[0]}`, found: `one every ${other[1].columns.step} ms from ${timeText(other[1].columns.start)}`, expected: `the grid of ${first[0]}: one every ${step} ms from ${timeText(start)}` })
  return step
}

/** The part of the candles that lies in the window. */
function covered(symbol: string, { columns, source }: ImportCandles, { start, step, length }: Grid): CandleColumns {
  const from = (start - columns.start) / step
  const to = from + length
  if (from < 0 || to > columns.length) {
    throw new HedgerowError('DATA_EMPTY', {
      where: `--candles of ${symbol}, ${source}`, found: `candles from ${timeText(columns.start)} to ${timeText(candleTime(columns, columns.length))}`,
      expected: `candles over the whole export, from ${timeText(start)} to ${timeText(start + length * step)}`, remedy: 'Load candles over the whole window, or leave them out: the prices are then those of the fills.',
    })
  }
  const cut = (column: Float64Array): Float64Array => column.subarray(from, to)
  return { start, step, length, open: cut(columns.open), high: cut(columns.high), low: cut(columns.low), close: cut(columns.close), volume: cut(columns.volume) }
}

/** Candles of the fills alone: a candle without one is missing. */
function fillPrices(rows: readonly ImportedRow[], { start, step, length }: Grid): CandleColumns {
  const column = (): Float64Array => new Float64Array(length).fill(Number.NaN)
  const candles = { start, step, length, open: column(), high: column(), low: column(), close: column(), volume: new Float64Array(length) }
  for (const row of rows) {
    if (row.type !== 'fill') continue
    const index = Math.floor((row.at - start) / step)
    const price = doubleOf(row.price)
    const isFirst = Number.isNaN(cell(candles.close, index))
    if (isFirst) candles.open[index] = price
    candles.high[index] = isFirst ? price : Math.max(cell(candles.high, index), price)
    candles.low[index] = isFirst ? price : Math.min(cell(candles.low, index), price)
    candles.close[index] = price
    candles.volume[index] = cell(candles.volume, index) + doubleOf(row.qty)
  }
  return candles
}

function dataRow(symbol: string, candles: CandleColumns, given: ImportCandles | undefined): RunData {
  const missing = candles.close.reduce((count, price) => (Number.isNaN(price) ? count + 1 : count), 0)
  return {
    symbol, source: given?.source ?? FILL_PRICES, synthetic: given?.synthetic ?? false, hash: given?.hash ?? '', candles: candles.length - missing, missing: given === undefined ? 0 : missing,
    start: candles.start, end: candleTime(candles, candles.length),
  }
}
