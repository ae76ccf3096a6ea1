/** The life of one order in words. */
import { barStart, decimal, decimalText, ERRORS, parseTimeframe, timeText, ZERO, type Decimal, type TimeMs } from '@hedgerow/core'
import { candleText, missedText, standText, type FillRules, type Stand } from './missed-fill.ts'
import { orderText, ownerText, reasonText } from './order-words.ts'
import type { KnownCandles } from './recorded-candles.ts'
import type { RecordedEvent, RecordedFill, RecordedHeader, RecordedOrder, RecordedRun } from './recorded-run.ts'

/** What is told of an order. */
export interface Story {
  readonly title: string
  readonly facts: string
  /** When, and what. */
  readonly steps: readonly { readonly at: TimeMs; readonly text: string }[]
  /** Whole sentences: why it ended as it did. */
  readonly because: readonly string[]
}

/** The events of one order, its own and those of its fills. */
export function eventsOf(events: readonly RecordedEvent[], id: number): readonly RecordedEvent[] {
  return events.filter((event) => ('order' in event ? event.order.id === id : 'orderId' in event && event.orderId === id))
}

/** Tells an order that the run has. */
export function orderStory({ header }: RecordedRun, own: readonly RecordedEvent[], { order, candles, rules }: { readonly order: RecordedOrder; readonly candles: KnownCandles; readonly rules: FillRules }): Story {
  const life = new Life(order)
  const steps = own.flatMap((event) => {
    const text = life.take(event, header)
    return text === null ? [] : [{ at: event.at, text }]
  })
  return { title: `Order ${order.id} ${orderText(order)}`, facts: ownerText(order), steps, because: life.because(header.end, candles, rules) }
}

/** Folds the events of an order: what it stood at, and what it got. */
class Life {
  readonly #order: RecordedOrder
  readonly #stands: Stand[] = []
  readonly #fills: RecordedFill[] = []
  #filled: Decimal = ZERO
  #qty: Decimal
  #standing: Omit<Stand, 'to'> | null = null
  #end: string | null = null
  #price: string | undefined
  #trigger: string | undefined
  #fired = false

  constructor(order: RecordedOrder) {
    this.#order = order
    this.#qty = decimal(order.qty)
    this.#price = order.price
    this.#trigger = order.trigger
  }

  /** What an event means in words; null where it says nothing. */
  take(event: RecordedEvent, header: RecordedHeader): string | null {
    switch (event.type) {
      case 'order.submitted': return `sent${this.#placeOf(event.at, header)}`
      case 'order.denied': return this.#denied(event)
      case 'order.accepted': return this.#accepted(event.at)
      case 'order.unconfirmed': return 'no answer: whether the venue took it is not known'
      case 'order.rejected': return this.#rejected(event)
      case 'order.triggered': return this.#triggered(event)
      case 'order.amended': return this.#amended(event)
      case 'order.reduced': return `reduced to ${event.qty}: ${reasonText(event.reason)}`
      case 'order.canceled':
      case 'order.expired': return this.#ended(event)
      case 'order.filled': return this.#took(event)
      default: return null
    }
  }

  /** Why it ended as it did. */
  because(end: TimeMs, candles: KnownCandles, rules: FillRules): readonly string[] {
    this.#stop(end)
    const fills = this.#fills.map((fill) => this.#whyFilled(fill, candles))
    const isWhole = this.#filled.gte(this.#qty)
    const missed = isWhole ? [] : this.#stands.map((stand) => `${standText(stand)}: ${missedText(this.#order, stand, candles, rules)}`)
    const got = this.#fills.length === 0 ? 'It did not fill.' : isWhole ? 'It filled whole.' : `It filled ${decimalText(this.#filled)} of ${decimalText(this.#qty)}.`
    return this.#end?.startsWith('denied') === true ? [this.#end.slice('denied '.length)] : [got, ...fills, ...missed, ...(this.#end === null ? [] : [this.#end])]
  }

  #placeOf(at: TimeMs, { routes, start }: RecordedHeader): string {
    const route = routes.find(({ name }) => name === this.#order.strategy)
    if (route === undefined) return ''
    const timeframe = parseTimeframe(route.timeframe)
    if (barStart(timeframe, at) !== at) return ', in answer to an event inside a bar'
    return `, at the close of bar ${Math.round((at - barStart(timeframe, start + timeframe.ms - 1)) / timeframe.ms) - 1} (${route.timeframe})`
  }

  #denied({ code, message }: Extract<RecordedEvent, { type: 'order.denied' }>): string {
    this.#end = `denied It was never sent. ${message.replace(/^\[[^\]]*\] /, '')}`
    return `denied: ${code}`
  }

  #rejected({ code }: Extract<RecordedEvent, { type: 'order.rejected' }>): string {
    const known = Object.entries(ERRORS).find(([name]) => name === code)?.[1]
    this.#end = known === undefined ? `The venue refused it: ${code}.` : `The venue refused it. ${known.what} ${known.remedy}`
    return `refused by the venue: ${code}`
  }

  #accepted(at: TimeMs): string {
    this.#stand(at)
    return 'taken by the exchange'
  }

  #triggered({ at, price, triggerBy }: Extract<RecordedEvent, { type: 'order.triggered' }>): string {
    this.#stop(at)
    this.#fired = true
    this.#stand(at)
    return `fired: the ${triggerBy} price was ${price}`
  }

  #amended({ at, qty, price, trigger }: Extract<RecordedEvent, { type: 'order.amended' }>): string {
    this.#stop(at)
    this.#qty = decimal(qty)
    this.#price = price ?? this.#price
    this.#trigger = trigger ?? this.#trigger
    this.#stand(at)
    return `amended: qty ${qty}${price === undefined ? '' : `, limit ${price}`}${trigger === undefined ? '' : `, trigger ${trigger}`}`
  }

  #ended({ at, type, reason }: Extract<RecordedEvent, { type: 'order.canceled' | 'order.expired' }>): string {
    this.#stop(at)
    const what = type === 'order.expired' ? 'expired' : 'cancelled'
    this.#end = `It was ${what} at ${timeText(at)}: ${reasonText(reason)}.`
    return `${what}: ${reason}`
  }

  #took(fill: RecordedFill): string {
    this.#fills.push(fill)
    this.#filled = this.#filled.plus(fill.qty)
    if (this.#filled.gte(this.#qty)) this.#standing = null
    return `filled ${fill.qty} at ${fill.price}, ${fill.liquidity}, fee ${fill.fee}`
  }

  #whyFilled({ at, price, liquidity }: RecordedFill, candles: KnownCandles): string {
    const candle = 'unknown' in candles ? null : candleText(candles, at)
    const seen = candle === null ? '' : ` (${candle})`
    if (liquidity === 'maker') return `At ${timeText(at)} the price came to its limit, at which a resting limit fills${seen}.`
    if (this.#order.type === 'market') return `At ${timeText(at)} it arrived and took ${price}: a market order fills at the current price, with slippage against it${seen}.`
    return `At ${timeText(at)} it could trade at once and took ${price}${seen}.`
  }

  /** From now on it waits for its trigger, or once it has fired for its limit. */
  #stand(from: TimeMs): void {
    const level = this.#trigger !== undefined && !this.#fired ? 'trigger' : 'price'
    const at = level === 'trigger' ? this.#trigger : this.#price
    if (at !== undefined) this.#standing = { from, level, at }
  }

  #stop(to: TimeMs): void {
    if (this.#standing !== null && to > this.#standing.from) this.#stands.push({ ...this.#standing, to })
    this.#standing = null
  }
}
