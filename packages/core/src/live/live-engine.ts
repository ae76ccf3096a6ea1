/**
 * The live pump: one queue for candles, private news, timers and commands of the operator. Each thing is told to the session, made durable in
 * the journal, and only then acted upon. Start-up and recovery are the same: replay, ask the venue, reconcile, then trade.
 */
import type { TradedSymbol } from '../broker/account-margin.ts'
import type { Command } from '../broker/outbox.ts'
import type { LiveInput, KillLevel } from '../domain/live-input.ts'
import type { TimeMs } from '../domain/time.ts'
import type { DriverManifest } from '../driver/manifest.ts'
import type { Journal, JournalEntry } from '../ports/journal.ts'
import type { Logger, LogLevel } from '../ports/logger.ts'
import type { Timers } from '../ports/timers.ts'
import type { VenueConnection, VenueSnapshot } from '../ports/venue-connection.ts'
import type { PriceReport, VenueReport, WalletReport } from '../ports/venue-report.ts'
import type { SessionState } from '../state/session-state.ts'
import type { EventLog } from '../session/event-log.ts'
import { CommandDesk } from './command-desk.ts'
import type { LiveConfig } from './live-config.ts'
import type { LiveSession } from './live-session.ts'
import { MinuteGate } from './minute-gate.ts'
import { MissedCandles } from './missed-candles.ts'
import { PartingCancels } from './parting-cancels.ts'
import { Reconciler } from './reconciler.ts'
import { recover } from './recovery.ts'
import { RequestBudgets } from './request-budgets.ts'
import type { Deviation } from './shadow-ledger.ts'
import { Supervisor } from './supervisor.ts'
import { logRecords } from './session-words.ts'
import { statusOf, type LiveStatus } from './status.ts'
import { TrackedOrders } from './tracked-orders.ts'
import type { TradingGate } from './trading-gate.ts'
import { VenueOrders, type Reading, type Request } from './venue-orders.ts'
import { DoneGroups, leftovers } from './venue-rules.ts'

/** What a live engine is made of. */
export interface LiveEngineOptions {
  readonly venue: string
  readonly manifest: DriverManifest
  readonly connection: VenueConnection
  readonly journal: Journal
  readonly timers: Timers
  readonly logger: Logger
  readonly config: LiveConfig
  readonly session: LiveSession
  readonly state: SessionState
  readonly gate: TradingGate
  readonly log: EventLog
  readonly instruments: ReadonlyMap<string, TradedSymbol>
  /** Compares the venue's numbers with those of our ledger. */
  readonly shadow?: (snapshot: VenueSnapshot) => readonly Deviation[]
  /** Id of the journal: a part of every client order id. */
  readonly run: string
  /** Tells whether the strategies are those of the journal. */
  readonly fingerprint: string
  /** What the strategies of the journal have in memory is forgotten, as if they were others: they start anew on its state. */
  readonly freshStrategies?: boolean
  /** Told when the engine has given up: nothing is sent any more. */
  readonly onFailure?: (error: unknown) => void
}

/** How far an engine is. */
export type EnginePhase = 'new' | 'starting' | 'running' | 'stopping' | 'stopped' | 'failed'

type Task = () => Promise<void>
type Item = { readonly report: VenueReport } | { readonly task: Task; readonly done: (error: Error | null) => void }

/** One live engine. */
export class LiveEngine {
  readonly options: LiveEngineOptions
  readonly tracked: TrackedOrders
  readonly orders: VenueOrders
  readonly desk: CommandDesk
  readonly budgets: RequestBudgets
  readonly minutes: MinuteGate
  readonly missed: MissedCandles
  readonly reconciler: Reconciler
  readonly supervisor: Supervisor
  readonly groups: DoneGroups = new DoneGroups()
  /** Newest prices and wallet, as the venue said them. */
  readonly prices: Map<string, PriceReport & { readonly seenAt: TimeMs }> = new Map()
  wallet: WalletReport | null = null
  clockOffsetMs = 0
  phase: EnginePhase = 'new'
  /** While the journal is replayed: what strategies say then was said before. */
  isReplaying: boolean = false
  sequence = 0
  readonly #queue: Item[] = []
  #parting: PartingCancels | null = null
  #isPumping = false
  #marketAt: TimeMs = 0
  #entries: JournalEntry[] = []
  #commands: Command[] = []

