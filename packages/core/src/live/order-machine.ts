/**
 * What becomes of one order at a venue that answers late, twice or not at all (SIMULATION 7.1). Fills are the only thing that moves
 * quantities; an acknowledgement never lowers a state; a time-out is unknown, never a rejection.
 */
import { decimalText, ZERO, type Decimal } from '../domain/decimal.ts'

/** `intent` is durable and not sent; `submitting` is sent and not answered; `unknown` was sent and its outcome has to be asked for. */
export type OrderPhase = 'intent' | 'submitting' | 'unknown' | 'open' | 'partially-filled' | FinalPhase

/** Phases in which nothing more is expected; a late fill is applied all the same. */
export type FinalPhase = 'filled' | 'canceled' | 'expired' | 'rejected'

/** What can happen to an order. Cancel requests and their refusals change nothing: what follows does. */
export type OrderSignal =
  | { readonly type: 'sent' | 'accepted' | 'rejected' | 'unanswered' | 'canceled' | 'expired' | 'cancel-requested' | 'cancel-refused' }
  | { readonly type: 'filled'; readonly executionId: string; readonly qty: Decimal; readonly price: Decimal; readonly fee: Decimal }
  /** The venue does not know the client id; `final` once the grace is over. */
  | { readonly type: 'not-found'; readonly final: boolean }
  /** The venue was asked; `filledQty` is over the life of the order. */
  | { readonly type: 'found'; readonly phase: 'open' | 'partially-filled' | FinalPhase; readonly filledQty: Decimal }

/** Something that should not happen, and is told. */
export type OrderAnomaly =
  | { readonly type: 'duplicate-fill'; readonly executionId: string }
  | { readonly type: 'overfill' | 'cancel-after-filled' }
  | { readonly type: 'late-fill' | 'reject-after'; readonly phase: OrderPhase }
  | { readonly type: 'missing-fills'; readonly qty: Decimal }

const FINAL: ReadonlySet<string> = new Set<FinalPhase>(['filled', 'canceled', 'expired', 'rejected'])
const NONE: readonly OrderAnomaly[] = []

/** True once nothing more is expected. */
export function isFinal(phase: string): phase is FinalPhase {
  return FINAL.has(phase)
}

/** An anomaly in words. */
export function anomalyText(anomaly: OrderAnomaly): string {
  switch (anomaly.type) {
    case 'duplicate-fill': return `execution ${anomaly.executionId} came again`
    case 'overfill': return 'it filled more than it asked for'
    case 'cancel-after-filled': return 'a cancellation was told after it had filled whole'
    case 'late-fill': return `it filled after it was ${anomaly.phase}`
    case 'reject-after': return `a rejection was told when it was ${anomaly.phase}`
    default: return `the venue knows of ${decimalText(anomaly.qty)} more filled than was told`
  }
}

/** The fold of the signals of one order. */
export class OrderMachine {
  #phase: OrderPhase = 'intent'
  #qty: Decimal
  #filledQty: Decimal = ZERO
  #filledValue: Decimal = ZERO
  #fees: Decimal = ZERO
  /** Made with the first fill: most orders have none. */
  #executions: Set<string> | null = null

  constructor(qty: Decimal) {
    this.#qty = qty
  }

  /** An order that has ended, as far as its session knows; its fees and executions are not known any more. */
  static ended(phase: FinalPhase, { qty, filledQty, filledValue }: { readonly qty: Decimal; readonly filledQty: Decimal; readonly filledValue: Decimal }): OrderMachine {
    const machine = new OrderMachine(qty)
    machine.#phase = phase
    machine.#filledQty = filledQty
    machine.#filledValue = filledValue
    return machine
  }

  get phase(): OrderPhase {
    return this.#phase
  }

  get filledQty(): Decimal {
    return this.#filledQty
  }

  /** Sum of quantity times price of its fills. */
  get filledValue(): Decimal {
    return this.#filledValue
  }

  /** Quote units, positive when paid. */
  get fees(): Decimal {
    return this.#fees
  }

  /** Number of executions. */
  get fills(): number {
    return this.#executions?.size ?? 0
  }

  /** The order was amended to this quantity. */
  resize(qty: Decimal): void {
    this.#qty = qty
  }

  /** Takes a signal; answers with what is wrong about it, in order. */
  apply(signal: OrderSignal): readonly OrderAnomaly[] {
    switch (signal.type) {
      case 'sent':
        if (this.#phase === 'intent') this.#phase = 'submitting'
        return NONE
      case 'accepted':
        if (this.#isOpenQuestion()) this.#phase = this.#phaseByFills()
        return NONE
      case 'unanswered':
        if (this.#phase === 'submitting') this.#phase = 'unknown'
        return NONE
      case 'rejected':
        return this.#reject()
      case 'filled':
        return this.#fill(signal)
      case 'canceled':
      case 'expired':
        if (this.#isWhole()) return [{ type: 'cancel-after-filled' }]
        this.#phase = signal.type
        return NONE
      case 'not-found':
        if (signal.final && this.#phase === 'unknown') this.#phase = 'rejected'
        return NONE
      case 'found':
        return this.#compare(signal)
      default:
        return NONE
    }
  }

  #reject(): readonly OrderAnomaly[] {
    if (!this.#isOpenQuestion()) return [{ type: 'reject-after', phase: this.#phase }]
    this.#phase = 'rejected'
    return NONE
  }

  #fill({ executionId, qty, price, fee }: Extract<OrderSignal, { type: 'filled' }>): readonly OrderAnomaly[] {
    if (this.#executions?.has(executionId) === true) return [{ type: 'duplicate-fill', executionId }]
    this.#executions ??= new Set()
    this.#executions.add(executionId)
    this.#filledQty = this.#filledQty.plus(qty)
    this.#filledValue = this.#filledValue.plus(qty.times(price))
    this.#fees = this.#fees.plus(fee)
    const before = this.#phase
    const isLate = isFinal(before) && before !== 'filled'
    if (this.#isWhole()) this.#phase = 'filled'
    else if (!isLate) this.#phase = 'partially-filled'
    const anomalies: OrderAnomaly[] = []
    if (this.#filledQty.gt(this.#qty)) anomalies.push({ type: 'overfill' })
    if (isLate) anomalies.push({ type: 'late-fill', phase: before })
    return anomalies.length === 0 ? NONE : anomalies
  }

  /** The status of a venue that has told more fills than came here is not taken: the fills are fetched first, and no price is made up. */
  #compare({ phase, filledQty }: Extract<OrderSignal, { type: 'found' }>): readonly OrderAnomaly[] {
    if (filledQty.gt(this.#filledQty)) return [{ type: 'missing-fills', qty: filledQty.minus(this.#filledQty) }]
    if (isFinal(phase) ? filledQty.eq(this.#filledQty) : this.#phase === 'unknown') this.#phase = phase
    return NONE
  }

  #isOpenQuestion(): boolean {
    return this.#phase === 'submitting' || this.#phase === 'unknown'
  }

  #isWhole(): boolean {
    return this.#filledQty.gte(this.#qty)
  }

  #phaseByFills(): OrderPhase {
    if (this.#isWhole()) return 'filled'
    return this.#filledQty.isZero() ? 'open' : 'partially-filled'
  }
}
