/**
 * Records the course of a run: equity at every fill and UTC midnight, and the account on every candle in between.
 * It watches; the only thing that it tells anybody is how far prices went, to the trades in progress.
 */
import type { AccountMargin } from '../broker/account-margin.ts'
import type { MarginCurve } from '../broker/margin-curve.ts'
import { extremesOf, type BlockExtremes, type RangeOfPrices } from '../domain/block-extremes.ts'
import type { CandleColumns } from '../domain/candles.ts'
import { decimalOfDouble, doubleOf, ZERO, type Decimal } from '../domain/decimal.ts'
import type { Filled, JournalEvent } from '../domain/events.ts'
import { legOf, type Leg } from '../domain/leg.ts'
import type { PairOfPositions } from '../domain/position-pair.ts'
import { unrealisedPnl, type Position } from '../domain/position.ts'
import { DAY_MS, type TimeMs } from '../domain/time.ts'
import { cornersBetween, NO_PRICES, type PathLookup } from '../metrics/path-range.ts'
import type { DailyEquity } from '../metrics/report-metrics.ts'
import { RunCurve, type Stretch, type StretchBook } from '../metrics/run-curve.ts'
import type { SessionState } from '../state/session-state.ts'
import { DailyBalance } from './daily-balance.ts'
import type { SessionEvent } from './session.ts'

/** The price series of one symbol. */
export interface RecordedSymbol {
  readonly symbol: string
  readonly candles: CandleColumns
  /** Mark candles on the same grid; they value positions where there are any. */
  readonly marks?: CandleColumns
}

/** What a recorder watches. All series share one grid. */
export interface RunRecorderOptions {
  readonly symbols: readonly RecordedSymbol[]
  readonly state: SessionState
  /** Null where nothing is known of the margin of the account: margin figures of the curve then mean nothing. */
  readonly margin: AccountMargin | null
  readonly start: TimeMs
  /** Shown every stretch of candles with no event among them, after it has passed. */
  readonly onStretch?: (stretch: Stretch) => void
}

/** A point of the equity curve; `long` and `short` are the legs' contributions since the start. */
export type EquityPoint = DailyEquity

/** How far the prices of a symbol were shown to the open trade of a leg. */
interface WatchedLeg {
  readonly leg: Leg
  /** First candle whose range has not been shown. */
  ranged: number
  /** Time of the last fill within a candle. */
  filledAt: TimeMs
}

interface Watched extends RecordedSymbol {
  /** Of the lows and highs of the candles. */
  readonly ranges: BlockExtremes
  readonly long: WatchedLeg
  readonly short: WatchedLeg
  /** Last price seen. */
  price: number
  /** The legs as they were when `holding` was made of them. */
  pair: PairOfPositions | null
  holding: Holding | null
}

/** A book but for its price: it stands until a leg changes. */
type Holding = Omit<StretchBook, 'lastPrice'>

/** Folds time and events into the curve of the run. */
export class RunRecorder {
  readonly curve: RunCurve
  /** At every fill and every UTC midnight, oldest first. */
  readonly points: EquityPoint[] = []
  /** At the start, every UTC midnight and the end. */
  readonly daily: EquityPoint[] = []
  /** Counted from the start of the run instead of midnights. */
  readonly balance: DailyBalance
  readonly #options: RunRecorderOptions
  readonly #watched: readonly Watched[]
  readonly #gridStart: TimeMs
  readonly #step: number
  readonly #posted: Record<Leg, Decimal> = { long: ZERO, short: ZERO }
  /** What {@link RunRecorder.#netOf} has found since money was last booked. */
  readonly #net: Record<Leg, Decimal | null> = { long: null, short: null }
  /** Null where nobody knows how prices moved within candles: trades then see nothing of a candle in which their leg filled but the fills. */
  #pathAt: PathLookup | null = null
  #index: number
  #nextDay: TimeMs

