/** What the page says of slippage, orders, margin and paths, computed once more from the files of a run and its candles, with nothing of the framework. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fillsOf, type Figures } from './recomputed.ts'

type Leg = 'long' | 'short'

/** Candles by plain columns. */
export interface PriceColumns {
  readonly start: number
  readonly step: number
  readonly open: ArrayLike<number>
  readonly high: ArrayLike<number>
  readonly low: ArrayLike<number>
  readonly close: ArrayLike<number>
}

interface Event {
  readonly type: string
  readonly at: number
  readonly orderId?: number
  readonly trigger?: string
  readonly price?: string
  readonly order?: { readonly id: number; readonly type: string; readonly leg: Leg; readonly intent: string; readonly trigger?: string; readonly price?: string }
}

const LEGS = ['long', 'short'] as const
const cellOf = (column: ArrayLike<number>, index: number): number => column[index] ?? Number.NaN

/** `events.jsonl` without its header. */
export function eventsOf(folder: string): readonly Event[] {
  return readFileSync(join(folder, 'events.jsonl'), 'utf8').trim().split('\n').slice(1).map((line) => JSON.parse(line) as Event)
}

/** An order that rests: what it was sent with, or was amended to. */
interface Resting {
  readonly leg: Leg
  readonly intent: string
  trigger: number | null
  price: number | null
}

const numberOrNull = (text: string | undefined): number | null => (text === undefined ? null : Number(text))

/** Calls `see` with every event and the orders as they stand before it. */
function follow(events: readonly Event[], see: (event: Event, orders: ReadonlyMap<number, Resting>) => void): void {
  const orders = new Map<number, Resting>()
  for (const event of events) {
    see(event, orders)
    const { order } = event
    if (event.type === 'order.submitted' && order !== undefined) orders.set(order.id, { leg: order.leg, intent: order.intent, trigger: numberOrNull(order.trigger), price: numberOrNull(order.price) })
    const resting = event.orderId === undefined ? undefined : orders.get(event.orderId)
    if (event.type === 'order.amended' && resting !== undefined) {
      resting.trigger = numberOrNull(event.trigger) ?? resting.trigger
      resting.price = numberOrNull(event.price) ?? resting.price
    }
  }
}

/** By leg: what takers lost beside the price of the market: the open of their minute, the trigger of a stop, the last close at the end. */
function slippageOf(folder: string, candles: PriceColumns, end: number): Record<Leg, number> {
  const triggers = new Map<string, number | null>()
  follow(eventsOf(folder), (event, orders) => { if (event.type === 'order.filled') triggers.set(`${event.orderId}`, orders.get(event.orderId ?? -1)?.trigger ?? null) })
  const lost: Record<Leg, number> = { long: 0, short: 0 }
  for (const fill of fillsOf(folder)) {
    if (fill['liquidity'] !== 'taker') continue
    const at = Number(fill['atMs'])
    const row = Math.floor((at - candles.start) / candles.step)
    const open = at >= end ? cellOf(candles.close, row - 1) : cellOf(candles.open, row)
    const trigger = triggers.get(fill['orderId'] ?? '') ?? null
    const isBuy = (fill['leg'] === 'long') === (fill['intent'] === 'open')
    const isGapped = trigger === null || (isBuy ? open >= trigger : open <= trigger)
    lost[fill['leg'] === 'long' ? 'long' : 'short'] += Number(fill['qty']) * Math.abs(Number(fill['price']) - (isGapped ? open : trigger))
  }
  return lost
}

/** What the account of a run was asked for. */
export interface MarginTerms {
  readonly balance: number
  readonly start: number
  readonly end: number
  readonly leverage: number
  readonly takerRate: number
  /** Of the first tier: the runs here stay in it. */
  readonly maintenanceRate: number
}

/** The account at the end of one candle. */
export interface AccountRow {
  readonly at: number
  readonly long: number
  readonly short: number
  readonly equity: number
  readonly gross: number
  readonly net: number
  readonly hedgeRatio: number
  readonly marginUse: number
  /** Null while nothing is held. */
  readonly liquidationDistance: number | null
}

interface Book {
  qty: number
  cost: number
  booked: number
}

/** The account on every candle: exposure, and margins by the venue's published rules for a pair in cross margin (SIMULATION 1.3, 2.2). */
export function accountRows(folder: string, candles: PriceColumns, terms: MarginTerms): readonly AccountRow[] {
  const fills = fillsOf(folder)
  const books: Record<Leg, Book> = { long: { qty: 0, cost: 0, booked: 0 }, short: { qty: 0, cost: 0, booked: 0 } }
  const rows: AccountRow[] = []
  let next = 0
  for (let row = 0; candles.start + row * candles.step < terms.end; row++) {
    const time = candles.start + row * candles.step
    for (let fill = fills[next]; fill !== undefined && Number(fill['atMs']) < time + candles.step; fill = fills[++next]) book(books, fill)
    if (time >= terms.start) rows.push(accountRow(books, cellOf(candles.close, row), time, terms))
  }
  return rows
}

