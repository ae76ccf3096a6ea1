/** What a strategy shows of its run: lines on charts, its metrics so far. None of it costs anything where it is not used. */
import { equityMetrics, sequenceMetrics, tradeMetrics, type Chart, type EquityMetrics, type SequenceMetrics, type TradeMetrics } from '@hedgerow/core'
import { Charts, type LevelLook, type LineLook, type Place } from './charts.ts'
import { Readings } from './readings.ts'

/** Statistics of the strategy's closed trades, and of the account's equity at UTC midnights, as in a result. */
export interface MetricsSoFar extends TradeMetrics, SequenceMetrics, EquityMetrics {}

interface KnownMetrics {
  readonly trades: number
  readonly days: number
  readonly metrics: MetricsSoFar
}

/** Charts and metrics. */
export abstract class Drawing extends Readings {
  #charts: Charts | null = null
  #metrics: KnownMetrics | null = null

  /** Puts a value on a line over the candles of the symbol. */
  addLineToCandleChart(title: string, value: number, look: LineLook = {}): void {
    this.#drawn().line(this.#place(null, title), value, look)
  }

  /** Draws a horizontal line over the candles of the symbol, or moves it. */
  addHorizontalLineToCandleChart(title: string, value: number, look: LevelLook = {}): void {
    this.#drawn().level(this.#place(null, title), value, look)
  }

  /** Puts a value on a line of a chart below the candles. */
  addExtraLineChart(chart: string, title: string, value: number, look: LineLook = {}): void {
    this.#drawn().line(this.#place(chart, title), value, look)
  }

  /** Draws a horizontal line on a chart below the candles, or moves it. */
  addExtraLineChartHorizontalLine(chart: string, title: string, value: number, look: LevelLook = {}): void {
    this.#drawn().level(this.#place(chart, title), value, look)
  }

  /** What was drawn so far. */
  get charts(): readonly Chart[] {
    return this.#charts?.list() ?? []
  }

  /** Metrics so far; computed when something was closed or a day has passed since they were last read. */
  get metrics(): MetricsSoFar {
    const { context } = this.desk
    const trades = context.trades()
    const daily = context.dailyEquity()
    if (this.#metrics?.trades !== trades.length || this.#metrics.days !== daily.length) {
      const metrics = { ...tradeMetrics(trades), ...sequenceMetrics(trades), ...equityMetrics(daily.map(({ equity }) => equity)) }
      this.#metrics = { trades: trades.length, days: daily.length, metrics }
    }
    return this.#metrics.metrics
  }

  /** Equity of the account at the start and at every UTC midnight since, quote units. */
  get dailyBalances(): readonly number[] {
    return this.desk.context.dailyEquity().map(({ equity }) => equity.toNumber())
  }

  #drawn(): Charts {
    return (this.#charts ??= new Charts())
  }

  #place(chart: string | null, title: string): Place {
    return { symbol: this.symbol, chart, title, at: this.time }
  }
}
