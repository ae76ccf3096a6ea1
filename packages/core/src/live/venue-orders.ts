/**
 * Reads what the venue says about orders and trades as events of the session: joins reports to orders by client id, drops what was told
 * before, takes the leg from the order, and keeps apart what cannot be attributed. What it cannot decide it asks for.
 */
import type { CancelReason, ExchangeEvent, Filled } from '../domain/events.ts'
import type { Leg } from '../domain/leg.ts'
import type { Order, OrderId } from '../domain/order.ts'
import type { TimeMs } from '../domain/time.ts'
import { meaningOf, type CodeMeaning, type DriverManifest } from '../driver/manifest.ts'
import type { ErrorCode } from '../errors.ts'
import type { CommandRefused, CommandTaken, CommandUnanswered, ExecutionReport, FundingReport, OrderReport } from '../ports/venue-report.ts'
import type { SessionState } from '../state/session-state.ts'
import { isOwnClientId } from './client-id.ts'
import { FundingNews } from './funding-news.ts'
import { anomalyText, isFinal, type OrderSignal } from './order-machine.ts'
import type { TrackedOrder, TrackedOrders } from './tracked-orders.ts'
import { fillIdOf, fillsOfOthers } from './trade-of-others.ts'

/** What a report asks the engine to do beside handing on its events. */
export type Request =
  | { readonly type: 'query'; readonly tracked: TrackedOrder }
  | { readonly type: 'resend'; readonly tracked: TrackedOrder }
  | { readonly type: 'cancel-again'; readonly tracked: TrackedOrder }
  | { readonly type: 'close-passed-stop'; readonly order: Order }
  | { readonly type: 'mode-drift'; readonly symbol: string; readonly found: string }
  | { readonly type: 'resync-clock' }
  | { readonly type: 'reconcile'; readonly why: string }
  | { readonly type: 'anomaly'; readonly text: string }

/** What a report is to the session. */
export interface Reading {
  readonly events: readonly ExchangeEvent[]
  readonly requests: readonly Request[]
}

/** Reports about orders and money. */
export type OrderNewsReport = OrderReport | CommandTaken | CommandRefused | CommandUnanswered | ExecutionReport | FundingReport

const NOTHING: Reading = { events: [], requests: [] }

const CODES: Partial<Record<CodeMeaning, ErrorCode>> = {
  'insufficient-margin': 'INSUFFICIENT_MARGIN', 'wrong-mode': 'WRONG_POSITION_MODE', 'nothing-to-close': 'NOTHING_TO_CLOSE', 'trigger-passed': 'TRIGGER_ALREADY_PASSED',
  'would-take': 'WOULD_TAKE', 'below-min-notional': 'NOTIONAL_BELOW_MIN', 'too-many-conditional-orders': 'TOO_MANY_ORDERS',
}

/** Joins what a venue says to the orders of a session. */
export class VenueOrders {
  readonly #state: SessionState
  readonly #manifest: DriverManifest
  readonly #tracked: TrackedOrders
  readonly #executions = new Set<string>()
  readonly #funding: FundingNews
  /** Executions that cannot be attributed or folded yet. */
  #parked: ExecutionReport[] = []

  constructor({ state, manifest, tracked }: { readonly state: SessionState; readonly manifest: DriverManifest; readonly tracked: TrackedOrders }) {
    this.#state = state
    this.#funding = new FundingNews((symbol, leg) => state.positions.pair(symbol)[leg].qty.isZero())
    this.#manifest = manifest
    this.#tracked = tracked
  }

  /** Learns from an event that an earlier program has folded. */
  remember(event: ExchangeEvent): void {
    if (event.type === 'order.filled') this.#executions.add(event.fillId)
    else this.#funding.remember(event)
  }

  /** True for an execution that has been folded. */
  isApplied(executionId: string, symbol: string): boolean {
    return this.#executions.has(fillIdOf({ symbol, executionId }))
  }

  /** Executions that wait for what they belong to. */
  get parked(): readonly ExecutionReport[] {
    return this.#parked
  }

  read(report: OrderNewsReport): Reading {
    switch (report.type) {
      case 'order': return this.#readOrder(report)
      case 'taken': return this.#readTaken(report)
      case 'refused': return this.#readRefusal(report)
      case 'unanswered': return this.#readSilence(report)
      case 'execution': return this.#readExecution(report)
      default: return this.#funding.read(report)
    }
  }

