/** Profile `jesse`: the end of a run, trades, daily balances and ratios. */
import type { Decimal } from '@hedgerow/core'
import { Strategy } from '@hedgerow/strategy-sdk'
import type { BacktestResult } from 'hedgerow'
import { describe, expect, it } from 'vitest'
import { after, fills, jesse, mirrored, mirroredMinute, MODES, MODES_AND_LEGS, still, type Minute } from '../support/jesse.ts'

describe.each(MODES_AND_LEGS)('the end of a run, %s, %s leg', (mode, leg) => {
  const told: string[] = []
  class Holder extends Strategy {
    shouldLong(): boolean { return leg === 'long' && this.index === 0 }
    shouldShort(): boolean { return leg === 'short' && this.index === 0 }
    goLong(): void { this.buy = [2, this.price]; this.stopLoss = [2, 50] }
    goShort(): void { this.sell = [2, this.price]; this.stopLoss = [2, 150] }
    onCancel(): void { told.push('onCancel') }
    onClosePosition(): void { told.push('onClosePosition') }
  }
  const minutes: Minute[] = [still(100), [100, 108, 100, 107]].map((minute) => mirroredMinute(leg, minute as Minute))
  const run = (strategy: new () => Strategy): Promise<BacktestResult> => jesse({ mode, strategy, minutes, exchange: { fee: '0.001' } })

  it('an open position is closed at the last price with the fee, and counted', async () => {
    told.length = 0
    const result = await run(Holder)
    const last = mirrored(leg, 107)
    expect(fills(result)).toEqual([`1 ${leg} open 2 @ 100`, `2 ${leg} close 2 @ ${last}`])
    // Gains 2 x 7 = 14; fees 0.1 % of 200 and of 2 x 107 (93).
    const fees = 0.2 + (2 * last) / 1000
    expect(result.trades.map((trade) => [trade.exitReason, trade.grossPnl.toNumber(), trade.fees.toNumber(), trade.netPnl.toNumber()])).toEqual([['end-of-run', 14, expect.closeTo(fees, 12), expect.closeTo(14 - fees, 12)]])
    expect(result.trades[0]?.closedAt).toBe(after(2))
    expect(result.openPositions).toEqual([])
    expect(result.metrics.count).toBe(1)
    expect(told).toEqual(['onCancel', 'onClosePosition'])
  })

  it('unless the strategy says preventForcedClosure: then it is reported as open and stays out of the statistics', async () => {
    class Keeper extends Holder {
      readonly preventForcedClosure = true
    }
    const result = await run(Keeper)
    expect(fills(result)).toEqual([`1 ${leg} open 2 @ 100`])
    expect(result.trades).toEqual([])
    expect(result.metrics.count).toBe(0)
    // Unrealised 2 x 7; the entry's fee of 0.2 is paid.
    expect(result.openPositions.map((open) => [open.leg, open.qty.toFixed(), open.entryPrice.toFixed(), open.unrealisedPnl.toFixed(), open.fees.toFixed()])).toEqual([[leg, '2', '100', '14', '0.2']])
  })
})

