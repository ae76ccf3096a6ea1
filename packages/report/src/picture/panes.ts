/** The panes of a picture: axis and grid, prices with fills, what the legs held, gains, drawdown. */
import { doubleOf, LEGS, type Decimal, type Leg } from '@hedgerow/core'
import { plainNumber } from './plain-number.ts'
import type { FinishedRun, PairChange, PriceCandles } from '../finished-run.ts'
import { seenFills, type SeenFill } from '../view/fill-columns.ts'
import { fillSign } from './fill-sign.ts'
import { lineThrough, stepsThrough, type Point } from './lines.ts'
import type { Palette } from './palette.ts'
import { horizontal, roundValues, spanOf, timeMarks, vertical, type Box, type Span } from './scale.ts'
import { element, label, number } from './svg.ts'

/** Marks on the axis of time: more would run into each other. */
const MOST_MOMENTS = 10

/** What every pane is drawn with. */
export interface PaneStyle {
  readonly palette: Palette
  /** Start and end of the picture, ms. */
  readonly time: Span
}

/** Lines at round values with their texts at the right, lines at round times, and the name of the pane. */
export function frame(box: Box, { title, values, write }: { readonly title: string; readonly values: Span; readonly write?: (value: number) => string }, { palette, time }: PaneStyle): string {
  const [x, y] = [horizontal(box, time), vertical(box, values)]
  const { values: marks, places } = roundValues(values, Math.max(4, Math.floor(box.height / 44)))
  return [
    ...timeMarks(time, MOST_MOMENTS).map(({ at }) => element('path', { d: `M${number(x(at))} ${number(box.y)}v${number(box.height)}`, stroke: palette.line })),
    ...marks.map((value) => element('path', { d: `M${number(box.x)} ${number(y(value))}h${number(box.width)}`, stroke: palette.line })),
    ...marks.map((value) => label(write === undefined ? plainNumber(value, places) : write(value), { x: box.x + box.width + 8, y: y(value) + 4, fill: palette.quiet })),
    element('rect', { x: box.x, y: box.y, width: box.width, height: box.height, fill: 'none', stroke: palette.line }),
    label(title, { x: box.x, y: box.y - 7, fill: palette.quiet, weight: 600 }),
  ].join('')
}

/** Texts below the last pane. */
export function timeAxis(box: Box, { palette, time }: PaneStyle): string {
  const x = horizontal(box, time)
  return timeMarks(time, MOST_MOMENTS).map(({ at, text }) => label(text, { x: Math.min(Math.max(x(at), box.x + 30), box.x + box.width - 30), y: box.y + box.height + 18, fill: palette.quiet, anchor: 'middle' })).join('')
}

/** Pixels of a candle. */
const BAR = 4

interface Bar { open: number; high: number; low: number; close: number }

/** Candles of as many of the market's as share a few pixels. */
function barsOf({ start, step, length, open, high, low, close }: PriceCandles, box: Box, x: (at: number) => number): ReadonlyMap<number, Bar> {
  const bars = new Map<number, Bar>()
  for (let index = 0; index < length; index++) {
    const price = close[index] ?? Number.NaN
    if (Number.isNaN(price)) continue
    const column = Math.floor((x(start + (index + 0.5) * step) - box.x) / BAR)
    const bar = bars.get(column)
    if (bar === undefined) bars.set(column, { open: open[index] ?? price, high: high[index] ?? price, low: low[index] ?? price, close: price })
    else Object.assign(bar, { high: Math.max(bar.high, high[index] ?? price), low: Math.min(bar.low, low[index] ?? price), close: price })
  }
  return bars
}

