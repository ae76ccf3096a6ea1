/** Measures memory as a slope: two sizes of one run, each in a process of its own. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { CANDLES_A_YEAR } from './data.ts'
import type { Probe } from './memory-probe.ts'
import { spreadOf } from './measure.ts'
import type { Outcome } from './outcome.ts'

const MB = 1024 * 1024
const RUNS = 3
/** The sizes of {@link memoryPerYear}. */
export const [FEW_YEARS, MANY_YEARS] = [3, 10] as const

/** Peak resident set of a run over ten years against three: fewer would drown in what the heap does by chance. */
export function memoryPerYear(folder: string): Promise<Outcome> {
  const runs = Array.from({ length: RUNS }, () => ({ small: probed(['year', folder, String(FEW_YEARS)]), large: probed(['year', folder, String(MANY_YEARS)]) }))
  const last = runs.at(-1)?.large
  return Promise.resolve({
    unit: 'MB a year', value: spreadOf(runs.map(({ small, large }) => (large.peakBytes - small.peakBytes) / MB / (MANY_YEARS - FEW_YEARS))), coldMs: null, cpuMs: null, floor: null, candles: MANY_YEARS * CANDLES_A_YEAR,
    peakRssMb: (last?.peakBytes ?? 0) / MB, trades: 0, runs: RUNS, note: 'five columns of doubles are 20 MB',
  })
}

/** What a finished result holds, after garbage collection, for each order more: the busy run over twelve weeks against four. */
export function memoryPerOrder(folder: string): Promise<Outcome> {
  const [small, large] = [probed(['order', folder, '4']), probed(['order', folder, '12'])]
  return Promise.resolve({
    unit: 'bytes an order', value: spreadOf([(large.heldBytes - small.heldBytes) / (large.orders - small.orders)]), coldMs: null, cpuMs: null, floor: null, candles: large.candles,
    peakRssMb: large.peakBytes / MB, trades: large.trades, runs: 1, note: `${large.orders} orders, with their events`,
  })
}

function probed(args: readonly string[]): Probe {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', '--conditions=@hedgerow/source', join(import.meta.dirname, 'memory-probe.ts'), ...args], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`the probe ended with ${status}: ${stderr}`)
  return JSON.parse(stdout) as Probe
}
