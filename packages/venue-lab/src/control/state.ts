/** A lab's account at one moment, in texts: what a test compares a bot's view with. */
import { decimalText, entryPriceOf, type Leg, type Position, type PositionMode, type TimeMs } from '@hedgerow/core'
import { leavesOf } from '../venue/order.ts'
import type { VenueAccount } from '../venue/account.ts'

/** One leg. */
export interface LegState {
  readonly qty: string
  /** Null when flat. */
  readonly entryPrice: string | null
}

/** One symbol. */
export interface SymbolState {
  readonly symbol: string
  readonly lastPrice: string | null
  readonly markPrice: string | null
  readonly positionMode: PositionMode
  readonly leverage: Readonly<Record<Leg, string>>
  readonly long: LegState
  readonly short: LegState
}

/** One working order. */
export interface OrderState {
  readonly venueId: string
  readonly clientId: string
  readonly symbol: string
  readonly leg: Leg
  readonly intent: 'open' | 'close'
  readonly type: string
  readonly leavesQty: string
  readonly price: string | null
  readonly trigger: string | null
}

/** The account. */
export interface LabState {
  readonly marketTime: TimeMs
  readonly serverTime: TimeMs
  readonly wallet: string
  readonly symbols: readonly SymbolState[]
  readonly orders: readonly OrderState[]
  /** Executions and funding so far. */
  readonly records: number
}

/** Reads the state. */
export function stateOf<Terms>(account: VenueAccount<Terms>, symbols: Iterable<string>, times: Pick<LabState, 'marketTime' | 'serverTime'>): LabState {
  return {
    ...times,
    wallet: decimalText(account.desk.wallet),
    symbols: Array.from(symbols, (symbol) => {
      const { long, short } = account.desk.leverage(symbol)
      const pair = account.pair(symbol)
      return {
        symbol, lastPrice: account.lastPrice(symbol)?.toFixed() ?? null, markPrice: account.exchange.markOf(symbol)?.toFixed() ?? null, positionMode: account.desk.positionMode(symbol),
        leverage: { long: decimalText(long), short: decimalText(short) }, long: legState(pair.long), short: legState(pair.short),
      }
    }),
    orders: account.orders.working().map((order) => ({
      venueId: order.venueId, clientId: order.clientId, symbol: order.symbol, leg: order.leg, intent: order.intent, type: order.type, leavesQty: decimalText(leavesOf(order)),
      price: order.price?.toFixed() ?? null, trigger: order.trigger?.toFixed() ?? null,
    })),
    records: account.records().length,
  }
}

function legState(position: Position): LegState {
  return { qty: decimalText(position.qty), entryPrice: entryPriceOf(position)?.toFixed() ?? null }
}
