/** Exposure, hedge ratio, margin use and distance to liquidation over time. */
import { AreaSeries, createChart, LineSeries, LineStyle, type IChartApi, type ISeriesApi, type SeriesType, type UTCTimestamp } from 'lightweight-charts'
import { numberText, percentText, timeText } from './format.ts'
import { chartOptions } from './run-chart.ts'
import type { Run } from './run.ts'
import { at } from './search.ts'
import { colours } from './theme.ts'

const TIMES = { type: 'custom', formatter: (value: number) => `${numberText(value, 2)}x`, minMove: 0.01 } as const
/** Shares are seen against the whole. */
const WHOLE = { autoscaleInfoProvider: () => ({ priceRange: { minValue: 0, maxValue: 1 } }) } as const
const SHARE = { type: 'custom', formatter: (value: number) => percentText(value, 1), minMove: 0.001 } as const
const QUIET = { lastValueVisible: false, priceLineVisible: false, crosshairMarkerVisible: false } as const

/** A chart that can be drawn anew. */
export interface Repaintable {
  repaint(): void
}

/** Draws the chart. */
export function startCourse(run: Run): Repaintable {
  const frame = document.getElementById('course')
  let chart: IChartApi | null = null
  const build = (): void => {
    if (frame === null) return
    chart?.remove()
    frame.replaceChildren()
    chart = drawCourse(run, frame)
  }
  build()
  if (frame !== null) new ResizeObserver(() => chart?.resize(frame.clientWidth, frame.clientHeight)).observe(frame)
  return { repaint: build }
}

type Curve = readonly [label: string, column: Float64Array, series: ISeriesApi<SeriesType>, text: (value: number) => string, color: string]

function drawCourse({ payload, data: { course } }: Run, frame: HTMLElement): IChartApi {
  const paint = colours()
  const chart = createChart(frame, { ...chartOptions(paint), width: frame.clientWidth, height: frame.clientHeight })
  const isMarginKnown = payload.column(course.marginUse).some((value) => Number.isFinite(value))
  const rows: readonly Curve[] = [
    ['gross', payload.column(course.gross), chart.addSeries(AreaSeries, { ...QUIET, lineColor: paint.quiet, topColor: `${paint.quiet}44`, bottomColor: `${paint.quiet}11`, lineWidth: 1, priceFormat: TIMES }, 0), TIMES.formatter, paint.quiet],
    ['net', payload.column(course.net), chart.addSeries(LineSeries, { ...QUIET, color: paint.ink, lineWidth: 1, priceFormat: TIMES }, 0), TIMES.formatter, paint.ink],
    ['hedge ratio', payload.column(course.hedgeRatio), chart.addSeries(AreaSeries, { ...QUIET, lineColor: paint.hold, topColor: paint.hedged, bottomColor: paint.hedged, lineWidth: 1, priceFormat: SHARE, ...WHOLE }, 1), SHARE.formatter, paint.hold],
    ['naked-leg time so far', payload.column(course.nakedTime), chart.addSeries(LineSeries, { ...QUIET, color: paint.extra[2] ?? paint.ink, lineWidth: 1, priceFormat: SHARE, ...WHOLE }, 1), SHARE.formatter, paint.extra[2] ?? paint.ink],
    ...(isMarginKnown ? ([
      ['margin use', payload.column(course.marginUse), chart.addSeries(LineSeries, { ...QUIET, color: paint.extra[0] ?? paint.ink, lineWidth: 1, priceFormat: SHARE, ...WHOLE }, 2), SHARE.formatter, paint.extra[0] ?? paint.ink],
      ['distance to liquidation', payload.column(course.liquidationDistance), chart.addSeries(LineSeries, { ...QUIET, color: paint.bad, lineWidth: 1, lineStyle: LineStyle.Solid, priceFormat: SHARE, ...WHOLE }, 2), SHARE.formatter, paint.bad],
    ] satisfies Curve[]) : []),
  ]
  for (const [, column, series] of rows) {
    series.setData(Array.from(column, (value, row) => {
      const time = ((course.start + row * course.step) / 1000) as UTCTimestamp
      return Number.isFinite(value) ? { time, value } : { time }
    }))
  }
  for (const [index, pane] of chart.panes().entries()) {
    pane.setStretchFactor([2, 1.2, 2][index] ?? 1)
    pane.priceScale('right').applyOptions({ scaleMargins: { top: index === 0 ? 0.25 : 0.12, bottom: 0.12 }, tickMarkDensity: index === 1 ? 1.6 : 2.5 })
  }
  chart.timeScale().fitContent()
  const box = document.getElementById('course-reading')
  const read = (row: number): void => {
    if (box !== null) box.innerHTML = `<span>${timeText(course.start + row * course.step)}</span> ${rows.map(([label, column, , text, color]) => `<span style="color:${color}">${label} <b>${text(at(column, row))}</b></span>`).join(' ')}`
  }
  const last = Math.max(0, course.gross.length - 1)
  if (course.gross.length > 0) {
    read(last)
    chart.subscribeCrosshairMove(({ logical }) => read(logical === undefined ? last : Math.max(0, Math.min(last, Math.round(logical)))))
  }
  return chart
}
