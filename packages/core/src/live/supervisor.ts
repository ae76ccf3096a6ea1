/** Watches over a running engine: silent streams, unanswered orders, legs without stops, limits, the clock, and the kill switch. */
import type { GateChange, KillLevel, LiveInput } from '../domain/live-input.ts'
import type { TimeMs } from '../domain/time.ts'
import type { PositionReport, StreamReport, UnknownReport, VenueReport, VenueStream, WalletReport } from '../ports/venue-report.ts'
import { STOP_SKEW_MS, WARN_SKEW_MS } from './clock-offset.ts'
import { flattenStep } from './flatten.ts'
import { KILL_LEVELS } from './trading-gate.ts'
import type { LiveEngine } from './live-engine.ts'
import { OrderQueries } from './order-queries.ts'
import { StopKeeper } from './stop-keeper.ts'
import { RiskTriggers } from './risk-triggers.ts'
import type { TrackedOrder } from './tracked-orders.ts'
import type { Request } from './venue-orders.ts'
import { syncClock } from './venue-questions.ts'

const TICK_MS = 1_000
const CLOCK_EVERY_MS = 300_000
/** Fills that were counted but not told are fetched after so long. */
const MISSING_FILLS_MS = 2_000
/** A gap in the protection of a leg that lasts so long is closed by the framework. */
const PROTECTION_GRACE_MS = 2_000

/** What the engine leaves to its supervisor. */
type SupervisedRequest = Extract<Request, { type: 'query' | 'close-passed-stop' | 'mode-drift' | 'resync-clock' | 'reconcile' }>

/** The watch of one engine. */
export class Supervisor {
  readonly stops: StopKeeper
  readonly triggers: RiskTriggers
  readonly #engine: LiveEngine
  readonly #queries: OrderQueries
  readonly #heardAt = new Map<VenueStream, TimeMs>()
  readonly #down = new Map<VenueStream, string>()
  #stopTick: (() => void) | null = null
  #reconcileAt: TimeMs = Number.POSITIVE_INFINITY
  #reconcileWhy = 'every minute'
  #clockAt: TimeMs = 0
  #isBusy = false

  constructor(engine: LiveEngine) {
    this.#engine = engine
    this.stops = new StopKeeper(engine)
    this.triggers = new RiskTriggers(engine)
    this.#queries = new OrderQueries(engine)
  }

  /** Age of the last sign of life of a stream, ms; null before the first. */
  silenceOf(stream: VenueStream): number | null {
    const at = this.#heardAt.get(stream)
    return at === undefined ? null : this.#now() - at
  }

  start(): void {
    this.#reconcileAt = this.#now() + this.#engine.options.config.reconcileEveryMs
    this.#clockAt = this.#now() + CLOCK_EVERY_MS
    this.#schedule()
  }

  stop(): void {
    this.#stopTick?.()
    this.#stopTick = null
  }

