/** Profile `jesse`: declared lists: which are read, how they are compared, and what becomes of their orders. */
import type { PositionMode } from '@hedgerow/core'
import { Strategy } from '@hedgerow/strategy-sdk'
import type { BacktestResult } from 'hedgerow'
import { describe, expect, it } from 'vitest'
import { fills, jesse, minuteOf, mirrored, mirroredMinute, MODES_AND_LEGS, still, type Minute } from '../support/jesse.ts'

/** Every order as `minute intent qty type @ price`. */
function orders(result: BacktestResult): string[] {
  return result.events.flatMap((event) => {
    if (event.type !== 'order.submitted') return []
    const { intent, qty, type, price, trigger } = event.order
    return [`${minuteOf(event.at)} ${intent} ${qty.toFixed()} ${type} @ ${(price ?? trigger)?.toFixed() ?? 'market'}`]
  })
}

const quiet = (count: number): Minute[] => Array.from({ length: count }, () => still(100))
const rowsOf = (strategy: Strategy): number => strategy.buy.length + strategy.sell.length + strategy.stopLoss.length + strategy.takeProfit.length
const codes = (result: BacktestResult): string[] => result.warnings.map(({ code }) => code)

describe.each(MODES_AND_LEGS)('declared lists, %s, %s leg', (mode, leg) => {
  const at = (price: number): number => mirrored(leg, price)
  const isLong = leg === 'long'

  /** One unit at the close of bar 0; then `manage` on each bar with an open leg. */
  abstract class Entered extends Strategy {
    shouldLong(): boolean { return isLong && this.index === 0 }
    shouldShort(): boolean { return !isLong && this.index === 0 }
    goLong(): void { this.enter() }
    goShort(): void { this.enter() }
    updatePosition(): void { this.manage() }
    protected enter(): void { this.entrySide = [1, this.price] }
    protected manage(): void {}
    protected set entrySide(rows: readonly [number, number] | readonly (readonly [number, number])[]) {
      if (isLong) this.buy = rows
      else this.sell = rows
    }
    protected set exitSide(rows: readonly [number, number]) {
      if (isLong) this.sell = rows
      else this.buy = rows
    }
  }
  const run = (strategy: new () => Strategy, minutes: readonly Minute[]): Promise<BacktestResult> => jesse({ mode, strategy, minutes: minutes.map((minute) => mirroredMinute(leg, minute)), closeAtEnd: false })

  it('while open only the entry-side variable is read; the other one is ignored, with a warning', async () => {
    class BothSides extends Entered {
      protected manage(): void {
        this.exitSide = [1, at(105)]
        this.entrySide = [[1, at(95)]]
      }
    }
    const result = await run(BothSides, [...quiet(2), [100, 106, 99, 100], still(100)])
    expect(orders(result)).toEqual(['1 open 1 market @ market', `2 open 1 limit @ ${at(95)}`])
    expect(codes(result)).toContain('IGNORED_DECLARATION')
    expect(result.warnings.find(({ code }) => code === 'IGNORED_DECLARATION')?.text).toMatch(new RegExp(`${isLong ? 'sell' : 'buy'} is not read during a ${leg}.*3 times`))
  })

  it('nothing is warned of where nothing is ignored', async () => {
    expect(codes(await run(class extends Entered {}, quiet(2)))).not.toContain('IGNORED_DECLARATION')
  })

  it('negative quantities are magnitudes', async () => {
    class Negative extends Entered {
      protected enter(): void {
        this.entrySide = [-2, this.price]
        this.stopLoss = [-2, at(90)]
        this.takeProfit = [[-1, at(105)], [-1, at(110)]]
      }
    }
    const result = await run(Negative, [still(100), [100, 106, 99, 100], [100, 100, 89, 95]])
    expect(fills(result)).toEqual([`1 ${leg} open 2 @ 100`, `2 ${leg} close 1 @ ${at(105)}`, `3 ${leg} close 1 @ ${at(90)}`])
  })

  it('stopLoss = null keeps the orders', async () => {
    class Kept extends Entered {
      protected enter(): void { super.enter(); this.stopLoss = [1, at(90)] }
      protected manage(): void { this.stopLoss = null }
    }
    const result = await run(Kept, [...quiet(2), [100, 100, 89, 95]])
    expect(orders(result)).toEqual(['1 open 1 market @ market', `1 close 1 stop-market @ ${at(90)}`])
    expect(fills(result).at(-1)).toBe(`3 ${leg} close 1 @ ${at(90)}`)
  })

  it('stopLoss = [] cancels them', async () => {
    class Cleared extends Entered {
      protected enter(): void { super.enter(); this.stopLoss = [1, at(90)] }
      protected manage(): void { this.stopLoss = [] }
    }
    const result = await run(Cleared, [...quiet(2), [100, 100, 89, 95]])
    expect(fills(result)).toEqual([`1 ${leg} open 1 @ 100`])
    expect(result.events.filter(({ type }) => type === 'order.canceled').map((event) => minuteOf(event.at))).toEqual([2])
  })

  it('an equal list submits nothing, however it came about', async () => {
    class Restated extends Entered {
      protected enter(): void { super.enter(); this.stopLoss = [[0.5, at(90)], [0.5, at(80)]] }
      protected manage(): void {
        if (this.index === 1) this.stopLoss = [[0.5, at(90)], [0.5, at(80)]]
        if (this.index === 2) {
          this.stopLoss = []
          this.stopLoss = [1, at(70)]
          this.stopLoss = [[0.5, at(90)], [0.5, at(80)]]
        }
        if (this.index === 3) this.stopLoss = [['0.50', at(90)], [0.5, at(80)]]
      }
    }
    const result = await run(Restated, quiet(5))
    expect(orders(result)).toHaveLength(3)
    expect(result.events.filter(({ type }) => type === 'order.canceled').map((event) => minuteOf(event.at))).toEqual([5, 5]) // the end of the run
  })

  it('a changed list re-places every row, filled ones too', async () => {
    // Two of three are left after the first target; the second bar moves the last row only. All three are placed again: 0.5 at 105 once more.
    class Moved extends Entered {
      protected enter(): void { this.entrySide = [3, this.price]; this.takeProfit = [[0.5, at(105)], [0.5, at(110)], [2, at(120)]] }
      protected manage(): void { if (this.index === 2) this.takeProfit = [[0.5, at(105)], [0.5, at(110)], [2, at(119)]] }
    }
    const result = await run(Moved, [still(100), [100, 106, 100, 104], still(104), [104, 106, 104, 105], [105, 111, 105, 110]])
    expect(fills(result)).toEqual([
      `1 ${leg} open 3 @ 100`, `2 ${leg} close 0.5 @ ${at(105)}`, `4 ${leg} close 0.5 @ ${at(105)}`, `5 ${leg} close 0.5 @ ${at(110)}`,
    ])
    expect(orders(result).filter((text) => text.startsWith('3 '))).toEqual([`3 close 0.5 limit @ ${at(105)}`, `3 close 0.5 limit @ ${at(110)}`, `3 close 2 limit @ ${at(119)}`])
  })

  it('a changed entry list re-places every row, filled ones too', async () => {
    // Row one filled at 98 on bar 1. The changed list places it again, as well as the new second row.
    class Laddered extends Entered {
      protected enter(): void { this.entrySide = [[1, at(100)], [1, at(98)]] }
      protected manage(): void { if (this.index === 2) this.entrySide = [[1, at(98)], [1, at(90)]] }
    }
    const result = await run(Laddered, [still(100), [100, 100, 97, 99], still(99), [99, 99, 89, 95]])
    expect(fills(result)).toEqual([`1 ${leg} open 1 @ 100`, `2 ${leg} open 1 @ ${at(98)}`, `4 ${leg} open 1 @ ${at(98)}`, `4 ${leg} open 1 @ ${at(90)}`])
  })

  it('in the diff an exit’s type follows its price side only: a stop beyond the market is a limit, a target behind it a stop', async () => {
    class Sided extends Entered {
      protected manage(): void {
        if (this.index !== 1) return
        this.stopLoss = [1, at(105)]
        this.takeProfit = [1, at(95)]
      }
    }
    const result = await run(Sided, [...quiet(2), [100, 106, 99, 104]])
    expect(orders(result).slice(1)).toEqual([`2 close 1 limit @ ${at(105)}`, `2 close 1 stop-market @ ${at(95)}`])
    expect(result.trades.map(({ exitPrice, exitReason }) => [exitPrice.toNumber(), exitReason])).toEqual([[at(105), 'stop-loss']])
  })

  it('lists are compared after updatePosition and after events: what after() declares waits for the next bar', async () => {
    class Late extends Entered {
      after(): void { if (this.index === 1) this.stopLoss = [1, at(95)] }
    }
    const result = await run(Late, [...quiet(2), [100, 100, 94, 100], still(100), [100, 100, 94, 100]])
    expect(orders(result).slice(1)).toEqual([`3 close 1 stop-market @ ${at(95)}`])
    expect(fills(result).at(-1)).toBe(`5 ${leg} close 1 @ ${at(95)}`)
  })

  it('what before() declares and updatePosition changes is placed once', async () => {
    class Twice extends Entered {
      before(): void { if (this.index === 1) this.stopLoss = [1, at(99.99)] } // near the price: a market order, were it placed
      protected manage(): void { if (this.index === 1) this.stopLoss = [1, at(90)] }
    }
    const result = await run(Twice, quiet(3))
    expect(orders(result).slice(1)).toEqual([`2 close 1 stop-market @ ${at(90)}`])
  })

  it('a close fires onCancel before onClosePosition and clears all lists', async () => {
    const told: string[] = []
    class Told extends Entered {
      protected enter(): void { super.enter(); this.stopLoss = [1, at(90)]; this.takeProfit = [1, at(105)] }
      onOpenPosition(): void { told.push(`open, ${rowsOf(this)} rows`) }
      onCancel(): void { told.push(`onCancel, ${rowsOf(this)} rows`) }
      onClosePosition(): void { told.push(`onClosePosition, ${rowsOf(this)} rows`) }
    }
    await run(Told, [still(100), [100, 106, 100, 100], still(100)])
    expect(told).toEqual(['open, 3 rows', 'onCancel, 0 rows', 'onClosePosition, 0 rows'])
  })

  it('an entry that is not met is cancelled at the next bar, with onCancel and cleared lists', async () => {
    const told: string[] = []
    class Unmet extends Entered {
      protected enter(): void { this.entrySide = [1, at(95)]; this.stopLoss = [1, at(90)] }
      onCancel(): void { told.push(`${minuteOf(this.time)} onCancel, ${this.orders.length} orders, ${this.stopLoss.length} stops`) }
    }
    const result = await run(Unmet, [...quiet(2), [100, 100, 94, 100]])
    expect(told).toEqual(['2 onCancel, 0 orders, 0 stops'])
    expect(fills(result)).toEqual([])
  })

  it('exits declared with the entry wait for its fill', async () => {
    class Waiting extends Entered {
      shouldCancelEntry(): boolean { return false }
      protected enter(): void { this.entrySide = [1, at(95)]; this.stopLoss = [1, at(90)]; this.takeProfit = [1, at(105)] }
    }
    const result = await run(Waiting, [...quiet(2), [100, 100, 94, 96]])
    expect(orders(result)).toEqual([`1 open 1 limit @ ${at(95)}`, `3 close 1 stop-market @ ${at(90)}`, `3 close 1 limit @ ${at(105)}`])
  })
})

describe('both entries on one bar', () => {
  class Both extends Strategy {
    shouldLong(): boolean { return this.index === 0 }
    shouldShort(): boolean { return this.index === 0 }
    goLong(): void { this.buy = [1, this.price] }
    goShort(): void { this.sell = [1, this.price] }
  }
  const run = (mode: PositionMode): Promise<BacktestResult> => jesse({ mode, strategy: Both, minutes: quiet(2), closeAtEnd: false })

  it('are an error in one-way mode', async () => {
    await expect(run('one-way')).rejects.toMatchObject({ code: 'CONFLICTING_RULES' })
  })

  it('open both legs in hedge mode', async () => {
    expect(fills(await run('hedge'))).toEqual(['1 long open 1 @ 100', '1 short open 1 @ 100'])
  })
})
