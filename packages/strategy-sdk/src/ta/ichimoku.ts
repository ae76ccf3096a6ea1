/** The cloud chart. */
import type { CandleBuffer } from '@hedgerow/core'
import { valueAt } from './column.ts'
import { columnOf, indicators, type Fold, type Indicators, type Outputs } from './indicator.ts'
import { NestedRanges, type RangeWindow } from './nested-ranges.ts'
import { requirePeriods } from './parameters.ts'

type Cloud = 'conversion' | 'base' | 'spanA' | 'spanB' | 'leadA' | 'leadB'
const cloud = <Value>(at: (lane: number) => Value): Readonly<Record<Cloud, Value>> => ({
  conversion: at(0),
  base: at(1),
  spanA: at(2),
  spanB: at(3),
  leadA: at(4),
  leadB: at(5),
})

/**
 * Ichimoku: `conversion`, `base` and `leadB` are the middles of the range of the last 9, 26 and 52 bars, `leadA` the middle
 * of conversion and base; `spanA` and `spanB`, the cloud at this bar, are the leads of displacement - 1 bars ago (charts
 * count the current bar as the first of 26). The lagging line is the close itself, drawn back.
 * [P] Hosoda 1969. First values at bar max(periods) + displacement - 1, in the columns of the leads at bar max(periods).
 */
export const ichimoku: Indicators<[conversion?: number, base?: number, lead?: number, displacement?: number], Cloud> = indicators(
  'ichimoku',
  6,
  cloud,
  (conversion = 9, base = 26, lead = 52, displacement = 26) => {
    requirePeriods('ichimoku', { conversion, base, lead, displacement })
    const start = (): Fold => {
      const lines = new CloudLines(conversion, base, lead)
      return (bars, from, to, outputs, at) => lines.fold(bars, from, to, outputs, at)
    }
    const by = displacement - 1
    return { bars: Math.max(conversion, base, lead) + by, start, delayed: [{ output: 2, of: 4, by }, { output: 3, of: 5, by }] }
  },
)

class CloudLines {
  readonly #ranges: NestedRanges
  readonly #conversion: RangeWindow
  readonly #base: RangeWindow
  readonly #lead: RangeWindow

  constructor(conversion: number, base: number, lead: number) {
    this.#ranges = new NestedRanges([conversion, base, lead], Math.max(conversion, base))
    this.#conversion = this.#ranges.of(conversion)
    this.#base = this.#ranges.of(base)
    this.#lead = this.#ranges.of(lead)
  }

  fold(bars: CandleBuffer, from: number, to: number, outputs: Outputs, at: number): void {
    this.#ranges.fold(bars, from, to)
    this.#lead.middles(columnOf(outputs, 5), at)
    writeLines(this.#conversion, this.#base, columnOf(outputs, 0), columnOf(outputs, 1), columnOf(outputs, 4), at)
  }
}

/** The middles of two windows, and the middle of these, in one pass. */
function writeLines(short: RangeWindow, long: RangeWindow, conversion: Float64Array, base: Float64Array, lead: Float64Array, at: number): void {
  const { highs, lows, from, to } = short
  const { highs: longHighs, lows: longLows } = long
  const ahead = long.from - from
  const shift = at - from
  for (let row = from; row < to; row++) {
    const near = (valueAt(highs, row) + valueAt(lows, row)) / 2
    const far = (valueAt(longHighs, row + ahead) + valueAt(longLows, row + ahead)) / 2
    conversion[row + shift] = near
    base[row + shift] = far
    lead[row + shift] = (near + far) / 2
  }
}