  /** Tries again what was parked; with `external` what no order of ours explains is taken as the trade of somebody else. */
  unpark(external: boolean): Reading {
    const waiting = this.#parked
    this.#parked = []
    return merged(waiting.map((report) => (external && this.#tracked.find(report) === undefined ? this.#external(report) : this.#readExecution(report))))
  }

  /** The venue was asked by client id and knows nothing; `final` once the grace is over. */
  notFound(tracked: TrackedOrder, { at, final }: { readonly at: TimeMs; readonly final: boolean }): Reading {
    tracked.machine.apply({ type: 'not-found', final })
    if (!final) return NOTHING
    const order = this.#tracked.orderOf(tracked)
    if (tracked.machine.phase === 'rejected') return { events: [{ type: 'order.rejected', ...placeOf(order), at, code: 'ORDER_NOT_PLACED' }], requests: [] }
    if (isFinal(tracked.machine.phase)) return NOTHING
    tracked.machine.apply({ type: 'canceled' })
    return { events: [{ type: 'order.canceled', ...placeOf(order), at, reason: tracked.cancelReason ?? 'venue' }], requests: [] }
  }

  #readOrder(report: OrderReport): Reading {
    const tracked = this.#tracked.find(report)
    if (tracked === undefined) return NOTHING
    this.#tracked.name(tracked, report.venueOrderId)
    const order = this.#tracked.orderOf(tracked)
    if (report.leg !== null && report.leg !== order.leg) return { events: [], requests: [{ type: 'mode-drift', symbol: order.symbol, found: `order ${order.id} of the ${order.leg} leg is on the ${report.leg} leg` }] }
    const events: ExchangeEvent[] = []
    const isNews = report.at >= tracked.reportedAt
    tracked.reportedAt = Math.max(tracked.reportedAt, report.at)
    if (report.status !== 'rejected') events.push(...this.#accept(tracked, order, report.at))
    if (report.status === 'triggered' && !tracked.triggered) events.push(...this.#trigger(tracked, order, report))
    if (isNews) events.push(...this.#compareValues(tracked, order, report))
    if (report.filledQty.gt(tracked.machine.filledQty)) tracked.missingSince ??= report.at
    if (isFinalStatus(report.status)) {
      tracked.end = { phase: report.status, filledQty: report.filledQty, reason: report.reason }
      events.push(...this.#finish(tracked, order, report.at))
    }
    return { events, requests: !isFinalStatus(report.status) && tracked.cancelReason !== null && report.at > tracked.sentAt + CANCEL_AGAIN_MS ? [{ type: 'cancel-again', tracked }] : [] }
  }

  #accept(tracked: TrackedOrder, order: Order, at: TimeMs): ExchangeEvent[] {
    const before = tracked.machine.phase
    tracked.machine.apply({ type: 'accepted' })
    tracked.queries = 0
    return before === 'submitting' || before === 'unknown' ? [{ type: 'order.accepted', ...placeOf(order), at }] : []
  }

  #trigger(tracked: TrackedOrder, order: Order, { at }: OrderReport): ExchangeEvent[] {
    tracked.triggered = true
    return order.trigger === undefined ? [] : [{ type: 'order.triggered', ...placeOf(order), at, price: order.trigger, triggerBy: order.triggerBy ?? 'last' }]
  }

  /** The values of the newest report hold, whether we asked for them or the venue changed them. */
  #compareValues(tracked: TrackedOrder, order: Order, report: OrderReport): ExchangeEvent[] {
    if (isFinalStatus(report.status)) return []
    const isSame = report.qty.eq(order.qty) && same(report.price, order.price) && same(report.trigger, order.trigger)
    const asked = tracked.amending
    const isAsked = asked !== null && (asked.qty === undefined || report.qty.eq(asked.qty)) && (asked.price === undefined || same(report.price, asked.price)) && (asked.trigger === undefined || same(report.trigger, asked.trigger))
    if (isSame || (asked !== null && !isAsked)) return []
    return this.#amended(tracked, order, { at: report.at, qty: report.qty, ...(order.price !== undefined && report.price !== null && { price: report.price }), ...(order.trigger !== undefined && report.trigger !== null && { trigger: report.trigger }) })
  }

  #amended(tracked: TrackedOrder, order: Order, values: Pick<Extract<ExchangeEvent, { type: 'order.amended' }>, 'at' | 'qty' | 'price' | 'trigger'>): ExchangeEvent[] {
    tracked.amending = null
    tracked.machine.resize(values.qty)
    return [{ type: 'order.amended', ...placeOf(order), ...values }]
  }

  /** An end is told once all fills that the venue counts are folded. */
  #finish(tracked: TrackedOrder, order: Order, at: TimeMs): ExchangeEvent[] {
    const { end, machine } = tracked
    if (end === null || end.filledQty.gt(machine.filledQty)) return []
    tracked.missingSince = null
    tracked.end = null
    if (isFinal(machine.phase) || end.phase === 'filled') return []
    if (end.phase === 'rejected' && (machine.phase === 'submitting' || machine.phase === 'unknown')) {
      machine.apply({ type: 'rejected' })
      return [{ type: 'order.rejected', ...placeOf(order), at, code: 'VENUE_REFUSED', ...(end.reason !== null && { venueCode: end.reason }) }]
    }
    machine.apply({ type: end.phase === 'expired' ? 'expired' : 'canceled' })
    return [{ type: end.phase === 'expired' ? 'order.expired' : 'order.canceled', ...placeOf(order), at, reason: tracked.cancelReason ?? this.#reasonOf(order) }]
  }

  #reasonOf({ postOnly, timeInForce, type, intent, symbol, leg }: Order): CancelReason {
    if (postOnly) return 'post-only-would-take'
    if (timeInForce === 'FOK') return 'fok'
    if (intent === 'close' && this.#state.positions.pair(symbol)[leg].qty.isZero()) return 'position-closed'
    return timeInForce === 'IOC' || type === 'market' ? 'ioc-remainder' : 'venue'
  }

  #readTaken({ command, clientId, venueOrderId, at }: CommandTaken): Reading {
    const tracked = this.#tracked.find({ clientId, venueOrderId })
    if (tracked === undefined) return NOTHING
    if (venueOrderId !== null) this.#tracked.name(tracked, venueOrderId)
    const order = this.#tracked.orderOf(tracked)
    if (command === 'submit') return { events: this.#accept(tracked, order, at), requests: [] }
    if (command === 'cancel' || tracked.amending === null) return NOTHING
    const { qty, price, trigger } = { ...order, ...tracked.amending }
    return { events: this.#amended(tracked, order, { at, qty, ...(price !== undefined && { price }), ...(trigger !== undefined && { trigger }) }), requests: [] }
  }

  #readRefusal(report: CommandRefused): Reading {
    const tracked = this.#tracked.find({ clientId: report.clientId, venueOrderId: null })
    if (tracked === undefined) return NOTHING
    const meaning = meaningOf(this.#manifest, report)
    if (meaning === 'outcome-unknown' || meaning === 'rate-limited') return this.#unknown(tracked, report)
    if (meaning === 'clock-skew') return { events: [], requests: [{ type: 'resync-clock' }, report.command === 'submit' ? { type: 'resend', tracked } : { type: 'query', tracked }] }
    const order = this.#tracked.orderOf(tracked)
    if (report.command === 'submit') return this.#rejected(tracked, order, { report, meaning })
    if (report.command === 'amend' && meaning !== 'order-not-found') {
      const { qty, price, trigger } = meaning === 'already-so' ? { ...order, ...tracked.amending } : order
      return { events: this.#amended(tracked, order, { at: report.at, qty, ...(price !== undefined && { price }), ...(trigger !== undefined && { trigger }) }), requests: meaning === 'already-so' ? [] : [{ type: 'anomaly', text: `order ${order.id} was not amended: ${report.code} ${report.message}` }] }
    }
    return { events: [], requests: [{ type: 'query', tracked }] }
  }

  #rejected(tracked: TrackedOrder, order: Order, { report, meaning }: { readonly report: CommandRefused; readonly meaning: CodeMeaning | null }): Reading {
    if (meaning === 'duplicate-client-id') return { events: [], requests: [{ type: 'query', tracked }] }
    const anomalies = tracked.machine.apply({ type: 'rejected' })
    if (tracked.machine.phase !== 'rejected') return { events: [], requests: anomalies.map((anomaly) => ({ type: 'anomaly', text: `order ${order.id}: ${anomalyText(anomaly)}` })) }
    const code = (meaning === null ? undefined : CODES[meaning]) ?? 'VENUE_REFUSED'
    const requests: Request[] = [{ type: 'anomaly', text: `order ${order.id} was refused: ${report.code} ${report.message}` }]
    if (meaning === 'wrong-mode') requests.push({ type: 'mode-drift', symbol: order.symbol, found: `${report.code} ${report.message}` })
    if (meaning === 'nothing-to-close') requests.push({ type: 'reconcile', why: `the venue has nothing to close for order ${order.id}` })
    if (meaning === 'trigger-passed' && order.intent === 'close' && order.role === 'stop-loss') requests.push({ type: 'close-passed-stop', order })
    return { events: [{ type: 'order.rejected', ...placeOf(order), at: report.at, code, venueCode: report.code }], requests }
  }

  #readSilence(report: CommandUnanswered): Reading {
    const tracked = this.#tracked.find({ clientId: report.clientId, venueOrderId: null })
    return tracked === undefined ? NOTHING : this.#unknown(tracked, report)
  }

  #unknown(tracked: TrackedOrder, { command, at }: Pick<CommandUnanswered, 'command' | 'at'>): Reading {
    const requests: Request[] = [{ type: 'query', tracked }]
    if (command !== 'submit' || tracked.machine.phase !== 'submitting') return { events: [], requests }
    tracked.machine.apply({ type: 'unanswered' })
    return { events: [{ type: 'order.unconfirmed', ...placeOf(this.#tracked.orderOf(tracked)), at }], requests }
  }

  #readExecution(report: ExecutionReport): Reading {
    if (this.#executions.has(fillIdOf(report))) return NOTHING
    const tracked = this.#tracked.find(report)
    if (tracked !== undefined) return this.#fill(tracked, report)
    // An id that is none of ours says whose it is at once: what waits is told after what came later, and the leg's cost comes out otherwise.
    if (report.source !== 'trade' || (report.clientId !== null && !isOwnClientId(report.clientId))) return this.#external(report)
    this.#parked.push(report)
    return NOTHING
  }

  #fill(tracked: TrackedOrder, report: ExecutionReport): Reading {
    this.#tracked.name(tracked, report.venueOrderId)
    const order = this.#tracked.orderOf(tracked)
    const { symbol, leg, intent, role } = order
    if (report.leg !== null && report.leg !== leg) return { events: [], requests: [{ type: 'mode-drift', symbol, found: `a fill of order ${order.id} on the ${report.leg} leg` }] }
    if (intent === 'close' && report.qty.gt(this.#state.positions.pair(symbol)[leg].qty)) return this.#park(report, `a fill of order ${order.id} closes more than the ${leg} leg of ${symbol} holds here`)
    const { at, executionId, price, qty, fee, liquidity, source } = report
    const signal: OrderSignal = { type: 'filled', executionId, qty, price, fee }
    const accepted = this.#accept(tracked, order, at)
    const anomalies = tracked.machine.apply(signal)
    this.#executions.add(fillIdOf(report))
    const filled: Filled = { type: 'order.filled', at, fillId: fillIdOf(report), orderId: order.id, symbol, leg, intent, price, qty, fee, liquidity, source: source === 'trade' ? 'order' : source, role }
    return {
      events: [...accepted, filled, ...this.#finish(tracked, order, at)],
      requests: anomalies.map((anomaly) => ({ type: 'anomaly', text: `order ${order.id}: ${anomalyText(anomaly)}` })),
    }
  }

  #external(report: ExecutionReport): Reading {
    if (this.#executions.has(fillIdOf(report))) return NOTHING
    const fills = fillsOfOthers(report)
    if (fills === null) return this.#park(report, `execution ${report.executionId} of ${report.symbol} names no leg`)
    const beyond = fills.find(({ intent, qty, symbol, leg }) => intent === 'close' && qty.gt(this.#state.positions.pair(symbol)[leg].qty))
    if (beyond !== undefined) return this.#park(report, `execution ${report.executionId} closes more than the ${beyond.leg} leg of ${beyond.symbol} holds here`)
    for (const { fillId } of fills) this.#executions.add(fillId)
    return { events: fills, requests: [{ type: 'anomaly', text: `a ${report.source === 'trade' ? 'trade of somebody else' : report.source} changed the ${fills.map(({ leg }) => leg).join(' and ')} leg of ${report.symbol}` }] }
  }

  #park(report: ExecutionReport, why: string): Reading {
    this.#parked.push(report)
    return { events: [], requests: [{ type: 'reconcile', why }] }
  }
}

/** A cancellation that has shown no effect for this long is asked for again. */
const CANCEL_AGAIN_MS = 2_000

function placeOf({ id, symbol, leg }: Order): { readonly orderId: OrderId; readonly symbol: string; readonly leg: Leg } {
  return { orderId: id, symbol, leg }
}

function isFinalStatus(status: OrderReport['status']): status is 'filled' | 'canceled' | 'expired' | 'rejected' {
  return status === 'filled' || status === 'canceled' || status === 'expired' || status === 'rejected'
}

function same(reported: OrderReport['price'], ours: Order['price']): boolean {
  return reported === null || ours === undefined || reported.eq(ours)
}

function merged(readings: readonly Reading[]): Reading {
  return { events: readings.flatMap(({ events }) => events), requests: readings.flatMap(({ requests }) => requests) }
}
