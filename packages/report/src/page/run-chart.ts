/** Price, legs, equity and drawdown over one axis of time. */
import { CandlestickSeries, ColorType, createChart, createTextWatermark, CrosshairMode, type IChartApi, type ISeriesApi, type LogicalRange, type MouseEventParams, type UTCTimestamp } from 'lightweight-charts'
import { windowOf, type BarWindow, type Span } from './bar-window.ts'
import { fillCard, tradeCard } from './cards.ts'
import { LegOverlay, type OverlayParts } from './leg-overlay.ts'
import { drawdownPlot, equityPlots, fillPlot, legPlots, PANES, strategyPlots, type Plot } from './plots.ts'
import { readingText } from './reading.ts'
import type { Run } from './run.ts'
import { at } from './search.ts'
import { startSwitches, type Switch } from './switches.ts'
import { colours, type Colours } from './theme.ts'

const HEIGHTS = { [PANES.price]: 5, [PANES.legs]: 1.5, [PANES.equity]: 2.6, [PANES.drawdown]: 1.1 } as const
const STRATEGY_HEIGHT = 1.4
/** In parts: a pane below this is low. */
const LOW = 2
const PIXELS_PER_PART = 68
/** Bars of the market that are seen at least around a trade. */
const LEAST_AROUND = 45
/** To the right of a trade there is more room: for the card that tells of it. */
const CARD_SIDE = 1.5
const PAN = 0.2

/** The chart of the page. */
export class RunChart {
  readonly #run: Run
  readonly #frame: HTMLElement
  readonly #hidden: Set<string>
  readonly #parts: OverlayParts = { entries: true, liquidations: true, breakEven: false, funding: true }
  #symbol = 0
  #view: Span
  #trade = -1
  /** The fill that was last stepped to. */
  #fill = -1
  #drawn: Drawn | null = null
  #isLoading = false
  /** Whether the reader has taken hold of the chart since its view was last set: else a range is the chart's own doing, on its way to the view. */
  #isHeld = false

  constructor(run: Run) {
    this.#run = run
    this.#view = { from: run.data.start, to: run.data.end }
    this.#frame = document.getElementById('chart') ?? document.createElement('div')
    this.#hidden = new Set(['locked', ...(holdDwarfs(run) ? ['hold'] : [])])
    this.#build()
    this.#listen()
  }

  /** Draws everything anew in the colours of the page. */
  repaint(): void {
    this.#build()
  }

  /** Shows a trade with the market around it. */
  showTrade(trade: number): void {
    const { trades, markets, data } = this.#run
    const [symbol, from, to] = [at(trades.symbol, trade), at(trades.openedAt, trade), at(trades.closedAt, trade)]
    const step = data.markets[symbol]?.step ?? 60_000
    const around = Math.max(0.35 * (to - from), LEAST_AROUND * step)
    this.#trade = trade
    this.#isHeld = false
    this.#view = { from: from - around, to: to + CARD_SIDE * around }
    if (symbol !== this.#symbol && markets[symbol] !== undefined) this.#choose(symbol)
    else this.#load()
    this.#card(tradeCard(this.#run, trade))
  }

  #choose(symbol: number): void {
    this.#symbol = symbol
    for (const button of document.querySelectorAll<HTMLElement>('[data-symbol]')) button.setAttribute('aria-pressed', String(Number(button.dataset['symbol']) === symbol))
    this.#build()
  }

