/** The floors find the trades of the engine: what the bench insists on over a year, over less. */
import { backtest, synthesizeCandles } from 'hedgerow'
import { describe, expect, it } from 'vitest'
import { account, HOUR, route, WARMUP } from './account.ts'
import { requireAgreement } from './agree.ts'
import { busy } from './floor-busy.ts'
import { CROSS, emaCross } from './floor-cross.ts'
import type { FloorRun } from './floor-trade.ts'
import { tickAbove, tickBelow } from './floor-trade.ts'
import { Busy } from './strategies/busy.ts'
import EmaCross from './strategies/ema-cross.ts'
import { symbolName } from './workload.ts'

/** It starts within an hour. */
const CANDLES = synthesizeCandles({ seed: 3, start: Date.UTC(2023, 0, 1) + 7 * 60_000, count: 90 * 1440 })
const DAYS = synthesizeCandles({ seed: 3, start: Date.UTC(2023, 0, 1), count: 3 * 1440 })

describe('a floor', () => {
  it.each([['one-way', false], ['hedge', true]] as const)('crosses as the engine does (%s)', async (mode, both) => {
    const floor = emaCross(CANDLES, { params: CROSS, warmup: WARMUP * HOUR, both })
    const result = await backtest({ ...account(mode, [route(EmaCross, '1h')]), candles: { [symbolName(0)]: CANDLES } })
    expect(() => { requireAgreement(result, floor, CANDLES.start) }).not.toThrow()
    expect(floor.trades.length).toBeGreaterThan(20)
    const wrong: FloorRun = { ...floor, trades: floor.trades.map((trade, index) => (index === 7 ? { ...trade, netPnl: trade.netPnl + 0.01 } : trade)) }
    expect(() => { requireAgreement(result, wrong, CANDLES.start) }).toThrow(/disagree on trade 8 \(of \d+ and \d+\)/)
    expect(() => { requireAgreement(result, { ...floor, trades: floor.trades.slice(1) }, CANDLES.start) }).toThrow(/disagree on trade 1/)
  })

  it('is as busy as the engine', async () => {
    const floor = busy(DAYS, WARMUP)
    const result = await backtest({ ...account('one-way', [route(Busy, '1m')]), candles: { [symbolName(0)]: DAYS } })
    expect(() => { requireAgreement(result, floor, DAYS.start) }).not.toThrow()
    expect(floor.calls).toBe(DAYS.length - WARMUP)
    // A target whose price is the same as before stays.
    expect(result.counts.orders / floor.calls).toBeGreaterThan(0.98)
  })

  it('keeps to the grid of a cent', () => {
    expect([1.005, 2, 0.07, 1700.1].map(tickBelow)).toEqual([1, 2, 0.07, 1700.1])
    expect([1.005, 2, 0.07, 1700.101].map(tickAbove)).toEqual([1.01, 2, 0.07, 1700.11])
  })
})