/** Candles, average entries and liquidation prices of each leg, and every fill. */
export function pricePane(run: FinishedRun, symbol: string, box: Box, style: PaneStyle): string {
  const { palette, time } = style
  const x = horizontal(box, time)
  const candles = run.markets.find((market) => market.symbol === symbol)?.candles
  const bars = [...(candles === undefined ? [] : barsOf(candles, box, x))]
  const fills = seenFills(run).filter(({ fill }) => fill.symbol === symbol)
  const values = spanOf([...bars.flatMap(([, { low, high }]) => [low, high]), ...fills.map(({ fill }) => doubleOf(fill.price))], 0.08)
  const y = vertical(box, values)
  const changes = run.positions.filter((change) => change.symbol === symbol)
  const wicks = bars.map(([column, { low, high }]) => `M${number(box.x + (column + 0.5) * BAR)} ${number(y(high))}V${number(y(low))}`).join('')
  const bodies = (isUp: boolean): string => bars.filter(([, { open, close }]) => close >= open === isUp).map(([column, { open, close }]) => `M${number(box.x + column * BAR + 0.7)} ${number(y(Math.max(open, close)))}h${number(BAR - 1.4)}v${number(Math.max(0.8, Math.abs(y(open) - y(close))))}h${number(1.4 - BAR)}z`).join('')
  return [
    hedgedBands(changes, box, style), frame(box, { title: symbol, values }, style),
    element('path', { d: wicks, stroke: palette.candle, fill: 'none' }),
    element('path', { d: bodies(true), fill: palette.paper, stroke: palette.candle, 'stroke-width': 0.9 }), element('path', { d: bodies(false), fill: palette.candle, stroke: palette.candle, 'stroke-width': 0.9 }),
    ...LEGS.map((leg) => legLine(changes, { leg, read: (change) => change[leg].entryPrice, box, values, style, dash: undefined })),
    ...LEGS.map((leg) => legLine(changes, { leg, read: (change) => change[leg].liquidationPrice, box, values, style, dash: '2 3' })),
    ...signs(fills, { x, y }, palette),
  ].join('')
}

interface LegLine {
  readonly leg: Leg
  readonly read: (change: PairChange) => Decimal | null
  readonly box: Box
  readonly values: Span
  readonly style: PaneStyle
  readonly dash: string | undefined
}

function legLine(changes: readonly PairChange[], { leg, read, box, values, style: { palette, time }, dash }: LegLine): string {
  const [x, y] = [horizontal(box, time), vertical(box, values)]
  const points = changes.map((change): Point => {
    const value = read(change)
    const price = value === null ? Number.NaN : doubleOf(value)
    return [x(change.at), price >= values.low && price <= values.high ? y(price) : Number.NaN]
  })
  return element('path', { d: lineThrough(stepsThrough(points, box.x + box.width)) || undefined, stroke: palette[leg], 'stroke-width': 1.2, 'stroke-dasharray': dash, fill: 'none', opacity: 0.85 })
}

/** With more fills of a symbol than this its signs are thinned: they would hide the price. */
export const MANY_FILLS = 400

/** Signs that would lie on one another are drawn once; of many fills one of each leg in a few pixels, and every liquidation. */
function signs(fills: readonly SeenFill[], { x, y }: { readonly x: (at: number) => number; readonly y: (value: number) => number }, palette: Palette): readonly string[] {
  const isMany = fills.length > MANY_FILLS
  const size = isMany ? 3.6 : 5
  const taken = new Set<string>()
  return fills.flatMap(({ fill, kind }) => {
    const place = { x: x(fill.at), y: y(doubleOf(fill.price)) }
    const isForced = kind === 'liquidation' || kind === 'adl'
    const key = isMany && !isForced ? `${fill.leg} ${Math.floor(place.x / 14)}` : `${fill.leg} ${kind} ${Math.round(place.x / size)} ${Math.round(place.y / size)}`
    if (taken.has(key)) return []
    taken.add(key)
    return [fillSign({ ...place, size, leg: fill.leg, kind }, palette)]
  })
}

/** Stretches with both legs open. */
function hedgedBands(changes: readonly PairChange[], box: Box, { palette, time }: PaneStyle): string {
  const x = horizontal(box, time)
  const bands = changes.flatMap(({ at, long, short }, index) => (long.qty.isZero() || short.qty.isZero() ? [] : [[x(at), x(changes[index + 1]?.at ?? time.high)] as const]))
  const d = bands.map(([from, to]) => `M${number(from)} ${number(box.y)}H${number(to)}v${number(box.height)}H${number(from)}z`).join('')
  return d === '' ? '' : element('path', { d, fill: palette.hedged, opacity: 0.13 })
}

