/**
 * Lets market time pass, one event at a time: between two events whoever listens may act, and finds the market where it stood.
 * A run that answers each event before the next step meets the same prices as a strategy inside a backtest.
 */
import { MINUTE_MS, type Decimal, type TimeMs } from '@hedgerow/core'
import type { VenueAccount } from './account.ts'
import type { VenueMarket } from './market.ts'

/** What a timeline moves, and who wants to know. */
export interface TimelineOptions<Terms> {
  readonly account: VenueAccount<Terms>
  readonly market: VenueMarket
  readonly startAt: TimeMs
  /** End of the candles that the sandbox was given. */
  readonly knownUntil: TimeMs
  /** Time has passed. */
  readonly onTime: (at: TimeMs) => void
  /** After each event, and after each rest: what changed on the account may be told. */
  readonly onMoved: () => void
  /** After that, and after the close of a minute: prices may be told. */
  readonly onPrices: () => void
  /** A minute has closed; the next one has opened. */
  readonly onMinute: (closedAt: TimeMs) => void
  /** Waited for after each event and each minute: the answers of clients. */
  readonly settle: () => Promise<void>
}

/** Market time of a venue. */
export class Timeline<Terms> {
  readonly #options: TimelineOptions<Terms>
  #knownUntil: TimeMs
  #now: TimeMs
  #running: Promise<void> = Promise.resolve()

  constructor(options: TimelineOptions<Terms>) {
    this.#options = options
    this.#knownUntil = options.knownUntil
    this.#now = options.startAt
    while (options.account.exchange.stepTo(options.startAt));
    this.#observe()
  }

  get now(): TimeMs {
    return this.#now
  }

  /** Lets everything up to `at` happen. Calls queue up. */
  advanceTo(at: TimeMs): Promise<void> {
    return this.#enqueue(() => this.#advance(at))
  }

  /** Lives through the minutes that are scripted. */
  liveScript(): Promise<void> {
    return this.#enqueue(async () => {
      const { market } = this.#options
      // A minute that was begun is ended first: what is scripted begins at its end.
      await this.#advance(this.#knownUntil)
      while (market.hasScript) await this.#advance(this.#knownUntil + MINUTE_MS)
    })
  }

  /** Lets `ms` pass from where the queue of calls ends. */
  advance(ms: number): Promise<void> {
    return this.#enqueue(() => this.#advance(this.#now + ms))
  }

  #enqueue(act: () => Promise<void>): Promise<void> {
    const run = this.#running.then(act)
    this.#running = run.catch(() => {})
    return run
  }

  async #advance(at: TimeMs): Promise<void> {
    const { account, onMinute, settle } = this.#options
    while (this.#now < at) {
      const boundary = this.#now - (this.#now % MINUTE_MS) + MINUTE_MS
      const next = Math.min(at, boundary)
      this.#makeKnown(next)
      account.beginAct()
      while (account.exchange.stepTo(next)) {
        this.#moved(account.exchange.now())
        if (this.#now < next) this.#options.onPrices()
        await settle()
        account.beginAct()
      }
      this.#moved(next)
      if (next === boundary) onMinute(boundary)
      this.#options.onPrices()
      await settle()
    }
  }

  /** Prices until a moment, the open of a minute that starts there included. */
  #makeKnown(until: TimeMs): void {
    const { account, market } = this.#options
    while (this.#knownUntil < until || (this.#knownUntil === until && market.hasScript)) {
      account.desk.extend(market.next())
      this.#knownUntil += MINUTE_MS
    }
  }

  #moved(at: TimeMs): void {
    this.#now = Math.max(this.#now, at)
    this.#options.onTime(this.#now)
    this.#observe()
    this.#options.onMoved()
  }

  #observe(): void {
    const { account, market } = this.#options
    market.observe(this.#now, (symbol): Decimal | null => account.lastPrice(symbol))
  }
}
