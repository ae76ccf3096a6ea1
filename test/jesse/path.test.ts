/** Profile `jesse`: the path inside a candle, whole fills at their price, and orders that fills create. */
import { Strategy, type OrderView } from '@hedgerow/strategy-sdk'
import { describe, expect, it } from 'vitest'
import { after, candles, fills, jesse, mirrored, mirroredMinute, MODES, MODES_AND_LEGS, still, SYMBOL, type Minute } from '../support/jesse.ts'

/** Ten units at the close of bar 0, by the leg under test; orders of the fifth of that rest at the given distances from 100. */
function scaledIn(leg: 'long' | 'short', rows: readonly (readonly [qty: number, price: number])[]): new () => Strategy {
  return class ScaledIn extends Strategy {
    shouldLong(): boolean { return leg === 'long' && this.index === 0 }
    shouldShort(): boolean { return leg === 'short' && this.index === 0 }
    goLong(): void { this.buy = [[10, this.price], ...rows] }
    goShort(): void { this.sell = [[10, this.price], ...rows.map(([qty, price]) => [qty, mirrored(leg, price)] as const)] }
  }
}

describe.each(MODES_AND_LEGS)('the path of a candle, %s, %s leg', (mode, leg) => {
  const at = (price: number): string => String(mirrored(leg, price))
  const fillsOf = async (minute: Minute, strategy: new () => Strategy): Promise<string[]> =>
    fills(await jesse({ mode, minutes: [still(100), mirroredMinute(leg, minute), still(mirrored(leg, minute[3]))], strategy, closeAtEnd: false }))

  it('a rising candle goes open, low, high, close: below the open descending, then above it ascending', async () => {
    // Long: limits at 98 and 96 below the open of 100, stops at 102 and 104 above it. Mirrored at 100 the short's candle falls.
    const strategy = scaledIn(leg, [[1, 104], [2, 96], [3, 102], [4, 98]])
    expect(await fillsOf([100, 106, 94, 103], strategy)).toEqual([
      `1 ${leg} open 10 @ 100`, `2 ${leg} open 4 @ ${at(98)}`, `2 ${leg} open 2 @ ${at(96)}`, `2 ${leg} open 3 @ ${at(102)}`, `2 ${leg} open 1 @ ${at(104)}`,
    ])
  })

  it('a falling candle goes open, high, low, close: above the open ascending, then below it descending', async () => {
    const strategy = scaledIn(leg, [[1, 104], [2, 96], [3, 102], [4, 98]])
    expect(await fillsOf([100, 106, 94, 97], strategy)).toEqual([
      `1 ${leg} open 10 @ 100`, `2 ${leg} open 3 @ ${at(102)}`, `2 ${leg} open 1 @ ${at(104)}`, `2 ${leg} open 4 @ ${at(98)}`, `2 ${leg} open 2 @ ${at(96)}`,
    ])
  })

  it('fills whole and at exactly its price when low <= price <= high, stop and limit alike, whatever the volume', async () => {
    // 100-104-96-99: falling for the long, so 104 comes first; mirrored it rises, and the mirror of 104 comes first again.
    const strategy = scaledIn(leg, [[500, 104], [700, 96]])
    const minutes = [still(100), mirroredMinute(leg, [100, 104, 96, 99])]
    const rich = { startingBalance: '1000000' }
    const traded = await jesse({ mode, minutes, strategy, closeAtEnd: false, exchange: rich })
    expect(fills(traded).slice(1)).toEqual([`2 ${leg} open 500 @ ${at(104)}`, `2 ${leg} open 700 @ ${at(96)}`])
    const silent = await jesse({ mode, candles: { [SYMBOL]: candles(minutes, { volume: 0 }) }, strategy, closeAtEnd: false, exchange: rich })
    expect(fills(silent)).toEqual(fills(traded))
  })

  it('does not fill one tick beyond the range', async () => {
    const strategy = scaledIn(leg, [[1, 104], [2, 96]])
    expect(await fillsOf([100, 103.99, 96.01, 100], strategy)).toEqual([`1 ${leg} open 10 @ 100`])
  })
})

