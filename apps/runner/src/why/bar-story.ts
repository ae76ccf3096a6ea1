/** One bar of a route in words: what was sent at its close, what filled during it, and what stood there and did not. */
import { decimal, decimalText, LEGS, timeText, ZERO, type Decimal, type Leg, type TimeMs } from '@hedgerow/core'
import { missedText, type FillRules, type Stand } from './missed-fill.ts'
import { orderText } from './order-words.ts'
import type { KnownCandles } from './recorded-candles.ts'
import type { RecordedEvent, RecordedOrder, RecordedRun } from './recorded-run.ts'

/** A bar of one route. */
export interface Bar {
  readonly route: RecordedRun['header']['routes'][number]
  readonly index: number
  readonly start: TimeMs
  readonly end: TimeMs
}

/** A heading with its lines. */
export interface Part {
  readonly title: string
  readonly lines: readonly string[]
}

/** Tells a bar. What happens at the moment of its close belongs to it; what happens at its start belongs to the bar before. */
export function barStory({ events, header }: RecordedRun, bar: Bar, candlesOfSymbol: ReadonlyMap<string, KnownCandles>, rules: FillRules): readonly Part[] {
  const symbols = bar.route.symbol.split('+')
  const owned = ordersOf(events).filter(({ strategy }) => strategy === bar.route.name)
  const ids = new Set(owned.map(({ id }) => id))
  const mine = (event: RecordedEvent): boolean => ('order' in event ? event.order.strategy === bar.route.name : 'orderId' in event && event.orderId !== null ? ids.has(event.orderId) : 'symbol' in event && symbols.includes(event.symbol))
  const byId = new Map(owned.map((order) => [order.id, order]))
  const inBar = events.filter((event) => event.at > bar.start && event.at <= bar.end && mine(event))
  const during = inBar.flatMap((event) => lineOf(event, byId))
  const standing = owned.flatMap((order) => standOf(events, order, bar))
  const held = symbols.flatMap((symbol) => LEGS.map((leg) => ({ symbol, leg, qty: heldAt(events, { symbol, leg, at: bar.end }) })))
  return [
    { title: 'Held at its close', lines: [held.map(({ symbol, leg, qty }) => `${symbols.length > 1 ? `${symbol} ` : ''}${leg} ${decimalText(qty)}`).join(', ')] },
    { title: 'What happened, to and with its close', lines: during.length === 0 ? ['Nothing: no order was sent or denied, and none filled or ended.'] : during },
    {
      title: 'What stood there and did not fill',
      lines: standing.length === 0 ? [`No order of ${bar.route.name} rested during it.`] : standing.map(({ order, stand }) => `Order ${order.id} ${orderText(order)}${stand.to < bar.end ? `, until ${timeText(stand.to)}` : ''}: ${missedText(order, stand, candlesOfSymbol.get(order.symbol) ?? { unknown: 'the run has no candles of it' }, rules)}`),
    },
    ...(bar.start < header.start ? [{ title: 'Note', lines: ['The run began inside this bar.'] }] : []),
  ]
}

/** Every order of a run, sent or denied, oldest first. */
export function ordersOf(events: readonly RecordedEvent[]): readonly RecordedOrder[] {
  return events.flatMap((event) => ('order' in event ? [event.order] : []))
}

function lineOf(event: RecordedEvent, orders: ReadonlyMap<number, RecordedOrder>): string[] {
  const text = eventText(event, orders)
  return text === null ? [] : [`${timeText(event.at).padEnd(26)}${text}`]
}

function eventText(event: RecordedEvent, orders: ReadonlyMap<number, RecordedOrder>): string | null {
  switch (event.type) {
    case 'order.submitted': return `order ${event.order.id} sent: ${orderText(event.order)}`
    case 'order.denied': return `order ${event.order.id} denied: ${orderText(event.order)}. ${event.message.replace(/^\[[^\]]*\] /, '')}`
    case 'order.rejected': return `order ${event.orderId} refused by the venue: ${event.code}`
    case 'order.triggered': return `order ${event.orderId} fired at ${event.price}`
    case 'order.canceled':
    case 'order.expired': return `order ${event.orderId} ${event.type === 'order.expired' ? 'expired' : 'cancelled'}: ${event.reason}`
    case 'order.filled': return `${event.orderId === null ? event.source : `order ${event.orderId}`} ${event.intent}s ${event.leg} ${event.qty} ${event.symbol} at ${event.price} (${orders.get(event.orderId ?? -1)?.tag ?? event.role}, ${event.liquidity})`
    case 'funding.settled': return `funding of the ${event.leg} leg: ${event.amount} at a rate of ${event.rate}`
    case 'account.liquidated': return `liquidation of ${event.leg === null ? 'the account' : `the ${event.leg} leg`} at a mark of ${event.mark}`
    default: return null
  }
}

/** The part of the bar in which the order stood, where it neither filled nor was sent at its close. */
function standOf(events: readonly RecordedEvent[], order: RecordedOrder, bar: Bar): readonly { readonly order: RecordedOrder; readonly stand: Stand }[] {
  let from: TimeMs | null = null
  let [price, trigger] = [order.price, order.trigger]
  let fired = false
  for (const event of events) {
    if (event.at > bar.end) break
    if (!('orderId' in event) || event.orderId !== order.id) continue
    if (event.type === 'order.accepted') from = event.at
    else if (event.type === 'order.amended') [price, trigger] = [event.price ?? price, event.trigger ?? trigger]
    else if (event.type === 'order.triggered') fired = true
    else if (event.type === 'order.canceled' || event.type === 'order.expired') return event.at <= bar.start || from === null ? [] : stands({ from, to: event.at })
    else if (event.type === 'order.filled') return []
  }
  return from === null || from >= bar.end ? [] : stands({ from, to: bar.end })

  function stands(span: { readonly from: TimeMs; readonly to: TimeMs }): readonly { readonly order: RecordedOrder; readonly stand: Stand }[] {
    const level = trigger !== undefined && !fired ? 'trigger' : 'price'
    const at = level === 'trigger' ? trigger : price
    const start = Math.max(span.from, bar.start)
    return at === undefined || span.to <= start ? [] : [{ order, stand: { from: start, to: span.to, level, at } }]
  }
}

function heldAt(events: readonly RecordedEvent[], { symbol, leg, at }: { readonly symbol: string; readonly leg: Leg; readonly at: TimeMs }): Decimal {
  let held = ZERO
  for (const event of events) {
    if (event.at > at) break
    if (event.type === 'order.filled' && event.symbol === symbol && event.leg === leg) held = event.intent === 'open' ? held.plus(event.qty) : held.minus(decimal(event.qty))
  }
  return held
}