  /** Every report is a sign of life of the stream that it came by. */
  heard(report: VenueReport): void {
    const isMarket = report.type === 'candle' || report.type === 'price' || ('stream' in report && report.stream === 'market')
    if (report.type !== 'stream' || report.state === 'up') this.#heardAt.set(isMarket ? 'market' : 'account', this.#now())
    if (report.type === 'refused') this.triggers.refused(report, this.#now())
  }

  /** Takes news that are no orders. */
  async see(report: PositionReport | WalletReport | StreamReport | UnknownReport): Promise<void> {
    const engine = this.#engine
    if (report.type === 'wallet') engine.wallet = { ...engine.wallet, ...report }
    else if (report.type === 'position') await this.#seePosition(report)
    else if (report.type === 'unknown') {
      engine.log('error', `${report.stream} stream: not understood: ${report.found}`)
      if (report.stream === 'account') this.reconcileSoon('a payload that was not understood')
    } else await this.#seeStream(report)
  }

  /** Prices are there again: what waited for them may open at once. */
  async pricesCame(): Promise<void> {
    await this.#engine.commit(this.#priceHalts(this.#now()))
  }

  /** Reconciles at the next tick. */
  reconcileSoon(why: string): void {
    this.#reconcileAt = Math.min(this.#reconcileAt, this.#now())
    this.#reconcileWhy = why
  }

  async answer(request: SupervisedRequest): Promise<void> {
    switch (request.type) {
      case 'query':
        this.#queries.soon(request.tracked)
        break
      case 'reconcile':
        this.#engine.log('warn', request.why)
        this.reconcileSoon(request.why)
        break
      case 'mode-drift':
        await this.#change({ kind: 'halt', symbol: request.symbol, name: 'position mode', reason: request.found })
        this.reconcileSoon(`position mode of ${request.symbol}`)
        break
      case 'resync-clock':
        await this.#measureClock()
        break
      case 'close-passed-stop': {
        const { symbol, leg } = request.order
        const { qty } = this.#engine.options.state.positions.pair(symbol)[leg]
        if (!qty.isZero()) await this.#engine.commit([{ type: 'orders.wanted', at: this.#engine.now(), why: 'the price had passed a stop when it arrived', closes: [{ symbol, leg, qty, role: 'stop-loss' }], cancels: [] }])
      }
    }
  }

  /** Asks for one order and takes the answer; `isSettled`: what the venue does not know is gone. */
  async query(tracked: TrackedOrder, options: { readonly isSettled: boolean }): Promise<void> {
    await this.#queries.ask(tracked, options)
  }

  /** At start: nothing is left whose outcome is unknown. */
  async settleUnknown(): Promise<void> {
    await this.#queries.settleAll()
  }

  /** Sets the kill switch and begins what it says. Resuming lifts it. */
  async kill(level: KillLevel, { by, reason }: { readonly by: string; readonly reason: string }): Promise<void> {
    const { gate, state } = this.#engine.options
    await this.#change({ kind: 'kill', level, by, reason })
    this.#engine.log(level === 'running' ? 'info' : 'error', `kill switch: ${level} by ${by}: ${reason}`)
    if (!gate.isAt('cancel')) return
    const cancels = [...state.orders.live()].filter(({ order }) => order.intent === 'open').map(({ order }) => order.id)
    await this.#engine.commit([{ type: 'orders.wanted', at: this.#engine.now(), why: `kill switch ${level}`, closes: [], cancels }])
    await flattenStep(this.#engine)
  }

  /** An automatic trigger: raises the level, never lowers it. */
  async raise(level: KillLevel, reason: string): Promise<void> {
    if (KILL_LEVELS.indexOf(level) > KILL_LEVELS.indexOf(this.#engine.options.gate.level)) await this.kill(level, { by: 'automatic', reason })
  }

  strategyThrew(error: unknown): void {
    this.#engine.log('error', `a strategy threw: ${error instanceof Error ? error.message : String(error)}`)
    this.#engine.later(async () => { await this.raise('pause', `a strategy threw: ${error instanceof Error ? error.message : String(error)}`) })
  }

  #now(): TimeMs {
    return this.#engine.options.timers.now()
  }

  #schedule(): void {
    this.#stopTick = this.#engine.options.timers.after(TICK_MS, () => {
      if (this.#engine.phase !== 'running') return
      this.#schedule()
      if (this.#isBusy) return
      this.#isBusy = true
      this.#engine.later(async () => {
        try {
          await this.#tick()
        } finally {
          this.#isBusy = false
        }
      })
    })
  }

