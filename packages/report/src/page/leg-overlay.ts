/** Draws on the candles what the legs did: fills by leg in colour and shape, average entries, liquidation prices, funding. */
import type { IChartApi, IPrimitivePaneRenderer, ISeriesApi, ISeriesPrimitive, Logical, SeriesAttachedParameter } from 'lightweight-charts'
import { FILL_KINDS } from '../shared/page-data.ts'
import type { BarWindow } from './bar-window.ts'
import { drawGlyph } from './glyphs.ts'
import type { Run } from './run.ts'
import { at, lastAtOrBelow } from './search.ts'
import type { Colours } from './theme.ts'

type Target = Parameters<IPrimitivePaneRenderer['draw']>[0]

/** A fill at its place. */
interface Mark {
  readonly fill: number
  readonly logical: number
  readonly price: number
  readonly leg: 0 | 1
  readonly kind: number
}

/** A horizontal piece of line. */
interface Piece {
  readonly from: number
  to: number
  readonly price: number
  readonly leg: 0 | 1 | null
  readonly kind: 'entry' | 'liquidation' | 'breakEven'
}

/** A funding settlement. */
interface Tick {
  readonly logical: number
  readonly leg: 0 | 1
}

/** Which of its parts are drawn. */
export interface OverlayParts {
  entries: boolean
  liquidations: boolean
  breakEven: boolean
  funding: boolean
}

/** Where more fills than one in so many pixels are seen, only one of each leg and kind is drawn in that width. */
const CROWDED = 7
/** With more lines at hand those shorter than half a bar are left out. */
const MOST_PIECES = 3000
const CLOSES_FROM = FILL_KINDS.indexOf('reduce')
const REACH = 14

/** The drawing of one symbol. */
export class LegOverlay implements ISeriesPrimitive {
  readonly parts: OverlayParts = { entries: true, liquidations: true, breakEven: false, funding: true }
  readonly #run: Run
  #colours: Colours
  #marks: Mark[] = []
  #pieces: Piece[] = []
  #ticks: Tick[] = []
  #band: { readonly from: number; readonly to: number; readonly leg: 0 | 1 } | null = null
  #chart: IChartApi | null = null
  #series: ISeriesApi<'Candlestick'> | null = null
  #update: () => void = () => {}

  constructor(run: Run, colours: Colours) {
    this.#run = run
    this.#colours = colours
  }

  attached({ chart, series, requestUpdate }: SeriesAttachedParameter): void {
    this.#chart = chart
    this.#series = series as ISeriesApi<'Candlestick'>
    this.#update = requestUpdate
  }

