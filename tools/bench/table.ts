/** The outcome of the bench: as a table for people, and as a record for programs. */
import type { Goal, Outcome } from './outcome.ts'
import type { PeerOutcome } from './peers.ts'
import type { Workload } from './workload.ts'

/** One workload as `--json` prints it: times in milliseconds (CPU: user and system, all threads), sizes in MB of 2^20 bytes. */
export interface BenchRecord {
  /** Null where what is measured is no time. */
  readonly cpuMsMedian: number | null
  readonly floorMsMedian: number | null
  readonly ratioToFloor: number | null
  readonly candlesPerSecond: number | null
  readonly peakRssMb: number
  readonly trades: number
  /** What is measured, and its spread. */
  readonly unit: string
  readonly min: number
  readonly median: number
  readonly max: number
  readonly coldMs: number | null
  readonly runs: number
  readonly note?: string
}

/** The record of an outcome. */
export function toRecord({ unit, value, coldMs, cpuMs, floor, candles, peakRssMb, trades, runs, note }: Outcome): BenchRecord {
  const isTime = unit.endsWith(' ms')
  return {
    cpuMsMedian: cpuMs === null ? (unit === 'CPU ms' ? rounded(value.median) : null) : rounded(cpuMs),
    floorMsMedian: floor === null ? null : rounded(floor.median), ratioToFloor: floor === null ? null : rounded(value.median / floor.median),
    candlesPerSecond: isTime ? Math.round(candles / (value.median / 1000)) : null, peakRssMb: rounded(peakRssMb), trades,
    unit, min: rounded(value.min), median: rounded(value.median), max: rounded(value.max), coldMs: coldMs === null ? null : rounded(coldMs), runs, ...(note === undefined ? {} : { note }),
  }
}

const HEADS = ['workload', 'min', 'median', 'max', 'unit', 'cold', 'floor', 'ratio', 'goal', 'goal ratio', 'met', 'M candles/s', 'peak MB', 'trades', 'runs', 'note'] as const
const LEFT: ReadonlySet<string> = new Set(['workload', 'unit', 'note'])

/** The table, one line a workload. */
export function tableLines(outcomes: ReadonlyMap<Workload, Outcome>): string[] {
  return aligned([HEADS, ...[...outcomes].map(([workload, outcome]) => cellsOf(workload, toRecord(outcome)))])
}

/** The peers, each beside the workload that it was given; empty without any. */
export function peerLines(peers: readonly PeerOutcome[]): string[] {
  if (peers.length === 0) return []
  return ['', ...aligned([['workload', 'min', 'median', 'max', 'unit', 'peer', 'trades'], ...peers.map(({ workload, peer, cpuMs, trades }) => [workload, shown(cpuMs.min), shown(cpuMs.median), shown(cpuMs.max), 'CPU ms', peer, String(trades)])])]
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const heads = rows[0] ?? []
  const widths = heads.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) => row.map((text, column) => (LEFT.has(heads[column] ?? '') ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0))).join('  ').trimEnd())
}

function cellsOf({ name, goal }: Workload, record: BenchRecord): string[] {
  const { min, median, max, unit, coldMs, floorMsMedian, ratioToFloor, candlesPerSecond, peakRssMb, trades, runs, note = '' } = record
  return [
    name, shown(min), shown(median), shown(max), unit, shown(coldMs), shown(floorMsMedian), shown(ratioToFloor), shown(goal?.value ?? null), shown(goalRatio(goal)), metBy(record, goal),
    shown(candlesPerSecond === null ? null : candlesPerSecond / 1e6), shown(peakRssMb), String(trades), String(runs), note,
  ]
}

/** Goals were set on another machine: what carries over is the ratio to a floor of the same run. */
function goalRatio(goal: Goal | null): number | null {
  return goal === null || goal.floor === null ? null : goal.value / goal.floor
}

/** By the value on this machine, by the ratio to the floor of the same run, or by both. */
function metBy({ median, ratioToFloor }: BenchRecord, goal: Goal | null): string {
  if (goal === null) return '-'
  const ratio = goalRatio(goal)
  const byValue = median <= goal.value
  const byRatio = ratio !== null && ratioToFloor !== null && ratioToFloor <= ratio
  if (ratio === null) return byValue ? 'yes' : 'NO'
  if (byValue && byRatio) return 'yes'
  return byValue ? 'by value' : byRatio ? 'by ratio' : 'NO'
}

function shown(value: number | null): string {
  if (value === null) return '-'
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}
