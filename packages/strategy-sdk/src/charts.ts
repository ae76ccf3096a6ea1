/** Collects what a strategy draws: columns that grow, one value a line and moment. */
import { HedgerowError, type Chart, type ChartLevel, type TimeMs } from '@hedgerow/core'

/** How a line looks. */
export interface LineLook {
  /** A colour of CSS, such as `green` or `#2a9d8f`. */
  readonly color?: string
}

/** How a horizontal line looks. */
export interface LevelLook extends LineLook {
  /** Pixels; 1. */
  readonly lineWidth?: number
  /** `solid`. */
  readonly lineStyle?: ChartLevel['lineStyle']
}

/** Where a value belongs. */
export interface Place {
  readonly symbol: string
  /** Null for the chart of the candles. */
  readonly chart: string | null
  readonly title: string
  readonly at: TimeMs
}

class GrowingLine {
  readonly title: string
  color: string | null = null
  #time = new Float64Array(64)
  #value = new Float64Array(64)
  #rows = 0

  constructor(title: string) {
    this.title = title
  }

  put(at: TimeMs, value: number): void {
    if (this.#rows > 0 && this.#time[this.#rows - 1] === at) this.#rows--
    if (this.#rows === this.#time.length) {
      this.#time = doubled(this.#time)
      this.#value = doubled(this.#value)
    }
    this.#time[this.#rows] = at
    this.#value[this.#rows++] = value
  }

  get time(): Float64Array {
    return this.#time.subarray(0, this.#rows)
  }

  get value(): Float64Array {
    return this.#value.subarray(0, this.#rows)
  }
}

interface GrowingChart {
  readonly symbol: string
  readonly name: string | null
  readonly lines: Map<string, GrowingLine>
  readonly levels: Map<string, ChartLevel>
}

/** The charts of one strategy, in the order in which they were begun. */
export class Charts {
  readonly #charts: GrowingChart[] = []

  /** Puts a value on a line; a second value of one moment replaces the first. @throws HedgerowError `DECLARATION_INVALID` for a value that is no finite number. */
  line(place: Place, value: number, { color }: LineLook): void {
    requireFinite(place, value)
    const { lines } = this.#chart(place)
    const line = lines.get(place.title) ?? new GrowingLine(place.title)
    lines.set(place.title, line)
    if (color !== undefined) line.color = color
    line.put(place.at, value)
  }

  /** Draws a horizontal line, or moves it. Throws as {@link line} does. */
  level(place: Place, value: number, { color, lineWidth = 1, lineStyle = 'solid' }: LevelLook): void {
    requireFinite(place, value)
    const { title, at } = place
    this.#chart(place).levels.set(title, { title, value, color: color ?? null, lineWidth, lineStyle, at })
  }

  list(): readonly Chart[] {
    return this.#charts.map(({ symbol, name, lines, levels }) => ({
      symbol, name, lines: [...lines.values()].map(({ title, color, time, value }) => ({ title, color, time, value })), levels: [...levels.values()],
    }))
  }

  #chart({ symbol, chart }: Place): GrowingChart {
    const known = this.#charts.find((candidate) => candidate.name === chart && candidate.symbol === symbol)
    if (known !== undefined) return known
    const made: GrowingChart = { symbol, name: chart, lines: new Map(), levels: new Map() }
    this.#charts.push(made)
    return made
  }
}

function doubled(column: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * column.length)
  larger.set(column)
  return larger
}

function requireFinite({ chart, title }: Place, value: number): void {
  if (!Number.isFinite(value)) throw new HedgerowError('DECLARATION_INVALID', { where: `${chart ?? 'candle'} chart, ${title}`, found: String(value), expected: 'a finite number', remedy: 'Draw the line from the first bar on which its value is known.' })
}
