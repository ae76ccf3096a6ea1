/** Profile `jesse`: market orders, the price that is near enough for one, fees, and exits. */
import { Strategy, type OrderNews } from '@hedgerow/strategy-sdk'
import { describe, expect, it } from 'vitest'
import { candles, fills, jesse, mirrored, mirroredMinute, MODES, MODES_AND_LEGS, still, SYMBOL, type Minute } from '../support/jesse.ts'

describe.each(MODES_AND_LEGS)('orders, %s, %s leg', (mode, leg) => {
  /** One unit at the close of bar 0. */
  class Entered extends Strategy {
    shouldLong(): boolean { return leg === 'long' && this.index === 0 }
    shouldShort(): boolean { return leg === 'short' && this.index === 0 }
    goLong(): void { this.enter(this.price) }
    goShort(): void { this.enter(this.price) }
    /** The entry-side variable. */
    protected enter(price: number, qty = 1): void {
      if (leg === 'long') this.buy = [qty, price]
      else this.sell = [qty, price]
    }
  }
  const at = (price: number): number => mirrored(leg, price)
  const minutesOf = (minutes: readonly Minute[]): Minute[] => minutes.map((minute) => mirroredMinute(leg, minute))

  it('entries of a bar’s close fill at that close, without slippage or spread', async () => {
    const result = await jesse({ mode, strategy: Entered, minutes: minutesOf([[100, 104, 97, 103], [103, 110, 103, 108]]), closeAtEnd: false })
    expect(fills(result)).toEqual([`1 ${leg} open 1 @ ${at(103)}`])
  })

  it('market orders of updatePosition fill at the close, before entries are asked for', async () => {
    class Reenters extends Entered {
      shouldLong(): boolean { return leg === 'long' && this.index < 2 }
      shouldShort(): boolean { return leg === 'short' && this.index < 2 }
      updatePosition(): void { this.liquidate() }
    }
    const result = await jesse({ mode, strategy: Reenters, minutes: minutesOf([still(100), [100, 106, 99, 105], still(105)]), closeAtEnd: false })
    expect(fills(result)).toEqual([`1 ${leg} open 1 @ 100`, `2 ${leg} close 1 @ ${at(105)}`, `2 ${leg} open 1 @ ${at(105)}`, `3 ${leg} close 1 @ ${at(105)}`])
  })

  it('a market order fills at the price current when it was submitted: inside a candle, that of the fill', async () => {
    class Quitter extends Entered {
      goLong(): void { this.enter(96) }
      goShort(): void { this.enter(104) }
      onOpenPosition(): void { this.liquidate() }
    }
    const result = await jesse({ mode, strategy: Quitter, minutes: minutesOf([still(100), [100, 101, 95, 99]]) })
    expect(fills(result)).toEqual([`2 ${leg} open 1 @ ${at(96)}`, `2 ${leg} close 1 @ ${at(96)}`])
  })

  it('one fee rate on each fill, resting or not', async () => {
    class Round extends Entered {
      onOpenPosition(): void { this.takeProfit = [1, at(110)] }
    }
    const result = await jesse({ mode, strategy: Round, minutes: minutesOf([still(100), [100, 111, 100, 110]]), exchange: { fee: { maker: '0', taker: '0.001' } } })
    // 100 x 0.1 % + 110 (90) x 0.1 %.
    expect(result.trades.map(({ fees }) => fees.toFixed())).toEqual([leg === 'long' ? '0.21' : '0.19'])
  })

  describe('a price within 0.015 % of the current one', () => {
    // At 100 the distance is 0.015: 100.015 and 99.985 are near, 100.016 and 99.984 are not.
    it.each([[100.015, '1'], [99.985, '1'], [100.016, '2'], [99.984, '2']] as const)('entry at %d fills in minute %s', async (price, minute) => {
      class Near extends Entered {
        shouldCancelEntry(): boolean { return false }
        goLong(): void { this.enter(price) }
        goShort(): void { this.enter(price) }
      }
      const result = await jesse({ mode, strategy: Near, minutes: [still(100), [100, 101, 99, 100]], closeAtEnd: false })
      expect(fills(result)).toEqual([`${minute} ${leg} open 1 @ ${minute === '1' ? 100 : price}`])
    })

    it.each([[100.015, '2'], [99.985, '2'], [100.016, '3'], [99.984, '3']] as const)('exit at %d fills in minute %s', async (price, minute) => {
      class Near extends Entered {
        updatePosition(): void { if (this.index === 1) this.takeProfit = [1, price] }
      }
      const result = await jesse({ mode, strategy: Near, minutes: [still(100), still(100), [100, 101, 99, 100]] })
      expect(fills(result)).toEqual([`1 ${leg} open 1 @ 100`, `${minute} ${leg} close 1 @ ${minute === '2' ? 100 : price}`])
    })
  })

  it('exits are reduce-only and capped to the position', async () => {
    class Oversized extends Entered {
      onOpenPosition(): void { this.stopLoss = [5, at(95)] }
    }
    const result = await jesse({ mode, strategy: Oversized, minutes: minutesOf([still(100), [100, 100, 90, 92], still(92)]), exchange: { fee: '0.001' } })
    expect(fills(result)).toEqual([`1 ${leg} open 1 @ 100`, `2 ${leg} close 1 @ ${at(95)}`])
    expect(result.openPositions).toEqual([])
    expect(result.trades.map(({ qty, fees }) => [qty.toFixed(), fees.toNumber()])).toEqual([['1', expect.closeTo(0.1 + at(95) / 1000, 12)]])
  })

  it('every exit row stands for itself: the one that is met first closes what it can', async () => {
    // One unit held, two stops of one unit each: the nearer closes, although it was declared second.
    class TwoStops extends Entered {
      onOpenPosition(): void { this.stopLoss = [[1, at(94)], [1, at(96)]] }
    }
    const result = await jesse({ mode, strategy: TwoStops, minutes: minutesOf([still(100), [100, 100, 93, 98], still(98)]) })
    expect(fills(result)).toEqual([`1 ${leg} open 1 @ 100`, `2 ${leg} close 1 @ ${at(96)}`])
  })

  it('an exit that was declared for more than is held follows a later addition', async () => {
    class Scaled extends Entered {
      onOpenPosition(): void { this.stopLoss = [2, at(90)] }
      updatePosition(): void { if (this.index === 1) this.enter(this.price) }
    }
    const result = await jesse({ mode, strategy: Scaled, minutes: minutesOf([still(100), still(101), [101, 101, 89, 95], still(95)]) })
    expect(fills(result)).toEqual([`1 ${leg} open 1 @ 100`, `2 ${leg} open 1 @ ${at(101)}`, `3 ${leg} close 2 @ ${at(90)}`])
  })

  it('exits that rest when the position closes are cancelled before onClosePosition', async () => {
    const told: string[] = []
    class Told extends Entered {
      onOpenPosition(): void {
        this.stopLoss = [1, at(90)]
        this.takeProfit = [1, at(105)]
      }
      onOrder({ kind, order }: OrderNews): void { if (kind === 'canceled') told.push(`${order.role} canceled`) }
      onCancel(): void { told.push(`onCancel: ${this.orders.length} orders, ${this.stopLoss.length + this.takeProfit.length + this.buy.length + this.sell.length} rows`) }
      onClosePosition(): void { told.push(`onClosePosition: ${this.exitOrders.length} exits`) }
    }
    await jesse({ mode, strategy: Told, minutes: minutesOf([still(100), [100, 106, 100, 105]]) })
    expect(told).toEqual(['stop-loss canceled', 'onCancel: 0 orders, 0 rows', 'onClosePosition: 0 exits'])
  })

  it('entries that rest when the position closes are cancelled with it', async () => {
    class Ladder extends Entered {
      goLong(): void { this.buy = [[1, 100], [1, 90]]; this.takeProfit = [1, 105] }
      goShort(): void { this.sell = [[1, 100], [1, 110]]; this.takeProfit = [1, 95] }
    }
    // Out at 105; the way down to 89 afterwards meets nothing.
    const result = await jesse({ mode, strategy: Ladder, minutes: minutesOf([still(100), [100, 106, 89, 99], still(99)]) })
    expect(fills(result)).toEqual([`1 ${leg} open 1 @ 100`, `2 ${leg} close 1 @ ${at(105)}`])
  })

  describe('a stop or target on the wrong side of the entry', () => {
    it.each([['stopLoss', 102], ['stopLoss', 100], ['takeProfit', 98], ['takeProfit', 100]] as const)('%s at %d with an entry at 100 closes at market', async (slot, price) => {
      class Wrong extends Entered {
        goLong(): void { this.enter(this.price); this[slot] = [1, price] }
        goShort(): void { this.enter(this.price); this[slot] = [1, at(price)] }
      }
      const result = await jesse({ mode, strategy: Wrong, minutes: minutesOf([still(100), still(100)]) })
      expect(fills(result)).toEqual([`1 ${leg} open 1 @ 100`, `1 ${leg} close 1 @ 100`])
      expect(result.trades.map(({ netPnl }) => netPnl.toFixed())).toEqual(['0'])
    })

    it('counts from where the entry filled, not from where it was declared', async () => {
      // The entry waits at 104 (a stop); 103 is below it by then, a good stop for a long that entered at 104.
      class Later extends Entered {
        goLong(): void { this.enter(104); this.stopLoss = [1, 103] }
        goShort(): void { this.enter(96); this.stopLoss = [1, 97] }
      }
      const result = await jesse({ mode, strategy: Later, minutes: minutesOf([still(100), [100, 105, 100, 104.5], [104.5, 105, 102, 104]]) })
      expect(fills(result)).toEqual([`2 ${leg} open 1 @ ${at(104)}`, `3 ${leg} close 1 @ ${at(103)}`])
    })
  })
})

describe.each(MODES)('several routes, %s', (mode) => {
  it('entries of a minute fill after all routes of that minute have run', async () => {
    const told: string[] = []
    class Enters extends Strategy {
      shouldLong(): boolean { told.push(`${this.symbol} asked`); return this.index === 0 }
      goLong(): void { this.buy = [1, this.price] }
      onOpenPosition(): void { told.push(`${this.symbol} open at ${this.price}`) }
      updatePosition(): void { told.push(`${this.symbol} updated`) }
    }
    await jesse({
      mode, closeAtEnd: false,
      candles: { [SYMBOL]: candles([still(100), still(100)]), BTCUSDT: candles([still(200), still(200)]) },
      routes: [{ symbol: SYMBOL, timeframe: '1m', strategy: Enters }, { symbol: 'BTCUSDT', timeframe: '1m', strategy: Enters }],
    })
    expect(told).toEqual([
      `${SYMBOL} asked`, 'BTCUSDT asked', `${SYMBOL} open at 100`, 'BTCUSDT open at 200',
      `${SYMBOL} updated`, 'BTCUSDT updated',
    ])
  })
})
