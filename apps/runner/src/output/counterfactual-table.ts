/** What the hedge bought, as a table: the run as it was, and beside it the same strategy with less of a hedge. */
import type { RunMetrics } from '@hedgerow/core'
import type { CounterfactualKind } from '../backtest/counterfactual.ts'
import type { BacktestResult } from '../backtest/result.ts'
import { ABSENT, COMPARED, type ComparedRow } from '@hedgerow/report/run'
import type { Paint } from './paint.ts'
import { tableLines, type TableRow } from './table.ts'
import { wordWrapped } from './word-wrap.ts'

const TITLES: Readonly<Record<CounterfactualKind, string>> = { 'without-short': 'no short', 'without-long': 'no long', 'one-way': 'one-way' }

const LABEL = 26

/** Lines of at most `width` characters; none where no such runs were made. */
export function counterfactualLines({ metrics, counterfactuals }: BacktestResult, { paint, width }: { readonly paint: Paint; readonly width: number }): string[] {
  if (counterfactuals.length === 0) return []
  const columns = [{ title: 'as it ran', metrics }, ...counterfactuals.map(({ kind, run }) => ({ title: TITLES[kind], metrics: run?.metrics ?? null }))]
  const head: TableRow = { label: 'What the hedge bought', cells: columns.map(({ title }) => ({ text: title, paint: (aligned) => paint('title', aligned) })) }
  const rows = COMPARED.flatMap((row) => [
    { label: row.label, cells: columns.map((column) => ({ text: column.metrics === null ? ABSENT : row.text(column.metrics) })) },
    ...changeRow(row, columns.map((column) => column.metrics), paint),
  ])
  const failed = counterfactuals.flatMap(({ kind, reason }) => (reason === null ? [] : [`${TITLES[kind]}: ${reason}`]))
  return [...tableLines([head, 'rule', ...rows], { label: LABEL, cell: Math.min(13, Math.floor((width - LABEL) / columns.length)) }), ...failed.flatMap((line) => wordWrapped(line, width)).map((line) => paint('quiet', line))]
}

/** What the hedge changed: the run as it was less each of the others. */
function changeRow({ change }: ComparedRow, [real, ...others]: readonly (RunMetrics | null)[], paint: Paint): TableRow[] {
  if (change === null || real === null || real === undefined) return []
  const quiet = (aligned: string): string => paint('quiet', aligned)
  return [{ label: '  by the hedge', cells: [{ text: '' }, ...others.map((other) => ({ text: other === null ? ABSENT : change(real, other), paint: quiet }))] }]
}
