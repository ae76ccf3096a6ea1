/** The browser code of the page: everything on it that moves. */
import type { ComparisonData, PageData } from '../shared/page-data.ts'
import { startComparison } from './comparison-chart.ts'
import { startCourse } from './course-chart.ts'
import { startExcursions } from './excursions.ts'
import { readPayload, type Payload } from './payload.ts'
import { Run } from './run.ts'
import { RunChart } from './run-chart.ts'
import { startTheme } from './theme.ts'
import { startTrades } from './trades-table.ts'

async function start(): Promise<void> {
  const frame = document.getElementById('comparison')
  if (frame === null) showRun(new Run(await readPayload<PageData>()))
  else showComparison(await readPayload<ComparisonData>(), frame)
  document.documentElement.dataset['ready'] = 'true'
}

function showRun(run: Run): void {
  const chart = new RunChart(run)
  const jump = (trade: number): void => {
    chart.showTrade(trade)
    document.querySelector('.charts')?.scrollIntoView({ behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth', block: 'start' })
  }
  startTrades(run, jump)
  startExcursions(run, jump)
  const course = startCourse(run)
  startTheme(document.getElementById('theme'), () => {
    chart.repaint()
    course.repaint()
  })
}

function showComparison(payload: Payload<ComparisonData>, frame: HTMLElement): void {
  const comparison = startComparison({ data: payload.data, column: (ref) => payload.column(ref) }, frame)
  startTheme(document.getElementById('theme'), () => comparison.repaint())
}

void start()
