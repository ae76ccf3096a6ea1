/** Runs the sandbox on the input of the naive venue and words its answers in the same way. */
import { decimalOfDouble, EXACT_MONEY, instrument, Ledger, MINUTE_MS, ZERO, type CandleColumns, type ExchangeEvent, type VenueProfile } from '@hedgerow/core'
import { exact, SandboxExchange, type PathRule, type SandboxOptions, type SeedPosition } from '@hedgerow/driver-sandbox'
import type { NaiveInput, NaiveResult } from './naive-venue.ts'

export const SYMBOL = 'SYMBOL'

/** The profile of a run without margin. */
export const unwatched: VenueProfile = { ...exact, liquidation: { ...exact.liquidation, cross: 'none' } }

/** The same input as options; the path may be another one. */
export function optionsOf(input: NaiveInput, sink: (event: ExchangeEvent) => void, path: PathRule = input.path): SandboxOptions {
  const { margin } = input
  const qtyStep = margin?.qtyStep ?? ZERO
  return {
    profile: margin?.profile ?? unwatched, positionMode: 'hedge', marginMode: 'cross', startingBalance: input.wallet, fillAt: 'open',
    fee: { maker: input.makerRate, taker: input.takerRate },
    symbols: [{
      instrument: { ...instrument({ symbol: SYMBOL, tickSize: input.tick.toFixed(), qtyStep: '1' }), qtyStep }, candles: input.candles, leverage: margin?.leverage ?? decimalOfDouble(1),
      ...(input.marks === null ? {} : { marks: input.marks }), ...(margin === null ? {} : { tiers: margin.tiers }),
    }],
    sim: {
      path, limitFill: input.limitFill, slippage: { ticks: input.slippageTicks }, onStopPassed: input.onStopPassed, checkMargin: false,
      ...(input.volumeShare === null ? {} : { volumeShare: input.volumeShare }),
    },
    seedPositions: seedsOf(input), sink,
  }
}

function seedsOf({ seeds }: NaiveInput): SeedPosition[] {
  return (['long', 'short'] as const).flatMap((leg) => {
    const seed = seeds[leg]
    return seed === null ? [] : [{ symbol: SYMBOL, leg, qty: seed.qty, entryPrice: seed.entry }]
  })
}

/** Lets each order arrive at the open of its candle; `stepwise: false` advances from one arrival straight to the next. */
export function drive(input: NaiveInput, exchange: SandboxExchange, { stepwise }: { readonly stepwise: boolean }): void {
  for (let candle = 0; candle < input.candles.length; candle += 1) {
    const due = input.orders.filter(({ fromCandle }) => fromCandle === candle)
    if (stepwise || due.length > 0) exchange.advanceTo(input.candles.start + candle * MINUTE_MS)
    for (const { fromCandle: _, ...order } of due) exchange.submit(order)
  }
  exchange.advanceTo(input.candles.start + input.candles.length * MINUTE_MS)
}

/** What the sandbox makes of the input. */
export function runSandbox(input: NaiveInput, how: { readonly stepwise: boolean } = { stepwise: true }): NaiveResult & { readonly events: readonly ExchangeEvent[] } {
  const events: ExchangeEvent[] = []
  const choices = new Map<number, string>()
  const exchange = new SandboxExchange({ ...optionsOf(input, (event) => events.push(event)), onPathChoice: ({ at, path }) => choices.set(at, path) })
  drive(input, exchange, how)
  const ledger = new Ledger({ wallet: input.wallet, money: EXACT_MONEY })
  for (const { symbol, leg, qty, entryPrice } of seedsOf(input)) {
    ledger.apply({ type: 'order.filled', at: 0, fillId: `seed ${leg}`, orderId: null, symbol, leg, intent: 'open', price: entryPrice, qty, fee: ZERO, liquidity: 'taker', source: 'external', role: 'entry' })
  }
  for (const event of events) if (event.type === 'order.filled' || event.type === 'account.posted') ledger.apply(event)
  const candleOf = (at: number): number => Math.floor((at - input.candles.start) / MINUTE_MS)
  const paths = Array.from({ length: input.path === 'pessimistic' ? input.candles.length : 0 }, (_, candle) => choices.get(input.candles.start + candle * MINUTE_MS) ?? 'olhc')
  return {
    events, ambiguous: exchange.statistics().ambiguousCandles, paths,
    fills: events.flatMap((event) => (event.type === 'order.filled' && event.source === 'order' ? [[event.orderId, candleOf(event.at), event.price.toFixed(), event.qty.toFixed(), event.liquidity].join(' ')] : [])),
    ends: events.flatMap((event) => {
      if (event.type === 'order.canceled') return [`${event.orderId} ${event.reason}`]
      return event.type === 'order.rejected' ? [`${event.orderId} ${event.code}`] : []
    }),
    liquidations: events.flatMap((event) => (event.type === 'account.liquidated' ? [`${candleOf(event.at)} ${event.mark.toFixed()} ${event.steps.map(stepType).join(',')}`] : [])),
    open: exchange.openOrders().map(({ id }) => id),
    long: ledger.position(SYMBOL, 'long').qty.toFixed(), short: ledger.position(SYMBOL, 'short').qty.toFixed(), wallet: ledger.wallet.toFixed(18),
  }
}

function stepType(text: string): string {
  if (text.startsWith('cancel')) return 'cancel-orders'
  if (text.startsWith('reduce')) return 'reduce'
  if (text.startsWith('close hedged')) return 'close-pair'
  if (text.startsWith('close')) return 'close-leg'
  return text.startsWith('takeover') ? 'takeover' : 'insurance'
}

/** Candles from rows of `[open, high, low, close, volume]`. */
export function columnsOf(rows: readonly (readonly [number, number, number, number, number])[], start = 0): CandleColumns {
  const column = (index: 0 | 1 | 2 | 3 | 4): Float64Array => Float64Array.from(rows, (row) => row[index])
  return { start, step: MINUTE_MS, length: rows.length, open: column(0), high: column(1), low: column(2), close: column(3), volume: column(4) }
}
