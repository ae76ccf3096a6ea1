/** Profile `jesse`: what orders may use, and when a run ends for want of it. */
import { Strategy } from '@hedgerow/strategy-sdk'
import type { BacktestResult, ExchangeOptions } from 'hedgerow'
import { describe, expect, it } from 'vitest'
import { candles, fills, jesse, mirrored, mirroredMinute, MODES, MODES_AND_LEGS, still, SYMBOL, type Minute } from '../support/jesse.ts'

/** Declares rows of the leg at bar 0; a function makes them from the strategy. */
function entering(leg: 'long' | 'short', rows: readonly (readonly [qty: number, price: number])[]): new () => Strategy {
  const own = rows.map(([qty, price]) => [qty, mirrored(leg, price)] as const)
  return class Entering extends Strategy {
    shouldCancelEntry(): boolean { return false }
    shouldLong(): boolean { return leg === 'long' && this.index === 0 }
    shouldShort(): boolean { return leg === 'short' && this.index === 0 }
    goLong(): void { this.buy = own }
    goShort(): void { this.sell = own }
  }
}

/** Reads available margin after each bar. */
function margins(Base: new () => Strategy): { readonly seen: number[]; readonly strategy: new () => Strategy } {
  const seen: number[] = []
  class Measured extends Base {
    after(): void { seen.push(this.availableMargin) }
  }
  return { seen, strategy: Measured }
}

describe.each(MODES_AND_LEGS)('available margin, %s, %s leg', (mode, leg) => {
  const run = (strategy: new () => Strategy, minutes: readonly Minute[], exchange: ExchangeOptions = {}): Promise<BacktestResult> =>
    jesse({ mode, strategy, minutes: minutes.map((minute) => mirroredMinute(leg, minute)), exchange: { leverage: 10, startingBalance: '1000', ...exchange }, closeAtEnd: false })

  it.each(['cross', 'isolated'] as const)('is the wallet, less entry value over leverage, plus unrealised profit (%s)', async (marginMode) => {
    // 20 at 100 and 10x: 1000 - 200 = 800; with the price 3 in favour, of 20, + 60; 2 against, - 40.
    const { seen, strategy } = margins(entering(leg, [[20, 100]]))
    await run(strategy, [still(100), still(103), still(98)], { marginMode })
    expect(seen).toEqual([1000 - 200, 1000 - 200 + 60, 1000 - 200 - 40])
  })

  it('values positions at the last price, whatever marks are loaded', async () => {
    const { seen, strategy } = margins(entering(leg, [[20, 100]]))
    const marks = { [SYMBOL]: candles([still(100), still(50)]) }
    const { warnings } = await jesse({ mode, strategy, marks, minutes: [still(100), still(mirrored(leg, 101))], exchange: { leverage: 10, startingBalance: '1000' }, closeAtEnd: false })
    expect(seen).toEqual([800, 820])
    expect(warnings.map(({ code }) => code)).toContain('INPUT_IGNORED')
  })

  it('fees lower the wallet once paid', async () => {
    // 20 x 100 x 0.1 % = 2.
    const { seen, strategy } = margins(entering(leg, [[20, 100]]))
    await run(strategy, [still(100), still(100)], { fee: '0.001' })
    expect(seen).toEqual([800, 798]) // the entry of bar 0 is pending when the bar ends: reserved, not yet charged
  })

  it('resting entries reserve their value over leverage, limits and stops alike', async () => {
    // 5 at 90 (limit) and 5 at 110 (stop): (450 + 550) / 10 = 100. Mirrored at 100 the short has 110 and 90: the same sum.
    const { seen, strategy } = margins(entering(leg, [[5, 90], [5, 110]]))
    await run(strategy, [still(100), still(100)])
    expect(seen).toEqual([900, 900])
  })

  it('exits reserve nothing', async () => {
    class Protected extends entering(leg, [[20, 100]]) {
      onOpenPosition(): void {
        this.stopLoss = [20, mirrored(leg, 90)]
        this.takeProfit = [20, mirrored(leg, 120)]
      }
    }
    const { seen, strategy } = margins(Protected)
    await run(strategy, [still(100), still(100)])
    expect(seen).toEqual([800, 800])
  })

  it('an entry that takes all of it is allowed, fees or not; one that takes more throws', async () => {
    // 100 x 100 / 10 = 1000: exactly the margin. The fee of 10 comes on top: the wallet falls to 990, available to -10.
    const exact = margins(entering(leg, [[100, 100]]))
    const result = await run(exact.strategy, [still(100), still(100)], { fee: '0.001' })
    expect(fills(result)).toEqual([`1 ${leg} open 100 @ 100`])
    expect(exact.seen).toEqual([0, -10])
    await expect(run(entering(leg, [[100.01, 100]]), [still(100), still(100)])).rejects.toMatchObject({ code: 'INSUFFICIENT_MARGIN' })
  })

  it('each row of an entry sees what the rows before it have left', async () => {
    // 60 at 100 takes 600; 50 at 90 takes 450 > 400; for the short 110 x 50 / 10 = 550 > 400.
    await expect(run(entering(leg, [[60, 100], [50, 90]]), [still(100)])).rejects.toMatchObject({ code: 'INSUFFICIENT_MARGIN' })
    // 36 at 110 takes 396, at 90 324: both within 400.
    await expect(run(entering(leg, [[60, 100], [36, 90]]), [still(100)])).resolves.toBeDefined()
  })

  it('a stop entry is checked when it is placed, at its own price', async () => {
    // 95 at 110 is 1045 > 1000; mirrored, 95 at 90 is 855 and passes, 112 at 90 is 1008.
    await expect(run(entering(leg, [[leg === 'long' ? 95 : 112, 110]]), [still(100)])).rejects.toMatchObject({ code: 'INSUFFICIENT_MARGIN' })
    await expect(run(entering(leg, [[leg === 'long' ? 90 : 111, 110]]), [still(100)])).resolves.toBeDefined() // 990 and 999
  })

  it('an unrealised loss takes from what an addition may use', async () => {
    // 50 at 100 takes 500; 4 against is 200: 300 left. At 96 (104 for the short) 31 cost 297.6 (322.4).
    class Adding extends entering(leg, [[50, 100]]) {
      updatePosition(): void {
        if (this.index !== 1) return
        if (leg === 'long') this.buy = [qty, this.price]
        else this.sell = [qty, this.price]
      }
    }
    let qty = leg === 'long' ? 31 : 28 // 31 x 96 / 10 = 297.6; 28 x 104 / 10 = 291.2
    await expect(run(Adding, [still(100), still(96)])).resolves.toBeDefined()
    qty += 1 // 307.2; 301.6
    await expect(run(Adding, [still(100), still(96)])).rejects.toMatchObject({ code: 'INSUFFICIENT_MARGIN' })
  })
})