/** Enters with a stop order away from the price; its exits exist only from the fill on. */
class Breakout extends Strategy {
  shouldLong(): boolean { return this.index === 0 }
  goLong(): void {
    this.buy = [1, 102]
    this.stopLoss = [1, 99]
    this.takeProfit = [1, 105]
  }
}

class Dip extends Strategy {
  shouldLong(): boolean { return this.index === 0 }
  goLong(): void {
    this.buy = [1, 96]
    this.stopLoss = [1, 94]
    this.takeProfit = [1, 97]
  }
}

describe.each(MODES)('after a fill the candle is split, %s', (mode) => {
  const fillsOf = async (strategy: new () => Strategy, minute: Minute): Promise<string[]> => fills(await jesse({ mode, strategy, minutes: [still(100), minute, still(minute[3])], closeAtEnd: false }))

  it.each([
    // Rising 100-98-106-103: 102 is met on the way up, 105 after it; the low of 98 lies before the entry.
    ['rising: the target after the entry', Breakout, [100, 106, 98, 103], ['2 long open 1 @ 102', '2 long close 1 @ 105']],
    // Falling 100-106-98-99: 102 and 105 on the way up.
    ['falling: the target on the same way up', Breakout, [100, 106, 98, 99], ['2 long open 1 @ 102', '2 long close 1 @ 105']],
    // Falling 100-103-98-99: 102 on the way up, the target of 105 is never reached, 99 on the way down.
    ['falling: the stop on the way down', Breakout, [100, 103, 98, 99], ['2 long open 1 @ 102', '2 long close 1 @ 99']],
    // Rising 100-98-103-102.5: what lies below the entry has been, and the close is above the stop.
    ['rising: the low before the entry does not stop it out', Breakout, [100, 103, 98, 102.5], ['2 long open 1 @ 102']],
    // Rising 100-93-100-100: 96 and then 94 on the way down.
    ['rising: entry and stop on the way down', Dip, [100, 100, 93, 100], ['2 long open 1 @ 96', '2 long close 1 @ 94']],
    // Rising 100-95-101-100: 96 on the way down, 97 on the way up; the open above 97 was before the entry.
    ['rising: the target only on the way back', Dip, [100, 101, 95, 100], ['2 long open 1 @ 96', '2 long close 1 @ 97']],
    // Falling 100-101-95-96.5: after the low it comes back to 96.5 only.
    ['falling: the target is not met again', Dip, [100, 101, 95, 96.5], ['2 long open 1 @ 96']],
  ] as const)('%s', async (_name, strategy, minute, expected) => {
    expect(await fillsOf(strategy, minute)).toEqual(expected)
  })

  it('an order created by a callback can fill in the same candle, and one created by that fill too', async () => {
    class Chain extends Strategy {
      shouldLong(): boolean { return this.index === 0 }
      goLong(): void { this.buy = [1, 98] }
      onOpenPosition(): void { this.buy = [[1, 98], [1, 96]] }
      onIncreasedPosition(order: OrderView | null): void { if (order?.price === 96) this.takeProfit = [2, 101] }
    }
    // Rising 100-95-102-101.5. The changed list places both rows again: 98 is the price by now, so it takes the market at once; 96 rests and is met
    // further down; then 3 are held, and the target closes 2 of them at 101 on the way up.
    expect(await fillsOf(Chain, [100, 102, 95, 101.5])).toEqual(['2 long open 1 @ 98', '2 long open 1 @ 98', '2 long open 1 @ 96', '2 long close 2 @ 101'])
  })

  it('a trade shows the close of the minute in which it was filled', async () => {
    // The breakout of the second minute: in at 102, out at 105.
    const { trades } = await jesse({ mode, strategy: Breakout, minutes: [still(100), [100, 106, 98, 103], still(103)] })
    expect(trades.map(({ openedAt, closedAt, holdingMs }) => [openedAt, closedAt, holdingMs])).toEqual([[after(2), after(2), 0]])
  })
})
