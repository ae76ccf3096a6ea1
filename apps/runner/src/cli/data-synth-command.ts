/** `hedgerow data synth`: made-up candles, marks and funding, stored as such. */
import { HedgerowError, parseTimeframe, type SeriesId, type SeriesRows } from '@hedgerow/core'
import { rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { CandleData } from '../data/candle-data.ts'
import { synthesizeCandles } from '../data/synthesize.ts'
import { synthesizeCarry } from '../data/synthesize-premium.ts'
import { countText } from '@hedgerow/report/run'
import { paintFor } from '../output/paint.ts'
import { dataFolder } from '../store/data-folder.ts'
import { ParquetCandleStore } from '../store/parquet-candle-store.ts'
import { seriesId, seriesText, SYNTHETIC } from '../store/series.ts'
import { factLine, momentOfFlag, reporting, spanText, type DataFlags } from './data-options.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'

/** Flags of the command; commander fills in the defaults. */
export interface SynthFlags extends DataFlags {
  readonly seed: string
  readonly symbol: string
  readonly timeframe: string
  readonly start: string
  readonly end: string
  readonly price: string
  readonly tickSize: string
  readonly volatility: string
  readonly volume: string
}

/** Makes up a market and stores its three series in the place of what was made up for the symbol before. */
export async function dataSynthCommand(flags: SynthFlags): Promise<ExitCode> {
  return await reporting(async () => {
    const store = new ParquetCandleStore(dataFolder(flags.data, process.cwd()))
    const seed = numberOf('--seed', flags.seed)
    const { ms: step, text: timeframe } = parseTimeframe(flags.timeframe)
    const id = seriesId({ venue: SYNTHETIC, symbol: flags.symbol, kind: 'candles', timeframe })
    const [start, end] = [momentOfFlag('--start', flags.start) ?? 0, momentOfFlag('--end', flags.end) ?? 0]
    if (end <= start) throw new HedgerowError('USAGE_INVALID', { where: '--end', found: flags.end, expected: `a moment after ${flags.start}` })
    const candles = synthesizeCandles({ seed, step, start: Math.ceil(start / step) * step, count: Math.max(1, Math.floor((end - start) / step)), price: numberOf('--price', flags.price), tickSize: flags.tickSize, annualVolatility: numberOf('--volatility', flags.volatility), meanVolume: numberOf('--volume', flags.volume) })
    const { marks, funding } = synthesizeCarry(candles, { seed, tickSize: flags.tickSize })
    const origin = `synthetic (seed ${seed})`
    rmSync(join(store.folder, id.venue, id.symbol), { recursive: true, force: true })
    process.stdout.write(`\n  ${paintFor(process.stdout)('title', origin)}  no market printed this\n`)
    for (const [series, rows] of [
      [id, rowsOf(candles, ['open', 'high', 'low', 'close', 'volume'])],
      [{ ...id, kind: 'marks' }, rowsOf(marks, ['open', 'high', 'low', 'close'])],
      [{ ...id, kind: 'funding', timeframe: null }, { time: Float64Array.from(funding, ([at]) => at), columns: { rate: Float64Array.from(funding, ([, rate]) => rate) } }],
    ] satisfies [SeriesId, SeriesRows][]) {
      if (rows.time.length === 0) continue
      await store.append(series, rows, 'fail', { origin })
      process.stdout.write(factLine('stored', `${seriesText(series)}, ${countText(rows.time.length)} rows, ${spanText(rows.time[0] ?? 0, rows.time.at(-1) ?? 0)}`))
    }
    process.stdout.write(`${factLine('in', relative(process.cwd(), store.folder) || '.')}\n`)
    return EXIT.done
  })
}

function rowsOf(data: CandleData, names: readonly ('open' | 'high' | 'low' | 'close' | 'volume')[]): SeriesRows {
  return { time: Float64Array.from({ length: data.length }, (_, index) => data.start + index * data.step), columns: Object.fromEntries(names.map((name) => [name, data[name]])) }
}

function numberOf(flag: string, text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw new HedgerowError('USAGE_INVALID', { where: flag, found: `"${text}"`, expected: 'a number' })
  return value
}
