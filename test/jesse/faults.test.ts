/** Known faults of the original that no profile reproduces. */
import { Strategy } from '@hedgerow/strategy-sdk'
import { describe, expect, it } from 'vitest'
import { fills, jesse, mirrored, mirroredMinute, MODES, MODES_AND_LEGS, still } from '../support/jesse.ts'

/** Every number in a result, wherever it is. */
function numbersIn(value: unknown): unknown[] {
  if (typeof value === 'number') return [value]
  if (typeof value === 'string') return /^-?(NaN|Infinity)$/.test(value) ? [Number.NaN] : []
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : []
}

describe.each(MODES_AND_LEGS)('faults that are not reproduced, %s, %s leg', (mode, leg) => {
  class Entered extends Strategy {
    shouldLong(): boolean { return leg === 'long' && this.index === 0 }
    shouldShort(): boolean { return leg === 'short' && this.index === 0 }
    goLong(): void { this.buy = [1, this.price] }
    goShort(): void { this.sell = [1, this.price] }
  }
  const at = (price: number): number => mirrored(leg, price)

  it('an order larger than the position never flips it: no trade of quantity 0, no NaN', async () => {
    class Flipper extends Entered {
      updatePosition(): void {
        this.takeProfit = [5, this.price]
        this[leg].close({ qty: 3, price: at(105) })
      }
    }
    const result = await jesse({ mode, strategy: Flipper, minutes: [still(100), [100, 106, 94, 100], still(100)] })
    expect(fills(result)).toEqual([`1 ${leg} open 1 @ 100`, `2 ${leg} close 1 @ 100`])
    expect(result.trades.map(({ qty, netPnl }) => [qty.toFixed(), netPnl.toFixed()])).toEqual([['1', '0']])
    expect(result.openPositions).toEqual([])
    expect(numbersIn(result.toJSON()).every(Number.isFinite)).toBe(true)
  })

  it('equity counts the profit once, whatever the leverage', async () => {
    const seen: number[][] = []
    class Watching extends Entered {
      after(): void { seen.push([this.balance, this.equity]) }
    }
    // 1 at 100, 10x: a move of 5 is a profit of 5, not of 50.
    await jesse({ mode, strategy: Watching, minutes: [still(100), [100, 105, 100, 105]].map((minute) => mirroredMinute(leg, minute as never)), exchange: { leverage: 10, startingBalance: '1000' } })
    expect(seen).toEqual([[1000, 1000], [1000, 1005]])
  })

  it('index is a whole number from 0 on, on each bar and in each hook', async () => {
    const seen: number[] = []
    class Counting extends Entered {
      before(): void { seen.push(this.index) }
      onOpenPosition(): void { seen.push(this.index) }
      onClosePosition(): void { seen.push(this.index) }
      terminate(): void { seen.push(this.index, this.lastTradeIndex ?? Number.NaN) }
    }
    await jesse({ mode, strategy: Counting, minutes: [still(100), still(100), still(100)], warmupCandles: 1 })
    expect(seen).toEqual([0, 0, 1, 1, 1, 1]) // open after bar 0, closed at the end of bar 1
  })

  it('a list that changes with each of its own fills comes to rest', async () => {
    // Each reduction re-places the list at the price: it closes in steps and ends when nothing is left.
    class Shrinking extends Entered {
      onOpenPosition(): void { this.takeProfit = [0.25, this.price] }
      onReducedPosition(): void { this.takeProfit = [[0.25, this.price], [this.reducedCount, at(150)]] }
    }
    const result = await jesse({ mode, strategy: Shrinking, minutes: [still(100), still(100)] })
    expect(fills(result)).toEqual([`1 ${leg} open 1 @ 100`, ...Array.from({ length: 4 }, () => `1 ${leg} close 0.25 @ 100`)])
  })

  it('a hook that answers its own orders without end stops the run with an error', async () => {
    class Endless extends Entered {
      onOrder(): void { this[leg].close({ qty: 0.001, price: at(150) }) }
    }
    await expect(jesse({ mode, strategy: Endless, minutes: [still(100), still(100)] })).rejects.toMatchObject({ code: 'STRATEGY_LOOPS' })
  })
})

describe.each(MODES)('an empty run, %s', (mode) => {
  it('has no NaN anywhere', async () => {
    const result = await jesse({ mode, strategy: class Idle extends Strategy {}, minutes: [still(100), still(100)] })
    expect(result.trades).toEqual([])
    expect(numbersIn(result.toJSON()).every(Number.isFinite)).toBe(true)
  })
})
