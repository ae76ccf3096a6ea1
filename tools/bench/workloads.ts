/** The workloads of the bench, in the order in which they run. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { loadCandles, type RouteInput } from 'hedgerow'
import { CandleData } from '../../apps/runner/src/data/candle-data.ts'
import HedgeGrid from '../../examples/hedge-grid.ts'
import { sharedFolder } from '../../test/support/shared.ts'
import { account, HOUR, route, terms, WARMUP } from './account.ts'
import { readData } from './data.ts'
import { busy } from './floor-busy.ts'
import { CROSS, emaCross } from './floor-cross.ts'
import { idleHours, idleMinutes } from './floor-idle.ts'
import { FEW_YEARS, MANY_YEARS, memoryPerOrder, memoryPerYear } from './measure-memory.ts'
import { measureRun, type Run } from './measure-run.ts'
import { measureStart, startAbsent } from './measure-start.ts'
import { measureSweep } from './measure-sweep.ts'
import { Busy } from './strategies/busy.ts'
import EmaCross from './strategies/ema-cross.ts'
import { Idle } from './strategies/idle.ts'
import { symbolName, type Workload } from './workload.ts'

const ONE_YEAR = { years: [1], symbols: 1 } as const
const NO_DATA = { years: [], symbols: 0 } as const

/** A year of one symbol. */
function yearly(strategy: RouteInput['strategy'], timeframe: string, { mode = 'one-way', floor }: { readonly mode?: 'one-way' | 'hedge'; readonly floor: Run['floor'] }): Workload['measure'] {
  return (folder) => {
    const candles = readData(folder, { years: 1, symbol: 0 })
    return measureRun({ options: { ...account(mode, [route(strategy, timeframe)]), candles: { [symbolName(0)]: candles } }, candles, count: candles.length, floor })
  }
}

const crossFloor = (both: boolean): Run['floor'] => (candles) => emaCross(candles, { params: CROSS, warmup: WARMUP * HOUR, both })

/** Real minutes of a violent month, whose candles nobody made for a bench. */
const REAL = 'data/candles/binance-usdm_ETHUSDT_1m_2025-01-27_2025-02-26.csv.gz'

async function real(): ReturnType<typeof measureRun> {
  const candles = await loadCandles(join(sharedFolder() ?? '', REAL))
  return await measureRun({ options: { ...account('hedge', [route(EmaCross, '1h')]), candles: { [symbolName(0)]: candles } }, candles, count: candles.length, floor: crossFloor(true) })
}

const later = (column: Float64Array): Float64Array => column.subarray(HOUR)

/** As a venue's own data are: marks that begin later than the candles, and a funding rate every eight hours. */
function venueData(folder: string): ReturnType<typeof measureRun> {
  const candles = readData(folder, { years: 1, symbol: 0 })
  const { start, step, length } = candles
  const marks = new CandleData(
    { start: start + HOUR * step, step, length: length - HOUR, open: later(candles.open), high: later(candles.high), low: later(candles.low), close: later(candles.close), volume: later(candles.volume) },
    { source: candles.source, gaps: [], synthetic: true },
  )
  const funding = Array.from({ length: Math.floor(length / (8 * HOUR)) }, (_, index) => [start + index * 8 * HOUR * step, '0.0001'] as const)
  const name = symbolName(0)
  return measureRun({ options: { ...account('hedge', [route(EmaCross, '1h')]), candles: { [name]: candles }, marks: { [name]: marks }, funding: { [name]: funding } }, candles, count: length, floor: null })
}

function symbols(count: number): Workload {
  return {
    name: `symbols-${count}`, what: `ema-cross-hedge on ${count} ${count === 1 ? 'symbol' : 'symbols'} in one cross account`, data: { years: [1], symbols: count }, goal: null,
    measure: (folder) => {
      const all = Array.from({ length: count }, (_, symbol) => readData(folder, { years: 1, symbol }))
      const [candles] = all
      if (candles === undefined) throw new Error('no symbols')
      return measureRun({
        options: { ...account('hedge', all.map((_, symbol) => route(EmaCross, '1h', symbol))), candles: Object.fromEntries(all.map((data, symbol) => [symbolName(symbol), data])) },
        candles, count: count * candles.length, floor: null,
      })
    },
  }
}

