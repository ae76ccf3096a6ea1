import { decimal, instrument, MINUTE_MS, tierTable, ZERO, type CandleColumns } from '@hedgerow/core'
import * as fc from 'fast-check'
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

/** Both legs held at 5, a stop below for the long one and one above for the short one; the minutes after the first come one by one, or are there from the start. */
function stopsMet(later: readonly (readonly [number, number, number, number])[], arrival: 'added' | 'known'): readonly string[] {
  const fills: string[] = []
  const first = [5, 5, 5, 5] as const
  const exchange = new SandboxExchange({
    profile: exact, positionMode: 'hedge', marginMode: 'cross', startingBalance: decimal('1000'), fillAt: 'open', fee: { maker: ZERO, taker: ZERO },
    symbols: [{ instrument: instrument({ symbol: SYMBOL, tickSize: '0.1', qtyStep: '0.001' }), leverage: decimal('5'), tiers: tierTable('flat', [['1000000', '0.01', '0', '100']]), candles: candlesOf(arrival === 'known' ? [first, ...later] : [first]) }],
    sim: { path: 'ohlc', checkMargin: false },
    seedPositions: [{ symbol: SYMBOL, leg: 'long', qty: decimal('3'), entryPrice: decimal('5') }, { symbol: SYMBOL, leg: 'short', qty: decimal('1'), entryPrice: decimal('5') }],
    sink: (event) => {
      if (event.type === 'order.filled') fills.push(`${Math.floor(event.at / MINUTE_MS)} ${event.leg} ${event.price.toFixed()}`)
    },
  })
  exchange.advanceTo(MINUTE_MS)
  for (const [id, leg, trigger] of [[1, 'long', '4.5'], [2, 'short', '5.5']] as const) {
    exchange.submit({ id, createdAt: MINUTE_MS, symbol: SYMBOL, leg, intent: 'close', type: 'stop-market', qty: decimal('1'), trigger: decimal(trigger), timeInForce: 'GTC', triggerBy: 'last', postOnly: false, role: 'stop-loss', tag: '', strategy: 'any' })
  }
  exchange.arrive()
  for (const [index, [open, high, low, close]] of later.entries()) {
    if (arrival === 'added') exchange.desk.extend({ last: new Map([[SYMBOL, { open, high, low, close, volume: 1000 }]]) })
    exchange.advanceTo((index + 2) * MINUTE_MS)
  }
  return fills
}

const quiet = (minutes: number): (readonly [number, number, number, number])[] => Array.from({ length: minutes }, () => [5, 5, 5, 5] as const)

it('looks at minutes that are added after it has looked ahead of the last one', () => {
  expect(stopsMet([...quiet(149), [5, 5.6, 5, 5], ...quiet(9), [5, 5, 4.4, 5], ...quiet(3)], 'added')).toEqual(['150 short 5.5', '160 long 4.5'])
})

it.each([0, 1, 2, 5, 70])('meets the open of an added minute, after %d quiet ones', (before) => {
  const down = [...quiet(before), [4.4, 4.7, 4.4, 4.7], [4.7, 4.7, 4.7, 4.7]] as const
  expect(stopsMet(down, 'added')).toEqual([`${before + 1} long 4.4`])
  const up = [...quiet(before), [5.6, 5.6, 5.2, 5.2], [5.2, 5.2, 5.2, 5.2]] as const
  expect(stopsMet(up, 'added')).toEqual([`${before + 1} short 5.6`])
})

it('gives minutes that are added the fills of those that it knew from the start', () => {
  const price = fc.integer({ min: 40, max: 60 }).map((tenths) => tenths / 10)
  const minute = fc.oneof({ weight: 3, arbitrary: fc.constant([5, 5, 5, 5] as const) }, { weight: 1, arbitrary: fc.tuple(price, price, price, price).map((all) => [all[0], Math.max(...all), Math.min(...all), all[3]] as const) })
  fc.assert(fc.property(fc.array(minute, { maxLength: 140 }), (later) => { expect(stopsMet(later, 'added')).toEqual(stopsMet(later, 'known')) }))
})