  constructor(options: RunRecorderOptions) {
    const { symbols, start, state } = options
    this.#options = options
    this.#gridStart = symbols[0]?.candles.start ?? start
    this.#step = symbols[0]?.candles.step ?? DAY_MS
    this.#index = this.#indexOf(start)
    this.#watched = symbols.map((symbol) => ({ ...symbol, ranges: extremesOf(symbol.candles).ranges, long: watchedLeg('long', this.#index), short: watchedLeg('short', this.#index), price: priceBefore(symbol, this.#index), pair: null, holding: null }))
    this.#nextDay = (Math.floor(start / DAY_MS) + 1) * DAY_MS
    this.curve = new RunCurve(doubleOf(state.positions.wallet))
    this.balance = new DailyBalance(start, (at) => this.#valueAt(at))
    this.#noteDay(start)
  }

  /** From now on it is known which way prices took within candles. */
  followPaths(pathAt: PathLookup): void {
    this.#pathAt = pathAt
  }

  /** An event is about to be folded: time passes up to it with the account as it is. */
  before(event: SessionEvent | JournalEvent): void {
    this.#advanceTo(event.at)
    if (event.type === 'order.filled') this.#beforeFill(event)
  }

  #advanceTo(at: TimeMs): void {
    this.balance.advanceTo(at)
    this.#passDays(at)
    this.#pass(at)
  }

  /** Equity at the start and at every UTC midnight up to `at`, which has to be the present. Reading it changes nothing of the record. */
  dailyUpTo(at: TimeMs): readonly EquityPoint[] {
    this.#passDays(at)
    return [...this.daily]
  }

  /** Midnights before which nothing has changed since the last event: the stretch of candles goes on through them. */
  #passDays(at: TimeMs): void {
    for (; this.#nextDay <= at; this.#nextDay += DAY_MS) this.#noteDay(this.#nextDay)
  }

