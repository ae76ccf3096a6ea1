/** Small random markets and random orders for property tests. */
import type { CandleColumns } from '@hedgerow/core'
import * as fc from 'fast-check'
import type { Action } from './scripted.ts'

/** 2024-01-01T00:00Z, a midnight. */
export const MARKET_START = 1_704_067_200_000

/** Candles of a random walk in steps of 0.1 around 100, some of them with gaps between close and open. */
export function candlesOf(moves: readonly (readonly [gap: number, up: number, down: number, body: number])[], startTick: number = 1000): CandleColumns {
  const length = moves.length
  const columns = { open: new Float64Array(length), high: new Float64Array(length), low: new Float64Array(length), close: new Float64Array(length), volume: new Float64Array(length) }
  let tick = startTick
  moves.forEach(([gap, up, down, body], index) => {
    const open = Math.max(50, tick + gap)
    const close = Math.max(50, open + body)
    columns.open[index] = open / 10
    columns.close[index] = close / 10
    columns.high[index] = (Math.max(open, close) + up) / 10
    columns.low[index] = Math.max(40, Math.min(open, close) - down) / 10
    columns.volume[index] = 1000
    tick = close
  })
  return { start: MARKET_START, step: 60_000, length, ...columns }
}

/** Moves of one candle in ticks: gap to the previous close, wick up, wick down, body. */
export const moves = (options: { readonly length: number; readonly size?: number }): fc.Arbitrary<[number, number, number, number][]> => {
  const size = options.size ?? 8
  return fc.array(fc.tuple(fc.integer({ min: -2, max: 2 }), fc.nat(size), fc.nat(size), fc.integer({ min: -size, max: size })), { minLength: options.length, maxLength: options.length })
}

/** Random actions on the given legs. */
export const actions = (options: { readonly bars: number; readonly legs: readonly ('long' | 'short')[]; readonly count?: number }): fc.Arbitrary<Action[]> =>
  fc.array(fc.record({
    bar: fc.nat(options.bars - 1),
    leg: fc.constantFrom(...options.legs),
    intent: fc.constantFrom('open' as const, 'close' as const),
    type: fc.constantFrom('market' as const, 'limit' as const, 'stop-market' as const, 'stop-limit' as const, 'take-profit-market' as const, 'take-profit-limit' as const, 'trailing-stop' as const),
    qty: fc.integer({ min: 1, max: 30 }).map((tenths) => String(tenths / 10)),
    offset: fc.integer({ min: -25, max: 25 }),
    group: fc.constantFrom('a', 'b'),
    postOnly: fc.boolean(),
  }), { minLength: 1, maxLength: options.count ?? 25 })
