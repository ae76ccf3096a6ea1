/** Runs cases through their adapters. */
import { differences, type Difference } from './compare.ts'
import type { OracleCase, OracleFile } from './cases.ts'
import type { OpAdapter, OracleContext, OracleValue } from './op.ts'
import { OPS } from './ops.ts'

/** What became of one case. A skipped one has an op of the oracle that no adapter covers yet. */
export type Outcome = { readonly id: string } & (
  | { readonly status: 'passed' | 'skipped' }
  | { readonly status: 'failed'; readonly differences: readonly Difference[] }
)

/** Adapters by op. */
export type Adapters = Readonly<Record<string, OpAdapter>>

/** Runs one case. An adapter that throws fails its case. */
export function runCase(oracleCase: OracleCase, context: OracleContext, adapters: Adapters): Outcome {
  const { id, op, input, expected } = oracleCase
  const adapter = Object.hasOwn(adapters, op) ? adapters[op] : undefined
  if (adapter === undefined) {
    if (OPS.includes(op)) return { id, status: 'skipped' }
    return { id, status: 'failed', differences: [{ path: 'op', expected: 'an op of the oracle', actual: op }] }
  }
  const found = compare(expected, () => adapter(input, context))
  return found.length === 0 ? { id, status: 'passed' } : { id, status: 'failed', differences: found }
}

/** Runs all cases of a file, in order. */
export function runFile(file: OracleFile, adapters: Adapters): readonly Outcome[] {
  return file.cases.map((oracleCase) => runCase(oracleCase, file.context, adapters))
}

/** The lines of a report: failures, coverage of the ops, and the counts as the last line. */
export function reportLines(outcomes: readonly Outcome[], adapters: Adapters): readonly string[] {
  const covered = OPS.filter((op) => Object.hasOwn(adapters, op)).length
  const count = (status: Outcome['status']): number => outcomes.filter((outcome) => outcome.status === status).length
  return [
    ...outcomes.flatMap((outcome) => (outcome.status === 'failed' ? outcome.differences.map((difference) => failLine(outcome.id, difference)) : [])),
    `ops: ${covered} covered, ${OPS.length - covered} missing`,
    `${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`,
  ]
}

/** `FAIL <id> <path> expected <x> actual <y>` */
export function failLine(id: string, { path, expected, actual }: Difference): string {
  return `FAIL ${id} ${path} expected ${expected} actual ${actual}`
}

function compare(expected: OracleCase['expected'], answer: () => OracleValue): readonly Difference[] {
  try {
    return differences(expected, answer())
  } catch (error) {
    return [{ path: '$', expected: 'an answer', actual: error instanceof Error ? error.message.replaceAll('\n', ' ') : String(error) }]
  }
}
