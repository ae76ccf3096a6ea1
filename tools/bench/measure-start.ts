/** Measures the start of the command: CPU time of the process up to the first bar of a strategy. */
import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { spreadOf } from './measure.ts'
import type { Outcome } from './outcome.ts'

const MAIN = resolve(import.meta.dirname, '../../apps/runner/dist/main.js')
const RUNS = 11
const CANDLES = 1000

/** Why it cannot be measured. */
export function startAbsent(): string | null {
  return existsSync(MAIN) ? null : 'nothing is built: run npm run build'
}

/** The built command, as users have it, on a small file. The floor is Node itself. */
export function measureStart(folder: string): Promise<Outcome> {
  const candles = join(folder, 'start.csv')
  writeFileSync(candles, ['time,open,high,low,close,volume', ...Array.from({ length: CANDLES }, (_, row) => `${1_704_067_200_000 + row * 60_000},100,101,99,100,5`)].join('\n'))
  const args = [MAIN, 'backtest', '--strategy', join(import.meta.dirname, 'strategies/first-bar.ts'), '--symbol', 'XUSDT', '--timeframe', '1m', '--candles', candles]
  const node = ['-e', 'const { user, system } = process.cpuUsage(); require("node:fs").writeSync(1, JSON.stringify({ cpuMs: (user + system) / 1000, wallMs: performance.now(), peakKb: 0 }))']
  // Once before, for the compile cache.
  started(args)
  const runs = Array.from({ length: RUNS }, () => ({ floor: started(node), command: started(args) }))
  const wall = spreadOf(runs.map(({ command }) => command.wallMs)).median
  return Promise.resolve({
    unit: 'CPU ms', value: spreadOf(runs.map(({ command }) => command.cpuMs)), coldMs: null, cpuMs: null, floor: spreadOf(runs.map(({ floor }) => floor.cpuMs)), candles: CANDLES,
    peakRssMb: Math.max(...runs.map(({ command }) => command.peakKb)) / 1024, trades: 0, runs: RUNS, note: `${Math.round(wall)} ms of wall time`,
  })
}

interface Started {
  readonly cpuMs: number
  readonly wallMs: number
  readonly peakKb: number
}

function started(args: readonly string[]): Started {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`ended with ${status}: ${stderr}`)
  return JSON.parse(stdout) as Started
}
