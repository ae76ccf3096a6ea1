import { decimal, instrument, MINUTE_MS, ZERO, type CandleColumns, type Leg, type Order } from '@hedgerow/core'
import { expect, it } from 'vitest'
import type { PathChoice } from './options.ts'
import { exact } from './profiles/exact.ts'
import { SandboxExchange } from './sandbox-exchange.ts'

const SYMBOL = 'SYMBOL'
const candles: CandleColumns = {
  start: 0, step: MINUTE_MS, length: 1, open: Float64Array.of(100), high: Float64Array.of(108), low: Float64Array.of(92), close: Float64Array.of(108), volume: Float64Array.of(1000),
}

function order(id: number, leg: Leg, rest: Pick<Order, 'intent' | 'type' | 'qty' | 'trigger'>): Order {
  return { id, createdAt: 0, symbol: SYMBOL, leg, timeInForce: 'GTC', triggerBy: 'last', postOnly: false, role: 'exit', tag: '', strategy: 'any', ...rest }
}

it.each(['long', 'short'] as const)('keeps O-L-H-C when both paths leave the same, also where the average price of the %s leg does not end', (leg) => {
  const fills: (number | null)[] = []
  const choices: PathChoice[] = []
  const exchange = new SandboxExchange({
    profile: exact, positionMode: 'hedge', marginMode: 'cross', startingBalance: decimal('50'), fillAt: 'open', fee: { maker: ZERO, taker: ZERO },
    symbols: [{ instrument: instrument({ symbol: SYMBOL, tickSize: '1', qtyStep: '0.5' }), candles, leverage: decimal('1') }],
    sim: { path: 'pessimistic', checkMargin: false },
    seedPositions: (['long', 'short'] as const).map((seeded) => ({ symbol: SYMBOL, leg: seeded, qty: decimal('2'), entryPrice: decimal('101') })),
    sink: (event) => { if (event.type === 'order.filled') fills.push(event.orderId) }, onPathChoice: (choice) => choices.push(choice),
  })
  const [falling, rising] = leg === 'long' ? (['stop-market', 'take-profit-market'] as const) : (['take-profit-market', 'stop-market'] as const)
  exchange.submit(order(1, leg, { intent: 'open', type: 'market', qty: decimal('1') }))
  exchange.submit(order(2, leg, { intent: 'close', type: rising, qty: decimal('1'), trigger: decimal('107') }))
  exchange.submit(order(3, leg, { intent: 'close', type: falling, qty: decimal('0.5'), trigger: decimal('98') }))
  exchange.advanceTo(MINUTE_MS)
  expect(choices.map(({ path }) => path)).toEqual(['olhc'])
  expect(fills).toEqual([1, 3, 2])
})
