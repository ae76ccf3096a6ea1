/** The whole state of a session: orders, positions, money, trades and funding. A fold of events, with reads and no setters. */
import type { Decimal } from '../domain/decimal.ts'
import type { AccountPosted, Filled, JournalEvent } from '../domain/events.ts'
import type { Leg } from '../domain/leg.ts'
import type { OrderState } from '../domain/order.ts'
import type { Trade } from '../domain/trade.ts'
import { HedgerowError } from '../errors.ts'
import type { TradeBuilder } from '../metrics/trade-builder.ts'
import type { PositionStore, Posting } from '../ports/position-store.ts'
import type { LegChange } from '../ports/strategy.ts'
import { OrderStore } from './order-store.ts'

/** What an event changed. */
export interface Applied {
  /** The order of ours that it concerns. */
  readonly order: OrderState | null
  /** What it booked. */
  readonly posting: Posting | null
  /** How a fill changed its leg. */
  readonly change: LegChange | null
  /** The trade that it finished. */
  readonly trade: Trade | null
}

/** Who owns a leg; throws when nobody does. */
export type LegOwner = (symbol: string, leg: Leg) => string

const NOTHING: Applied = { order: null, posting: null, change: null, trade: null }

/** Folds everything that happens. */
export class SessionState {
  readonly orders: OrderStore = new OrderStore()
  readonly positions: PositionStore
  readonly trades: TradeBuilder
  readonly #ownerOf: LegOwner
  readonly #fundingRates = new Map<string, Decimal>()
  #version = 0

  constructor(options: { readonly positions: PositionStore; readonly trades: TradeBuilder; readonly ownerOf: LegOwner }) {
    this.positions = options.positions
    this.trades = options.trades
    this.#ownerOf = options.ownerOf
  }

  /** Grows with every change: readings may be kept while it stands. */
  get version(): number {
    return this.#version
  }

  /** Rate of the last settlement of a symbol; null before the first. */
  lastFundingRate(symbol: string): Decimal | null {
    return this.#fundingRates.get(symbol) ?? null
  }

  /** Folds one event. Null for a fill that was folded before: nothing changes. */
  apply(event: JournalEvent): Applied | null {
    this.#version++
    switch (event.type) {
      case 'order.filled':
        return this.#fill(event)
      case 'funding.settled':
        this.#fundingRates.set(event.symbol, event.rate)
        return { ...NOTHING, posting: this.positions.apply(event), trade: this.trades.apply({ ...event, type: 'funding' }) }
      case 'account.posted':
        return { ...NOTHING, posting: this.positions.apply(event), trade: this.#post(event) }
      case 'margin.moved':
        return { ...NOTHING, posting: this.positions.apply(event) }
      case 'account.liquidated':
      case 'account.deleveraged':
        return NOTHING
      default:
        return { order: this.orders.apply(event), posting: null, change: null, trade: null }
    }
  }

  /** What a liquidation posts is a cost of the trade of its leg; transfers concern none. */
  #post({ at, symbol, leg, amount }: AccountPosted): Trade | null {
    return symbol === undefined || leg === undefined ? null : this.trades.apply({ type: 'posting', at, symbol, leg, amount })
  }

  #fill(event: Filled): Applied | null {
    const posting = this.positions.apply(event)
    if (posting === null) return null
    const order = this.orders.apply(event)
    const strategy = order?.order.strategy ?? this.#ownerOf(event.symbol, event.leg)
    const { at, symbol, leg, intent, price, qty, fee, role, orderId } = event
    const trade = this.trades.apply({ type: 'fill', at, symbol, leg, intent, price, qty, fee, role, orderId, realised: posting.realised, strategy })
    return { order, posting, change: changeOf(event, posting), trade }
  }
}

function changeOf(event: Filled, { before, after }: Posting): LegChange {
  if (before === null || after === null) throw new HedgerowError('INVARIANT_BROKEN', { found: `fill ${event.fillId} booked without its leg`, expected: 'a position before and after' })
  if (event.intent === 'open') return before.qty.isZero() ? 'opened' : 'increased'
  return after.qty.isZero() ? 'closed' : 'reduced'
}
