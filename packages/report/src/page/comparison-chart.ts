/** The returns of several runs in one chart. */
import { createChart, LineSeries, type IChartApi, type UTCTimestamp } from 'lightweight-charts'
import type { ComparisonData } from '../shared/page-data.ts'
import type { Repaintable } from './course-chart.ts'
import { numberText } from './format.ts'
import type { Payload } from './payload.ts'
import { chartOptions } from './run-chart.ts'
import { at, lastAtOrBelow } from './search.ts'
import { startSwitches, type Switch } from './switches.ts'
import { colours } from './theme.ts'

const FORMAT = { type: 'custom', formatter: (value: number) => `${numberText(value, 2)} %`, minMove: 0.01 } as const
/** Points of each curve, over the whole time that any run covers. */
const POINTS = 1500

/** Draws the chart. */
export function startComparison({ column, data: { runs } }: Bound, frame: HTMLElement): Repaintable {
  const curves = runs.map(({ title, at: times, gain }) => ({ title, times: column(times), gains: column(gain) }))
  const start = Math.min(...curves.map(({ times }) => at(times, 0)))
  const end = Math.max(...curves.map(({ times }) => at(times, times.length - 1)))
  const step = Math.max(1000, Math.ceil((end - start) / POINTS / 1000) * 1000)
  let chart: IChartApi | null = null
  const build = (): void => {
    chart?.remove()
    const paint = colours()
    const made = createChart(frame, { ...chartOptions(paint), width: frame.clientWidth, height: frame.clientHeight })
    // Blue and orange are legs, everywhere.
    const palette = [...paint.extra, paint.hold, paint.bad]
    const switches = curves.map(({ title, times, gains }, index): Switch => {
      const color = palette[index % palette.length] ?? paint.ink
      const series = made.addSeries(LineSeries, { color, lineWidth: 2, priceLineVisible: false, priceFormat: FORMAT })
      series.setData(Array.from({ length: Math.ceil((end - start) / step) + 1 }, (_, row) => {
        const time = Math.min(end, start + row * step)
        const place = lastAtOrBelow(times, time)
        const second = (Math.floor(time / 1000)) as UTCTimestamp
        return place < 0 || time > at(times, times.length - 1) + step ? { time: second } : { time: second, value: at(gains, place) }
      }))
      return { label: title, color, isOn: true, turn: (isOn) => series.applyOptions({ visible: isOn }) }
    })
    startSwitches(document.getElementById('series'), switches)
    made.timeScale().fitContent()
    chart = made
  }
  build()
  new ResizeObserver(() => chart?.resize(frame.clientWidth, frame.clientHeight)).observe(frame)
  return { repaint: build }
}

/** A payload whose reader may be taken apart from it. */
interface Bound {
  readonly data: ComparisonData
  readonly column: Payload['column']
}
