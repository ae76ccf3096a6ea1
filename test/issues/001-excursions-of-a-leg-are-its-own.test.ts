/** A fill of one leg hid the range of its candle from the trade of the other leg. */
import { decimalText } from '@hedgerow/core'
import { Strategy } from '@hedgerow/strategy-sdk'
import { backtest, type CandleRow } from 'hedgerow'
import { expect, it } from 'vitest'

const START = 1_704_067_200_000
/** The short is stopped at 104 on the way to 110, the highest price that the long sees. */
const PRICES = [[100, 100, 100, 100], [100, 101, 99, 100], [100, 110, 98, 100], [100, 102, 97, 100], [100, 100, 100, 100]] as const
const candles = { XUSDT: PRICES.map(([open, high, low, close], index): CandleRow => [START + index * 60_000, open, high, low, close, 1000]) }

class Held extends Strategy {
  onBar() {
    if (this.index !== 0) return
    this.long.open({ qty: 2 })
    if (this.legs.includes('short')) this.short.open({ qty: 1, stopLoss: 104 })
  }
}

it.each([{ legs: ['long'] as const }, { legs: ['long', 'short'] as const }])('the excursions of a long are the same with $legs', async ({ legs }) => {
  const { trades } = await backtest({
    exchange: { profile: 'exact', positionMode: 'hedge', leverage: 2 }, routes: [{ symbol: 'XUSDT', timeframe: '1m', strategy: Held, legs }], candles,
    instruments: { XUSDT: { tickSize: '0.1', qtyStep: '0.1' } }, warmupCandles: 0,
  })
  const long = trades.find(({ leg }) => leg === 'long')
  expect([long?.mae, long?.mfe].map((value) => value && decimalText(value))).toEqual(['-6', '20'])
})