export const WORKLOADS: readonly Workload[] = [
  {
    name: 'idle-1m', what: 'a strategy that does nothing, called at every minute', data: ONE_YEAR, goal: { value: 37, floor: 1.5 },
    measure: yearly(Idle, '1m', { floor: (candles) => idleMinutes(candles, WARMUP) }),
  },
  {
    name: 'idle-1h', what: 'a strategy that does nothing, called at every hour, over minutes', data: ONE_YEAR, goal: { value: 14, floor: 1.4 },
    measure: yearly(Idle, '1h', { floor: (candles) => idleHours(candles, WARMUP * HOUR) }),
  },
  {
    name: 'ema-cross', what: 'averages over 8 and 21 hours cross: in at market, stop 2 %, target 4 %', data: ONE_YEAR, goal: { value: 20, floor: 2.3 },
    measure: yearly(EmaCross, '1h', { floor: crossFloor(false) }),
  },
  {
    name: 'ema-cross-hedge', what: 'the same on both legs at once, each with its stop and target', data: ONE_YEAR, goal: { value: 30, floor: 4 },
    measure: yearly(EmaCross, '1h', { mode: 'hedge', floor: crossFloor(true) }),
  },
  {
    name: 'ema-cross-real', what: 'the same over a month of real minutes (ETH, February 2025)', data: NO_DATA, goal: null,
    absent: () => (existsSync(join(sharedFolder() ?? '', REAL)) ? null : 'the shared data is not here (HEDGEROW_SHARED)'), measure: real,
  },
  { name: 'ema-cross-venue', what: 'the same over a year with marks and funding', data: ONE_YEAR, goal: null, measure: venueData },
  {
    name: 'busy', what: 'a limit order cancelled and placed anew, or replaced, at every minute', data: ONE_YEAR, goal: { value: 550, floor: 130 },
    measure: yearly(Busy, '1m', { floor: (candles) => busy(candles, WARMUP) }),
  },
  {
    name: 'sweep-100', what: 'a hundred sets of ema-cross over a year on two threads', data: ONE_YEAR, goal: { value: 1000, floor: 290 },
    measure: (folder) => {
      const candles = readData(folder, { years: 1, symbol: 0 })
      return measureSweep({ ...terms('one-way', [symbolName(0)]), candles: { [symbolName(0)]: candles } }, { symbol: symbolName(0), timeframe: '1h' }, { candles, warmup: WARMUP * HOUR })
    },
  },
  { name: 'memory-per-year', what: 'resident memory for each further year of candles', data: { years: [FEW_YEARS, MANY_YEARS], symbols: 1 }, goal: { value: 26, floor: null }, measure: memoryPerYear },
  { name: 'memory-per-order', what: 'what a result keeps for each order', data: ONE_YEAR, goal: { value: 150, floor: null }, measure: memoryPerOrder },
  { name: 'start-backtest', what: 'the built command, from the start of the process to its first bar', data: NO_DATA, goal: { value: 120, floor: 30 }, absent: startAbsent, measure: measureStart },
  ...[1, 2, 4, 8].map(symbols),
  {
    name: 'ten-years', what: 'the example hedge-grid over ten years of minutes, once', data: { years: [10], symbols: 1 }, goal: null,
    measure: (folder) => {
      const candles = readData(folder, { years: 10, symbol: 0 })
      return measureRun({ options: { ...account('hedge', [route(HedgeGrid, '1m')]), candles: { [symbolName(0)]: candles } }, candles, count: candles.length, floor: null, once: true })
    },
  },
]
