import { describe, expect, it } from 'vitest'
import { areKept, keepBetweenRuns, type CandleColumns } from '@hedgerow/core'
import { indexesBeside, marksBeside } from './beside-candles.ts'
import { onGrid } from './grid.ts'

const STEP = 60_000

/** Candles whose four prices are the numbers; NaN is a missing one. */
function series(start: number, prices: readonly number[]): CandleColumns {
  const column = (): Float64Array => Float64Array.from(prices)
  return { start: start * STEP, step: STEP, length: prices.length, open: column(), high: column(), low: column(), close: column(), volume: new Float64Array(prices.length) }
}

const closes = ({ close }: CandleColumns): number[] => [...close]
const { NaN: NONE } = Number

describe('marks beside candles', () => {
  it('takes them row by row; the candle stands in where they have none', () => {
    const candles = series(10, [1, 2, NONE, 4, 5])
    const { marks, lastAsMark } = marksBeside('XUSDT', series(9, [100, 101, NONE, NONE, 104]), candles)
    expect([closes(marks), lastAsMark]).toEqual([[101, 2, NONE, 104, 5], 2])
    expect(marksBeside('XUSDT', series(10, [1, 2, 3, 4, 5]), candles)).not.toHaveProperty('lastAsMark')
  })

  it('makes them once for the same two, and others for other candles', () => {
    const marked = series(9, [100, 101, 102])
    const [candles, others] = [series(10, [1, 2, 3]), series(10, [7, 8, 9])]
    const first = marksBeside('XUSDT', marked, candles)
    expect(marksBeside('XUSDT', marked, candles)).toBe(first)
    expect(closes(marksBeside('XUSDT', marked, others).marks)).toEqual([101, 102, 9])
    expect(closes(marksBeside('XUSDT', marked, candles).marks)).toEqual([101, 102, 3])
    expect(closes(first.marks)).toEqual([101, 102, 3])
  })

  it('refuses marks that lie between the candles, each time', () => {
    const [candles, between] = [series(10, [1, 2]), { ...series(10, [1, 2]), start: 10 * STEP + 1 }]
    for (const _ of [1, 2]) expect(() => marksBeside('XUSDT', between, candles)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
  })
})

describe('index prices beside candles', () => {
  it('need one for each candle', () => {
    const candles = series(10, [1, NONE, 3])
    const indexes = series(9, [100, 101, NONE, 103])
    expect(closes(indexesBeside('XUSDT', indexes, candles))).toEqual([101, NONE, 103])
    expect(indexesBeside('XUSDT', indexes, candles)).toBe(indexesBeside('XUSDT', indexes, candles))
    for (const _ of [1, 2]) expect(() => indexesBeside('XUSDT', series(10, [100, 101]), candles)).toThrow(expect.objectContaining({ code: 'DATA_GAP' }))
  })
})

describe('candles on a grid', () => {
  it('are the same for the same grid, and what is kept of them is kept of these too', () => {
    const candles = series(10, [1, 2, 3])
    const grid = { start: 10 * STEP, end: 12 * STEP, step: STEP }
    keepBetweenRuns(candles)
    const cut = onGrid(candles, grid)
    expect([closes(cut), areKept(cut), onGrid(candles, { ...grid }) === cut]).toEqual([[1, 2], true, true])
    expect(closes(onGrid(candles, { ...grid, end: 14 * STEP }))).toEqual([1, 2, 3, NONE])
    expect([closes(onGrid(candles, grid)), areKept(onGrid(series(10, [1, 2, 3]), grid))]).toEqual([[1, 2], false])
    expect(onGrid(candles, { ...grid, end: 13 * STEP })).toBe(candles)
  })
})
