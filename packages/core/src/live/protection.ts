/** Which open legs stand without the stop that their strategy gave them. */
import { minDecimal, ZERO, type Decimal } from '../domain/decimal.ts'
import type { JournalRecord } from '../domain/events.ts'
import type { WantedClose } from '../domain/live-input.ts'
import type { Leg } from '../domain/leg.ts'
import { isConditional, remainingQty, type Order } from '../domain/order.ts'
import type { SessionState } from '../state/session-state.ts'

interface LastStop {
  readonly symbol: string
  readonly leg: Leg
  readonly trigger: Decimal
  readonly triggerBy: Order['triggerBy']
}

/** A leg whose stop is gone or too small. */
export interface ProtectionGap {
  readonly symbol: string
  readonly leg: Leg
  /** What no live stop covers. */
  readonly qty: Decimal
  readonly close: WantedClose
}

/** Remembers the last stop of each leg until its strategy takes it back or the leg is flat. */
export class ProtectionWatch {
  readonly #state: SessionState
  readonly #last = new Map<string, LastStop>()

  constructor(state: SessionState) {
    this.#state = state
  }

  /** Looks at what the session recorded, after it was folded. */
  see(record: JournalRecord): void {
    switch (record.type) {
      case 'order.submitted':
        this.#remember(record.order)
        break
      case 'order.amended':
        this.#remember(this.#state.orders.get(record.orderId).order)
        break
      case 'order.canceled':
        if (record.reason === 'requested') this.#forget(this.#state.orders.get(record.orderId).order)
        break
      case 'order.filled':
        if (this.#state.positions.pair(record.symbol)[record.leg].qty.isZero()) this.#last.delete(keyOf(record))
        break
      default:
    }
  }

  /** Legs whose stops cover less than they hold, though their strategy had given them one. */
  gaps(): readonly ProtectionGap[] {
    return [...this.#last.values()].flatMap((stop): ProtectionGap[] => {
      const held = this.#state.positions.pair(stop.symbol)[stop.leg].qty
      const qty = held.minus(minDecimal(held, this.coveredQty(stop.symbol, stop.leg)))
      if (qty.isZero()) return []
      const { symbol, leg, trigger, triggerBy } = stop
      return [{ symbol, leg, qty, close: { symbol, leg, qty, trigger, ...(triggerBy !== undefined && { triggerBy }), role: 'stop-loss' } }]
    })
  }

  /** What live stops and closers at market cover of a leg. */
  coveredQty(symbol: string, leg: Leg): Decimal {
    let covered = ZERO
    for (const live of this.#state.orders.liveOf(symbol, leg)) {
      const { intent, role, type } = live.order
      if (intent === 'close' && (role === 'stop-loss' || role === 'trailing' || type === 'market')) covered = covered.plus(remainingQty(live))
    }
    return covered
  }

  #remember({ symbol, leg, intent, role, type, trigger, triggerBy }: Order): void {
    if (intent === 'close' && role === 'stop-loss' && isConditional(type) && trigger !== undefined) this.#last.set(keyOf({ symbol, leg }), { symbol, leg, trigger, triggerBy })
  }

  /** The strategy took its stop back: none is missing while no other stands. */
  #forget(order: Order): void {
    if (order.role === 'stop-loss' && this.coveredQty(order.symbol, order.leg).isZero()) this.#last.delete(keyOf(order))
  }
}

function keyOf({ symbol, leg }: { readonly symbol: string; readonly leg: Leg }): string {
  return `${symbol} ${leg}`
}
