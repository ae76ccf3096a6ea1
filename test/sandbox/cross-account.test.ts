/** Several symbols in one cross account: the guards skip nothing that a walk of every candle finds (SIMULATION 4.5: 21, 24, 35). */
import { decimal, MINUTE_MS, tierTable, type ExchangeEvent, type Leg, type Order, type TierTable } from '@hedgerow/core'
import { exact, SandboxExchange, type SandboxSymbol, type SeedPosition } from '@hedgerow/driver-sandbox'
import { binanceUsdm } from '@hedgerow/driver-binance'
import { bybitUta } from '@hedgerow/driver-bybit'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { candleArbitrary, tenths } from './arbitraries.ts'
import { symbolOf } from './scene.ts'

const CANDLES = 40
const SYMBOLS = ['A', 'B', 'C'] as const

/** The same margins at the values of these tests; the second is not convex far above them, so that no candle may be skipped. */
const CONVEX = tierTable('rising', [['200', '0.01', '0', '100'], ['1000000', '0.03', '4', '50']])
const NOT_CONVEX = tierTable('rising, then falling', [['200', '0.01', '0', '100'], ['1000000', '0.03', '4', '50'], ['2000000', '0.01', '-19996', '50']])

const book = fc.record({
  candles: fc.tuple(candleArbitrary(CANDLES), candleArbitrary(CANDLES - 5), candleArbitrary(CANDLES)),
  marks: fc.option(candleArbitrary(CANDLES)),
  seeds: fc.array(fc.record({ symbol: fc.constantFrom(...SYMBOLS), leg: fc.constantFrom<Leg>('long', 'short'), qty: fc.integer({ min: 1, max: 20 }).map(tenths), entryPrice: fc.integer({ min: 970, max: 1030 }).map(tenths) }), { minLength: 1, maxLength: 5 }),
  orders: fc.array(fc.record({
    symbol: fc.constantFrom(...SYMBOLS), leg: fc.constantFrom<Leg>('long', 'short'), intent: fc.constantFrom('open', 'close'), type: fc.constantFrom('limit', 'market', 'stop-market', 'trailing-stop'),
    qty: fc.integer({ min: 1, max: 20 }).map(tenths), level: fc.integer({ min: 900, max: 1100 }).map(tenths), minute: fc.integer({ min: 0, max: CANDLES - 1 }),
  }), { maxLength: 12 }),
  profile: fc.constantFrom(bybitUta, binanceUsdm), wallet: fc.integer({ min: 10, max: 80 }), path: fc.constantFrom('bar-color', 'adaptive', 'pessimistic'),
})
type Book = typeof book extends fc.Arbitrary<infer T> ? T : never

function run(input: Book, tiers: TierTable, stepwise: boolean): { readonly events: readonly ExchangeEvent[]; readonly liquidations: number } {
  const events: ExchangeEvent[] = []
  const symbols = SYMBOLS.map((symbol, index): SandboxSymbol => {
    const candles = input.candles[index] ?? input.candles[0]
    const marks = index === 0 ? input.marks : null
    return { ...symbolOf(symbol, []), candles: { ...candles, start: (CANDLES - candles.length) * MINUTE_MS }, tiers, leverage: decimal('20'), ...(marks === null ? {} : { marks }) }
  })
  const exchange = new SandboxExchange({
    profile: { ...input.profile, money: exact.money }, positionMode: 'hedge', marginMode: 'cross', startingBalance: decimal(String(input.wallet)), symbols, seedPositions: input.seeds satisfies readonly SeedPosition[],
    sim: { path: input.path, slippage: 'none' }, sink: (event) => events.push(event),
  })
  for (let minute = 0; minute <= CANDLES; minute += 1) {
    const due = input.orders.flatMap((one, index) => (one.minute === minute ? [orderOf(one, index + 1)] : []))
    if (stepwise || due.length > 0 || minute === CANDLES) exchange.advanceTo(minute * MINUTE_MS)
    for (const order of due) exchange.submit(order)
  }
  return { events, liquidations: exchange.statistics().liquidations }
}

function orderOf({ level, minute, type, ...rest }: Book['orders'][number], id: number): Order {
  return {
    ...rest, id, type, createdAt: minute * MINUTE_MS, timeInForce: 'GTC', postOnly: false, role: 'entry', strategy: 'random',
    ...(type === 'limit' ? { price: level } : {}), ...(type === 'stop-market' ? { trigger: level } : {}), ...(type === 'trailing-stop' ? { trailing: { distance: tenths(15) } } : {}),
  }
}

it('gives the same events whether quiet candles are skipped, stepped through or all walked', () => {
  let liquidations = 0
  fc.assert(fc.property(book, (input) => {
    const skipped = run(input, CONVEX, false)
    liquidations += skipped.liquidations
    expect(run(input, CONVEX, true).events).toEqual(skipped.events)
    expect(run(input, NOT_CONVEX, false).events).toEqual(skipped.events)
  }), { numRuns: 150 })
  expect(NOT_CONVEX.convex).toBe(false)
  expect(liquidations).toBeGreaterThan(10)
}, 60_000)