describe.each(MODES)('several symbols, %s', (mode) => {
  it('share one wallet: each reserves on its own', async () => {
    const { seen, strategy } = margins(entering('long', [[20, 100]]))
    await jesse({
      mode, exchange: { leverage: 10, startingBalance: '1000' }, closeAtEnd: false,
      candles: { AUSDT: candles([still(100), still(101)]), BUSDT: candles([still(100), still(99.5)]) },
      routes: [{ symbol: 'AUSDT', timeframe: '1m', strategy: entering('long', [[30, 100]]) }, { symbol: 'BUSDT', timeframe: '1m', strategy }],
    })
    // Bar 0: 300 and 200 are pending. Bar 1: 1000 - 300 + 30 - 200 - 10.
    expect(seen).toEqual([500, 520])
  })
})

describe('openers of both sides', () => {
  class BothSides extends Strategy {
    static seen: number[] = []
    onBar(): void {
      if (this.index !== 0) return
      this.long.open({ qty: 5, price: 90 }) // 450 / 10
      this.short.open({ qty: 3, price: 110 }) // 330 / 10
    }
    after(): void { BothSides.seen.push(this.availableMargin) }
  }

  it.each([['one-way', 1000 - 45], ['hedge', 1000 - 45 - 33]] as const)('%s: the larger side counts, in hedge mode each leg reserves its own', async (mode, expected) => {
    BothSides.seen = []
    await jesse({ mode, strategy: BothSides, minutes: [still(100), still(100)], exchange: { leverage: 10, startingBalance: '1000' } })
    expect(BothSides.seen).toEqual([expected, expected])
  })
})

describe('hedge mode, which the original does not have', () => {
  it('both legs count in full', async () => {
    const seen: number[] = []
    class Hedged extends Strategy {
      shouldLong(): boolean { return this.index === 0 }
      shouldShort(): boolean { return this.index === 0 }
      goLong(): void { this.buy = [20, this.price] }
      goShort(): void { this.sell = [20, this.price] }
      after(): void { seen.push(this.availableMargin) }
    }
    await jesse({ mode: 'hedge', strategy: Hedged, minutes: [still(100), still(105)], exchange: { leverage: 10, startingBalance: '1000' }, closeAtEnd: false })
    // 200 a leg; what one gains the other loses.
    expect(seen).toEqual([600, 1000 - 200 + 100 - 200 - 100])
  })

  it('the second leg needs margin of its own', async () => {
    class TooMuch extends Strategy {
      shouldLong(): boolean { return this.index === 0 }
      shouldShort(): boolean { return this.index === 0 }
      goLong(): void { this.buy = [60, this.price] }
      goShort(): void { this.sell = [60, this.price] }
    }
    await expect(jesse({ mode: 'hedge', strategy: TooMuch, minutes: [still(100)], exchange: { leverage: 10, startingBalance: '1000' } })).rejects.toMatchObject({ code: 'INSUFFICIENT_MARGIN' })
  })
})
