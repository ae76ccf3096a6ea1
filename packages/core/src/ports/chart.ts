/** What a strategy draws for whoever reads its run: lines and levels, as columns. */
import type { TimeMs } from '../domain/time.ts'

/** A line: one value at each time at which the strategy gave one. */
export interface ChartLine {
  readonly title: string
  /** A colour of CSS; null leaves it to the reader. */
  readonly color: string | null
  /** Milliseconds UTC, rising. */
  readonly time: Float64Array
  /** As long as `time`. */
  readonly value: Float64Array
}

/** A horizontal line, at the last value that was given. */
export interface ChartLevel {
  readonly title: string
  readonly value: number
  readonly color: string | null
  /** Pixels. */
  readonly lineWidth: number
  readonly lineStyle: 'solid' | 'dotted' | 'dashed'
  /** When its value was given. */
  readonly at: TimeMs
}

/** A chart of a symbol: the candles with lines on them, or one of its own below. */
export interface Chart {
  readonly symbol: string
  /** Null for the chart of the candles. */
  readonly name: string | null
  readonly lines: readonly ChartLine[]
  readonly levels: readonly ChartLevel[]
}

/** A row of what a strategy shows of its state. */
export type WatchRow = readonly [label: string, value: string | number | boolean | null]
