/** Everything about single trades: the table and its filters, excursions, distributions, months. */
import type { FinishedRun } from '../finished-run.ts'
import { countText, exactText, plainText, signedPercentText, signedText } from '../number-text.ts'
import { holdingBins, profitBins } from '../view/bins.ts'
import { monthsOf } from '../view/months.ts'
import { barChart } from './bar-chart.ts'
import { html, type Markup } from './markup.ts'
import { minuteText } from './time-words.ts'
import { toneOf } from './tone.ts'

/** The table of trades, which the browser fills. */
export function tradesSection(run: FinishedRun): Markup {
  const { trades, openPositions } = run
  return html`<section aria-labelledby="trades-title"><h2 id="trades-title" tabindex="-1">Trades</h2>
${trades.length === 0 ? html`<p class="nothing">No trade was closed.</p>` : html`<p class="hint">Click a trade, or press Enter on it, to see it in the chart. A trade is one round trip of one leg.</p>
<div class="filters" role="group" aria-label="Filters">${filter('leg', 'both legs', ['long', 'short'])}${filter('strategy', 'all strategies', [...new Set(trades.map(({ strategy }) => strategy))])}${filter('symbol', 'all symbols', [...new Set(trades.map(({ symbol }) => symbol))])}${filter('reason', 'every exit', [...new Set(trades.map(({ exitReason }) => exitReason))].sort())}<output id="trades-count"></output></div>
<div class="wide" tabindex="0" role="region" aria-label="Table of trades"><table id="trades"></table></div>
<nav class="pages" aria-label="Pages of trades"><button type="button" id="trades-back">← Earlier</button><span id="trades-page"></span><button type="button" id="trades-next">Later →</button></nav>`}
${openPositions.length === 0 ? null : openTable(run)}</section>`
}

function filter(name: string, all: string, choices: readonly string[]): Markup | null {
  if (choices.length < 2 && name !== 'leg') return null
  return html`<select data-filter="${name}" aria-label="${name}"><option value="">${all}</option>${choices.map((choice) => html`<option>${choice}</option>`)}</select>`
}

function openTable({ openPositions }: FinishedRun): Markup {
  return html`<h3>Open at the end</h3><div class="wide"><table class="open"><thead><tr><th scope="col">leg</th><th scope="col">symbol</th><th scope="col">since</th><th scope="col">qty</th><th scope="col">entry</th><th scope="col">price</th><th scope="col">unrealised</th><th scope="col">net pnl</th></tr></thead>
<tbody>${openPositions.map(({ leg, symbol, openedAt, qty, entryPrice, price, unrealisedPnl, netPnl }) => html`<tr><td class="${leg}">${leg}</td><td>${symbol}</td><td>${minuteText(openedAt)}</td><td>${exactText(qty)}</td><td>${plainText(entryPrice, 4)}</td><td>${exactText(price)}</td><td class="${toneOf(signedText(unrealisedPnl))}">${signedText(unrealisedPnl)}</td><td class="${toneOf(signedText(netPnl))}">${signedText(netPnl)}</td></tr>`)}</tbody></table></div>`
}

/** Scatter of excursions, distribution of results and holding times. */
export function analysisSection({ trades }: FinishedRun): Markup | null {
  if (trades.length === 0) return null
  const profits = profitBins(trades)
  return html`<section aria-labelledby="analysis-title"><h2 id="analysis-title">How trades went</h2><div class="grid">
<figure><figcaption>Worst and best moment of each trade <small>in % of its peak notional; ring: lost, dot: won</small></figcaption><div id="excursions" class="scatter"></div></figure>
<figure><figcaption>Net pnl of trades <small>outermost bars: everything beyond</small></figcaption>${profits.length === 0 ? html`<p class="nothing">All trades netted the same.</p>` : barChart(profits, { title: 'Trades by net pnl', labelEach: Math.ceil(profits.length / 6), zeroAt: 0 })}</figure>
<figure><figcaption>Holding times</figcaption>${barChart(holdingBins(trades), { title: 'Trades by holding time', labelEach: 1 })}</figure>
</div></section>`
}

/** A row a month. */
export function monthsSection(run: FinishedRun): Markup {
  const months = monthsOf(run)
  const largest = Math.max(...months.map((month) => Math.abs(Number(month.return ?? 0))), 1e-12)
  return html`<section aria-labelledby="months-title"><h2 id="months-title">Months</h2><div class="wide"><table class="months"><thead><tr><th scope="col">month</th><th scope="col">return</th><th scope="col" class="bar"></th><th scope="col">gain</th><th scope="col" class="long">long</th><th scope="col" class="short">short</th><th scope="col">trades</th></tr></thead>
<tbody>${months.map((month) => {
    const [gain, long, short] = [signedText(month.gain), signedText(month.long), signedText(month.short)]
    const share = Number(month.return ?? 0) / largest
    return html`<tr data-month="${month.month}"><th scope="row">${month.month}</th><td class="${toneOf(gain)}">${signedPercentText(month.return)}</td><td class="bar"><i class="${share < 0 ? 'bad' : 'good'}" style="width:${(Math.abs(share) * 50).toFixed(1)}%;${share < 0 ? 'right' : 'left'}:50%"></i></td><td class="${toneOf(gain)}">${gain}</td><td class="${toneOf(long)}">${long}</td><td class="${toneOf(short)}">${short}</td><td>${countText(month.trades)}</td></tr>`
  })}</tbody></table></div></section>`
}
