import { decimal, instrument, MINUTE_MS, tierTable, ZERO, type CandleColumns } from '@hedgerow/core'
import { expect, it } from 'vitest'
import { exact } from './profiles/exact.ts'
import { SandboxExchange } from './sandbox-exchange.ts'

const SYMBOL = 'SYMBOL'

/** Rows of `[open, high, low, close]`. */
function candlesOf(rows: readonly (readonly [number, number, number, number])[]): CandleColumns {
  const column = (index: 0 | 1 | 2 | 3): Float64Array => Float64Array.from(rows, (row) => row[index])
  return { start: 0, step: MINUTE_MS, length: rows.length, open: column(0), high: column(1), low: column(2), close: column(3), volume: Float64Array.from(rows, () => 1000) }
}

it('finds what an order reaches in a minute that the outlook had passed', () => {
  const fills: { readonly minute: number; readonly orderId: number | null; readonly price: string }[] = []
  const exchange = new SandboxExchange({
    profile: exact, positionMode: 'hedge', marginMode: 'cross', startingBalance: decimal('3.8'), fillAt: 'open', fee: { maker: ZERO, taker: ZERO },
    symbols: [{
      instrument: instrument({ symbol: SYMBOL, tickSize: '0.1', qtyStep: '0.001' }), leverage: decimal('5'), tiers: tierTable('flat', [['1000000', '0.01', '0', '100']]),
      // Minute 2 leaves the bounds of the risk watch without danger: they are set again for what follows it.
      candles: candlesOf([[5.1, 5.1, 5.1, 5.1], [4.7, 5.2, 4.7, 4.7], [4.7, 4.7, 4, 4], [4, 4, 4, 4]]),
    }],
    sim: { path: 'ohlc', limitFill: 'through', checkMargin: false },
    seedPositions: [{ symbol: SYMBOL, leg: 'long', qty: decimal('3'), entryPrice: decimal('4.7') }, { symbol: SYMBOL, leg: 'short', qty: decimal('1'), entryPrice: decimal('4.7') }],
    sink: (event) => {
      if (event.type === 'order.filled') fills.push({ minute: Math.floor(event.at / MINUTE_MS), orderId: event.orderId, price: event.price.toFixed() })
    },
  })
  exchange.advanceTo(MINUTE_MS)
  exchange.submit({
    id: 1, createdAt: MINUTE_MS, symbol: SYMBOL, leg: 'long', intent: 'close', type: 'limit', qty: decimal('1'), price: decimal('4.9'), timeInForce: 'GTC', triggerBy: 'last',
    postOnly: false, role: 'exit', tag: '', strategy: 'any',
  })
  exchange.advanceTo(4 * MINUTE_MS)
  expect(fills).toEqual([{ minute: 1, orderId: 1, price: '4.9' }])
})

it('looks at minutes that are added after it has looked ahead of the last one', () => {
  const fills: string[] = []
  const exchange = new SandboxExchange({
    profile: exact, positionMode: 'hedge', marginMode: 'cross', startingBalance: decimal('1000'), fillAt: 'close', fee: { maker: ZERO, taker: ZERO },
    symbols: [{ instrument: instrument({ symbol: SYMBOL, tickSize: '0.1', qtyStep: '0.001' }), leverage: decimal('5'), tiers: tierTable('flat', [['1000000', '0.01', '0', '100']]), candles: candlesOf([[5, 5, 5, 5]]) }],
    sim: { path: 'ohlc', checkMargin: false },
    seedPositions: [{ symbol: SYMBOL, leg: 'long', qty: decimal('3'), entryPrice: decimal('5') }, { symbol: SYMBOL, leg: 'short', qty: decimal('1'), entryPrice: decimal('5') }],
    sink: (event) => {
      if (event.type === 'order.filled') fills.push(`${Math.floor(event.at / MINUTE_MS)} ${event.leg} ${event.price.toFixed()}`)
    },
  })
  for (const [id, leg, trigger] of [[1, 'long', '4.5'], [2, 'short', '5.5']] as const) {
    exchange.submit({ id, createdAt: 0, symbol: SYMBOL, leg, intent: 'close', type: 'stop-market', qty: decimal('1'), trigger: decimal(trigger), timeInForce: 'GTC', triggerBy: 'last', postOnly: false, role: 'stop-loss', tag: '', strategy: 'any' })
  }
  for (let minute = 1; minute < 200; minute++) {
    exchange.advanceTo(minute * MINUTE_MS)
    const [high, low] = minute === 150 ? [5.6, 5] : minute === 160 ? [5, 4.4] : [5, 5]
    exchange.desk.extend({ last: new Map([[SYMBOL, { open: 5, high, low, close: 5, volume: 1000 }]]) })
  }
  exchange.advanceTo(200 * MINUTE_MS)
  expect(fills).toEqual(['150 short 5.5', '160 long 4.5'])
})
