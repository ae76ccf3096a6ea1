/** The scorecard of the account and both legs, what trading cost, and what else was counted. */
import type { CurveName, RunMetrics } from '@hedgerow/core'
import type { FinishedRun } from '../finished-run.ts'
import { ABSENT, countText, percentText, plainText, signedText } from '../number-text.ts'
import { COST_DEFINITIONS, SCORECARD, type ScorecardGroup, type ScorecardRow } from '../view/scorecard-rows.ts'
import { COMPARED, type ComparedRow } from '../view/compared-rows.ts'
import { html, type Markup } from './markup.ts'
import { term } from './term.ts'
import { toneOf } from './tone.ts'

const COLUMNS: readonly CurveName[] = ['total', 'long', 'short']
const HEAD = html`<thead><tr><th scope="col"></th><th scope="col">total</th><th scope="col" class="long">long</th><th scope="col" class="short">short</th></tr></thead>`

/** Two columns of tables. */
export function scoreSection(run: FinishedRun): Markup {
  const { lowSample } = run.metrics.total
  return html`<section aria-labelledby="scorecard-title"><h2 id="scorecard-title">Scorecard</h2>
<p class="hint">Point at a figure's name, or move to it with the keyboard, for its definition. A leg is measured as if it had been traded alone with the same balance.${lowSample ? ' * Fewer than 30 daily returns: says little.' : ''}</p>
<div class="scorecard">${SCORECARD.map((group) => groupTable(group, run))}${costTable(run)}${countTable(run)}</div></section>`
}

function groupTable({ title, rows }: ScorecardGroup, { metrics }: FinishedRun): Markup {
  return html`<table><caption>${title}</caption>${HEAD}<tbody>${rows.map((row) => html`<tr><th scope="row">${term(labelOf(row, metrics.total), row.definition)}</th>${COLUMNS.map((column) => cell(row, column, metrics[column]))}</tr>`)}</tbody></table>`
}

function labelOf({ label, needsSample = false }: ScorecardRow, { lowSample }: RunMetrics): string {
  return needsSample && lowSample ? `${label} *` : label
}

function cell({ key, text, signed = false, accountOnly = false }: ScorecardRow, column: CurveName, metrics: RunMetrics): Markup {
  if (accountOnly && column !== 'total') return html`<td></td>`
  const written = text(metrics)
  return figure(`${column}.${key}`, written, signed ? toneOf(written) : '')
}

function figure(name: string, text: string, tone = ''): Markup {
  return html`<td class="${tone}" data-figure="${name}">${text}</td>`
}

function costTable({ metrics, counts }: FinishedRun): Markup {
  const { slippage } = counts
  const lost = slippage === null ? null : { ...slippage, total: slippage.long.plus(slippage.short) }
  const rows: readonly (readonly [name: keyof typeof COST_DEFINITIONS, label: string, read: (column: CurveName) => string])[] = [
    ['fees', 'Fees', (column) => signedText(metrics[column].fees.neg())],
    ['funding', 'Funding', (column) => signedText(metrics[column].funding)],
    ['slippage', 'Slippage', (column) => lost === null ? ABSENT : signedText(lost[column].neg())],
    ['feesToTurnover', 'Fee rate paid', (column) => percentText(metrics[column].feesToTurnover, 4)],
    ['turnover', 'Turnover', (column) => plainText(metrics[column].turnover, 1)],
  ]
  return html`<table><caption>Costs</caption>${HEAD}<tbody>${rows.map(([name, label, read]) => html`<tr><th scope="row">${term(label, COST_DEFINITIONS[name])}</th>${COLUMNS.map((column) => figure(`${column}.${name}`, read(column), toneOf(read(column))))}</tr>`)}</tbody></table>`
}

