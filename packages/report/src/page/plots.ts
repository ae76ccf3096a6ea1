/** The curves below and on the candles: what each shows at every bar. */
import { AreaSeries, BaselineSeries, LineSeries, LineStyle, LineType, type AutoscaleInfo, type IChartApi, type ISeriesApi, type LineWidth, type SeriesType, type UTCTimestamp } from 'lightweight-charts'
import type { BarWindow } from './bar-window.ts'
import { exactText, numberText } from './format.ts'
import { stateRow, type Held, type Run, type RunMarket } from './run.ts'
import { at, lastAtOrBelow } from './search.ts'
import type { Colours } from './theme.ts'

/** A curve. */
export interface Plot {
  /** Name of its switch; null where it cannot be switched off. */
  readonly name: string | null
  readonly label: string
  readonly color: string
  readonly pane: number
  readonly series: ISeriesApi<SeriesType>
  /** Value at each bar of the window; NaN where there is none. */
  readonly values: (window: BarWindow) => Float64Array
}

/** Panes from the top. */
export const PANES = { price: 0, legs: 1, equity: 2, drawdown: 3, strategy: 4 } as const

/** Gives a curve the bars of a window. */
export function fillPlot({ series, values }: Plot, window: BarWindow): void {
  const { time } = window.bars
  const column = values(window)
  series.setData(Array.from(time, (ms, row) => {
    const value = at(column, row)
    const second = (ms / 1000) as UTCTimestamp
    return Number.isFinite(value) ? { time: second, value } : { time: second }
  }))
}

const QUIET = { lastValueVisible: false, priceLineVisible: false, crosshairMarkerVisible: false } as const
const MONEY_FORMAT = { type: 'custom', formatter: (value: number) => numberText(value, Math.abs(value) < 100 ? 2 : 0), minMove: 0.01 } as const
const PERCENT_FORMAT = { type: 'custom', formatter: (value: number) => `${numberText(value, 2)} %`, minMove: 0.01 } as const

/** Long above zero, short below, net as a line; where both are open the ground is shaded. */
export function legPlots(chart: IChartApi, { data }: Run, { held }: RunMarket, colours: Colours): Plot[] {
  const pane = PANES.legs
  const priceFormat = quantityFormat(held)
  const area = (color: string): ISeriesApi<'Baseline'> => chart.addSeries(BaselineSeries, {
    ...QUIET, lineType: LineType.WithSteps, lineWidth: 1, baseValue: { type: 'price', price: 0 }, topLineColor: color, bottomLineColor: color, priceFormat,
    topFillColor1: `${color}88`, topFillColor2: `${color}88`, bottomFillColor1: `${color}88`, bottomFillColor2: `${color}88`,
  }, pane)
  const hedged = chart.addSeries(BaselineSeries, {
    ...QUIET, lineType: LineType.WithSteps, lineVisible: false, baseValue: { type: 'price', price: 0 }, topFillColor1: colours.hedged, topFillColor2: colours.hedged, priceScaleId: 'hedged', priceFormat,
    autoscaleInfoProvider: () => ({ priceRange: { minValue: 0, maxValue: 1 } }),
  }, pane)
  hedged.priceScale().applyOptions({ scaleMargins: { top: 0, bottom: 0 }, visible: false })
  const state = (read: (row: number) => number) => ({ bars }: BarWindow): Float64Array => Float64Array.from(bars.end, (end) => {
    const row = stateRow(held, end, data.end)
    return row < 0 ? 0 : read(row)
  })
  const [long, short] = [(row: number) => at(held.longQty, row), (row: number) => at(held.shortQty, row)]
  return [
    { name: null, label: 'hedged', color: colours.hedged, pane, series: hedged, values: state((row) => (long(row) > 0 && short(row) > 0 ? 1 : 0)) },
    { name: null, label: 'long', color: colours.long, pane, series: area(colours.long), values: state(long) },
    { name: null, label: 'short', color: colours.short, pane, series: area(colours.short), values: state((row) => -short(row)) },
    { name: null, label: 'net', color: colours.ink, pane, series: chart.addSeries(LineSeries, { ...QUIET, color: `${colours.ink}99`, lineWidth: 1, lineType: LineType.WithSteps, priceFormat }, pane), values: state((row) => long(row) - short(row)) },
  ]
}

/** Steps of the axis that suit the quantities that were held. */
function quantityFormat({ longQty, shortQty }: Held): { readonly type: 'custom'; readonly formatter: (value: number) => string; readonly minMove: number } {
  const most = Math.max(0, ...[longQty, shortQty].map((column) => column.reduce((a, b) => Math.max(a, b), 0)))
  return { type: 'custom', formatter: (value) => exactText(Number(value.toPrecision(6))), minMove: most > 0 ? 10 ** (Math.floor(Math.log10(most)) - 2) : 1 }
}

