/**
 * Finds out what became of orders that were not answered: by client id, three times within a grace (SIMULATION 7.1). Only then is an order that
 * the venue does not know taken as never placed; a protective one is sent again under its own id.
 */
import { isLive } from '../domain/order.ts'
import type { OrderReport } from '../ports/venue-report.ts'
import { isFinal } from './order-machine.ts'
import type { LiveEngine } from './live-engine.ts'
import type { TrackedOrder } from './tracked-orders.ts'
import { askVenue } from './venue-questions.ts'

/** How long the venue may take to know an order. */
export const GRACE_MS = 5_000
/** A question is asked so long after the one before. */
const SPACING_MS = 1_700
const MOST_RESENDS = 2
/** A cancellation or an amendment that was lost is asked for again so often. */
const MOST_REPEATS = 5

/** The open questions of one engine. */
export class OrderQueries {
  readonly #engine: LiveEngine
  readonly #waiting = new Map<TrackedOrder, number>()
  readonly #resends = new Map<TrackedOrder, number>()
  readonly #repeats = new Map<TrackedOrder, number>()
  readonly #missedSince = new Map<TrackedOrder, number>()

  constructor(engine: LiveEngine) {
    this.#engine = engine
  }

  /** Asks at the next tick. */
  soon(tracked: TrackedOrder): void {
    if (!this.#waiting.has(tracked)) this.#waiting.set(tracked, this.#engine.options.timers.now())
  }

  /** Asks what is due, without holding anything else up. */
  run(): void {
    const now = this.#engine.options.timers.now()
    for (const [tracked, dueAt] of this.#waiting) {
      if (now < dueAt) continue
      this.#waiting.delete(tracked)
      void this.#background(tracked)
    }
  }

  /** Asks once; only within a task of the engine. */
  async ask(tracked: TrackedOrder, { isSettled }: { readonly isSettled: boolean }): Promise<void> {
    const report = await this.#find(tracked)
    if (report === null) await this.#missing(tracked, isSettled)
    else await this.#found(tracked, report)
  }

  /** Asks until nothing is unknown; what the venue never got is sent again or ends. All orders share their pauses: a crash may leave many. */
  async settleAll(): Promise<void> {
    const unknown = (): TrackedOrder[] => this.#engine.tracked.live().filter(({ machine }) => machine.phase === 'unknown')
    for (let open = unknown(); open.length > 0; open = unknown()) {
      // oxlint-disable-next-line no-await-in-loop -- one question after the other, within the venue's budget
      for (const tracked of open) await this.ask(tracked, { isSettled: false })
      // oxlint-disable-next-line no-await-in-loop -- the answers decide whether there are more questions
      if (unknown().length > 0) await this.#wait(SPACING_MS)
    }
  }

  async #find(tracked: TrackedOrder): Promise<OrderReport | null> {
    const { symbol } = this.#engine.tracked.orderOf(tracked)
    return await askVenue(this.#engine, async (connection) => await connection.findOrder(tracked.clientId, symbol))
  }

  async #background(tracked: TrackedOrder): Promise<void> {
    const { timers } = this.#engine.options
    try {
      const report = await this.#find(tracked)
      this.#engine.later(async () => {
        if (report === null) await this.#missing(tracked, false)
        else await this.#found(tracked, report)
        if (this.#isOpen(tracked)) this.#waiting.set(tracked, timers.now() + SPACING_MS)
      })
    } catch (error) {
      this.#engine.log('warn', `order ${tracked.id} could not be asked for: ${error instanceof Error ? error.message : String(error)}`)
      this.#waiting.set(tracked, timers.now() + SPACING_MS)
    }
  }

  /** The venue knows the order: a cancellation or an amendment that it shows no sign of is asked for again. Both may safely arrive twice. */
  async #found(tracked: TrackedOrder, report: OrderReport): Promise<void> {
    const engine = this.#engine
    await engine.take(engine.orders.read(report))
    const isAskedFor = tracked.cancelReason !== null || tracked.amending !== null
    if (!isAskedFor || tracked.end !== null || !isLive(engine.options.state.orders.get(tracked.id).status)) {
      this.#repeats.delete(tracked)
      return
    }
    const repeats = (this.#repeats.get(tracked) ?? 0) + 1
    this.#repeats.set(tracked, repeats)
    if (repeats > MOST_REPEATS) this.#giveUp(tracked)
    else if (tracked.cancelReason === null) engine.desk.amendAgain(tracked)
    else engine.desk.cancelAgain(tracked)
  }

  #giveUp(tracked: TrackedOrder): void {
    this.#engine.log('error', `order ${tracked.id} stands at the venue as it was: ${tracked.cancelReason === null ? 'an amendment' : 'a cancellation'} of it had no effect ${MOST_REPEATS} times`)
    this.#repeats.delete(tracked)
    tracked.cancelReason = null
    tracked.amending = null
  }

  /** The venue does not know the order. */
  async #missing(tracked: TrackedOrder, isSettled: boolean): Promise<void> {
    const engine = this.#engine
    tracked.queries += 1
    const isOver = this.#isGraceOver(tracked)
    const final = isSettled || (tracked.queries >= 3 && isOver)
    if (!final) return
    const { order, status } = engine.options.state.orders.get(tracked.id)
    if (!isLive(status)) return
    const resends = this.#resends.get(tracked) ?? 0
    const isYoung = engine.now() - order.createdAt <= engine.options.config.intentTtlMs
    const isWanted = order.intent === 'close' ? (isYoung || order.role === 'stop-loss' || order.role === 'trailing') && !engine.options.state.positions.pair(order.symbol)[order.leg].qty.isZero() : false
    if (isWanted && tracked.machine.phase === 'unknown' && resends < MOST_RESENDS) {
      this.#resends.set(tracked, resends + 1)
      this.#missedSince.delete(tracked)
      tracked.queries = 0
      engine.log('warn', `order ${order.id} never reached the venue: sent again under the same id`)
      engine.desk.submit(order)
      return
    }
    await engine.take(engine.orders.notFound(tracked, { at: engine.now(), final: true }))
  }

  /** Since it was sent, by the venue's clock, or since it was first missed, by ours: the venue's may have gone back. */
  #isGraceOver(tracked: TrackedOrder): boolean {
    const now = this.#engine.options.timers.now()
    const since = this.#missedSince.get(tracked) ?? now
    this.#missedSince.set(tracked, since)
    return now - since >= GRACE_MS || this.#engine.now() - tracked.sentAt >= GRACE_MS
  }

  #isOpen(tracked: TrackedOrder): boolean {
    return tracked.machine.phase === 'unknown' || (tracked.end === null && !isFinal(tracked.machine.phase) && (tracked.amending !== null || tracked.cancelReason !== null))
  }

  async #wait(ms: number): Promise<void> {
    await new Promise<void>((resolve) => { this.#engine.options.timers.after(ms, resolve) })
  }
}
