/** Several runs as one picture: the returns of their accounts over one axis of time, and their figures side by side. */
import { doubleOf, type RunMetrics } from '@hedgerow/core'
import type { NamedRun } from '../html/comparison-page.ts'
import { dayText } from '../html/time-words.ts'
import { countText, percentText, plainText, signedPercentText, signedText } from '../number-text.ts'
import { lineThrough, stepsThrough, type Point } from './lines.ts'
import { PALETTES, type Palette, type Theme } from './palette.ts'
import { frame, timeAxis, type PaneStyle } from './panes.ts'
import { FONTS } from './run-picture.ts'
import { horizontal, spanOf, vertical, type Box } from './scale.ts'
import { element, label } from './svg.ts'

const WIDTH = 1280
const MARGIN = 28
const AXIS = 84
const CURVES: Box = { x: MARGIN, y: 76, width: WIDTH - MARGIN - AXIS, height: 320 }
const TABLE = CURVES.y + CURVES.height + 64
const ROW = 24
/** Room for what a figure is called. */
const NAMES = 190

const FIGURES: readonly (readonly [label: string, read: (metrics: RunMetrics) => string])[] = [
  ['Total pnl', ({ totalPnl }) => signedText(totalPnl)], ['Total return', ({ totalReturn }) => signedPercentText(totalReturn)], ['Max drawdown', ({ intradayMaxDrawdown }) => signedPercentText(intradayMaxDrawdown)],
  ['Trades', ({ count }) => countText(count)], ['Win rate', ({ winRate }) => percentText(winRate)], ['Profit factor', ({ profitFactor }) => plainText(profitFactor)],
  ['Fees', ({ fees }) => signedText(fees.neg())], ['Funding', ({ funding }) => signedText(funding)], ['Hedged time', ({ hedgedTimeRatio }) => percentText(hedgedTimeRatio)],
]

/** The picture as SVG. */
export function comparisonSvg(runs: readonly NamedRun[], { theme = 'light' }: { readonly theme?: Theme } = {}): string {
  const palette = PALETTES[theme]
  const style: PaneStyle = { palette, time: { low: Math.min(...runs.map(({ run }) => run.header.start)), high: Math.max(...runs.map(({ run }) => run.header.end)) } }
  const height = TABLE + FIGURES.length * ROW + 40
  return element('svg', { xmlns: 'http://www.w3.org/2000/svg', width: WIDTH, height, viewBox: `0 0 ${WIDTH} ${height}`, 'font-family': FONTS }, [
    element('rect', { width: WIDTH, height, fill: palette.paper }), label(`${runs.length} runs side by side`, { x: MARGIN, y: 34, fill: palette.ink, size: 20, weight: 700 }),
    label(`${dayText(style.time.low)} to ${dayText(style.time.high)} UTC`, { x: WIDTH - MARGIN, y: 34, fill: palette.quiet, anchor: 'end', size: 13 }),
    curves(runs, style), timeAxis(CURVES, style), table(runs, palette),
  ].join(''))
}

/** Blue and orange are legs, everywhere. */
function colorOf(index: number, { others, ink }: Palette): string {
  return others[index % others.length] ?? ink
}

function curves(runs: readonly NamedRun[], style: PaneStyle): string {
  const returns = runs.map(({ run: { equity, header: { startingBalance } } }) => equity.map((point) => ({ at: point.at, value: (100 * doubleOf(point.equity.minus(startingBalance))) / doubleOf(startingBalance) })))
  const values = spanOf([0, ...returns.flatMap((points) => points.map(({ value }) => value))])
  const [x, y] = [horizontal(CURVES, style.time), vertical(CURVES, values)]
  return frame(CURVES, { title: 'Return of the accounts, %', values }, style) + returns.map((points, index) => {
    const steps = stepsThrough(points.map(({ at, value }): Point => [x(at), y(value)]), x(runs[index]?.run.header.end ?? style.time.high))
    return element('path', { d: lineThrough(steps), stroke: colorOf(index, style.palette), 'stroke-width': 1.8, fill: 'none' })
  }).join('')
}

function table(runs: readonly NamedRun[], palette: Palette): string {
  const wide = (WIDTH - 2 * MARGIN - NAMES) / runs.length
  const right = (index: number): number => MARGIN + NAMES + (index + 1) * wide
  const most = Math.max(6, Math.floor(wide / 8))
  return [
    ...runs.flatMap(({ name }, index) => [element('rect', { x: right(index) - wide + 14, y: TABLE - 18, width: wide - 14, height: 3, fill: colorOf(index, palette) }), label(name.length > most ? `${name.slice(0, most - 1)}…` : name, { x: right(index), y: TABLE, fill: palette.ink, anchor: 'end', weight: 700 })]),
    ...FIGURES.flatMap(([name, read], row) => {
      const y = TABLE + (row + 1) * ROW
      return [
        element('path', { d: `M${MARGIN} ${y - 16}H${WIDTH - MARGIN}`, stroke: palette.line }), label(name, { x: MARGIN, y, fill: palette.quiet }),
        ...runs.map(({ run }, index) => label(read(run.metrics.total), { x: right(index), y, fill: palette.ink, anchor: 'end' })),
      ]
    }),
  ].join('')
}