describe.each(MODES_AND_LEGS)('a trade, %s, %s leg', (mode, leg) => {
  const at = (price: number): number => mirrored(leg, price)

  it('sums entries, weighs prices by volume, and takes the fees off; pnl % is on the entry margin', async () => {
    class Scaled extends Strategy {
      shouldCancelEntry(): boolean { return false }
      shouldLong(): boolean { return leg === 'long' && this.index === 0 }
      shouldShort(): boolean { return leg === 'short' && this.index === 0 }
      goLong(): void { this.buy = [[1, 100], [3, 96]]; this.takeProfit = [[1, 102], [3, 110]] }
      goShort(): void { this.sell = [[1, 100], [3, 104]]; this.takeProfit = [[1, 98], [3, 90]] }
    }
    const minutes: Minute[] = [still(100), [100, 100, 95, 98], [98, 103, 98, 102], [102, 111, 102, 110]]
    const { trades } = await jesse({ mode, strategy: Scaled, minutes: minutes.map((minute) => mirroredMinute(leg, minute)), exchange: { fee: '0.001', leverage: 5 } })
    // Long: entry (100 + 3 x 96) / 4 = 97, exit (102 + 3 x 110) / 4 = 108: gains 4 x 11 = 44; traded 388 + 432 = 820, fees 0.82.
    // Short: entry (100 + 3 x 104) / 4 = 103, exit (98 + 3 x 90) / 4 = 92: gains 44; traded 412 + 368 = 780, fees 0.78.
    const [entry, exit, fees] = leg === 'long' ? [97, 108, 0.82] : [103, 92, 0.78]
    expect([entry, exit]).toEqual([at(97), at(108)])
    expect(trades).toHaveLength(1)
    const [trade] = trades
    expect([trade?.qty, trade?.entryPrice, trade?.exitPrice, trade?.grossPnl, trade?.fees, trade?.netPnl].map((value) => value?.toNumber())).toEqual([4, entry, exit, 44, fees, 44 - fees])
    expect(trade?.pnlPercentage.toNumber()).toBeCloseTo((100 * (44 - fees)) / ((entry * 4) / 5), 10) // net on entry x qty / leverage
  })

  it('starts when the leg opens and ends when it is flat: two round trips are two trades', async () => {
    class Twice extends Strategy {
      shouldLong(): boolean { return leg === 'long' && this.index % 2 === 0 }
      shouldShort(): boolean { return leg === 'short' && this.index % 2 === 0 }
      goLong(): void { this.buy = [1, this.price] }
      goShort(): void { this.sell = [1, this.price] }
      updatePosition(): void { this.liquidate() }
    }
    const { trades } = await jesse({ mode, strategy: Twice, minutes: [100, 101, 102, 104].map((price) => still(at(price))) })
    expect(trades.map((trade) => [trade.entryPrice.toNumber(), trade.exitPrice.toNumber(), trade.netPnl.toNumber(), trade.openedAt, trade.closedAt])).toEqual([
      [at(100), at(101), 1, after(1), after(2)], [at(102), at(104), 2, after(3), after(4)],
    ])
  })
})

const DAY = 1440
const numbers = (values: readonly Decimal[] | undefined): number[] | undefined => values?.map((value) => value.toNumber())

/** Days whose last minute closes at the given prices; the price jumps in the first minute of each day. */
function days(closes: readonly number[], first = 100): Minute[] {
  return closes.flatMap((close, day) => Array.from({ length: DAY }, (_, minute): Minute => (minute === 0 ? [closes[day - 1] ?? first, Math.max(close, closes[day - 1] ?? first), Math.min(close, closes[day - 1] ?? first), close] : still(close))))
}

