/** Bars of counts, long above short, as SVG. */
import type { Bin } from '../view/bins.ts'
import { html, type Markup } from './markup.ts'

const WIDTH = 480
const HEIGHT = 274
const TOP = 14
const FOOT = 30
const GAP = 2

/** How a chart is labelled. */
export interface BarChartOptions {
  readonly title: string
  /** Every so many bars have a label. */
  readonly labelEach: number
  /** Bars that start at or above this value have passed zero: a line is drawn there. */
  readonly zeroAt?: number
}

/** Stacked bars. Each says its counts when it is pointed at. */
export function barChart(bins: readonly Bin[], { title, labelEach, zeroAt }: BarChartOptions): Markup {
  const most = Math.max(1, ...bins.map(({ long, short }) => long + short))
  const width = WIDTH / bins.length
  const plot = HEIGHT - TOP - FOOT
  const zero = zeroAt === undefined ? -1 : bins.findIndex(({ label }) => Number(label) >= zeroAt)
  return html`<svg class="bars" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}: ${bins.map(({ label, long, short }) => `${label}: ${long} long, ${short} short`).join('; ')}">
<line class="axis" x1="0" x2="${WIDTH}" y1="${HEIGHT - FOOT}" y2="${HEIGHT - FOOT}"/>${zero < 0 ? null : html`<line class="zero" x1="${zero * width}" x2="${zero * width}" y1="${TOP}" y2="${HEIGHT - FOOT}"/>`}
${bins.map((bin, index) => bar(bin, { x: index * width, width, scale: plot / most }))}
${bins.map(({ label }, index) => ((index % labelEach) === 0 ? html`<text class="${labelEach === 1 && index % 2 === 1 ? 'minor' : ''}" x="${index * width + (zeroAt === undefined ? width / 2 : 0)}" y="${HEIGHT - 10}" text-anchor="${zeroAt === undefined ? 'middle' : 'start'}">${label}</text>` : null))}
<text class="most" x="0" y="10">${most}</text></svg>`
}

function bar({ label, long, short }: Bin, { x, width, scale }: { readonly x: number; readonly width: number; readonly scale: number }): Markup | null {
  if (long + short === 0) return null
  const floor = HEIGHT - FOOT
  const [longHeight, shortHeight] = [long * scale, short * scale]
  return html`<g><title>${label}: ${long} long, ${short} short</title>${long === 0 ? null : html`<rect class="long" x="${(x + GAP / 2).toFixed(1)}" y="${(floor - longHeight - shortHeight).toFixed(1)}" width="${(width - GAP).toFixed(1)}" height="${longHeight.toFixed(1)}"/>`}${short === 0 ? null : html`<rect class="short" x="${(x + GAP / 2).toFixed(1)}" y="${(floor - shortHeight).toFixed(1)}" width="${(width - GAP).toFixed(1)}" height="${shortHeight.toFixed(1)}"/>`}</g>`
}