  #build(): void {
    this.#isHeld = false
    this.#drawn?.chart.remove()
    this.#frame.replaceChildren()
    const market = this.#run.markets[this.#symbol]
    if (market === undefined) return
    const paint = colours()
    const chart = createChart(this.#frame, { ...chartOptions(paint), width: this.#frame.clientWidth, height: this.#frame.clientHeight })
    const candles = chart.addSeries(CandlestickSeries, {
      upColor: paint.up, downColor: paint.down, borderUpColor: paint.down, borderDownColor: paint.down, wickUpColor: paint.down, wickDownColor: paint.down, priceLineVisible: false, lastValueVisible: false,
      priceFormat: { type: 'price', precision: market.places, minMove: 10 ** -market.places },
    })
    const overlay = new LegOverlay(this.#run, paint)
    Object.assign(overlay.parts, this.#parts)
    candles.attachPrimitive(overlay)
    const plots = [...legPlots(chart, this.#run, market, paint), ...equityPlots(chart, this.#run, market, paint), drawdownPlot(chart, this.#run, paint), ...strategyPlots(chart, this.#run, this.#symbol, paint)]
    for (const { name, series } of plots) if (name !== null && this.#hidden.has(name)) series.applyOptions({ visible: false })
    this.#drawn = { chart, candles, overlay, plots, window: null }
    this.#layOut(chart, paint.quiet)
    startSwitches(document.getElementById('series'), this.#switches(plots, paint))
    this.#load()
    chart.timeScale().subscribeVisibleLogicalRangeChange((range) => this.#moved(range))
    chart.subscribeCrosshairMove((event) => this.#point(event))
    chart.subscribeClick((event) => this.#point(event))
  }

  #layOut(chart: IChartApi, color: string): void {
    const panes = chart.panes()
    const parts = panes.map((_, index) => (HEIGHTS as Readonly<Record<number, number>>)[index] ?? STRATEGY_HEIGHT)
    this.#frame.style.height = `${Math.round(PIXELS_PER_PART * parts.reduce((sum, part) => sum + part, 0))}px`
    chart.resize(this.#frame.clientWidth, this.#frame.clientHeight, true)
    for (const [index, pane] of panes.entries()) {
      pane.setStretchFactor(parts[index] ?? 1)
      // Below the name of a pane, and so that no number of its axis is cut off. A low pane has room for its numbers only where they stand closer.
      if (index > 0) pane.priceScale('right').applyOptions({ scaleMargins: { top: 0.18, bottom: 0.12 }, tickMarkDensity: (parts[index] ?? 1) < LOW ? 1.4 : 2.5 })
    }
    const titles = [null, 'legs: quantity', 'gain since the start', 'drawdown', ...this.#run.data.charts.flatMap(({ name, symbol }) => (name === null || symbol !== this.#symbol ? [] : [name]))]
    for (const [index, pane] of panes.entries()) {
      const text = titles[index] ?? null
      if (text !== null) createTextWatermark(pane, { horzAlign: 'left', vertAlign: 'top', lines: [{ text, color, fontSize: 11, fontFamily: getComputedStyle(document.body).fontFamily }] })
    }
  }

  /** Gives every curve the bars for the view. */
  #load(): void {
    const [drawn, market] = [this.#drawn, this.#run.markets[this.#symbol]]
    if (drawn === null || market === undefined) return
    this.#isLoading = true
    const window = windowOf(market.bars, this.#view, drawn.window?.bars.step ?? null)
    drawn.window = window
    const { time, open, high, low, close } = window.bars
    drawn.candles.setData(Array.from(time, (ms, row) => ({ time: (ms / 1000) as UTCTimestamp, open: at(open, row), high: at(high, row), low: at(low, row), close: at(close, row) })))
    for (const plot of drawn.plots) fillPlot(plot, window)
    drawn.overlay.load(this.#symbol, window)
    this.#band(drawn.overlay, window)
    drawn.chart.timeScale().setVisibleLogicalRange({ from: window.logicalOf(this.#view.from), to: window.logicalOf(this.#view.to) })
    document.documentElement.dataset['step'] = String(window.bars.step)
    this.#isLoading = false
    this.#read(null)
  }

  #band(overlay: LegOverlay, window: BarWindow): void {
    const { trades } = this.#run
    overlay.highlight(this.#trade < 0 ? null : { from: window.logicalOf(at(trades.openedAt, this.#trade)), to: window.logicalOf(at(trades.closedAt, this.#trade)), leg: at(trades.leg, this.#trade) === 0 ? 0 : 1 })
  }

  #moved(range: LogicalRange | null): void {
    const window = this.#drawn?.window ?? null
    if (this.#isLoading || !this.#isHeld || range === null || window === null) return
    this.#view = { from: window.timeOf(range.from), to: window.timeOf(range.to) }
    const market = this.#run.markets[this.#symbol]
    if (market === undefined || !window.isOutgrown(this.#view, market.bars.steps)) return
    this.#isLoading = true
    requestAnimationFrame(() => this.#load())
  }

  /** On a screen or a paper of another size the view stays. */
  #resize(): void {
    const [drawn, window] = [this.#drawn, this.#drawn?.window ?? null]
    if (drawn === null || window === null) return
    this.#isLoading = true
    this.#isHeld = false
    drawn.chart.resize(this.#frame.clientWidth, this.#frame.clientHeight, true)
    drawn.chart.timeScale().setVisibleLogicalRange({ from: window.logicalOf(this.#view.from), to: window.logicalOf(this.#view.to) })
    this.#isLoading = false
  }

  #show(view: Span): void {
    this.#isHeld = false
    this.#view = view
    this.#load()
  }

  #zoom(factor: number): void {
    const { from, to } = this.#view
    const { start, end, markets } = this.#run.data
    const half = Math.max(10 * (markets[this.#symbol]?.step ?? 1), Math.min((to - from) * factor, end - start)) / 2
    const middle = (from + to) / 2
    this.#show({ from: middle - half, to: middle + half })
  }

  #pan(screens: number): void {
    const { from, to } = this.#view
    const { start, end } = this.#run.data
    const by = Math.max(start - from, Math.min(end - to, screens * (to - from)))
    this.#show({ from: from + by, to: to + by })
  }

  /** Goes to the next fill of the symbol, or to the one before, starting with those in view. */
  #stepFill(by: 1 | -1): void {
    const { fills } = this.#run
    const known = this.#fill >= 0
    const rows = Array.from(fills.at, (_, fill) => fill).filter((fill) => at(fills.symbol, fill) === this.#symbol)
    const next = known ? rows[rows.indexOf(this.#fill) + by] : rows.find((fill) => at(fills.at, fill) >= this.#view.from)
    if (next === undefined) return
    this.#fill = next
    const [time, half] = [at(fills.at, next), (this.#view.to - this.#view.from) / 2]
    if (time < this.#view.from || time > this.#view.to) this.#show({ from: time - half, to: time + half })
    this.#card(fillCard(this.#run, next))
  }

  #point({ point, logical, paneIndex }: MouseEventParams): void {
    const drawn = this.#drawn
    if (drawn === null) return
    this.#read(logical === undefined ? null : Math.round(logical))
    const fill = point === undefined || paneIndex !== PANES.price ? -1 : drawn.overlay.fillNear(point.x, point.y)
    if (fill >= 0) this.#card(fillCard(this.#run, fill))
    else if (this.#trade >= 0) this.#card(tradeCard(this.#run, this.#trade))
    else this.#card(null)
  }

  #read(row: number | null): void {
    const [box, drawn, market] = [document.getElementById('reading'), this.#drawn, this.#run.markets[this.#symbol]]
    if (box === null || drawn === null || drawn.window === null || market === undefined) return
    const { bars } = drawn.window
    box.innerHTML = readingText(this.#run, market, bars, Math.max(0, Math.min(bars.time.length - 1, row ?? bars.time.length - 1)))
  }

  #card(text: string | null): void {
    const card = document.getElementById('card')
    if (card === null) return
    card.hidden = text === null
    if (text !== null && card.innerHTML !== text) card.innerHTML = text
  }

  #switches(plots: readonly Plot[], paint: Colours): Switch[] {
    const ofPlots = [...new Map(plots.flatMap((plot) => (plot.name === null ? [] : [[plot.name, plot] as const]))).values()].map(({ name, label, color }): Switch => ({
      label, color, isOn: !this.#hidden.has(name ?? ''), turn: (isOn) => {
        if (isOn) this.#hidden.delete(name ?? '')
        else this.#hidden.add(name ?? '')
        for (const plot of plots) if (plot.name === name) plot.series.applyOptions({ visible: isOn })
      },
    }))
    const parts: readonly (readonly [keyof OverlayParts, string])[] = [['entries', 'average entries'], ['liquidations', 'liquidation prices'], ['breakEven', 'break-even'], ['funding', 'funding']]
    return [...ofPlots, ...parts.map(([part, label]): Switch => ({ label, color: paint.quiet, isOn: this.#parts[part], turn: (isOn) => {
      this.#parts[part] = isOn
      if (this.#drawn === null) return
      this.#drawn.overlay.parts[part] = isOn
      this.#drawn.overlay.paint(paint)
    } }))]
  }

  #listen(): void {
    onClick('whole', () => {
      this.#trade = -1
      this.#card(null)
      this.#show({ from: this.#run.data.start, to: this.#run.data.end })
    })
    onClick('zoom-in', () => this.#zoom(0.5))
    onClick('zoom-out', () => this.#zoom(2))
    for (const button of document.querySelectorAll<HTMLElement>('[data-symbol]')) button.addEventListener('click', () => this.#choose(Number(button.dataset['symbol'])))
    const keys: Readonly<Record<string, () => void>> = { ArrowLeft: () => this.#pan(-PAN), ArrowRight: () => this.#pan(PAN), '+': () => this.#zoom(0.5), '=': () => this.#zoom(0.5), '-': () => this.#zoom(2), n: () => this.#stepFill(1), p: () => this.#stepFill(-1) }
    this.#frame.addEventListener('keydown', (event) => {
      const act = keys[event.key]
      if (act === undefined) return
      event.preventDefault()
      act()
    })
    new ResizeObserver(() => this.#resize()).observe(this.#frame)
    // The wheel scrolls the page until the chart has been clicked or focused.
    for (const name of ['pointerdown', 'wheel', 'touchstart'] as const) this.#frame.addEventListener(name, () => { this.#isHeld = true }, { capture: true, passive: true })
    const wheel = (isOn: boolean) => (): void => { this.#drawn?.chart.applyOptions({ handleScale: { mouseWheel: isOn } }) }
    this.#frame.addEventListener('focusin', wheel(true))
    this.#frame.addEventListener('pointerdown', wheel(true))
    this.#frame.addEventListener('pointerleave', wheel(false))
  }
}

function onClick(id: string, act: () => void): void {
  document.getElementById(id)?.addEventListener('click', act)
}

/** More than so many times the account's gains, buy and hold would press them flat. */
const DWARFS = 4

function holdDwarfs({ data, markets: [market] }: Run): boolean {
  if (market === undefined) return false
  const { close } = market.bars.level(market.bars.steps.at(-1) ?? 0)
  const hold = Math.max(...close.map((price) => Math.abs(data.startingBalance * (price / market.bars.firstPrice - 1))))
  return hold > DWARFS * data.mostGain
}

interface Drawn {
  readonly chart: IChartApi
  readonly candles: ISeriesApi<'Candlestick'>
  readonly overlay: LegOverlay
  readonly plots: readonly Plot[]
  window: BarWindow | null
}

/** The look that all charts of the page share. */
export function chartOptions(paint: Colours): Parameters<typeof createChart>[1] {
  return {
    layout: { background: { type: ColorType.Solid, color: paint.paper }, textColor: paint.quiet, fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 11, panes: { separatorColor: paint.line, enableResize: true }, attributionLogo: true },
    grid: { vertLines: { color: paint.line }, horzLines: { color: paint.line } },
    crosshair: { mode: CrosshairMode.Normal },
    rightPriceScale: { borderColor: paint.line },
    timeScale: { borderColor: paint.line, timeVisible: true, secondsVisible: false, minBarSpacing: 0.1, fixLeftEdge: true, fixRightEdge: true, lockVisibleTimeRangeOnResize: true },
    handleScroll: { mouseWheel: false, vertTouchDrag: false }, handleScale: { mouseWheel: false },
  }
}
