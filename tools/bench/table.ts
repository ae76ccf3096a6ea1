/** The outcome of the bench: as a table for people, and as a record for programs. */
import type { WorkloadOutcome } from './child.ts'
import type { Workload } from './workload.ts'

/** One workload as `--json` prints it. Times are CPU milliseconds (user and system, all threads), sizes MB of 2^20 bytes. */
export interface BenchRecord {
  readonly cpuMsMin: number
  readonly cpuMsMedian: number
  readonly cpuMsMax: number
  readonly cpuMsCold: number
  readonly floorMsMedian: number | null
  readonly ratioToFloor: number | null
  readonly candlesPerSecond: number
  readonly peakRssMb: number
  readonly trades: number
  readonly runs: number
}

/** The record of an outcome. */
export function toRecord({ cpuMs, coldMs, floorMs, candles, peakRssMb, trades, runs }: WorkloadOutcome): BenchRecord {
  return {
    cpuMsMin: rounded(cpuMs.min), cpuMsMedian: rounded(cpuMs.median), cpuMsMax: rounded(cpuMs.max), cpuMsCold: rounded(coldMs),
    floorMsMedian: floorMs === null ? null : rounded(floorMs.median), ratioToFloor: floorMs === null ? null : rounded(cpuMs.median / floorMs.median),
    candlesPerSecond: Math.round(candles / (cpuMs.median / 1000)), peakRssMb: rounded(peakRssMb), trades, runs,
  }
}

const HEADS = ['workload', 'CPU ms min', 'median', 'max', 'cold', 'floor ms', 'ratio', 'goal ms', 'goal ratio', 'met', 'M candles/s', 'peak MB', 'trades', 'runs'] as const

/** The table, one line a workload. */
export function tableLines(outcomes: ReadonlyMap<Workload, WorkloadOutcome>): string[] {
  const rows = [HEADS, ...[...outcomes].map(([workload, outcome]) => cellsOf(workload, toRecord(outcome)))]
  const widths = HEADS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) => row.map((text, column) => (column === 0 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0))).join('  '))
}

function cellsOf({ name, goal }: Workload, record: BenchRecord): string[] {
  const goalRatio = goal === null ? null : goal.cpuMs / goal.floorMs
  return [
    name, shown(record.cpuMsMin), shown(record.cpuMsMedian), shown(record.cpuMsMax), shown(record.cpuMsCold), shown(record.floorMsMedian), shown(record.ratioToFloor),
    shown(goal?.cpuMs ?? null), shown(goalRatio), goal === null || goalRatio === null ? '-' : metBy(record, goal.cpuMs, goalRatio),
    shown(record.candlesPerSecond / 1e6), shown(record.peakRssMb), String(record.trades), String(record.runs),
  ]
}

/** By the time on this machine, by the ratio to the floor of the same run, or by both. */
function metBy({ cpuMsMedian, ratioToFloor }: BenchRecord, goalMs: number, goalRatio: number): string {
  const [byTime, byRatio] = [cpuMsMedian <= goalMs, ratioToFloor !== null && ratioToFloor <= goalRatio]
  if (byTime && byRatio) return 'yes'
  return byTime ? 'by ms' : byRatio ? 'by ratio' : 'NO'
}

function shown(value: number | null): string {
  if (value === null) return '-'
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}