describe.each(MODES)('daily balances and ratios, %s', (mode) => {
  class Holder extends Strategy {
    shouldLong(): boolean { return this.index === 0 }
    goLong(): void { this.buy = [10, this.price] }
  }
  const compatOf = async (minutes: readonly Minute[], more: object = {}): Promise<NonNullable<BacktestResult['compat']['jesse']>> => {
    const { compat } = await jesse({ mode, strategy: Holder, minutes, exchange: { startingBalance: '1000' }, ...more })
    if (compat.jesse === undefined) throw new Error('expected the statistics of the original')
    return compat.jesse
  }

  it('the balance is wallet plus unrealised, every 1440 minutes from the start, plus start and end', async () => {
    // 10 bought at 100 at the first minute's close; 101, 99.99 and 101.9898 a day later each; the last day ends half-way at 101.
    const minutes = [...days([100, 101, 99.99, 101.9898]), ...Array.from({ length: DAY / 2 }, () => still(101))]
    expect(numbers((await compatOf(minutes)).daily_balance)).toEqual([1000, 1000, 1010, 999.9, 1019.898, 1010])
  })

  it('days count from the start of the run, not from midnight', async () => {
    // Trading starts at noon: a day later the price is that of noon.
    const minutes = [...days([100]), ...days([104, 108], 100)]
    const { daily_balance } = await compatOf(minutes, { start: after(DAY / 2) })
    // Bought at 100 after noon of day 1; noon of day 2: 104; noon of day 3: 108; end 108.
    expect(numbers(daily_balance)).toEqual([1000, 1040, 1080, 1080])
  })

  it('ratios annualise by sqrt(365): Sharpe with ddof 1, Sortino’s divisor counts the leading empty return', async () => {
    const jesseMetrics = await compatOf(days([101, 99.99, 101.9898]).with(0, still(100)).with(1, [100, 101, 100, 101]))
    // Balances 1000, 1010, 999.9, 1019.898: returns 1 %, -1 %, 2 %.
    expect(numbers(jesseMetrics.daily_balance)).toEqual([1000, 1010, 999.9, 1019.898])
    const mean = 0.02 / 3
    const deviation = Math.sqrt(((0.01 - mean) ** 2 + (-0.01 - mean) ** 2 + (0.02 - mean) ** 2) / 2) // sum of squares over n - 1 = 2
    const downside = Math.sqrt(0.01 ** 2 / 4) // over four rows: three returns and the empty first one
    const root = Math.sqrt(365)
    expect(jesseMetrics.sharpe_ratio?.toNumber()).toBeCloseTo((mean / deviation) * root, 8)
    expect(jesseMetrics.sortino_ratio?.toNumber()).toBeCloseTo((mean / downside) * root, 8)
    expect(jesseMetrics.omega_ratio?.toNumber()).toBeCloseTo(0.03 / 0.01, 8)
    expect(jesseMetrics.annual_return?.toNumber()).toBeCloseTo((1.019898 ** (365 / 3) - 1) * 100, 5)
    expect(jesseMetrics.max_drawdown?.toNumber()).toBeCloseTo(-1, 8) // 999.9 / 1010 - 1
    expect(jesseMetrics.calmar_ratio?.toNumber()).toBeCloseTo((1.019898 ** (365 / 3) - 1) / 0.01, 5)
  })

  it('a first day that loses is no drawdown of the original', async () => {
    // 1000, 990, 1010: the peak begins with the second balance, which only rises. SIMULATION 5.3 counts the first.
    const minutes = days([99, 101]).with(0, still(100)).with(1, [100, 100, 99, 99])
    const { compat, metrics } = await jesse({ mode, strategy: Holder, minutes, exchange: { startingBalance: '1000' } })
    expect(numbers(compat.jesse?.daily_balance)).toEqual([1000, 990, 1010])
    expect(compat.jesse?.max_drawdown?.toNumber()).toBe(0)
    expect(compat.jesse?.calmar_ratio?.toNumber()).toBe(0)
    expect(metrics.maxDrawdown?.toNumber()).toBeCloseTo(-0.01, 12)
  })

  it('ratios that do not exist are null', async () => {
    const short = await compatOf([still(100), still(101)])
    expect([short.sharpe_ratio, short.sortino_ratio, short.omega_ratio]).toEqual([null, null, null])
    expect(numbers(short.daily_balance)).toEqual([1000, 1010])
  })

  it('the end is after the last position was closed, fee included', async () => {
    const { daily_balance } = await compatOf([still(100), still(110)], { exchange: { startingBalance: '1000', fee: '0.001' } })
    // 1000 - 1 (entry) + 100 - 1.1 (exit).
    expect(numbers(daily_balance)).toEqual([1000, 1097.9])
  })

  it('preventForcedClosure leaves the unrealised profit in the last balance', async () => {
    class Keeper extends Holder {
      readonly preventForcedClosure = true
    }
    const { compat } = await jesse({ mode, strategy: Keeper, minutes: [still(100), still(110)], exchange: { startingBalance: '1000', fee: '0.001' } })
    expect(numbers(compat.jesse?.daily_balance)).toEqual([1000, 1099])
  })

  it('other profiles have no such statistics', async () => {
    const { compat } = await jesse({ mode, strategy: Holder, minutes: [still(100), still(110)], exchange: { profile: 'exact' } })
    expect(compat.jesse).toBeUndefined()
  })
})
