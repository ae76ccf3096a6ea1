/** The page of several runs: what differs between them, their figures side by side, their curves in one chart. */
import { gzipSync } from 'node:zlib'
import { doubleOf } from '@hedgerow/core'
import type { FinishedRun } from '../finished-run.ts'
import type { ComparisonData } from '../shared/page-data.ts'
import { NumberBlock } from '../view/number-block.ts'
import { SCORECARD } from '../view/scorecard-rows.ts'
import { leverageText, routeText } from './head-section.ts'
import { html, type Content, type Markup } from './markup.ts'
import { pageAssets } from './page-assets.ts'
import { documentText, payloadMarkup } from './document.ts'
import { term } from './term.ts'
import { dayText } from './time-words.ts'
import { toneOf } from './tone.ts'

/** A run and what it is called. */
export interface NamedRun {
  readonly name: string
  readonly run: FinishedRun
}

/** The page of several runs as one HTML text. */
export async function comparisonHtml(runs: readonly NamedRun[]): Promise<string> {
  const block = new NumberBlock()
  const data: ComparisonData = {
    runs: runs.map(({ name, run: { equity, header } }) => ({
      title: name, at: block.column(equity.map(({ at }) => at)), gain: block.column(equity.map((point) => (100 * doubleOf(point.equity.minus(header.startingBalance))) / doubleOf(header.startingBalance)), 4),
    })),
  }
  const title = runs.map(({ name }) => name).join(' beside ')
  const body = html`<header><div class="title"><h1>${title}</h1><p>${runs.length} runs side by side</p></div><button id="theme" type="button" aria-label="Light or dark">◐</button></header>
<section aria-labelledby="curves-title"><h2 id="curves-title">Return of the accounts, %</h2><div id="series" class="choices toggles" role="group" aria-label="Curves"></div><div class="chart-frame"><div id="comparison" class="chart course"></div></div></section>
${differences(runs)}
<p class="hint beside">Bold: the account. Small: its <span class="long">long leg</span> and its <span class="short">short leg</span>, each as if it had been traded alone with the same balance.</p>
${figures(runs)}
${payloadMarkup(data, gzipSync(block.finish()))}`
  return documentText({ title, body, assets: await pageAssets() })
}

function differences(runs: readonly NamedRun[]): Markup {
  const facts = new Map<string, Map<string, string>>()
  for (const { name, run } of runs) {
    for (const [label, text] of factsOf(run)) facts.set(label, (facts.get(label) ?? new Map<string, string>()).set(name, text))
  }
  const rows = [...facts].filter(([, byRun]) => new Set(runs.map(({ name }) => byRun.get(name) ?? '')).size > 1)
  return html`<section aria-labelledby="differences-title"><h2 id="differences-title">What differs</h2>${rows.length === 0 ? html`<p class="nothing">Nothing: the runs had the same configuration and data.</p>` : table(runs, rows.map(([label, byRun]) => html`<tr><th scope="row">${label}</th>${runs.map(({ name }) => html`<td>${byRun.get(name) ?? ''}</td>`)}</tr>`))}</section>`
}

function factsOf({ header }: FinishedRun): readonly (readonly [label: string, text: string])[] {
  const { profile, positionMode, marginMode, start, end, fee, sim, seed, fillAt, startingBalance, version } = header
  return [
    ['strategies', header.routes.map(routeText).join(', ')],
    ...header.routes.flatMap(({ name, params }) => Object.entries(params).map(([key, value]) => [header.routes.length > 1 ? `${name}: ${key}` : key, typeof value === 'string' ? value : JSON.stringify(value)] as const)),
    ['profile', profile], ['position mode', positionMode], ['margin mode', marginMode], ['leverage', leverageText(header)], ['balance', startingBalance.toFixed()], ['window', `${dayText(start)} to ${dayText(end)}`],
    ['fees', `${fee.maker.toFixed()} maker, ${fee.taker.toFixed()} taker`], ['fills at', fillAt], ['simulation', Object.keys(sim).length === 0 ? "the profile's defaults" : JSON.stringify(sim)], ['seed', String(seed)], ['version', version],
    ...header.data.map(({ symbol, hash }) => [`candles of ${symbol}`, hash.slice(0, 12)] as const),
  ]
}

function figures(runs: readonly NamedRun[]): Markup {
  return html`${SCORECARD.map(({ title, rows }) => html`<section><h2>${title}</h2>${table(runs, rows.map(({ key, label, definition, text, signed = false, accountOnly = false }) => html`<tr><th scope="row">${term(label, definition)}</th>${runs.map(({ name, run: { metrics } }) => {
    const written = text(metrics.total)
    return html`<td data-figure="${name}.${key}"><b class="${signed ? toneOf(written) : ''}">${written}</b>${accountOnly ? null : html` <small><span class="long">${text(metrics.long)}</span> <span class="short">${text(metrics.short)}</span></small>`}</td>`
  })}</tr>`))}</section>`)}`
}

function table(runs: readonly NamedRun[], rows: Content): Markup {
  return html`<div class="wide"><table class="compared"><thead><tr><th scope="col"></th>${runs.map(({ name }) => html`<th scope="col">${name}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`
}