  async #tick(): Promise<void> {
    const engine = this.#engine
    const now = this.#now()
    await engine.missed.tell(engine.minutes.overdue(now))
    await engine.commit([...this.#priceHalts(now), ...this.#silenceHolds()])
    this.#expire()
    const stuck = engine.tracked.live().some(({ missingSince }) => missingSince !== null && engine.now() - missingSince > MISSING_FILLS_MS)
    if (stuck || engine.orders.parked.length > 0) this.reconcileSoon('fills that were not told')
    this.#queries.run()
    if (now >= this.#clockAt) await this.#measureClock()
    if (now >= this.#reconcileAt) await this.#reconcile()
    await this.stops.protect(PROTECTION_GRACE_MS)
    await this.triggers.check()
    await flattenStep(this.#engine)
  }

  async #reconcile(): Promise<void> {
    const engine = this.#engine
    this.#reconcileAt = this.#now() + engine.options.config.reconcileEveryMs
    const why = this.#reconcileWhy
    this.#reconcileWhy = 'every minute'
    try {
      await engine.reconciler.run(why)
      await this.#hold('reconcile', null)
    } catch (error) {
      engine.log('error', `reconciliation failed: ${error instanceof Error ? error.message : String(error)}`)
      this.#reconcileAt = this.#now() + 5_000
      await this.#hold('reconcile', 'the venue could not be asked')
    }
  }

  async #measureClock(): Promise<void> {
    const engine = this.#engine
    this.#clockAt = this.#now() + CLOCK_EVERY_MS
    try {
      const change = await syncClock(engine)
      if (change > WARN_SKEW_MS) engine.log('warn', `the clock has moved by ${change} ms against the venue's`)
      await this.#hold('clock', change > STOP_SKEW_MS ? `the clock moved by ${change} ms against the venue's` : null)
      if (change > STOP_SKEW_MS) this.#clockAt = this.#now() + 10_000
    } catch (error) {
      engine.log('warn', `the venue's time could not be asked: ${error instanceof Error ? error.message : String(error)}`)
    }
  }

  /** Openers and closers whose own time is over. */
  #expire(): void {
    const now = this.#engine.now()
    for (const { order } of this.#engine.options.state.orders.live()) if (order.expiresAt !== undefined && now >= order.expiresAt) this.#engine.desk.cancel(order.id, 'expired')
  }

  /** Old prices hold openers of their symbol. */
  #priceHalts(now: TimeMs): LiveInput[] {
    const { config, gate } = this.#engine.options
    return config.symbols.flatMap((symbol): LiveInput[] => {
      const seenAt = this.#engine.prices.get(symbol)?.seenAt
      const isStale = seenAt === undefined || now - seenAt > config.staleMarketMs
      if (isStale === gate.isHalted(symbol, 'market data')) return []
      return [{ type: 'gate.changed', at: this.#engine.now(), change: { kind: 'halt', symbol, name: 'market data', reason: isStale ? `no price for more than ${config.staleMarketMs} ms` : null } }]
    })
  }

  #silenceHolds(): LiveInput[] {
    const { gate } = this.#engine.options
    return (['account', 'market'] as const).flatMap((stream): LiveInput[] => {
      const name = `${stream} stream`
      const reason = this.#down.get(stream) ?? null
      if ((reason !== null) === gate.isHeld(name)) return []
      return [{ type: 'gate.changed', at: this.#engine.now(), change: { kind: 'hold', name, reason } }]
    })
  }

  async #seePosition({ symbol, mode, leg, qty }: PositionReport): Promise<void> {
    const { config, state } = this.#engine.options
    if (!config.symbols.includes(symbol)) return
    if (mode !== config.positionMode) await this.answer({ type: 'mode-drift', symbol, found: `the venue is in ${mode} mode` })
    else if (this.#engine.options.gate.isHalted(symbol, 'position mode')) this.reconcileSoon(`position mode of ${symbol}`)
    else if (!state.positions.pair(symbol)[leg].qty.eq(qty)) this.#reconcileAt = Math.min(this.#reconcileAt, this.#now() + MISSING_FILLS_MS)
  }

  async #seeStream({ stream, state, reason, reconnected }: StreamReport): Promise<void> {
    if (state === 'up') this.#down.delete(stream)
    else {
      if (!this.#down.has(stream)) this.#engine.log('warn', `the ${stream} stream is ${state}${reason === '' ? '' : `: ${reason}`}`)
      this.#down.set(stream, reason === '' ? state : `${state}: ${reason}`)
    }
    if (reconnected) {
      this.#engine.log('warn', `the ${stream} stream is back: reconciling`)
      if (this.#engine.phase === 'running') await this.#reconcile()
    }
    if (this.#engine.phase === 'running') await this.#engine.commit(this.#silenceHolds())
  }

  async #hold(name: string, reason: string | null): Promise<void> {
    if ((reason !== null) !== this.#engine.options.gate.isHeld(name)) await this.#change({ kind: 'hold', name, reason })
  }

  async #change(change: GateChange): Promise<void> {
    await this.#engine.commit([{ type: 'gate.changed', at: this.#engine.now(), change }])
  }
}
