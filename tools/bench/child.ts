/** One workload in a process of its own: `child.ts NAME FOLDER`. Prints its outcome as a line of JSON. */
import { backtest, type BacktestResult } from 'hedgerow'
import type { CandleData } from '../../apps/runner/src/data/candle-data.ts'
import { requireAgreement } from './agree.ts'
import { readData } from './data.ts'
import { cpuOf, peakRssMb, spreadOf, type Spread } from './measure.ts'
import { symbolName, type Workload } from './workload.ts'
import { WORKLOADS } from './workloads.ts'

/** What one workload says. */
export interface WorkloadOutcome {
  readonly cpuMs: Spread
  /** The very first run: nothing compiled yet. */
  readonly coldMs: number
  readonly floorMs: Spread | null
  readonly candles: number
  readonly peakRssMb: number
  readonly trades: number
  readonly runs: number
}

const BUDGET_MS = 8000
const [FEWEST_RUNS, MOST_RUNS] = [5, 31]
const WARM_UP_MS = 1500
/** A floor is over so soon that one sample is many of it. */
const FLOOR_SAMPLE_MS = 15

async function main([name = '', folder = '']: readonly string[]): Promise<void> {
  const workload = WORKLOADS.find((candidate) => candidate.name === name)
  if (workload === undefined) throw new Error(`there is no workload ${name}`)
  const candles = Object.fromEntries(Array.from({ length: workload.symbols }, (_, symbol) => [symbolName(symbol), readData(folder, { years: workload.years, symbol })]))
  console.log(JSON.stringify(await measure(workload, candles)))
}

async function measure(workload: Workload, candles: Readonly<Record<string, CandleData>>): Promise<WorkloadOutcome> {
  const first = candles[symbolName(0)]
  if (first === undefined) throw new Error(`${workload.name} has no candles`)
  const found: { result?: BacktestResult } = {}
  const engine = async (): Promise<void> => {
    found.result = await backtest(workload.options(candles))
  }
  const coldMs = await cpuOf(engine)
  if (found.result !== undefined && workload.floor !== null) requireAgreement(workload.name, found.result, workload.floor(first), first.start)
  const trades = found.result?.trades.length ?? 0
  delete found.result
  for (let spent = coldMs; spent < WARM_UP_MS;) spent += await cpuOf(engine)
  const runs = Math.min(MOST_RUNS, Math.max(FEWEST_RUNS, Math.floor(BUDGET_MS / (await cpuOf(engine)))))
  const floor = await floorSampler(workload, first)
  const [engineMs, floorMs]: [number[], number[]] = [[], []]
  for (let run = 0; run < runs; run++) {
    if (floor !== null) floorMs.push(await floor())
    engineMs.push(await cpuOf(engine))
  }
  return { cpuMs: spreadOf(engineMs), coldMs, floorMs: floor === null ? null : spreadOf(floorMs), candles: first.length * workload.symbols, peakRssMb: peakRssMb(), trades, runs }
}

/** Runs the floor often enough for the clock, and tells the time of one; warmed up. */
async function floorSampler({ floor }: Workload, candles: CandleData): Promise<(() => Promise<number>) | null> {
  if (floor === null) return null
  const since = performance.now()
  let warm = 0
  while (warm < 10 || performance.now() - since < 400) {
    floor(candles)
    warm++
  }
  const repeats = Math.ceil(FLOOR_SAMPLE_MS / (await cpuOf(() => floor(candles))))
  return async () => (await cpuOf(() => { for (let repeat = 0; repeat < repeats; repeat++) floor(candles) })) / repeats
}

await main(process.argv.slice(2))
