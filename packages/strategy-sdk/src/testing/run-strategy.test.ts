import { LEGS, type PositionMode } from '@hedgerow/core'
import { describe, expect, it } from 'vitest'
import { z } from '@hedgerow/core/zod'
import { Strategy } from '../strategy.ts'
import { candlesOf, runStrategy } from './index.ts'

const MODES: readonly PositionMode[] = ['one-way', 'hedge']

/** Buys a breakout of the last close, with a stop and a target. */
class Breakout extends Strategy<typeof Breakout.params> {
  static params = z.object({ qty: z.number().positive().default(1) })
  shouldLong() { return this.index > 0 && this.close > this.candles.at(-2).close }
  goLong() { this.buy = [this.hp.qty, this.price]; this.stopLoss = ['all', this.price - 5]; this.takeProfit = ['all', this.price + 5] }
}

/** Holds both legs where the mode allows it. */
class Both extends Strategy {
  onBar() {
    if (this.index !== 0) return
    this.long.open({ qty: 1, tag: 'core' })
    this.short.open({ qty: 2, price: 101 })
  }
}

describe('runStrategy', () => {
  it.each(MODES)('%s: five lines test a strategy', (positionMode) => {
    const run = runStrategy(Breakout, { prices: [100, 101, 102, [102, 108, 102, 107]], positionMode, params: { qty: 2 } })
    expect(run.fills).toEqual(['@2 open long 2 at 102', '@3 close long 2 at 106'])
    expect(run.orders).toEqual(['@2 open long 2 market', '@2 close long 2 stop-market 96', '@2 close long 2 limit 106', '@4 open long 2 market'])
    expect(run.trades.map(({ exitReason, netPnl }) => `${exitReason} ${netPnl.toNumber()}`)).toEqual(['take-profit 8'])
    expect(run.strategy.hp.qty).toBe(2)
  })

  it('hedge: both legs stay open at the end, and the equity counts them', () => {
    const run = runStrategy(Both, { prices: [100, 100, [100, 103, 100, 103]], feeRate: '0.001', startingBalance: 1000 })
    expect(run.fills).toEqual(['@1 open long 1 at 100', '@2 open short 2 at 101'])
    expect(run.open).toEqual(['long 1 at 100', 'short 2 at 101'])
    expect([run.balance, run.equity]).toEqual([1000 - 0.1 - 0.202, 1000 - 0.1 - 0.202 + 3 - 4].map((value) => expect.closeTo(value, 9) as number))
  })

  it('one-way: the second leg is denied or cancelled, and told', () => {
    class Opposite extends Strategy {
      onBar() { if (this.index === 0) this.long.open({ qty: 1 }); if (this.index === 2) this.short.open({ qty: 1 }) }
    }
    const run = runStrategy(Opposite, { prices: [100, 100, 100, 100], positionMode: 'one-way', closeAtEnd: true })
    expect(run.denied).toEqual(['@3 short LEG_CONFLICT'])
    expect(run.trades.map(({ exitReason }) => exitReason)).toEqual(['end-of-run'])
  })

  it('a portfolio names its symbols', () => {
    class Spread extends Strategy {
      onBar() { if (this.index === 0) { this.market('A').long.open({ qty: 1 }); this.market('B').short.open({ qty: 1 }) } }
    }
    const run = runStrategy(Spread, { prices: { A: [10, 10, 10], B: [20, 20, 20] }, funding: { B: [[120_000, '0.01']] } })
    expect(run.fills).toEqual(['@1 A open long 1 at 10', '@1 B open short 1 at 20'])
    expect(run.open).toEqual(['A long 1 at 10', 'B short 1 at 20'])
    expect(run.balance).toBeCloseTo(100_000.2, 9)
  })

  it.each(LEGS)('owned legs, longer bars, warm-up, fills at the close, variables and logs (%s)', (leg) => {
    class Everything extends Strategy<z.ZodObject<Record<string, never>>, typeof Everything.vars> {
      static vars = z.object({ bars: z.int().default(0) })
      onBar() {
        this.vars.bars += 1
        this.log(`${this.candles.length} bars, index ${this.index}`)
        if (this.index === 0) for (const each of [this.long, this.short]) each.open({ qty: 1 })
      }
    }
    const run = runStrategy(Everything, { prices: [1, 2, 3, 4, 5, 6, 7, 8], timeframe: '2m', warmupCandles: 2, legs: [leg], fillAt: 'close', vars: { bars: 10 } })
    expect(run.log).toEqual(['info: [Everything] 3 bars, index 0', 'info: [Everything] 4 bars, index 1'])
    expect(run.vars).toEqual({ bars: 12 })
    expect(run.fills).toEqual([`@6 open ${leg} 1 at 6`])
    expect(run.denied).toEqual([`@6 ${leg === 'long' ? 'short' : 'long'} LEG_OWNED`])
  })

  it('takes whole candles, and the same run gives the same events', () => {
    const candles = candlesOf([100, [100, 110, 99, 105], 105], { start: 1_704_067_200_000 })
    const run = (): unknown => runStrategy(Both, { candles, symbol: 'ETHUSDT' }).events
    expect(run()).toEqual(run())
    expect(runStrategy(Both, { candles, symbol: 'ETHUSDT' }).fills).toEqual(['@1 open long 1 at 100', '@1 open short 2 at 101'])
  })

  it.each([
    ['no prices', { prices: [] }, /DATA_EMPTY/],
    ['a price of zero', { prices: [1, 0] }, /candle 1 of the test\] DATA_INVALID/],
    ['a high below the close', { prices: [[1, 1, 1, 2]] as const }, /candle 0 of the test\] DATA_INVALID.*close 2/],
    ['a wrong parameter', { prices: [1], params: { qty: -1 } }, /parameter qty\] PARAMETER_INVALID/],
    ['a wrong leverage', { prices: [1], leverage: 0 }, /test options, leverage\] NOT_POSITIVE/],
  ])('refuses %s', (_name, options, message) => {
    expect(() => runStrategy(Breakout, options)).toThrow(message)
  })
})
