/** Measures a sweep: wall time on two threads, from the moment they have started to the last outcome. */
import { join } from 'node:path'
import { openSweep, parameterGrid, type SweepBase } from 'hedgerow'
import type { CandleData } from '../../apps/runner/src/data/candle-data.ts'
import { emaCross, type CrossParams } from './floor-cross.ts'
import { sweepFloor } from './floor-sweep.ts'
import { peakRssMb, spreadOf } from './measure.ts'
import type { Outcome } from './outcome.ts'

const WORKERS = 2
/** Batches after the first, where they are quick. */
const MORE_RUNS = 4
const QUICK_MS = 5000
/** Floors before and after the engine: the machine may have changed meanwhile. */
const MORE_FLOORS = 2
const CENT = 0.01
const SETS = parameterGrid({ fast: { min: 4, max: 13, step: 1 }, slow: { min: 20, max: 56, step: 4 } })

/** The first batch of fresh threads is `coldMs` (wall): what a single sweep costs after start. Throws where a set and its floor disagree. */
export async function measureSweep(base: Omit<SweepBase, 'routes'>, route: { readonly symbol: string; readonly timeframe: string }, { candles, warmup }: { readonly candles: CandleData; readonly warmup: number }): Promise<Outcome> {
  const sets = SETS.map(({ fast, slow }): CrossParams => ({ fast: Number(fast), slow: Number(slow), stop: 2, target: 4 }))
  const floorMs = [await sweepFloor({ candles, warmup }, sets, WORKERS)]
  const pool = await openSweep({ ...base, routes: [{ ...route, strategy: join(import.meta.dirname, 'strategies/ema-cross.ts') }], workers: WORKERS })
  const wall: number[] = []
  const cpu: number[] = []
  let trades = 0
  try {
    for (let run = 0; run === 0 || (run <= MORE_RUNS && (wall[0] ?? 0) < QUICK_MS); run++) {
      const [since, before] = [performance.now(), process.cpuUsage()]
      const outcomes = await pool.run(SETS.map((params) => ({ params })))
      wall.push(performance.now() - since)
      const { user, system } = process.cpuUsage(before)
      cpu.push((user + system) / 1000)
      if (run > 0) continue
      for (const outcome of outcomes) {
        if (outcome.status === 'failed') throw outcome.error
        const params = sets[outcome.index]
        if (params === undefined) throw new Error(`no set ${outcome.index}`)
        const floor = emaCross(candles, { params, warmup, both: false })
        const pnl = floor.trades.reduce((sum, { netPnl }) => sum + netPnl, 0)
        if (floor.trades.length !== outcome.metrics.count || Math.abs(pnl - outcome.metrics.netPnl.toNumber()) > CENT) throw new Error(`set ${JSON.stringify(outcome.trial.params)}: ${outcome.metrics.count} trades, ${outcome.metrics.netPnl.toFixed()}; the floor ${floor.trades.length}, ${pnl}`)
        trades += outcome.metrics.count
      }
    }
  } finally {
    await pool.close()
  }
  for (let more = 0; more < MORE_FLOORS; more++) floorMs.push(await sweepFloor({ candles, warmup }, sets, WORKERS))
  const [cold = 0, ...warm] = wall
  return {
    unit: 'wall ms', value: spreadOf([cold]), coldMs: cold, cpuMs: cpu[0] ?? null, floor: spreadOf(floorMs), candles: candles.length * SETS.length, peakRssMb: peakRssMb(), trades, runs: 1,
    note: `${SETS.length} sets on ${WORKERS} fresh threads${warm.length === 0 ? '' : `; again on the same threads ${Math.round(spreadOf(warm).median)} ms`}`,
  }
}
