/** The run as the browser holds it. */
import type { PageData, PageMarket } from '../shared/page-data.ts'
import { MarketBars } from './bars.ts'
import type { Payload, Table } from './payload.ts'
import { at, lastAtOrBelow } from './search.ts'

/** Leg 0 and leg 1. */
export const LEG_NAMES = ['long', 'short'] as const

/** What was held of a symbol. */
export type Held = Table<keyof PageMarket['positions']>

/** One symbol. */
export interface RunMarket {
  readonly symbol: string
  readonly places: number
  readonly bars: MarketBars
  readonly held: Held
  readonly funding: Table<'at' | 'leg' | 'amount' | 'rate'>
}

/** The row of what was held when a bar ended; what happened at that moment belongs to the next bar, but for the end of the run. */
export function stateRow({ at: times }: Held, time: number, end: number): number {
  return lastAtOrBelow(times, time >= end ? time : time - 1)
}

/** Everything unpacked. */
export class Run {
  readonly payload: Payload
  readonly data: PageData
  readonly markets: readonly RunMarket[]
  readonly fills: Table<keyof PageData['fills']>
  readonly orders: Table<keyof PageData['orders']>
  readonly trades: Table<keyof PageData['trades']> & { readonly netPnl: Float64Array }

  constructor(payload: Payload) {
    const { data } = payload
    this.payload = payload
    this.data = data
    this.markets = data.markets.map((market) => ({ symbol: market.symbol, places: market.places, bars: new MarketBars(payload, market), held: payload.table(market.positions), funding: payload.table(market.funding) }))
    this.fills = payload.table(data.fills)
    this.orders = payload.table(data.orders)
    const trades = payload.table(data.trades)
    this.trades = { ...trades, netPnl: trades.grossPnl.map((gross, trade) => gross - at(trades.fees, trade) + at(trades.funding, trade)) }
  }

  /** What a leg has made since the start, all symbols valued at their last closes. */
  gainAt(time: number, leg: 0 | 1): number {
    return this.markets.reduce((sum, { held, bars }) => {
      const row = stateRow(held, time, this.data.end)
      if (row < 0) return sum
      const [qty, entry, booked] = leg === 0 ? [held.longQty, held.longEntry, held.longBooked] : [held.shortQty, held.shortEntry, held.shortBooked]
      const size = at(qty, row)
      return sum + at(booked, row) + (size === 0 ? 0 : (leg === 0 ? 1 : -1) * size * (bars.priceAt(time) - at(entry, row)))
    }, 0)
  }
}
