/** How long a year of 1-minute candles takes: to load from its cache, from Parquet, and to store. Medians of wall and CPU time. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SeriesId } from '@hedgerow/core'
import { synthesizeCandles } from 'hedgerow'
import { ParquetCandleStore } from '../../apps/runner/src/store/parquet-candle-store.ts'
import { seriesFolder } from '../../apps/runner/src/store/series.ts'

const COUNT = 525_600
const RUNS = 15
const ID: SeriesId = { venue: 'bench', symbol: 'XUSDT', kind: 'candles', timeframe: '1m' }

/** Milliseconds. */
interface Cost {
  readonly wall: number
  readonly cpu: number
}

async function median(runs: number, work: () => Promise<unknown>, before: () => void = () => {}): Promise<Cost> {
  const costs: Cost[] = []
  for (let run = 0; run < runs; run++) {
    before()
    const [wall, cpu] = [performance.now(), process.cpuUsage()]
    await work()
    const { user, system } = process.cpuUsage(cpu)
    costs.push({ wall: performance.now() - wall, cpu: (user + system) / 1000 })
  }
  const middle = (key: keyof Cost): number => costs.map((cost) => cost[key]).sort((a, b) => a - b)[Math.floor(runs / 2)] ?? 0
  return { wall: middle('wall'), cpu: middle('cpu') }
}

const folder = mkdtempSync(join(tmpdir(), 'hedgerow-bench-'))
try {
  const data = synthesizeCandles({ seed: 1, start: Date.UTC(2024, 0, 1), count: COUNT })
  const { open, high, low, close, volume } = data
  const rows = { time: Float64Array.from({ length: COUNT }, (_, row) => data.start + row * data.step), columns: { open, high, low, close, volume } }
  const store = new ParquetCandleStore(folder)
  const dropCaches = (): void => { for (const name of readdirSync(seriesFolder(folder, ID))) if (name.endsWith('.cache')) rmSync(join(seriesFolder(folder, ID), name)) }
  const stored = await median(3, () => store.append(ID, rows, 'fail'), () => { rmSync(seriesFolder(folder, ID), { recursive: true, force: true }) })
  const parquet = await median(RUNS, () => store.candles(ID), dropCaches)
  const cached = await median(RUNS, () => store.candles(ID))
  if ((await store.candles(ID)).hash !== data.hash) throw new Error('other candles came back')
  for (const [label, { wall, cpu }, goal] of [['from the cache', cached, 25], ['from Parquet, writing the cache', parquet, 600], ['storing', stored, null]] as const) {
    console.log(`${label.padEnd(34)}${wall.toFixed(1).padStart(8)} ms wall${cpu.toFixed(1).padStart(8)} ms CPU${goal === null ? '' : `   goal ${goal} ms${wall <= goal ? '' : ', missed'}`}`)
  }
} finally {
  rmSync(folder, { recursive: true })
}
