/** What the hedge bought, as a table: the run as it was, and beside it the same strategy with less of a hedge. */
import type { RunMetrics } from '@hedgerow/core'
import type { CounterfactualKind } from '../backtest/counterfactual.ts'
import type { BacktestResult } from '../backtest/result.ts'
import { ABSENT, countText, percentText, signedPercentText, signedText } from '@hedgerow/report'
import type { Paint } from './paint.ts'
import { tableLines, type TableRow } from './table.ts'
import { wordWrapped } from './word-wrap.ts'

const TITLES: Readonly<Record<CounterfactualKind, string>> = { 'without-short': 'no short', 'without-long': 'no long', 'one-way': 'one-way' }

/** Return, drawdown, time under water, costs, tail loss and margin: what a hedge is paid for and pays with. */
const ROWS: readonly (readonly [label: string, read: (metrics: RunMetrics) => string])[] = [
  ['Total return', ({ totalReturn }) => signedPercentText(totalReturn)],
  ['Max drawdown', ({ intradayMaxDrawdown }) => signedPercentText(intradayMaxDrawdown)],
  ['Longest under water, days', ({ maxUnderwaterDays }) => countText(maxUnderwaterDays)],
  ['Worst days, mean of 5 %', ({ cvar95Hist }) => signedPercentText(cvar95Hist)],
  ['Fees', ({ fees }) => signedText(fees.neg())],
  ['Funding', ({ funding }) => signedText(funding)],
  ['Margin use, mean', ({ marginUtilisationTwa }) => percentText(marginUtilisationTwa)],
  ['Nearest to liquidation', ({ minLiquidationDistance }) => percentText(minLiquidationDistance)],
  ['Trades', ({ count }) => countText(count)],
]

const LABEL = 26

/** Lines of at most `width` characters; none where no such runs were made. */
export function counterfactualLines({ metrics, counterfactuals }: BacktestResult, { paint, width }: { readonly paint: Paint; readonly width: number }): string[] {
  if (counterfactuals.length === 0) return []
  const columns = [{ title: 'as it ran', metrics }, ...counterfactuals.map(({ kind, run }) => ({ title: TITLES[kind], metrics: run?.metrics ?? null }))]
  const head: TableRow = { label: 'What the hedge bought', cells: columns.map(({ title }) => ({ text: title, paint: (aligned) => paint('title', aligned) })) }
  const rows = ROWS.map(([label, read]): TableRow => ({ label, cells: columns.map((column) => ({ text: column.metrics === null ? ABSENT : read(column.metrics) })) }))
  const failed = counterfactuals.flatMap(({ kind, reason }) => (reason === null ? [] : [`${TITLES[kind]}: ${reason}`]))
  return [...tableLines([head, 'rule', ...rows], { label: LABEL, cell: Math.min(13, Math.floor((width - LABEL) / columns.length)) }), ...failed.flatMap((line) => wordWrapped(line, width)).map((line) => paint('quiet', line))]
}
