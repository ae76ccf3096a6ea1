/** A finished run as one picture: what it came to, then prices with the fills of both legs, what they held, gains and drawdown over one axis of time. */
import type { FinishedRun } from '../finished-run.ts'
import { titleOf } from '../html/head-section.ts'
import { dayText } from '../html/time-words.ts'
import { countText, plainText, signedPercentText, signedText } from '../number-text.ts'
import { PALETTES, type Palette, type Theme } from './palette.ts'
import { drawdownPane, gainPane, legsPane, MANY_FILLS, pricePane, timeAxis, type PaneStyle } from './panes.ts'
import type { Box } from './scale.ts'
import { element, label } from './svg.ts'

const WIDTH = 1280
const MARGIN = 28
/** Room for the texts of the axis. */
const AXIS = 84
const HEAD = 134
/** Between panes: the title of the next one is there. */
const GAP = 28
const HEIGHTS = { price: 300, legs: 110, gain: 190, drawdown: 90 } as const
/** Symbols that a picture shows; more are too small to see. */
const MOST_SYMBOLS = 3

/** What is used where the system has it; any other font will do. */
export const FONTS = "'Helvetica Neue', Arial, 'Liberation Sans', 'DejaVu Sans', 'Noto Sans', 'Segoe UI', Roboto, sans-serif"

/** The picture as SVG. */
export function runSvg(run: FinishedRun, { theme = 'light' }: { readonly theme?: Theme } = {}): string {
  const palette = PALETTES[theme]
  const style: PaneStyle = { palette, time: { low: run.header.start, high: run.header.end } }
  const symbols = shownSymbols(run)
  const panes: readonly (readonly [height: number, draw: (box: Box) => string])[] = [
    ...symbols.flatMap((symbol) => [[HEIGHTS.price, (box: Box) => pricePane(run, symbol, box, style)], [HEIGHTS.legs, (box: Box) => legsPane(run, symbol, box, style)]] as const),
    [HEIGHTS.gain, (box) => gainPane(run, box, style)], [HEIGHTS.drawdown, (box) => drawdownPane(run, box, style)],
  ]
  let y = HEAD
  const drawn: string[] = []
  let box: Box = { x: MARGIN, y, width: WIDTH - MARGIN - AXIS, height: 0 }
  for (const [height, draw] of panes) {
    box = { ...box, y, height }
    drawn.push(draw(box))
    y += height + GAP
  }
  const height = y + 40
  return element('svg', { xmlns: 'http://www.w3.org/2000/svg', width: WIDTH, height, viewBox: `0 0 ${WIDTH} ${height}`, 'font-family': FONTS }, [
    element('rect', { width: WIDTH, height, fill: palette.paper }), head(run, palette), ...drawn, timeAxis(box, style), foot(run, { y: height - 14, shown: symbols.length }, palette),
  ].join(''))
}

/** Those with the most fills, in the order of the run. */
function shownSymbols(run: FinishedRun): readonly string[] {
  const fills = fillCounts(run)
  const names = run.markets.map(({ symbol }) => symbol)
  const most = new Set(names.toSorted((a, b) => (fills.get(b) ?? 0) - (fills.get(a) ?? 0)).slice(0, MOST_SYMBOLS))
  return names.filter((name) => most.has(name))
}

function fillCounts({ events }: FinishedRun): ReadonlyMap<string, number> {
  const fills = new Map<string, number>()
  for (const event of events) if (event.type === 'order.filled') fills.set(event.symbol, (fills.get(event.symbol) ?? 0) + 1)
  return fills
}

function head(run: FinishedRun, palette: Palette): string {
  const { metrics: { total, long, short }, header } = run
  const tiles: readonly (readonly [name: string, value: string, note: string, color: string | null])[] = [
    ['Total pnl', signedText(total.totalPnl), `${signedPercentText(total.totalReturn)} on ${plainText(header.startingBalance, 0)}`, null],
    ['Long leg', signedText(long.totalPnl), `${countText(long.count)} trades`, palette.long], ['Short leg', signedText(short.totalPnl), `${countText(short.count)} trades`, palette.short],
    ['Max drawdown', signedPercentText(total.intradayMaxDrawdown), '', null], ['Fees', signedText(total.fees.neg()), '', null], ['Funding', signedText(total.funding), '', null],
  ]
  const wide = (WIDTH - 2 * MARGIN) / tiles.length
  return [
    label(titleOf(run).trim(), { x: MARGIN, y: 34, fill: palette.ink, size: 20, weight: 700 }),
    label(`${dayText(header.start)} to ${dayText(header.end)} UTC, ${header.positionMode} mode`, { x: WIDTH - MARGIN, y: 34, fill: palette.quiet, anchor: 'end', size: 13 }),
    ...tiles.flatMap(([name, value, note, color], index) => {
      const x = MARGIN + index * wide
      const tone = value.startsWith('-') ? palette.bad : value.startsWith('+') ? palette.good : palette.ink
      return [
        element('rect', { x, y: 48, width: wide - 12, height: 3, fill: color ?? palette.line }), label(name, { x, y: 66, fill: palette.quiet }),
        label(value, { x, y: 87, fill: tone, size: 17, weight: 700 }), label(note, { x, y: 101, fill: palette.quiet, size: 11 }),
      ]
    }),
  ].join('')
}

function foot(run: FinishedRun, { y, shown }: { readonly y: number; readonly shown: number }, palette: Palette): string {
  const more = run.markets.length - shown
  const left = 'up, blue: long · down, orange: short · filled opens, hollow closes · bar: stop · ring: target · cross: liquidation · lines: average entry, dotted liquidation price · shaded: hedged'
  const notes = [...(run.header.data.some(({ synthetic }) => synthetic) ? ['made-up candles'] : []), ...(run.kind === 'import' ? ['imported fills'] : []), ...(Math.max(0, ...fillCounts(run).values()) > MANY_FILLS ? ['signs of fills thinned'] : []), ...(more > 0 ? [`${more} more symbol${more === 1 ? '' : 's'} not shown`] : [])]
  return label(left, { x: MARGIN, y, fill: palette.quiet, size: 11 }) + (notes.length === 0 ? '' : label(notes.join(', '), { x: WIDTH - MARGIN, y, fill: palette.bad, size: 11, weight: 700, anchor: 'end' }))
}
