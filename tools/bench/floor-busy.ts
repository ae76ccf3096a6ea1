/** Floor of the busy strategy: an order object a minute, with its history, in floats. */
import type { CandleColumns } from '@hedgerow/core'
import { MAKER, TAKER, tickAbove, tickBelow, type FloorRun, type FloorTrade } from './floor-trade.ts'

interface FloorOrder {
  readonly id: number
  readonly intent: 'open' | 'close'
  readonly price: number
  readonly placedAt: number
  status: 'live' | 'filled' | 'canceled'
  endedAt: number
}

interface FloorEvent {
  readonly type: 'accepted' | 'filled' | 'canceled'
  readonly at: number
  readonly id: number
}

/** Orders and what happened to them are kept, as a venue's history would be. */
class FloorBook {
  readonly orders: FloorOrder[] = []
  readonly events: FloorEvent[] = []
  live: FloorOrder | null = null

  place(intent: 'open' | 'close', price: number, at: number): void {
    const order: FloorOrder = { id: this.orders.length, intent, price, placedAt: at, status: 'live', endedAt: -1 }
    this.orders.push(order)
    this.events.push({ type: 'accepted', at, id: order.id })
    this.live = order
  }

  end(type: 'filled' | 'canceled', at: number): void {
    if (this.live === null) return
    this.live.status = type
    this.live.endedAt = at
    this.events.push({ type, at, id: this.live.id })
    this.live = null
  }
}

/** An entry half a percent below each close; once held, a target half a percent above each close. From candle `warmup` on. */
export function busy(candles: CandleColumns, warmup: number): FloorRun {
  const { open, high, low, close, length } = candles
  const book = new FloorBook()
  const trades: FloorTrade[] = []
  let [entry, opened, entryFee, calls] = [0, -1, 0, 0]
  for (let index = warmup; index < length; index++) {
    const [o, c] = [open[index] ?? 0, close[index] ?? 0]
    const { live } = book
    if (live?.intent === 'open' && (o <= live.price || (low[index] ?? 0) < live.price)) {
      entry = Math.min(o, live.price)
      entryFee = entry * (o <= live.price ? TAKER : MAKER)
      opened = index
      book.end('filled', index)
    } else if (live?.intent === 'close' && (o >= live.price || (high[index] ?? 0) > live.price)) {
      const price = Math.max(o, live.price)
      const fee = price * (o >= live.price ? TAKER : MAKER)
      trades.push({ leg: 'long', opened, closed: index, entryPrice: entry, exitPrice: price, netPnl: price - entry - entryFee - fee })
      opened = -1
      book.end('filled', index)
    }
    calls++
    book.end('canceled', index)
    if (opened < 0) book.place('open', tickBelow(c * 0.995), index)
    else book.place('close', tickAbove(c * 1.005), index)
  }
  const last = close[length - 1] ?? 0
  if (opened >= 0) trades.push({ leg: 'long', opened, closed: length, entryPrice: entry, exitPrice: last, netPnl: last - entry - entryFee - last * TAKER })
  return { trades, calls }
}