function countTable({ kind, counts, trades }: FinishedRun): Markup {
  // An export does not say what was refused, what candles left open, or, without names, how many orders there were.
  const told = (text: string, isKnown = kind !== 'import'): string => (isKnown ? text : ABSENT)
  const liquidated = (leg: string): string => countText(trades.filter((trade) => trade.leg === leg && trade.exitReason === 'liquidation').length)
  const rows: readonly (readonly [label: string, definition: string, cells: readonly (readonly [name: string, text: string])[]])[] = [
    ['Fills', 'Quantities that changed hands.', [['fills', countText(counts.fills)]]],
    ['Orders', 'Orders that were sent to the venue.', [['orders', told(countText(counts.orders), kind !== 'import' || counts.orders > 0)]]],
    ['Denied orders', 'Orders that Hedgerow refused before they were sent.', [['denied', told(countText(counts.denied))]]],
    ['Ambiguous candles', 'Candles in which the orders that stand at their open fill differently by the path of the price inside them, which candles do not tell. What a strategy sends in answer to a fill within the candle is not tried both ways.', [['ambiguousCandles', told(countText(counts.ambiguousCandles))]]],
    ['Liquidations', 'Of an account or of one isolated leg; by leg: the trades that one ended.', [['liquidations', countText(counts.liquidations)], ['long.liquidations', liquidated('long')], ['short.liquidations', liquidated('short')]]],
    ['Insurance used', 'What the insurance fund paid because the account fell below zero. A run that needed it has failed.', [['insuranceUsed', told(plainText(counts.insuranceUsed))]]],
  ]
  return html`<table><caption>Counted</caption>${HEAD}<tbody>${rows.map(([label, definition, cells]) => html`<tr><th scope="row">${term(label, definition)}</th>${[0, 1, 2].map((index) => {
    const [name, text] = cells[index] ?? ['', '']
    return name === '' ? html`<td></td>` : figure(name, text)
  })}</tr>`)}</tbody></table>`
}

const TITLES: Readonly<Record<string, string>> = { 'without-short': 'no short leg', 'without-long': 'no long leg', 'one-way': 'one-way mode' }

/** What the hedge bought: the same strategy with less of a hedge; nothing where no such runs were made. */
export function hedgeSection({ metrics, counterfactuals }: FinishedRun): Markup | null {
  if (counterfactuals.length === 0) return null
  const columns = [{ kind: 'real', title: 'as it ran', metrics: metrics.total }, ...counterfactuals.map(({ kind, run }) => ({ kind, title: TITLES[kind] ?? kind, metrics: run?.metrics ?? null }))]
  const failed = counterfactuals.filter(({ reason }) => reason !== null)
  return html`<section aria-labelledby="hedge-title"><h2 id="hedge-title">What the hedge bought</h2>
<p class="hint">The same strategy on the same candles with one leg refused, and in one-way mode. Small: what the hedge changed, as it ran less without.</p>
${comparedTable(columns, metrics.total)}
${failed.map(({ kind, reason }) => html`<p class="hint">${TITLES[kind] ?? kind}: ${reason}</p>`)}</section>`
}

/** A column of a comparison; null metrics where there was no such run. */
interface ComparedColumn {
  readonly kind: string
  readonly title: string
  readonly metrics: RunMetrics | null
}

/** With `real`, each figure but that of the run itself has its change beside it. */
function comparedTable(columns: readonly ComparedColumn[], real: RunMetrics | null = null): Markup {
  return html`<div class="wide"><table class="compared"><thead><tr><th scope="col"></th>${columns.map(({ title }) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${COMPARED.map((row) => html`<tr><th scope="row">${row.label}</th>${columns.map(({ kind, metrics }) => html`<td><span data-figure="${kind}.${row.key}">${metrics === null ? ABSENT : row.text(metrics)}</span>${real === null || metrics === null || metrics === real ? null : changeText(row, real, metrics)}</td>`)}</tr>`)}</tbody></table></div>`
}

function changeText({ key, change, better }: ComparedRow, real: RunMetrics, other: RunMetrics): Markup | null {
  if (change === null) return null
  const text = change(real, other)
  const tone = toneOf(text)
  return html` <small class="${better === 'less' ? (OPPOSITE[tone] ?? '') : tone}" data-change="${key}">${text}</small>`
}

const OPPOSITE: Readonly<Record<string, string>> = { good: 'bad', bad: 'good' }

/** What both extremes of the path within candles give; nothing where the run was not made along them. */
export function pathSection({ metrics, counts, bracket }: FinishedRun): Markup | null {
  if (bracket === null) return null
  return html`<section aria-labelledby="path-title"><h2 id="path-title">What the path within candles decides</h2>
<p class="hint">Candles do not tell which extreme came first. In ${countText(counts.ambiguousCandles)} of them the orders that stood at their open depend on it; orders sent in answer to a fill may depend on it too. This is the same run with every candle going one way. The two are no bounds: a third path may lead elsewhere.</p>
${comparedTable([{ kind: 'path', title: 'as it ran', metrics: metrics.total }, { kind: 'olhc', title: 'open, low, high, close', metrics: bracket.olhc.metrics }, { kind: 'ohlc', title: 'open, high, low, close', metrics: bracket.ohlc.metrics }])}</section>`
}
