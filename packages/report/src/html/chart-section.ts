/** The frames of the charts, which the browser fills. */
import type { FinishedRun } from '../finished-run.ts'
import { html, type Markup } from './markup.ts'

/** Price, legs, equity and drawdown in one chart; nothing for a run without candles. */
export function chartSection({ markets }: FinishedRun): Markup | null {
  if (markets.length === 0) return null
  return html`<section class="charts" aria-labelledby="chart-title"><h2 id="chart-title" class="hidden">Charts</h2>
<div class="chart-bar"><div id="symbols" class="choices" role="group" aria-label="Symbol">${markets.map(({ symbol }, index) => html`<button type="button" data-symbol="${index}" aria-pressed="${index === 0 ? 'true' : 'false'}">${symbol}</button>`)}</div>
<div class="choices" role="group" aria-label="Range"><button type="button" id="whole">whole run</button><button type="button" id="zoom-in" aria-label="Zoom in">+</button><button type="button" id="zoom-out" aria-label="Zoom out">−</button></div>
<div id="series" class="choices toggles" role="group" aria-label="Curves"></div></div>
<div class="chart-frame"><div id="chart" class="chart" tabindex="0" role="application" aria-label="Chart of prices, legs and equity. Arrow keys move, plus and minus zoom, n and p step through the fills."></div><div id="reading" class="reading" aria-live="off"></div><div id="card" class="card" role="status" hidden></div></div>
<p class="legend"><span class="long">▲ long opens or adds</span> <span class="long">△ long closes</span> <span class="short">▼ short opens or adds</span> <span class="short">▽ short closes</span> <span>─ stop</span> <span>○ target</span> <span>✖ liquidation</span> <span class="long">━ average entry</span> <span>┄ liquidation price</span> <span>· funding</span> <span class="hedged">█ hedged</span></p>
</section>`
}

/** Exposure, hedge ratio, margin use and distance to liquidation over time. */
export function courseSection({ course }: FinishedRun): Markup | null {
  if (course.length === 0) return null
  const isMarginKnown = course.marginUse.some((value) => Number.isFinite(value))
  return html`<section aria-labelledby="course-title"><h2 id="course-title">${isMarginKnown ? 'Exposure and margin' : 'Exposure'}</h2>
<p class="hint">Multiples of equity at the end of each row; the share of the time so far with one leg open and the other flat${isMarginKnown ? '; the highest margin use and the smallest distance to liquidation within the row. A distance of 0 is liquidation' : '. What an export does not say: margin use and distance to liquidation'}.</p>
<div class="chart-frame"><div id="course" class="chart course"></div><div id="course-reading" class="reading"></div></div></section>`
}