function book(books: Record<Leg, Book>, fill: Readonly<Record<string, string>>): void {
  const held = books[fill['leg'] === 'long' ? 'long' : 'short']
  const [price, qty] = [Number(fill['price']), Number(fill['qty'])]
  held.booked -= Number(fill['fee'])
  if (fill['intent'] === 'open') {
    held.qty = Number((held.qty + qty).toFixed(10))
    held.cost += qty * price
    return
  }
  const entry = held.cost / held.qty
  held.booked += (fill['leg'] === 'long' ? 1 : -1) * qty * (price - entry)
  held.qty = Number((held.qty - qty).toFixed(10))
  held.cost = entry * held.qty
}

function accountRow({ long: l, short: s }: Record<Leg, Book>, price: number, at: number, { balance, leverage, takerRate, maintenanceRate }: MarginTerms): AccountRow {
  const [long, short] = [l.booked + l.qty * price - l.cost, s.booked + s.cost - s.qty * price]
  const equity = balance + long + short
  const [longValue, shortValue] = [l.qty * price, s.qty * price]
  const hedged = Math.min(l.qty, s.qty)
  // The taker fee at the bankruptcy price of the entry; of a hedged quantity it is reserved twice.
  const closeFee = (held: Book, direction: number, qty: number): number => (held.qty === 0 ? 0 : qty * (held.cost / held.qty) * (1 - direction / leverage) * takerRate)
  const reserve = LEGS.map((leg): number => {
    const [held, direction] = leg === 'long' ? [l, 1] : [s, -1]
    return closeFee(held, direction, held.qty - hedged) + 2 * closeFee(held, direction, hedged)
  }).reduce((a, b) => a + b, 0)
  const maintenance = Math.abs(l.qty - s.qty) * price * maintenanceRate + reserve
  return {
    at, long, short, equity, gross: (longValue + shortValue) / equity, net: (longValue - shortValue) / equity, hedgeRatio: longValue + shortValue > 0 ? (2 * Math.min(longValue, shortValue)) / (longValue + shortValue) : 0,
    marginUse: ((longValue + shortValue) / leverage + reserve) / equity, liquidationDistance: longValue + shortValue > 0 ? (equity - maintenance) / equity : null,
  }
}

/** The figures that {@link recomputed} leaves out. */
export function recomputedAccount(folder: string, candles: PriceColumns, terms: MarginTerms): Figures {
  const events = eventsOf(folder)
  const slippage = slippageOf(folder, candles, terms.end)
  const rows = accountRows(folder, candles, terms)
  const distances = rows.flatMap(({ liquidationDistance }) => (liquidationDistance === null ? [] : [liquidationDistance]))
  return {
    orders: events.filter(({ type }) => type === 'order.submitted').length, denied: events.filter(({ type }) => type === 'order.denied').length, ambiguousCandles: ambiguousCandles(events, candles),
    'long.slippage': -slippage.long, 'short.slippage': -slippage.short, 'total.slippage': -slippage.long - slippage.short,
    'total.marginUtilisationTwa': rows.reduce((sum, { marginUse }) => sum + marginUse, 0) / rows.length, 'total.minLiquidationDistance': distances.length === 0 ? null : Math.min(...distances),
  }
}

/**
 * Minutes whose fills depend on the way through them. Of a strategy that enters at market and leaves by stops and targets it is those in
 * which a stop and a target of one leg can both be reached: whichever is first, the other then finds less of the leg, or none.
 */
function ambiguousCandles(events: readonly Event[], { start, step, high, low }: PriceColumns): number {
  const open = new Map<number, Resting>()
  let [count, minute] = [0, start]
  const look = (until: number): void => {
    for (; minute < until; minute += step) if (isAmbiguous([...open.values()], cellOf(low, (minute - start) / step), cellOf(high, (minute - start) / step))) count++
  }
  follow(events, ({ type, at, order, orderId }, orders) => {
    // What stands at the open of a minute is looked at before what happens within it.
    look(start + Math.ceil((at - start) / step) * step)
    if (type === 'order.submitted' && order !== undefined && order.intent === 'close' && order.type !== 'market') open.set(order.id, { leg: order.leg, intent: 'close', trigger: numberOrNull(order.trigger), price: numberOrNull(order.price) })
    if (['order.filled', 'order.canceled', 'order.expired', 'order.rejected', 'order.denied', 'order.triggered'].includes(type)) open.delete(orderId ?? -1)
    const amended = type === 'order.amended' ? orders.get(orderId ?? -1) : undefined
    if (amended !== undefined && orderId !== undefined) open.set(orderId, amended)
  })
  return count
}

function isAmbiguous(orders: readonly Resting[], low: number, high: number): boolean {
  return LEGS.some((leg) => {
    const own = orders.filter((order) => order.leg === leg)
    const isLong = leg === 'long'
    const stops = own.some(({ trigger }) => trigger !== null && (isLong ? low <= trigger : high >= trigger))
    const targets = own.some(({ trigger, price }) => trigger === null && price !== null && (isLong ? high > price : low < price))
    return stops && targets
  })
}
