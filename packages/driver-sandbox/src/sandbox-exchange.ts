/** The simulated exchange: deterministic, synchronous, told the time by whoever runs it. */
import { BLOCK_ROWS, HedgerowError, type Amendment, type CandlePath, type Decimal, type Order, type OrderId, type SimulatedExchange, type TimeMs } from '@hedgerow/core'
import { cancelOrder } from './answers.ts'
import { execute, type Command } from './commands.ts'
import { settleFunding } from './funding.ts'
import { LiveOrder } from './live-order.ts'
import { minuteAt, startOf, type Setup } from './market.ts'
import type { PathChoice, SandboxOptions, SandboxStatistics } from './options.ts'
import { pathOf } from './path.ts'
import { exactPrice, markPrice } from './prices.ts'
import { Progress } from './progress.ts'
import { nextEventfulMinute } from './scan.ts'
import { setupOf, startingLedger } from './setup.ts'
import { Simulation } from './simulation.ts'
import type { SymbolBook } from './symbol-book.ts'
import { VenueDesk } from './venue-desk.ts'
import { deliver } from './walk.ts'

/** The scan looks ahead by a block, which costs no more than its next minute, then twice as far as it was quiet before, up to this many minutes. */
const FARTHEST_OUTLOOK = 1 << 14

/**
 * The reference driver: matching, funding and liquidation of SIMULATION 2 and 3 over candles. It stands either at the open of a minute
 * whose path is still ahead, or at the close of one whose path is done.
 *
 * @throws HedgerowError `CONFIG_INVALID` when symbols do not share one grid of candles.
 */
export class SandboxExchange implements SimulatedExchange {
  /** What the venue does beside matching. */
  readonly desk: VenueDesk
  readonly #setup: Setup
  readonly #sim: Simulation
  readonly #books: ReadonlyMap<string, SymbolBook>
  readonly #progress: Progress
  /** What waits for the point at which orders of this moment arrive. */
  readonly #queue: Command[] = []
  /** Starts of the minutes in which a dry run has chosen the path O-H-L-C. */
  readonly #highFirst = new Set<TimeMs>()
  /** Nothing can happen before this minute as long as nothing is commanded. */
  #quietUntil = 0
  #outlook = 0
  #isRunning = false
  /** The book that was asked for last: most orders are of the symbol of the one before. */
  #asked: SymbolBook | null = null
  #isSettling = false

