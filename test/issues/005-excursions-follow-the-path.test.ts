/** Of the candles in which a leg filled its trade saw nothing but the fills: what the price did before an exit and after an entry was left out. */
import { decimalText } from '@hedgerow/core'
import { Strategy } from '@hedgerow/strategy-sdk'
import { backtest, type BacktestOptions, type CandleRow } from 'hedgerow'
import { describe, expect, it } from 'vitest'

const START = 1_704_067_200_000
type Prices = readonly [open: number, high: number, low: number, close: number]
const STILL: Prices = [100, 100, 100, 100]

class Bought extends Strategy {
  onBar() {
    if (this.index === 0) this.long.open({ qty: 2, takeProfit: 105 })
  }
}

class Dip extends Strategy {
  onBar() {
    if (this.index === 0) this.long.open({ qty: 2, price: 97 })
    if (this.index === 1) this.long.close({ price: 104 })
  }
}

class Scaled extends Strategy {
  onBar() {
    if (this.index !== 0) return
    this.short.open({ qty: 1 })
    this.short.open({ qty: 1, price: 103 })
  }
}

class Reversed extends Strategy {
  onBar() {
    if (this.index === 0) this.short.open({ qty: 1, stopLoss: 104 })
  }
}

async function excursions(strategy: BacktestOptions['routes'][number]['strategy'], prices: readonly Prices[], options: Pick<BacktestOptions, 'sim' | 'tradeMode'> = {}) {
  const candles = { XUSDT: [STILL, ...prices].map(([open, high, low, close], index): CandleRow => [START + index * 60_000, open, high, low, close, 1000]) }
  const { trades } = await backtest({
    exchange: { positionMode: 'hedge', leverage: 2 }, routes: [{ symbol: 'XUSDT', timeframe: '1m', strategy }], candles, instruments: { XUSDT: { tickSize: '0.1', qtyStep: '0.1' } }, warmupCandles: 0, ...options,
  })
  return trades.map(({ mae, mfe }) => [decimalText(mae), decimalText(mfe)])
}

describe('the excursions of a trade are those of the way that the price took from its first fill to its last', () => {
  const fallsFirst: Prices = [100, 106, 95, 104]

  it('counts what came before an exit within its candle', async () => {
    expect(await excursions(Bought, [fallsFirst, STILL])).toEqual([['-10', '10']])
  })

  it('leaves out what came after it', async () => {
    expect(await excursions(Bought, [fallsFirst, STILL], { sim: { path: 'ohlc' } })).toEqual([['0', '10']])
  })

  it('goes by the path that was chosen for the candle', async () => {
    // O-H-L-C stops the short at 104 and leaves less than O-L-H-C, which passes 95 first: the target of nobody.
    expect(await excursions(Reversed, [[100, 106, 95, 96], STILL], { sim: { path: 'pessimistic' } })).toEqual([['-4', '5']])
    expect(await excursions(Reversed, [[100, 106, 95, 96], STILL], { sim: { path: 'ohlc' } })).toEqual([['-4', '0']])
  })

  it('counts what came after an entry within its candle, and before an exit in a later one', async () => {
    // In at 97 on the way down to 96, which only this candle shows; out at 104 after 94 in the next.
    expect(await excursions(Dip, [[100, 100, 96, 98], [98, 105, 94, 104], STILL])).toEqual([['-6', '14']])
  })

  it('values every part of a candle by what was held in it', async () => {
    // One to 103 and then two to 108: a short of 1 at 100 and 1 at 103 loses 13 there. Before the second it stood at 99, a gain of 1.
    expect(await excursions(Scaled, [[100, 108, 99, 102], [102, 102, 102, 102]])).toEqual([['-13', '1']])
  })

  it('is the same for lots', async () => {
    expect(await excursions(Bought, [fallsFirst, STILL], { tradeMode: 'fifo' })).toEqual([['-10', '10']])
  })
})