  paneViews(): readonly { readonly zOrder: () => 'top'; readonly renderer: () => IPrimitivePaneRenderer }[] {
    return [{ zOrder: () => 'top', renderer: () => ({ draw: (target) => this.#draw(target) }) }]
  }

  /** Takes the bars that the chart now holds. */
  load(symbol: number, window: BarWindow): void {
    this.#marks = marksOf(this.#run, symbol, window)
    this.#pieces = piecesOf(this.#run, symbol, window)
    const funding = this.#run.markets[symbol]?.funding
    this.#ticks = funding === undefined ? [] : rowsWithin(funding.at, window).map((row) => ({ logical: Math.round(window.logicalOf(at(funding.at, row))), leg: at(funding.leg, row) === 0 ? 0 : 1 }))
    this.#update()
  }

  paint(colours: Colours): void {
    this.#colours = colours
    this.#update()
  }

  /** Marks the time of a trade; null takes it away. */
  highlight(band: LegOverlay['band']): void {
    this.#band = band
    this.#update()
  }

  get band(): { readonly from: number; readonly to: number; readonly leg: 0 | 1 } | null {
    return this.#band
  }

  /** The fill that is drawn nearest to a point of the pane; -1 where none is near. */
  fillNear(x: number, y: number): number {
    let [nearest, distance] = [-1, REACH * REACH]
    for (const mark of this.#visible(this.#marks, ({ logical }) => logical)) {
      const place = this.#place(mark.logical, mark.price)
      if (place === null) continue
      const away = (place.x - x) ** 2 + (place.y - y) ** 2
      if (away <= distance) [nearest, distance] = [mark.fill, away]
    }
    return nearest
  }

  /** Where a fill is drawn; null where it is not. */
  placeOf(fill: number): { readonly x: number; readonly y: number } | null {
    const mark = this.#marks.find((candidate) => candidate.fill === fill)
    return mark === undefined ? null : this.#place(mark.logical, mark.price)
  }

  #draw(target: Target): void {
    target.useMediaCoordinateSpace(({ context, mediaSize }) => {
      this.#drawBand(context, mediaSize.height)
      for (const piece of this.#visiblePieces()) this.#drawPiece(context, piece)
      if (this.parts.funding) for (const tick of this.#visible(this.#ticks, ({ logical }) => logical)) this.#drawTick(context, tick, mediaSize.height)
      const size = Math.max(4, Math.min(8, 0.5 * (this.#chart?.timeScale().options().barSpacing ?? 8) + 2))
      for (const { logical, price, leg, kind } of this.#uncrowded(mediaSize.width)) {
        const place = this.#place(logical, price)
        if (place !== null) drawGlyph(context, { ...place, size, leg, kind: FILL_KINDS[kind] ?? 'entry', color: this.#leg(leg), paper: this.#colours.paper, danger: this.#colours.bad })
      }
    })
  }

  #drawBand(context: CanvasRenderingContext2D, height: number): void {
    if (this.#band === null) return
    const [left, right] = [this.#x(this.#band.from), this.#x(this.#band.to)]
    if (left === null || right === null) return
    context.fillStyle = `${this.#leg(this.#band.leg)}22`
    context.fillRect(left, 0, Math.max(2, right - left), height)
  }

  #drawPiece(context: CanvasRenderingContext2D, { from, to, price, leg, kind }: Piece): void {
    if (!(kind === 'entry' ? this.parts.entries : kind === 'liquidation' ? this.parts.liquidations : this.parts.breakEven)) return
    const [left, right, y] = [this.#x(from), this.#x(to), this.#series?.priceToCoordinate(price) ?? null]
    if (left === null || right === null || y === null) return
    context.beginPath()
    context.lineWidth = kind === 'entry' ? 1.5 : 1
    context.strokeStyle = leg === null ? this.#colours.quiet : this.#leg(leg)
    context.setLineDash(kind === 'entry' ? [] : kind === 'liquidation' ? [2, 3] : [6, 3])
    context.moveTo(left, y)
    context.lineTo(Math.max(right, left + 1), y)
    context.stroke()
    context.setLineDash([])
  }

  #drawTick(context: CanvasRenderingContext2D, { logical, leg }: Tick, height: number): void {
    const x = this.#x(logical)
    if (x === null) return
    context.fillStyle = this.#leg(leg)
    context.fillRect(x - 0.5, height - (leg === 0 ? 10 : 5), 1, 4)
  }

  /** The marks on the screen, thinned out where they would cover each other and the candles. */
  #uncrowded(width: number): Mark[] {
    const marks = [...this.#visible(this.#marks, ({ logical }) => logical)]
    if (marks.length <= width / CROWDED) return marks
    const spacing = this.#chart?.timeScale().options().barSpacing ?? CROWDED
    const seen = new Set<string>()
    return marks.filter(({ logical, leg, kind }) => {
      const key = `${Math.floor((logical * spacing) / (2 * CROWDED))} ${leg} ${kind < CLOSES_FROM ? 0 : kind}`
      return !seen.has(key) && seen.add(key)
    })
  }

  /** Those of a sorted list that are on the screen. */
  *#visible<T>(list: readonly T[], logicalOf: (item: T) => number): Generator<T> {
    const range = this.#chart?.timeScale().getVisibleLogicalRange() ?? null
    if (range === null) return
    let [low, high] = [0, list.length]
    while (low < high) {
      const middle = (low + high) >> 1
      const item = list[middle]
      if (item !== undefined && logicalOf(item) < range.from - 1) low = middle + 1
      else high = middle
    }
    for (let index = low; index < list.length; index++) {
      const item = list[index]
      if (item === undefined || logicalOf(item) > range.to + 1) return
      yield item
    }
  }

  /** Pieces lie in the order of their starts; the one before the screen may reach into it. */
  #visiblePieces(): Piece[] {
    const range = this.#chart?.timeScale().getVisibleLogicalRange() ?? null
    return range === null ? [] : this.#pieces.filter(({ from, to }) => to >= range.from && from <= range.to)
  }

  #place(logical: number, price: number): { readonly x: number; readonly y: number } | null {
    const [x, y] = [this.#x(logical), this.#series?.priceToCoordinate(price) ?? null]
    return x === null || y === null ? null : { x, y }
  }

  #x(logical: number): number | null {
    const scale = this.#chart?.timeScale()
    const whole = Math.floor(logical)
    const x = scale?.logicalToCoordinate(whole as Logical) ?? null
    return x === null || scale === undefined ? null : x + (logical - whole) * scale.options().barSpacing
  }

  #leg(leg: 0 | 1): string {
    return leg === 0 ? this.#colours.long : this.#colours.short
  }
}

function rowsWithin(times: Float64Array, { bars }: BarWindow): number[] {
  const [from, to] = [lastAtOrBelow(times, at(bars.time, 0) - 1) + 1, lastAtOrBelow(times, at(bars.end, bars.end.length - 1))]
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index)
}

function marksOf({ fills }: Run, symbol: number, window: BarWindow): Mark[] {
  const rows = rowsWithin(fills.at, window).filter((row) => at(fills.symbol, row) === symbol)
  return rows.map((fill): Mark => ({ fill, logical: Math.max(0, window.rowOf(at(fills.at, fill))), price: at(fills.price, fill), leg: at(fills.leg, fill) === 0 ? 0 : 1, kind: at(fills.kind, fill) }))
}

/** Lines while a leg is open, one piece as long as the price stands: where two meet a seam would be seen. */
function piecesOf(run: Run, symbol: number, window: BarWindow): Piece[] {
  const held = run.markets[symbol]?.held
  if (held === undefined) return []
  const { bars } = window
  const [first, last] = [at(bars.time, 0), at(bars.end, bars.end.length - 1)]
  const pieces: Piece[] = []
  const columns = [
    { values: held.longEntry, leg: 0, kind: 'entry' }, { values: held.shortEntry, leg: 1, kind: 'entry' }, { values: held.longLiquidation, leg: 0, kind: 'liquidation' },
    { values: held.shortLiquidation, leg: 1, kind: 'liquidation' }, { values: held.breakEven, leg: null, kind: 'breakEven' },
  ] as const
  const latest: (Piece | undefined)[] = columns.map(() => undefined)
  for (let row = Math.max(0, lastAtOrBelow(held.at, first)); row < held.at.length && at(held.at, row) < last; row++) {
    const until = Math.min(last, row + 1 < held.at.length ? at(held.at, row + 1) : run.data.end)
    const [from, to] = [window.logicalOf(Math.max(first, at(held.at, row))), window.logicalOf(until)]
    for (const [index, { values, leg, kind }] of columns.entries()) {
      const price = at(values, row)
      const before = latest[index]
      if (before !== undefined && before.price === price && before.to === from) before.to = to
      else if (Number.isFinite(price)) pieces.push((latest[index] = { from, to, price, leg, kind }))
    }
  }
  return pieces.length <= MOST_PIECES ? pieces : pieces.filter((piece) => piece.to - piece.from >= 0.5)
}