/** The account's gain, the legs' parts of it, buy and hold, locked pnl, and runs to compare with. */
export function equityPlots(chart: IChartApi, run: Run, market: RunMarket, colours: Colours): Plot[] {
  const line = (color: string, lineWidth: LineWidth, style = LineStyle.Solid): ISeriesApi<'Line'> => chart.addSeries(LineSeries, { ...QUIET, color, lineWidth, lineStyle: style, priceFormat: MONEY_FORMAT }, PANES.equity)
  const atEnds = (read: (time: number) => number) => ({ bars }: BarWindow): Float64Array => Float64Array.from(bars.end, (end) => read(Math.min(end, run.data.end)))
  const { startingBalance } = run.data
  const { held, bars } = market
  const curve = (name: string, label: string, color: string, series: ISeriesApi<'Line'>, values: Plot['values']): Plot => ({ name, label, color, pane: PANES.equity, series, values })
  return [
    curve('hold', 'buy and hold', colours.hold, line(colours.hold, 1, LineStyle.Dashed), atEnds((time) => startingBalance * (bars.priceAt(time) / bars.firstPrice - 1))),
    curve('long', 'long leg', colours.long, line(colours.long, 1), atEnds((time) => run.gainAt(time, 0))),
    curve('short', 'short leg', colours.short, line(colours.short, 1), atEnds((time) => run.gainAt(time, 1))),
    curve('account', 'account', colours.ink, line(colours.ink, 2), atEnds((time) => run.gainAt(time, 0) + run.gainAt(time, 1))),
    curve('locked', 'locked pnl', colours.quiet, line(colours.quiet, 1, LineStyle.Dotted), atEnds((time) => Math.max(-1e15, heldAt(held.at, held.lockedPnl, time)))),
    ...run.data.curves.map(({ title, at: times, gain }, index) => {
      const color = colours.extra[index % colours.extra.length] ?? colours.quiet
      const [when, value] = [run.payload.column(times), run.payload.column(gain)]
      return curve(title, title.replaceAll('-', ' '), color, line(color, 1, LineStyle.Dashed), atEnds((time) => heldAt(when, value, time + 1)))
    }),
  ]
}

function heldAt(times: Float64Array, values: Float64Array, time: number): number {
  const row = lastAtOrBelow(times, time - 1)
  return row < 0 ? 0 : at(values, row)
}

/** Zero belongs to the picture. */
function withZero(original: () => AutoscaleInfo | null): AutoscaleInfo | null {
  const info = original()
  return info === null || info.priceRange === null ? info : { ...info, priceRange: { minValue: Math.min(info.priceRange.minValue, -0.05), maxValue: 0 } }
}

/** The lowest drawdown within each bar. */
export function drawdownPlot(chart: IChartApi, { payload, data: { course } }: Run, colours: Colours): Plot {
  const series = chart.addSeries(AreaSeries, { ...QUIET, lineColor: colours.bad, topColor: `${colours.bad}11`, bottomColor: `${colours.bad}55`, lineWidth: 1, invertFilledArea: true, priceFormat: PERCENT_FORMAT, autoscaleInfoProvider: withZero }, PANES.drawdown)
  const drawdown = payload.column(course.drawdown)
  return {
    name: null, label: 'drawdown', color: colours.bad, pane: PANES.drawdown, series,
    values: ({ bars }) => Float64Array.from(bars.time, (time, row) => {
      const from = Math.max(0, Math.floor((time - course.start) / course.step))
      const to = Math.max(from + 1, Math.ceil((at(bars.end, row) - course.start) / course.step))
      const within = drawdown.subarray(from, to)
      return within.length === 0 ? Number.NaN : 100 * Math.min(...within)
    }),
  }
}

/** What strategies drew of a symbol: on the candles, or each chart in a pane of its own. */
export function strategyPlots(chart: IChartApi, { payload, data: { charts } }: Run, symbol: number, colours: Colours): Plot[] {
  let pane: number = PANES.strategy
  return charts.filter((drawn) => drawn.symbol === symbol).flatMap(({ name, lines, levels }) => {
    const own = name === null ? PANES.price : pane++
    const plots = lines.map(({ title, color, at: times, value }, index): Plot => {
      const paint = color ?? colours.extra[index % colours.extra.length] ?? colours.quiet
      const series = chart.addSeries(LineSeries, { ...QUIET, color: paint, lineWidth: 1, ...(name === null ? { autoscaleInfoProvider: () => null } : {}) }, own)
      const [when, values] = [payload.column(times), payload.column(value)]
      return { name: `${name ?? ''} ${title}`, label: title, color: paint, pane: own, series, values: (window) => lastWithin(window, when, values) }
    })
    const [first] = plots
    for (const { title, value, color, lineWidth, lineStyle } of levels) {
      first?.series.createPriceLine({ title, price: value, color: color ?? colours.quiet, lineWidth: Math.max(1, Math.min(4, lineWidth)) as LineWidth, lineStyle: { solid: LineStyle.Solid, dotted: LineStyle.Dotted, dashed: LineStyle.Dashed }[lineStyle] })
    }
    return plots
  })
}

/** The last value of a line within each bar. */
function lastWithin({ bars }: BarWindow, times: Float64Array, values: Float64Array): Float64Array {
  return Float64Array.from(bars.time, (time, row) => {
    const index = lastAtOrBelow(times, at(bars.end, row) - 1)
    return index < 0 || at(times, index) < time ? Number.NaN : at(values, index)
  })
}
