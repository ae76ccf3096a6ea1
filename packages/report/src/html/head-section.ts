/** The top of the page: what ran, what it came to, and what to beware of. */
import { ZERO } from '@hedgerow/core'
import type { Criticism } from '../criticism/criticism.ts'
import type { FinishedRun, RunHeader, RunRoute } from '../finished-run.ts'
import { countText, exactText, percentText, plainText, signedPercentText, signedText } from '../number-text.ts'
import { html, type Markup } from './markup.ts'
import { dayText, durationText } from './time-words.ts'
import { toneOf } from './tone.ts'

/** `EmaHedge on ETHUSDT 15m` */
export function titleOf({ header: { routes } }: FinishedRun): string {
  const [first] = routes
  if (first === undefined) return 'A run'
  return routes.length === 1 ? routeText(first) : `${routeText(first)} and ${routes.length - 1} more`
}

/** A route that has no name of its own is called after its symbol already where there are several. */
export function routeText({ name, symbol, timeframe }: RunRoute): string {
  const market = `${symbol} ${timeframe}`
  return name.endsWith(market) ? name : `${name} on ${market}`
}

const KINDS: Readonly<Record<FinishedRun['kind'], string>> = { backtest: 'Backtest', paper: 'Paper trading', live: 'Live trading', import: 'Imported fills' }

/** Title, tiles, criticism and warnings. */
export function headSection(run: FinishedRun, criticism: readonly Criticism[]): Markup {
  return html`<a class="skip" href="#trades-title">To the trades</a>
<header>
  <div class="title">
    <h1>${titleOf(run)}</h1>
    <p>${headline(run)}</p>
  </div>
  <button id="theme" type="button" aria-label="Light or dark">◐</button>
</header>
${badges(run)}
${tiles(run)}
${criticism.length === 0 ? null : html`<section class="criticism" aria-label="Criticism">${criticism.map(criticismItem)}</section>`}
${warnings(run)}`
}

function headline({ kind, header }: FinishedRun): string {
  const { exchange, profile, positionMode, marginMode, start, end } = header
  // An export says where it is from, and nothing of the account.
  const account = kind === 'import' ? [exchange, `${positionMode} mode`] : [profile, `${positionMode} mode`, `${marginMode} margin`, `leverage ${leverageText(header)}`]
  return [KINDS[kind], ...account, `${dayText(start)} to ${dayText(end)} (${durationText(end - start)})`].join(' · ')
}

/** One leverage, or one for each leg. */
export function leverageText({ leverage: { long, short } }: RunHeader): string {
  return long.eq(short) ? exactText(long) : `${exactText(long)} long, ${exactText(short)} short`
}

function badges({ header, counts }: FinishedRun): Markup | null {
  const texts = [
    ...(header.data.some(({ synthetic }) => synthetic) ? ['Made-up candles: no market printed them'] : []),
    ...(counts.liquidations > 0 ? ['Liquidated'] : []),
  ]
  return texts.length === 0 ? null : html`<p class="badges">${texts.map((text) => html`<strong class="badge">${text}</strong>`)}</p>`
}

function tiles(run: FinishedRun): Markup {
  const { metrics: { total, long, short }, counts } = run
  const { slippage } = counts
  const costs = total.funding.minus(total.fees).minus(slippage === null ? ZERO : slippage.long.plus(slippage.short))
  return html`<section class="tiles" aria-label="The result in short">
  ${tile('Total pnl', { text: signedText(total.totalPnl), note: `${signedPercentText(total.totalReturn)} on ${plainText(run.header.startingBalance, 0)}`, figure: 'totalPnl' })}
  ${tile('Long leg', { text: signedText(long.totalPnl), note: tradesNote(long), leg: 'long', figure: 'long.totalPnl' })}
  ${tile('Short leg', { text: signedText(short.totalPnl), note: tradesNote(short), leg: 'short', figure: 'short.totalPnl' })}
  ${tile('Max drawdown', { text: signedPercentText(total.intradayMaxDrawdown), note: `deeper leg alone ${signedPercentText(deeper(run))}`, figure: 'intradayMaxDrawdown' })}
  ${tile('Hedged time', { text: percentText(total.hedgedTimeRatio), note: `in the market ${percentText(total.timeInMarket)}`, figure: 'hedgedTimeRatio' })}
  ${tile('Costs', { text: signedText(costs), note: slippage === null ? 'fees and funding' : 'fees, funding and slippage', figure: 'costs' })}
</section>`
}

function tradesNote({ count, winRate }: FinishedRun['metrics']['total']): string {
  return count === 0 ? 'no closed trade' : `${countText(count)} trade${count === 1 ? '' : 's'}, ${percentText(winRate, 0)} won`
}

function deeper({ metrics: { long, short } }: FinishedRun): FinishedRun['metrics']['total']['intradayMaxDrawdown'] {
  const [a, b] = [long.intradayMaxDrawdown, short.intradayMaxDrawdown]
  return a !== null && b !== null && a.lt(b) ? a : b
}

function tile(label: string, { text, note, leg = '', figure }: { readonly text: string; readonly note: string; readonly leg?: string; readonly figure: string }): Markup {
  return html`<div class="tile ${leg}"><h2>${label}</h2><p class="value ${toneOf(text)}" data-figure="${figure}">${text}</p><p class="note">${note}</p></div>`
}

const MARKS: Readonly<Record<Criticism['severity'], string>> = { severe: '✖', warning: '▲', note: '●' }

function criticismItem({ id, severity, headline: text, found, remedy }: Criticism): Markup {
  return html`<details class="${severity}" data-criticism="${id}"><summary><span class="mark" aria-hidden="true">${MARKS[severity]}</span> ${text}</summary>
<p><b>How it was found.</b> ${found}</p><p><b>What to do.</b> ${remedy}</p></details>`
}

function warnings({ warnings: list }: FinishedRun): Markup | null {
  if (list.length === 0) return null
  const codes = [...new Set(list.map(({ code }) => code))].join(', ')
  return html`<details class="warnings"><summary>${list.length === 1 ? '1 warning' : `${list.length} warnings`} <code>${codes}</code></summary><ul>${list.map(({ code, text }) => html`<li><code>${code}</code> ${text}</li>`)}</ul></details>`
}
