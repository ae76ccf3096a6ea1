/** The table of a sweep: the best sets first, with what each leg made of them. */
import { ABSENT, countText, percentText, plainText, signedPercentText, signedText } from '@hedgerow/report/run'
import type { SweepResult } from '../sweep/sweep.ts'
import type { FinishedTrial, TrialOutcome } from '../sweep/trial.ts'
import type { Paint, Tone } from './paint.ts'
import { sortedBy, type SweepOrder } from './sweep-order.ts'

/** What the table shows. */
export interface SweepView {
  readonly result: SweepResult
  /** Parameters that vary, in the order of the grid. */
  readonly names: readonly string[]
  readonly order: SweepOrder
  /** Most rows. */
  readonly limit: number
  readonly paint: Paint
}

interface Column {
  readonly head: string
  readonly text: (trial: FinishedTrial) => string
  readonly toned?: boolean
}

const FAILURES_SHOWN = 5

/** The table, what failed, and what it took. */
export function sweepText({ result, names, order, limit, paint }: SweepView): string {
  const finished = sortedBy(order, result.outcomes.filter((outcome): outcome is FinishedTrial => outcome.status === 'finished'))
  const columns = [...names.map((name): Column => ({ head: name, text: ({ trial }) => valueText(trial.params[name]) })), ...COLUMNS, ...sortColumn(order)]
  return [
    ...(finished.length === 0 ? [] : tableOf(columns, finished.slice(0, limit), paint)),
    ...(finished.length > limit ? ['', paint('quiet', `${countText(finished.length - limit)} more: --limit ${finished.length} shows all, --json and --out have all`)] : []),
    ...failureLines(result.outcomes, names, paint),
    '', paint('quiet', footOf(result)),
    ...(finished.length > 1 ? [paint('quiet', 'The best of many is in part the luckiest: try it on candles that this sweep has not seen.')] : []),
  ].map((line) => `  ${line}`.trimEnd()).join('\n')
}

const COLUMNS: readonly Column[] = [
  { head: 'net pnl', text: ({ metrics }) => signedText(metrics.totalPnl), toned: true },
  { head: 'long', text: ({ legs }) => signedText(legs.long.metrics.totalPnl), toned: true },
  { head: 'short', text: ({ legs }) => signedText(legs.short.metrics.totalPnl), toned: true },
  { head: 'trades L/S', text: ({ legs }) => `${countText(legs.long.metrics.count)}/${countText(legs.short.metrics.count)}` },
  { head: 'won', text: ({ metrics }) => percentText(metrics.winRate) },
  { head: 'max dd', text: ({ metrics }) => signedPercentText(metrics.intradayMaxDrawdown) },
  { head: 'factor', text: ({ metrics }) => plainText(metrics.profitFactor) },
  { head: 'sharpe', text: ({ metrics }) => plainText(metrics.sharpe365) },
]
/** Metrics that the table has a column for. */
const SHOWN: ReadonlySet<string> = new Set(['totalPnl', 'long.totalPnl', 'short.totalPnl', 'winRate', 'intradayMaxDrawdown', 'profitFactor', 'sharpe365'])

function sortColumn({ name, read }: SweepOrder): readonly Column[] {
  return SHOWN.has(name) ? [] : [{ head: name, text: (trial) => { const value = read(trial); return value === null ? ABSENT : plainText(value, 4) } }]
}

function tableOf(columns: readonly Column[], trials: readonly FinishedTrial[], paint: Paint): string[] {
  const rows = trials.map((trial) => columns.map(({ text }) => text(trial)))
  const widths = columns.map(({ head }, index) => Math.max(head.length, ...rows.map((row) => row[index]?.length ?? 0)))
  const line = (cells: readonly string[], tone: (index: number, cell: string) => Tone | null): string =>
    cells.map((cell, index) => { const padded = cell.padStart(widths[index] ?? 0); const toned = tone(index, cell); return toned === null ? padded : paint(toned, padded) }).join('  ')
  return [line(columns.map(({ head }) => head), () => 'quiet'), ...rows.map((row) => line(row, (index, cell) => (columns[index]?.toned === true ? toneOf(cell) : null)))]
}

function toneOf(cell: string): Tone | null {
  return cell.startsWith('+') ? 'good' : cell.startsWith('-') ? 'bad' : null
}

function failureLines(outcomes: readonly TrialOutcome[], names: readonly string[], paint: Paint): string[] {
  const failed = outcomes.filter((outcome) => outcome.status === 'failed')
  if (failed.length === 0) return []
  const shown = failed.slice(0, FAILURES_SHOWN).map(({ trial, error: { code, details } }) =>
    `  ${paramsText(trial.params, names)}: ${paint('bad', code)}  ${[details.where, details.found === undefined ? undefined : `found ${oneLine(details.found)}`, details.expected === undefined ? undefined : `expected ${details.expected}`].filter((part) => part !== undefined).join('; ')}`)
  const more = failed.length > FAILURES_SHOWN ? [`  and ${countText(failed.length - FAILURES_SHOWN)} more: --json and --out have all`] : []
  return ['', paint('warning', `${countText(failed.length)} of ${countText(outcomes.length)} sets failed:`), ...shown, ...more]
}

/** `fast 5, slow 21` */
function paramsText(params: Readonly<Record<string, unknown>>, names: readonly string[]): string {
  return (names.length === 0 ? Object.keys(params) : names).map((name) => `${name} ${valueText(params[name])}`).join(', ')
}

function oneLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}

function footOf({ outcomes, workers, startMs, runMs }: SweepResult): string {
  return `${countText(outcomes.length)} sets on ${workers} ${workers === 1 ? 'thread' : 'threads'} in ${secondsText(runMs)}, after ${secondsText(startMs)} to start`
}

function secondsText(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value) ?? ''
}
