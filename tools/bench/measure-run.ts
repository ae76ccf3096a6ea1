/** Measures a backtest beside its floor: after a warm-up, in turn, with trades that have to agree. */
import { backtest, type BacktestOptions, type BacktestResult } from 'hedgerow'
import type { CandleData } from '../../apps/runner/src/data/candle-data.ts'
import { requireAgreement } from './agree.ts'
import type { FloorRun } from './floor-trade.ts'
import { cpuOf, peakRssMb, spreadOf } from './measure.ts'
import type { Outcome } from './outcome.ts'

/** A backtest that is run again and again. */
export interface Run {
  readonly options: BacktestOptions
  /** The candles that its floor walks, and all that it trades on, counted. */
  readonly candles: CandleData
  readonly count: number
  /** The hand-written loop that finds the same trades; null where none is kept. */
  readonly floor: ((candles: CandleData) => FloorRun) | null
  /** True for one that takes so long that it runs once, cold. */
  readonly once?: boolean
}

const BUDGET_MS = 8000
const [FEWEST_RUNS, MOST_RUNS] = [5, 31]
/** The compiler settles within so much of CPU time; `coldMs` is what a run costs before. */
const WARM_UP_MS = 6000
/** A floor is over so soon that one sample is many of it. */
const FLOOR_SAMPLE_MS = 15

/** CPU milliseconds of the run. Throws where engine and floor disagree. */
export async function measureRun(run: Run): Promise<Outcome> {
  const found: { result?: BacktestResult } = {}
  const engine = async (): Promise<void> => {
    found.result = await backtest(run.options)
  }
  const coldMs = await cpuOf(engine)
  if (found.result !== undefined && run.floor !== null) requireAgreement(found.result, run.floor(run.candles), run.candles.start)
  const fills = found.result?.counts.fills ?? 0
  const trades = found.result?.trades.length ?? 0
  const common = { unit: 'CPU ms', cpuMs: null, coldMs, candles: run.count, trades, note: `${fills} fills` } as const
  if (run.once === true) return { ...common, value: spreadOf([coldMs]), floor: null, peakRssMb: peakRssMb(), runs: 1 }
  delete found.result
  for (let spent = coldMs; spent < WARM_UP_MS;) spent += await cpuOf(engine)
  const runs = Math.min(MOST_RUNS, Math.max(FEWEST_RUNS, Math.floor(BUDGET_MS / (await cpuOf(engine)))))
  const floor = run.floor === null ? null : await floorSampler(run.floor, run.candles)
  const [engineMs, floorMs]: [number[], number[]] = [[], []]
  for (let count = 0; count < runs; count++) {
    if (floor !== null) floorMs.push(await floor())
    engineMs.push(await cpuOf(engine))
  }
  return { ...common, value: spreadOf(engineMs), floor: floor === null ? null : spreadOf(floorMs), peakRssMb: peakRssMb(), runs }
}

/** Runs the floor often enough for the clock, and tells the time of one; warmed up. */
export async function floorSampler<T>(floor: (candles: T) => unknown, candles: T): Promise<() => Promise<number>> {
  const since = performance.now()
  for (let warm = 0; warm < 10 || performance.now() - since < 400; warm++) floor(candles)
  const repeats = Math.ceil(FLOOR_SAMPLE_MS / (await cpuOf(() => floor(candles))))
  return async () => (await cpuOf(() => { for (let repeat = 0; repeat < repeats; repeat++) floor(candles) })) / repeats
}