/** The long quantity above zero, the short below, and the net as a line. */
export function legsPane(run: FinishedRun, symbol: string, box: Box, style: PaneStyle): string {
  const { palette, time } = style
  const changes = run.positions.filter((change) => change.symbol === symbol)
  const [long, short] = LEGS.map((leg) => changes.map((change) => doubleOf(change[leg].qty) * (leg === 'long' ? 1 : -1))) as [number[], number[]]
  const values = spanOf([0, ...long, ...short], 0.12)
  const [x, y] = [horizontal(box, time), vertical(box, values)]
  const steps = (read: (index: number) => number): string => lineThrough(stepsThrough([[box.x, y(0)], ...changes.map((change, index): Point => [x(change.at), y(read(index))])], box.x + box.width))
  const area = (quantities: readonly number[], color: string): string => element('path', { d: `${steps((index) => quantities[index] ?? 0)}V${number(y(0))}H${number(box.x)}z`, fill: color, opacity: 0.55 })
  return [
    hedgedBands(changes, box, style), frame(box, { title: `${symbol}: quantity, long above, short below, net as a line`, values }, style), area(long, palette.long), area(short, palette.short),
    element('path', { d: steps((index) => (long[index] ?? 0) + (short[index] ?? 0)), stroke: palette.ink, fill: 'none', 'stroke-width': changes.length > 300 ? 0.7 : 1.3, opacity: changes.length > 300 ? 0.6 : 1 }),
  ].join('')
}

/** What the account and each leg gained since the start, and what runs with less of a hedge did. */
export function gainPane(run: FinishedRun, box: Box, style: PaneStyle): string {
  const { palette, time } = style
  const start = run.header.startingBalance
  const curves = [
    ...run.counterfactuals.flatMap(({ run: other }, index) => (other === null ? [] : [{ color: palette.others[index] ?? palette.quiet, width: 1.2, dash: '5 4', points: other.equity.map(({ at, equity }): Point => [at, doubleOf(equity.minus(start))]) }])),
    ...LEGS.map((leg) => ({ color: palette[leg], width: 1.4, dash: undefined, points: run.equity.map((point): Point => [point.at, doubleOf(point[leg])]) })),
    { color: palette.ink, width: 2, dash: undefined, points: run.equity.map(({ at, equity }): Point => [at, doubleOf(equity.minus(start))]) },
  ]
  const values = spanOf([0, ...curves.flatMap(({ points }) => points.map(([, gain]) => gain))])
  const [x, y] = [horizontal(box, time), vertical(box, values)]
  return [
    frame(box, { title: 'Gain since the start: account, long leg, short leg', values }, style), dashedNames(run, box, palette),
    element('path', { d: `M${number(box.x)} ${number(y(0))}h${number(box.width)}`, stroke: palette.quiet, 'stroke-dasharray': '3 3' }),
    ...curves.map(({ color, width, dash, points }) => element('path', { d: lineThrough(points.map(([at, gain]): Point => [x(at), y(gain)])), stroke: color, 'stroke-width': width, 'stroke-dasharray': dash, fill: 'none', 'stroke-linejoin': 'round' })),
  ].join('')
}

/** What the dashed curves are, at the right of the pane's name. */
function dashedNames({ counterfactuals }: FinishedRun, box: Box, palette: Palette): string {
  const wide = 120
  const shown = counterfactuals.flatMap(({ kind, run }, index) => (run === null ? [] : [{ kind, color: palette.others[index] ?? palette.quiet }]))
  return shown.map(({ kind, color }, index) => label(`-- ${kind.replaceAll('-', ' ')}`, { x: box.x + box.width - (shown.length - 1 - index) * wide, y: box.y - 7, fill: color, anchor: 'end', weight: 600 })).join('')
}

/** The lowest equity over its peak, row by row. */
export function drawdownPane({ course }: FinishedRun, box: Box, style: PaneStyle): string {
  const { palette, time } = style
  const known = course.drawdown.filter((value) => !Number.isNaN(value))
  const { low } = spanOf([0, ...known], 0.15)
  const values = { low: Math.min(low, -0.001), high: 0 }
  const [x, y] = [horizontal(box, time), vertical(box, values)]
  const line = lineThrough(Array.from(course.drawdown, (value, row): Point => [x(course.start + (row + 0.5) * course.step), y(Number.isNaN(value) ? 0 : value)]))
  return [
    frame(box, { title: 'Drawdown', values, write: (value) => `${plainNumber(value * 100, 1)} %` }, style),
    ...(line === '' ? [] : [element('path', { d: `M${number(box.x)} ${number(box.y)}${line.replace('M', 'L')}V${number(box.y)}z`, fill: palette.bad, opacity: 0.18 }), element('path', { d: line, stroke: palette.bad, fill: 'none', 'stroke-width': 1.2 })]),
  ].join('')
}