  #noteDay(at: TimeMs): void {
    const point = this.#pointAt(at)
    this.daily.push(point)
    this.#keep(point)
  }

  /** The open trade of the leg is shown the way that the price took since its last fill. */
  #beforeFill({ symbol, leg, at }: Filled): void {
    if (legOf(this.#options.state.positions.pair(symbol), leg).qty.isZero()) return
    const watched = this.#watchedOf(symbol)
    if (watched === undefined) return
    const seen = legOf(watched, leg)
    this.#showRange(watched, seen)
    const start = this.#startOf(this.#indexOf(at))
    if (at !== start) this.#show(watched, leg, this.#visited(watched, { start, after: Math.max(seen.filledAt, start - 1), upTo: at }))
  }

  /** Looks at an event after it was folded. */
  see(event: JournalEvent): void {
    if (event.type === 'order.filled' || event.type === 'funding.settled') this.#forgetNet(event.leg)
    if (event.type === 'order.filled') {
      const watched = this.#watchedOf(event.symbol)
      if (watched !== undefined) this.#seeFill(watched, event)
      this.#keep(this.#pointAt(event.at))
    } else if (event.type === 'account.posted' && event.leg !== undefined) {
      this.#posted[event.leg] = this.#posted[event.leg].plus(event.amount)
      this.#forgetNet(event.leg)
      this.#keep(this.#pointAt(event.at))
    }
  }

  /** The end of the run. */
  finish(at: TimeMs): void {
    this.#advanceTo(at)
    for (const watched of this.#watched) {
      const { long, short } = this.#options.state.positions.pair(watched.symbol)
      if (!long.qty.isZero()) this.#showRange(watched, watched.long)
      if (!short.qty.isZero()) this.#showRange(watched, watched.short)
    }
    this.balance.finish(at)
    if (this.daily.at(-1)?.at === at) this.daily.pop()
    const point = this.#pointAt(at)
    this.daily.push(point)
    this.curve.end({ total: doubleOf(point.equity), longNet: doubleOf(point.long), shortNet: doubleOf(point.short) })
    if (this.points.at(-1)?.at !== at) this.points.push(point)
  }

  /** Of a candle in which a fill falls the trade of its leg sees no more than came after the fill. */
  #seeFill(watched: Watched, { at, leg, price }: Filled): void {
    const index = this.#indexOf(at)
    // Marks value positions where there are any: a fill tells nothing about them.
    if (watched.marks === undefined) watched.price = doubleOf(price)
    const isAtOpen = at === this.#startOf(index)
    const seen = legOf(watched, leg)
    seen.ranged = isAtOpen ? index : index + 1
    seen.filledAt = isAtOpen ? Number.NEGATIVE_INFINITY : at
  }

  #watchedOf(symbol: string): Watched | undefined {
    for (const watched of this.#watched) if (watched.symbol === symbol) return watched
    return undefined
  }

  #pass(at: TimeMs): void {
    const to = this.#indexOf(at)
    const from = this.#index
    if (to <= from) return
    this.#index = to
    const { state } = this.#options
    const books: StretchBook[] = []
    for (const watched of this.#watched) {
      const pair = state.positions.pair(watched.symbol)
      if (!isFlat(pair)) books.push(this.#bookOf(watched, pair))
    }
    const stretch: Stretch = { from, to, step: this.#step, wallet: doubleOf(state.positions.wallet), longNet: doubleOf(this.#netOf('long')), shortNet: doubleOf(this.#netOf('short')), books }
    this.curve.addStretch(stretch)
    this.#options.onStretch?.(stretch)
    for (const watched of this.#watched) watched.price = priceBefore(watched, to, watched.price)
  }

  #bookOf(watched: Watched, pair: PairOfPositions): StretchBook {
    if (watched.holding === null || watched.pair !== pair) {
      watched.pair = pair
      watched.holding = this.#holdingOf(watched, pair)
    }
    const { prices, extremes, longQty, longEntry, shortQty, shortEntry, initialMargin, maintenanceMargin } = watched.holding
    return { prices, extremes, lastPrice: watched.price, longQty, longEntry, shortQty, shortEntry, initialMargin, maintenanceMargin }
  }

  #holdingOf({ symbol, candles, marks }: Watched, { long, short }: PairOfPositions): Holding {
    const { initialMargin, maintenanceMargin } = this.#options.margin?.curveOf(symbol) ?? FREE
    const valued = marks ?? candles
    return { prices: valued.close, extremes: extremesOf(valued).closes, longQty: doubleOf(long.qty), longEntry: entryOf(long), shortQty: doubleOf(short.qty), shortEntry: entryOf(short), initialMargin, maintenanceMargin }
  }

  /** Shows the open trade of a leg how far its price went since its last fill, up to the present candle: its excursions. */
  #showRange(watched: Watched, seen: WatchedLeg): void {
    const from = seen.ranged
    const to = this.#index
    const rest = this.#restOfFilled(watched, seen, to)
    seen.ranged = Math.max(from, to)
    const since = watched.ranges.between(from, to)
    this.#show(watched, seen.leg, { low: Math.min(rest.low, since.low), high: Math.max(rest.high, since.high) })
  }

  /** Where the price went after the last fill of a leg in the candle of that fill, once that candle has passed; asked again, nothing. */
  #restOfFilled(watched: Watched, seen: WatchedLeg, to: number): RangeOfPrices {
    const after = seen.filledAt
    if (after === Number.NEGATIVE_INFINITY || this.#indexOf(after) >= to) return NO_PRICES
    seen.filledAt = Number.NEGATIVE_INFINITY
    const start = this.#startOf(this.#indexOf(after))
    return this.#visited(watched, { start, after, upTo: start + this.#step })
  }

  #visited({ symbol, candles }: Watched, { start, after, upTo }: { readonly start: TimeMs; readonly after: TimeMs; readonly upTo: TimeMs }): RangeOfPrices {
    return this.#pathAt === null ? NO_PRICES : cornersBetween(candles, { path: this.#pathAt(symbol, start), start, after, upTo })
  }

  #show({ symbol }: Watched, leg: Leg, { low, high }: RangeOfPrices): void {
    if (low <= high) this.#options.state.trades.apply({ type: 'price', symbol, leg, low: decimalOfDouble(low), high: decimalOfDouble(high) })
  }

  /** Of several points of one moment the last is kept. */
  #keep(point: EquityPoint): void {
    if (this.points.at(-1)?.at === point.at) this.points.pop()
    this.points.push(point)
  }

  /** The account as it stands, at the last price before a time that is the present or comes before the next event. */
  #pointAt(at: TimeMs): EquityPoint {
    const { positions } = this.#options.state
    let long = ZERO
    let short = ZERO
    for (const watched of this.#watched) {
      const pair = positions.pair(watched.symbol)
      if (isFlat(pair)) continue
      const index = this.#indexOf(at)
      const mark = decimalOfDouble(index > this.#index ? priceBefore(watched, index, watched.price) : watched.price)
      long = long.plus(unrealisedPnl(pair.long, mark))
      short = short.plus(unrealisedPnl(pair.short, mark))
    }
    return { at, equity: positions.wallet.plus(long).plus(short), long: this.#netOf('long').plus(long), short: this.#netOf('short').plus(short) }
  }

  /** Wallet plus unrealised profit at the last prices before a time. */
  #valueAt(at: TimeMs): Decimal {
    const { positions } = this.#options.state
    let value = positions.wallet
    for (const watched of this.#watched) {
      const pair = positions.pair(watched.symbol)
      if (isFlat(pair)) continue
      const mark = decimalOfDouble(priceBefore(watched, this.#indexOf(at)))
      value = value.plus(unrealisedPnl(pair.long, mark)).plus(unrealisedPnl(pair.short, mark))
    }
    return value
  }

  /** Booked by all legs of this direction: realised - fees + funding + what their liquidations posted. */
  #netOf(leg: Leg): Decimal {
    const known = leg === 'long' ? this.#net.long : this.#net.short
    if (known !== null) return known
    let net = leg === 'long' ? this.#posted.long : this.#posted.short
    for (const position of this.#options.state.positions.positions()) {
      if (position.leg === leg) net = net.plus(position.realised).minus(position.fees).plus(position.funding)
    }
    if (leg === 'long') this.#net.long = net
    else this.#net.short = net
    return net
  }

  #forgetNet(leg: Leg): void {
    if (leg === 'long') this.#net.long = null
    else this.#net.short = null
  }

  #indexOf(at: TimeMs): number {
    return Math.floor((at - this.#gridStart) / this.#step)
  }

  #startOf(index: number): TimeMs {
    return this.#gridStart + index * this.#step
  }
}

function watchedLeg(leg: Leg, ranged: number): WatchedLeg {
  return { leg, ranged, filledAt: Number.NEGATIVE_INFINITY }
}

const FREE: MarginCurve = { initialMargin: { base: 0, long: 0, fixed: 0, short: 0 }, maintenanceMargin: () => 0 }

function isFlat({ long, short }: PairOfPositions): boolean {
  return long.qty.isZero() && short.qty.isZero()
}

function entryOf({ qty, cost }: Position): number {
  return qty.isZero() ? 0 : doubleOf(cost.div(qty))
}

/** The last valuation price before candle `index`; `fallback` (else the first open) where there is none. */
function priceBefore({ candles, marks }: RecordedSymbol, index: number, fallback?: number): number {
  const { close } = marks ?? candles
  for (let i = Math.min(index, close.length) - 1; i >= 0; i--) {
    const price = close[i]
    if (price !== undefined && !Number.isNaN(price)) return price
  }
  return fallback ?? candles.open.find((price) => !Number.isNaN(price)) ?? Number.NaN
}
