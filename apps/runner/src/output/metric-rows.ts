/** The rows of the summary table. */
import type { CurveName, Decimal, RunMetrics } from '@hedgerow/core'
import type { BacktestResult } from '../backtest/result.ts'
import { countText, percentText, plainText, signedPercentText, signedText, type Maybe } from '@hedgerow/report/run'
import type { Paint } from './paint.ts'
import type { Cell } from './table.ts'

/** What a cell is read from. */
export interface ColumnReading {
  readonly column: CurveName
  /** Of the leg, or of the account. */
  readonly metrics: RunMetrics
  readonly result: BacktestResult
}

/** One line of the table: the same reading of each leg and of the account. */
export interface MetricRow {
  readonly label: string
  readonly cell: (reading: ColumnReading, paint: Paint) => Cell
  /** The account has one; a leg has none. */
  readonly accountOnly?: boolean
  /** A statistic of daily returns: it says little when there are few. */
  readonly needsSample?: boolean
  /** Left out where this says no. */
  readonly when?: (result: BacktestResult) => boolean
}

/** In groups, with a gap between them. */
export const METRIC_ROWS: readonly (MetricRow | 'gap')[] = [
  text('Trades', ({ metrics }) => countText(metrics.count)),
  text('Win rate', ({ metrics }) => percentText(metrics.winRate)),
  'gap',
  money('Gross pnl', ({ metrics }) => metrics.grossPnl),
  text('Fees', ({ metrics }) => signedText(metrics.fees.neg())),
  money('Funding', ({ metrics }) => metrics.funding),
  money('Net pnl', ({ metrics }) => metrics.netPnl),
  { ...money('Open pnl', ({ metrics }) => metrics.openPnl), when: hasOpen },
  { ...money('Total pnl', ({ metrics }) => metrics.totalPnl), when: hasOpen },
  'gap',
  text('Profit factor', ({ metrics }) => plainText(metrics.profitFactor)),
  money('Expectancy of a trade', ({ metrics }) => metrics.expectancy),
  text('Max drawdown', ({ metrics }) => signedPercentText(metrics.intradayMaxDrawdown)),
  ratio('Sharpe', ({ metrics }) => metrics.sharpe365),
  ratio('Sortino', ({ metrics }) => metrics.sortino365),
  ratio('Calmar', ({ metrics }) => metrics.calmar),
  'gap',
  text('Gross exposure, mean', ({ metrics }) => percentText(metrics.grossExposureTwa)),
  text('Net exposure, mean', ({ metrics }) => signedPercentText(metrics.netExposureTwa, 1)),
  text('Time in market', ({ metrics }) => percentText(metrics.timeInMarket)),
  { ...text('Hedged time', ({ metrics }) => percentText(metrics.hedgedTimeRatio)), accountOnly: true },
  text('Liquidations', (reading) => countText(liquidationsOf(reading))),
  { ...text('Ambiguous candles', ({ result }) => countText(result.counts.ambiguousCandles)), accountOnly: true },
]

function text(label: string, read: (reading: ColumnReading) => string): MetricRow {
  return { label, cell: (reading) => ({ text: read(reading) }) }
}

/** Quote units, signed and coloured. */
function money(label: string, read: (reading: ColumnReading) => Maybe): MetricRow {
  return {
    label,
    cell: (reading, paint) => {
      const written = signedText(read(reading))
      const tone = written.startsWith('+') ? 'good' : written.startsWith('-') ? 'bad' : null
      return { text: written, ...(tone === null ? {} : { paint: (aligned: string) => paint(tone, aligned) }) }
    },
  }
}

function ratio(label: string, read: (reading: ColumnReading) => Decimal | null): MetricRow {
  return { ...text(label, (reading) => plainText(read(reading))), needsSample: true }
}

function hasOpen({ openPositions }: BacktestResult): boolean {
  return openPositions.length > 0
}

/** Of the account: procedures; of a leg: its trades that one of them ended. */
function liquidationsOf({ column, result: { counts, trades } }: ColumnReading): number {
  return column === 'total' ? counts.liquidations : trades.filter((trade) => trade.leg === column && trade.exitReason === 'liquidation').length
}
