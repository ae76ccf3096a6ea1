/** Declared orders follow a leg that changes while the venue is still on its way to them. */
import { decimalText, type JournalEvent } from '@hedgerow/core'
import { Strategy } from '@hedgerow/strategy-sdk'
import { backtest, type BacktestResult, type StrategyClass } from 'hedgerow'
import { describe, expect, it } from 'vitest'

type Bar = readonly [open: number, high: number, low: number, close: number]
const flat: Bar = [100, 100, 100, 100]

const run = (strategy: StrategyClass, bars: readonly Bar[], sim: { readonly latencyMs?: number } = {}, positionMode: 'hedge' | 'one-way' = 'hedge'): Promise<BacktestResult> => backtest({
  exchange: { profile: 'exact', positionMode, startingBalance: '100000' }, routes: [{ symbol: 'XUSDT', timeframe: '1m', strategy }],
  candles: { XUSDT: bars.map((bar, index) => [index * 60_000, ...bar, 1000]) }, instruments: [{ symbol: 'XUSDT', tickSize: '0.1', qtyStep: '0.1' }], warmupCandles: 0, closeAtEnd: false, sim,
})

/** What was sent for a leg, as an order of this role: `open 2 @ 99`. */
const sent = ({ events }: BacktestResult, role: string): string[] => events.flatMap((event) => (event.type === 'order.submitted' && event.order.role === role
  ? [`${decimalText(event.order.qty)} @ ${(event.order.price ?? event.order.trigger)?.toFixed() ?? 'market'}`] : []))

const amended = (events: readonly JournalEvent[]): string[] => events.flatMap((event) => (event.type === 'order.amended' ? [decimalText(event.qty)] : []))

describe('declared orders', () => {
  it('cover a leg that grows while the amendment to its smaller size is under way', async () => {
    let stop: number | null = null
    class Grows extends Strategy {
      override shouldLong(): boolean { return this.index === 0 }
      override goLong(): void {
        this.buy = [[3, 100], [1, 101.5]]
        this.stopLoss = ['all', 90]
        this.takeProfit = [1, 101]
      }
      override after(): void { stop = this.exitOrders.find(({ role }) => role === 'stop-loss')?.qty ?? null }
    }
    const rising: Bar = [100, 103, 100, 103]
    const result = await run(Grows, [flat, flat, flat, rising, [103, 103, 103, 103], [103, 103, 103, 103]], { latencyMs: 5000 })
    expect(result.openPositions.map(({ qty }) => decimalText(qty))).toEqual(['3'])
    expect(amended(result.events)).toEqual(['2', '3'])
    expect(stop).toBe(3)
  })

  it('of a row that was clipped to the leg are placed again for its rest once the leg holds more', async () => {
    class Clipped extends Strategy {
      override shouldLong(): boolean { return this.index === 0 }
      override goLong(): void {
        this.buy = [1.5, 100]
        this.takeProfit = [[1, 110], [2, 101], ['all', 120]]
      }
      override updatePosition(): void { if (this.index === 3) this.long.open({ qty: 2.5 }) }
    }
    const result = await run(Clipped, [flat, flat, [100, 102, 100, 100], flat, flat, flat])
    // 0.5 of the second row went at 101; of the 3.5 that are held then it stands for 1.5, and the last row for what is left.
    expect(sent(result, 'take-profit')).toEqual(['1 @ 110', '0.5 @ 101', '1.5 @ 101', '1 @ 120'])
  })

  it('of an entry that waited for its leg to close are not placed again when the same rows are declared again', async () => {
    class Again extends Strategy {
      override shouldLong(): boolean { return this.index === 0 || this.index === 2 }
      override goLong(): void { this.buy = [1, 100] }
      override onBar(): void { if (this.index === 2) this.long.close() }
      override updatePosition(): void { if (this.index > 3) this.buy = [1, 100, 'long'] }
    }
    const result = await run(Again, [flat, flat, flat, flat, flat, flat, flat, [99, 99, 99, 99], flat])
    expect(sent(result, 'entry')).toEqual(['1 @ market', '1 @ market'])
    expect(result.openPositions.map(({ qty }) => decimalText(qty))).toEqual(['1'])
  })

  it('protect what an entry fills while its cancellation is under way', async () => {
    class Late extends Strategy {
      override shouldLong(): boolean { return this.index === 0 }
      override goLong(): void {
        this.buy = [1, 99]
        this.stopLoss = ['all', 90]
      }
    }
    const late = await run(Late, [flat, flat, [100, 101, 95, 101], [101, 101, 101, 101], [101, 101, 101, 101]], { latencyMs: 10_000 })
    expect(late.openPositions.map(({ qty }) => decimalText(qty))).toEqual(['1'])
    expect(sent(late, 'stop-loss')).toEqual(['1 @ 90'])
    const gone = await run(Late, [flat, flat, flat, [99, 99, 98, 98], [96, 96, 96, 96]], { latencyMs: 10_000 })
    expect([gone.openPositions.length, sent(gone, 'stop-loss')]).toEqual([0, []])
  })
  it('protect what an entry fills after its leg has closed', async () => {
    class Closed extends Strategy {
      override shouldLong(): boolean { return this.index === 0 }
      override goLong(): void {
        this.buy = [[1, 100], [1, 99]]
        this.stopLoss = ['all', 90]
        this.takeProfit = [1, 101]
      }
      override shouldShort(): boolean { return this.index === 0 }
      override goShort(): void {
        this.sell = [1, 100]
        this.stopLoss = ['all', 120]
      }
    }
    // The target goes first; its leg is flat, and the cancellation of the other entry on its way, when the market falls through that.
    const falling: Bar = [100, 102, 98, 98]
    const rest: Bar = [98, 98, 98, 98]
    const late = await run(Closed, [flat, flat, flat, flat, falling, rest, rest, rest], { latencyMs: 45_000 })
    expect(late.trades.map(({ leg, exitPrice }) => [leg, decimalText(exitPrice)])).toEqual([['long', '101']])
    expect(late.openPositions.map(({ leg, qty }) => [leg, decimalText(qty)])).toEqual([['long', '1'], ['short', '1']])
    expect([sent(late, 'stop-loss'), sent(late, 'take-profit')]).toEqual([['1 @ 90', '1 @ 120', '1 @ 90'], ['1 @ 101', '1 @ 101']])
    class Alone extends Closed { override shouldShort(): boolean { return false } }
    const oneWay = await run(Alone, [flat, flat, flat, flat, falling, rest, rest, rest], { latencyMs: 45_000 }, 'one-way')
    expect([oneWay.openPositions.map(({ leg, qty }) => [leg, decimalText(qty)]), sent(oneWay, 'stop-loss')]).toEqual([[['long', '1']], ['1 @ 90', '1 @ 90']])
    const atOnce = await run(Closed, [flat, flat, flat, flat, falling, rest, rest, rest])
    expect([atOnce.openPositions.map(({ leg }) => leg), sent(atOnce, 'stop-loss')]).toEqual([['short'], ['1 @ 90', '1 @ 120']])
  })
})
