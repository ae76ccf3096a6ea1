/** What ran: enough to run it again and to trust it, or not. */
import type { FinishedRun } from '../finished-run.ts'
import { countText, exactText, percentText } from '../number-text.ts'
import { leverageText, routeText } from './head-section.ts'
import { html, type Content, type Markup } from './markup.ts'
import { durationText, minuteText } from './time-words.ts'

type Fact = readonly [label: string, content: Content]

/** Configuration, parameters, data, versions, seed, hash, and what strategies showed of their state. */
export function ranSection(run: FinishedRun): Markup {
  const { kind, header, journalHash, watchLists, counts } = run
  const { fee, sim } = header
  const facts: readonly Fact[] = [
    ['Hedgerow', `version ${header.version}`],
    ...(kind === 'import' ? importFacts(run) : [
      ['Venue', `${header.exchange}, profile ${header.profile}`],
      ['Account', `${header.positionMode} mode, ${header.marginMode} margin, leverage ${leverageText(header)}, balance ${exactText(header.startingBalance)}`],
      ['Fees', `maker ${percentText(fee.maker, 4)}, taker ${percentText(fee.taker, 4)}`],
      ['Fills', `market orders of a bar's close fill at the ${header.fillAt === 'open' ? 'next open' : 'close'}`],
      ['Simulation', Object.keys(sim).length === 0 ? "the profile's defaults" : html`<code>${JSON.stringify(sim)}</code>`],
      ['Seed', String(header.seed)],
      ['Orders and fills', `${countText(counts.orders)} orders, ${countText(counts.fills)} fills, ${countText(counts.denied)} denied`],
    ] satisfies readonly Fact[]),
    ['Window', `${minuteText(header.start)} to ${minuteText(header.end)} UTC (${durationText(header.end - header.start)})`],
    ['Journal hash', html`<code>${journalHash}</code>`],
  ]
  return html`<section aria-labelledby="ran-title"><h2 id="ran-title">What ran</h2><div class="grid">
<dl>${facts.map(([label, content]) => html`<dt>${label}</dt><dd>${content}</dd>`)}</dl>
<div>${header.routes.map((route) => html`<h3>${routeText(route)}</h3><p class="hint">${route.legs.length === 2 ? 'owns both legs' : `owns the ${route.legs.join(' and ')} leg only`}</p>${parameters(route.params)}${watchTable(watchLists[route.name])}`)}</div>
</div><h3>Data</h3>${dataTable(run)}</section>`
}

/** What an export says: nothing was simulated here. */
function importFacts({ header, counts }: FinishedRun): readonly Fact[] {
  return [
    ['Imported from', header.exchange],
    ['Account', `${header.positionMode} mode, balance ${exactText(header.startingBalance)} at the start`],
    ['Fills', counts.orders === 0 ? countText(counts.fills) : `${countText(counts.fills)} of ${countText(counts.orders)} orders`],
  ]
}

function parameters(params: Readonly<Record<string, unknown>>): Markup {
  const entries = Object.entries(params)
  return entries.length === 0 ? html`<p class="nothing">No parameters.</p>` : html`<table class="plain"><tbody>${entries.map(([name, value]) => html`<tr><th scope="row">${name}</th><td>${typeof value === 'string' ? value : (JSON.stringify(value) ?? '')}</td></tr>`)}</tbody></table>`
}

function watchTable(rows: FinishedRun['watchLists'][string] | undefined): Markup | null {
  return rows === undefined ? null : html`<h4>State at the end</h4><table class="plain"><tbody>${rows.map(([label, value]) => html`<tr><th scope="row">${label}</th><td>${String(value)}</td></tr>`)}</tbody></table>`
}

function dataTable({ header: { data } }: FinishedRun): Markup {
  return html`<div class="wide"><table class="data"><thead><tr><th scope="col">symbol</th><th scope="col">source</th><th scope="col">kind</th><th scope="col">candles</th><th scope="col">missing</th><th scope="col">from</th><th scope="col">to</th><th scope="col">SHA-256 of the columns</th></tr></thead>
<tbody>${data.map(({ symbol, source, synthetic, candles, missing, start, end, hash }) => html`<tr><td>${symbol}</td><td>${source}</td><td>${synthetic ? html`<strong class="badge">synthetic</strong>` : 'recorded'}</td><td>${countText(candles)}</td><td>${countText(missing)}</td><td>${minuteText(start)}</td><td>${minuteText(end)}</td><td><code>${hash.slice(0, 16)}…</code></td></tr>`)}</tbody></table></div>`
}