  constructor(options: SandboxOptions) {
    this.#setup = setupOf(options)
    this.#sim = Simulation.start(this.#setup, startingLedger(options, this.#setup), options.sink)
    this.#sim.settle = () => this.#settle()
    this.#books = new Map(this.#sim.books.map((book) => [book.market.symbol, book]))
    this.#progress = new Progress(this.#sim, { onOpened: () => this.#onOpened(), onPathChoice: (choice) => this.#noteChoice(choice, options.onPathChoice) })
    this.desk = new VenueDesk(this.#sim, this.#progress)
  }

  /** Time of the last event or advance, whichever is later. */
  now(): TimeMs {
    return this.#sim.now
  }

  /**
   * The order waits for the point at which orders of this moment arrive: where the path stands while an advance runs; else the open of
   * the candle that starts now (`fillAt: 'open'`) or the close of the one before (`'close'`). A symbol without a candle there lets it
   * wait for its next open. With latency it arrives that much later. An order with role `end-of-run` executes at the last mark, at once.
   *
   * @throws HedgerowError `UNKNOWN_SYMBOL`.
   */
  submit(order: Order): void {
    const live = new LiveOrder(order, this.#bookOf(order.symbol))
    const command: Command = { type: 'arrive', live }
    if (this.#sim.transit.takesTime && order.role !== 'end-of-run') return this.#send(command)
    this.#sim.register(live)
    this.#queue.push(command)
  }

  /** Takes effect at once, or while an event is told right after what it belongs to; with latency later. No answer when the order is not live by then. */
  cancel(orderId: OrderId): void {
    const command: Command = { type: 'cancel', orderId }
    if (this.#sim.transit.takesTime) this.#send(command)
    else if (this.#isRunning) this.#queue.push(command)
    else execute(this.#sim, command)
  }

  /** Arrives like a new order, in the same queue. No answer when the order is no longer live by then: its end was told. */
  amend(orderId: OrderId, change: Amendment): void {
    const command: Command = { type: 'amend', orderId, change }
    if (this.#sim.transit.takesTime) this.#send(command)
    else this.#queue.push(command)
  }

  /**
   * Lets everything up to `at` happen: what waits arrives; candles that end by `at` run their paths; then, with `fillAt: 'open'`, the
   * candles starting at `at` open (price, funding, liquidation, triggers, resting limits). With `'close'` it stops at the close before
   * `at`; funding of `at` is settled there, since it precedes strategies and arrivals (SIMULATION 3.9), and the open belongs to the next advance.
   */
  advanceTo(at: TimeMs): void {
    const target = Math.min(minuteAt(this.#setup.grid, at), this.#sim.minutes)
    if (this.#queue.length > 0 || target >= this.#quietUntil) this.#run(target)
    this.#progress.standAt(target)
    this.#sim.now = Math.max(this.#sim.now, at)
  }

  /**
   * Like {@link SandboxExchange.advanceTo} with `fillAt: 'open'`, but it stops after the next thing that tells anything, and `at` may lie
   * anywhere in a candle: orders then arrive at that point of its path. False once nothing more happens up to `at`. Whoever executes what an
   * event leads to before the next step gets the same fills as from within an advance. An exchange is driven by one of the two, not by both.
   */
  stepTo(at: TimeMs): boolean {
    const sim = this.#sim
    const { told } = sim
    this.#quietUntil = 0
    this.#isRunning = true
    this.#settle()
    let goesOn = true
    while (goesOn && sim.told === told) goesOn = this.#progress.step(at)
    this.#isRunning = false
    if (!goesOn) sim.now = Math.max(sim.now, at)
    return goesOn
  }

  /** Lets what was commanded since the last advance arrive now. After the last candle that is at its close: no open follows. */
  arrive(): void {
    if (this.#queue.length === 0) return
    this.#progress.leaveEnd()
    this.#quietUntil = 0
    this.#outlook = 0
    this.#isRunning = true
    this.#settle()
    this.#isRunning = false
  }

  /** Cancels every live order as `end-of-run`, in the order in which they came. From now on only orders with that role arrive: an answer to others could be answered again without end. */
  end(): void {
    this.#sim.isEnded = true
    for (const sent of this.#sim.transit.take(Number.POSITIVE_INFINITY)) if (sent.type === 'arrive') this.#sim.register(sent.live)
    const orders = this.#sim.books.flatMap((book) => book.orders).sort((a, b) => a.takenAfter - b.takenAfter)
    for (const live of orders) cancelOrder(this.#sim, live, 'end-of-run')
  }

  /** Last price at this point; null before the symbol's first candle. */
  priceOf(symbol: string): Decimal | null {
    return exactPrice(this.#sim, this.#bookOf(symbol).last)
  }

  /** Mark price at this point; the last price without a mark series. */
  markOf(symbol: string): Decimal | null {
    return markPrice(this.#sim, this.#bookOf(symbol))
  }

  /** The path that a symbol took in the candle that starts at a time, or takes once it is walked. */
  pathAt(symbol: string, start: TimeMs): CandlePath {
    const { grid, rules: { path } } = this.#setup
    if (path === 'pessimistic') return this.#highFirst.has(start) ? 'ohlc' : 'olhc'
    const { market: { last } } = this.#bookOf(symbol)
    return pathOf(path, last.columns, minuteAt(grid, start) - last.first)
  }

  /** Orders that may still fill, by symbol, each in the order of its queue. */
  openOrders(): readonly Order[] {
    return this.#sim.books.flatMap(({ orders }) => orders.map(({ order }) => order))
  }

  statistics(): SandboxStatistics {
    const { markets } = this.#setup
    return {
      ...this.#sim.counts,
      fundingNotModelled: markets.filter(({ settlements }) => settlements.length === 0).map(({ symbol }) => symbol),
      markIsLast: markets.filter(({ mark }) => mark === null).map(({ symbol }) => symbol),
    }
  }

  #run(target: number): void {
    const sim = this.#sim
    const progress = this.#progress
    this.#isRunning = true
    this.#outlook = this.#queue.length > 0 ? 0 : Math.min(FARTHEST_OUTLOOK, Math.max(BLOCK_ROWS, 2 * this.#outlook))
    this.#settle()
    let hit = this.#nextEventful(target)
    while (hit < target) {
      if (progress.isOpened && hit === sim.minute) progress.walk()
      else progress.open(hit)
      hit = this.#nextEventful(target)
    }
    // Of minutes that are added later nothing is known yet.
    this.#quietUntil = Math.min(hit, sim.minutes)
    if (hit === target) this.#meet(target)
    this.#isRunning = false
  }

  #nextEventful(target: number): number {
    const sim = this.#sim
    const opensFrom = sim.minute + 1
    return nextEventfulMinute(sim, { from: this.#progress.isOpened ? sim.minute : opensFrom, opensFrom, to: target + 1 + this.#outlook })
  }

  /** Something can happen in the minute at which the advance ends. */
  #meet(target: number): void {
    const sim = this.#sim
    if (this.#setup.rules.fillAt === 'open') {
      if (!this.#progress.isOpened || sim.minute < target) this.#progress.open(target)
      return
    }
    this.#progress.standAt(target)
    sim.now = Math.max(sim.now, startOf(this.#setup.grid, target))
    settleFunding(sim, target)
    sim.settle()
  }

  /** The open has acted as a whole: what waited for it arrives. */
  #onOpened(): void {
    const sim = this.#sim
    for (const live of sim.waiting) this.#queue.push({ type: 'arrive', live })
    sim.waiting.length = 0
    this.#settle()
    deliver(sim)
  }

  /** Executes commands in the order in which they came, those that they cause included. */
  #settle(): void {
    if (this.#isSettling || this.#queue.length === 0) return
    this.#isSettling = true
    for (const command of this.#queue) execute(this.#sim, command)
    // Popped, it keeps its memory for the next commands.
    while (this.#queue.length > 0) this.#queue.pop()
    this.#isSettling = false
  }

  /** What was quiet until now may no longer be. */
  #send(command: Command): void {
    if (this.#sim.isEnded) return
    this.#sim.transit.send(this.#sim.now, command)
    this.#quietUntil = 0
    this.#outlook = 0
  }

  #noteChoice(choice: PathChoice, onPathChoice: SandboxOptions['onPathChoice']): void {
    if (choice.path === 'ohlc') this.#highFirst.add(choice.at)
    onPathChoice?.(choice)
  }

  #bookOf(symbol: string): SymbolBook {
    if (this.#asked?.market.symbol === symbol) return this.#asked
    const book = this.#books.get(symbol)
    if (book === undefined) throw new HedgerowError('UNKNOWN_SYMBOL', { found: symbol, expected: `one of ${[...this.#books.keys()].join(', ')}` })
    this.#asked = book
    return book
  }
}
