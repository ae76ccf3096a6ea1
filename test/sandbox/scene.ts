/** A small market for examples: minutes from zero, one line of text an event. */
import { decimal, instrument, MINUTE_MS, type ExchangeEvent, type Order, type VenueProfile } from '@hedgerow/core'
import { exact, SandboxExchange, type SandboxOptions, type SandboxSymbol } from '@hedgerow/driver-sandbox'
import { columnsOf } from './sandbox-run.ts'

/** Open, high, low, close, and volume where it matters. */
export type Row = readonly [number, number, number, number, number?]

/** An order in texts. What is left out: symbol `A`, long, open, market, 1 unit, GTC. */
export type Wish = Partial<Omit<Order, 'qty' | 'price' | 'trigger'>> & { readonly qty?: string; readonly price?: string; readonly trigger?: string }

const VOLUME = 1000

/** A symbol with candles of one minute; NaN rows are missing candles. */
export function symbolOf(symbol: string, rows: readonly Row[], more: Partial<SandboxSymbol> & { readonly startMinute?: number } = {}): SandboxSymbol {
  const { startMinute = 0, ...rest } = more
  const candles = columnsOf(rows.map(([open, high, low, close, volume = VOLUME]) => [open, high, low, close, volume] as const), startMinute * MINUTE_MS)
  return { instrument: instrument({ symbol, tickSize: '0.1', qtyStep: '0.1' }), candles, leverage: decimal('10'), ...rest }
}

/** A minute without a candle. */
export const MISSING: Row = [Number.NaN, Number.NaN, Number.NaN, Number.NaN, Number.NaN]

/** A profile that never liquidates. */
export const calm: VenueProfile = { ...exact, liquidation: { ...exact.liquidation, cross: 'none', isolated: 'none' } }

/** A sandbox with a record of what it told. */
export class Scene {
  readonly exchange: SandboxExchange
  readonly events: ExchangeEvent[] = []
  /** Called with each event after it was recorded; may send commands. */
  onEvent: (event: ExchangeEvent) => void = () => {}
  #minute = 0
  #orders = 0

  constructor(symbols: readonly SandboxSymbol[], options: Partial<SandboxOptions> = {}) {
    this.exchange = new SandboxExchange({
      profile: calm, positionMode: 'hedge', marginMode: 'cross', startingBalance: decimal('1000'), symbols, fee: { maker: decimal('0'), taker: decimal('0') }, ...options,
      sim: { limitFill: 'touch', slippage: 'none', checkMargin: false, ...options.sim },
      sink: (event) => {
        this.events.push(event)
        this.onEvent(event)
      },
    })
  }

  /** Submits an order now; its id counts from 1. */
  send({ qty, price, trigger, ...wish }: Wish = {}): number {
    this.#orders += 1
    this.exchange.submit({
      symbol: 'A', leg: 'long', intent: 'open', type: 'market', timeInForce: 'GTC', postOnly: false, role: 'entry', strategy: 'scene', ...wish, id: this.#orders,
      createdAt: this.#minute * MINUTE_MS, qty: decimal(qty ?? '1'), ...(price === undefined ? {} : { price: decimal(price) }), ...(trigger === undefined ? {} : { trigger: decimal(trigger) }),
    })
    return this.#orders
  }

  /** Advances to the start of a minute. */
  to(minute: number): this {
    this.#minute = minute
    this.exchange.advanceTo(minute * MINUTE_MS)
    return this
  }

  /** One line an event: without those that only say that an order arrived or fired. */
  told(): string[] {
    return this.events.filter(({ type }) => type !== 'order.accepted' && type !== 'order.triggered').map(textOf)
  }

  /** The same with the second of the run at which it happened. */
  toldAt(): string[] {
    return this.events.filter(({ type }) => type !== 'order.accepted' && type !== 'order.triggered').map((event) => `${event.at / 1000} ${textOf(event)}`)
  }
}

function textOf(event: ExchangeEvent): string {
  switch (event.type) {
    case 'order.filled': {
      const { orderId, source, symbol, leg, intent, qty, price, liquidity, fee } = event
      return [source === 'order' ? `#${orderId}` : source, symbol, intent, leg, qty.toFixed(), '@', price.toFixed(), liquidity, ...(fee.isZero() ? [] : [`fee ${fee.toFixed()}`])].join(' ')
    }
    case 'order.canceled': case 'order.expired':
      return `#${event.orderId} ${event.type === 'order.canceled' ? 'canceled' : 'expired'} ${event.reason}`
    case 'order.rejected':
      return `#${event.orderId} rejected ${event.code}`
    case 'order.reduced':
      return `#${event.orderId} reduced to ${event.qty.toFixed()}`
    case 'order.amended':
      return `#${event.orderId} amended ${event.qty.toFixed()}${event.price === undefined ? '' : ` @ ${event.price.toFixed()}`}${event.trigger === undefined ? '' : ` trigger ${event.trigger.toFixed()}`}`
    case 'funding.settled':
      return `funding ${event.symbol} ${event.leg} ${event.qty.toFixed()} x ${event.mark.toFixed()} x ${event.rate.toFixed()} = ${event.amount.toFixed()}`
    case 'margin.moved':
      return `margin ${event.symbol} ${event.leg} ${event.amount.toFixed()}`
    case 'account.posted':
      return `${event.kind} ${event.amount.toFixed()}`
    case 'account.liquidated':
      return `liquidated ${event.symbol} ${event.leg ?? 'account'} at ${event.mark.toFixed()}: ${event.steps.join(', ')}`
    case 'account.deleveraged':
      return `deleveraged ${event.symbol} ${event.leg} ${event.qty.toFixed()} at ${event.mark.toFixed()}`
    default:
      return `${event.type} #${event.orderId}`
  }
}
