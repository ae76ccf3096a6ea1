/** A sweep for other programs: as JSON, and as CSV with one row a run. */
import { decimalText, isDecimal } from '@hedgerow/core'
import type { SweepResult } from '../sweep/sweep.ts'
import type { FinishedTrial, TrialOutcome } from '../sweep/trial.ts'
import { VERSION } from '../version.ts'
import { csvLines, type CsvColumn } from './csv.ts'

const SCHEMA_VERSION = 1

/** All runs, in the order of the grid; decimals as texts in fixed notation. What differs from run to run of the same sweep, its times, is not part of it. */
export function sweepJson({ outcomes, failed }: SweepResult): string {
  return JSON.stringify({ schemaVersion: SCHEMA_VERSION, kind: 'sweep', version: VERSION, sets: outcomes.length, failed, outcomes: outcomes.map(outcomeRecord) }, withTexts)
}

/** The same as rows: the parameters that vary, then every metric of the account, of the long and of the short leg. */
export function sweepCsv({ outcomes }: SweepResult, names: readonly string[]): string {
  const sample = outcomes.find((outcome) => outcome.status === 'finished')
  const metrics = Object.keys(sample?.metrics ?? {})
  const columns: readonly CsvColumn<TrialOutcome>[] = [
    ...names.map((name): CsvColumn<TrialOutcome> => ({ name, text: ({ trial }) => cellText(trial.params[name]) })),
    { name: 'error', text: (outcome) => (outcome.status === 'failed' ? outcome.error.code : '') },
    ...metrics.map((name) => ofFinished(name, (outcome) => valueOf(outcome.metrics, name))),
    ...metrics.map((name) => ofFinished(`long.${name}`, ({ legs }) => valueOf(legs.long.metrics, name))),
    ...metrics.map((name) => ofFinished(`short.${name}`, ({ legs }) => valueOf(legs.short.metrics, name))),
  ]
  return [...csvLines(columns, outcomes)].join('')
}

/** Empty for a run that failed. */
function ofFinished(name: string, read: (trial: FinishedTrial) => unknown): CsvColumn<TrialOutcome> {
  return { name, text: (outcome) => (outcome.status === 'finished' ? cellText(read(outcome)) : '') }
}

function outcomeRecord(outcome: TrialOutcome): object {
  const { status, trial: { params } } = outcome
  if (outcome.status === 'failed') return { status, params, error: { code: outcome.error.code, message: outcome.error.message } }
  const { metrics, legs, counts, warnings } = outcome
  return { status, params, metrics, legs, counts, warnings }
}

/** JSON asks a value for its own form before it shows it: a decimal's would be in exponents. */
function withTexts(this: unknown, key: string, value: unknown): unknown {
  const held: unknown = typeof this === 'object' && this !== null ? Reflect.get(this, key) : value
  return isDecimal(held) ? decimalText(held) : value
}

function valueOf(metrics: object, name: string): unknown {
  return Reflect.get(metrics, name)
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (isDecimal(value)) return decimalText(value)
  return typeof value === 'string' ? value : JSON.stringify(value)
}