  constructor(options: LiveEngineOptions) {
    const { state, run, manifest, connection, config, timers } = options
    this.options = options
    this.tracked = new TrackedOrders(state, run)
    this.orders = new VenueOrders({ state, manifest, tracked: this.tracked })
    this.budgets = new RequestBudgets({ rateLimits: manifest.rateLimits, groups: connection.budgets, timers })
    this.minutes = new MinuteGate(config.symbols)
    this.missed = new MissedCandles(this)
    this.desk = new CommandDesk({
      connection, config, tracked: this.tracked, budgets: this.budgets, timers, now: () => this.now(),
      onExpired: ({ id, symbol, leg }) => { this.later(async () => { await this.commit([{ type: 'order.expired', at: this.now(), orderId: id, symbol, leg, reason: 'expired' }]) }) },
    })
    this.reconciler = new Reconciler(this)
    this.supervisor = new Supervisor(this)
  }

  /** Venue time: its clock, or its market's where a replayed market runs ahead of any clock. */
  now(): TimeMs {
    return Math.max(this.options.timers.now() + this.clockOffsetMs, this.#marketAt)
  }

  /** Replays, connects, reconciles and trades. Rejects when it must not trade. */
  async start(): Promise<void> {
    this.phase = 'starting'
    try {
      await this.exclusively(async () => { await recover(this) })
    } catch (error) {
      this.phase = 'failed'
      await this.#disconnect()
      throw error
    }
    this.phase = 'running'
    this.supervisor.start()
  }

  /** Stops gracefully: what is queued is handled and durable, sockets are closed. Legs and resting orders stay as they are. */
  async stop(): Promise<void> {
    if (this.phase === 'stopped' || this.phase === 'failed') return
    this.phase = 'stopping'
    this.supervisor.stop()
    this.missed.close()
    await this.exclusively(async () => { await this.flush() })
    await this.#disconnect()
    this.phase = 'stopped'
  }

  /** Sets the kill switch: durable first, then acted upon. */
  async kill(level: KillLevel, { by, reason }: { readonly by: string; readonly reason: string }): Promise<void> {
    await this.exclusively(async () => { await this.supervisor.kill(level, { by, reason }) })
  }

  status(): LiveStatus {
    return statusOf(this)
  }

  /** Reports, tasks and minutes that are not done yet, the one at work included. */
  get queued(): number {
    return this.#queue.length + (this.#isPumping ? 1 : 0) + this.missed.waiting
  }

  /** Takes what the connection reports. */
  readonly sink = (report: VenueReport): void => {
    this.supervisor.heard(report)
    this.#parting?.see(report)
    if (report.type === 'price') this.#price(report)
    else if (report.type === 'budget') this.budgets.note(report)
    else this.#put({ report })
  }

  /** Runs alone: reports that come meanwhile wait. */
  async exclusively(task: Task): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#put({ task, done: (error) => { if (error === null) resolve(); else reject(error) } })
    })
  }

  /** Runs alone, sometime; what goes wrong is handled as a failure of the engine. */
  later(task: Task): void {
    this.#put({ task, done: (error) => { if (error !== null) this.fail(error) } })
  }

  /** Tells the session, journals, then sends. Only within a task, or for a report. */
  async commit(inputs: readonly LiveInput[]): Promise<void> {
    for (const input of inputs) this.#apply(input)
    await this.flush()
  }

  /** Makes everything durable that has been handled, then sends what came of it. */
  async flush(): Promise<void> {
    if (this.#entries.length > 0) {
      const entries = this.#entries
      this.#entries = []
      await this.options.journal.append(entries)
    }
    const commands = this.#commands
    this.#commands = []
    if (commands.length > 0) this.desk.execute(commands)
    for (const { orderId, reason } of leftovers(this.options.state, this.groups).cancels) this.desk.cancel(orderId, reason)
  }

  /** Hands the events of a reading on, and does what it asks for. */
  async take({ events, requests }: Reading): Promise<void> {
    for (const event of events) this.#apply(event)
    if (this.#commands.length > 0) await this.flush()
    for (const request of requests) await this.#answer(request)
  }

  log(level: LogLevel, text: string): void {
    this.options.logger.log(level, text)
  }

  /** Gives up: openers are cancelled, protection stays, nothing else is sent; `onFailure` is told when the venue has answered. A restart recovers. */
  fail(error: unknown): void {
    if (this.phase === 'failed' || this.phase === 'stopped') return
    this.phase = 'failed'
    this.supervisor.stop()
    this.missed.close()
    this.log('error', `live trading stopped: ${error instanceof Error ? error.message : String(error)}`)
    this.#parting = new PartingCancels(this, () => { this.options.onFailure?.(error) })
  }

  #apply(input: LiveInput): void {
    const { session, timers, state } = this.options
    const { records, commands, error } = session.apply(input)
    this.#entries.push({ sequence: ++this.sequence, seenAt: timers.now(), input, records })
    for (const record of records) this.supervisor.stops.watch.see(record)
    logRecords(records, this.options.logger)
    for (const command of commands) {
      if (command.type === 'submit') this.tracked.add(command.order)
      this.#commands.push(command)
    }
    if (input.type === 'order.filled' && input.orderId !== null) this.groups.note(state.orders.get(input.orderId))
    for (const { orderId, qty } of input.type === 'order.filled' ? leftovers(this.options.state, this.groups).amends : []) this.#commands.push({ type: 'amend', orderId, change: { qty } })
    if (error !== null) this.supervisor.strategyThrew(error)
  }

  #put(item: Item): void {
    this.#queue.push(item)
    if (!this.#isPumping) void this.#pump()
  }

  async #pump(): Promise<void> {
    this.#isPumping = true
    for (let item = this.#queue.shift(); item !== undefined; item = this.#queue.shift()) {
      try {
        if ('task' in item) {
          // oxlint-disable-next-line no-await-in-loop -- one thing after the other is what the queue is for
          await item.task()
          item.done(null)
        } else if (this.phase !== 'failed') {
          // oxlint-disable-next-line no-await-in-loop -- see above
          await this.#report(item.report)
          // oxlint-disable-next-line no-await-in-loop -- see above
          if (this.#queue.length === 0) await this.flush()
        }
      } catch (error) {
        if ('task' in item) item.done(error instanceof Error ? error : new Error('a task failed', { cause: error }))
        else this.fail(error)
      }
    }
    this.#isPumping = false
  }

  async #report(report: VenueReport): Promise<void> {
    switch (report.type) {
      case 'candle': {
        this.#marketAt = Math.max(this.#marketAt, report.at)
        const mark = this.prices.get(report.symbol)?.mark?.toNumber() ?? null
        await this.missed.tell(this.minutes.take(report, { mark, now: this.options.timers.now() }))
        return
      }
      case 'position':
      case 'wallet':
      case 'stream':
      case 'unknown':
        await this.supervisor.see(report)
        return
      case 'price':
      case 'budget':
        return
      default:
        await this.take(this.orders.read(report))
    }
  }

  async #answer(request: Request): Promise<void> {
    switch (request.type) {
      case 'resend':
        this.desk.submit(this.tracked.orderOf(request.tracked))
        break
      case 'cancel-again':
        this.desk.cancelAgain(request.tracked)
        break
      case 'anomaly':
        this.log('warn', request.text)
        break
      default:
        await this.supervisor.answer(request)
    }
  }

  #price(report: PriceReport): void {
    this.prices.set(report.symbol, { ...this.prices.get(report.symbol), ...report, seenAt: this.options.timers.now() })
    if (this.phase === 'running' && this.options.gate.isHalted(report.symbol, 'market data')) this.later(async () => { await this.supervisor.pricesCame() })
  }

  async #disconnect(): Promise<void> {
    this.budgets.close()
    await this.options.connection.close()
  }
}
