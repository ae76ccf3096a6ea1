/** Clearance fees and what the insurance fund pays were in the equity, but in no trade: the totals did not agree. */
import { decimalText, sumDecimals } from '@hedgerow/core'
import { Strategy } from '@hedgerow/strategy-sdk'
import { backtest, type CandleRow } from 'hedgerow'
import { expect, it } from 'vitest'

const START = 1_704_067_200_000
const candles = { ETHUSDT: Array.from({ length: 20 }, (_, index): CandleRow => [START + index * 60_000, 100 - 3 * index, 101 - 3 * index, 97 - 3 * index, 97 - 3 * index, 1e6]) }

class Both extends Strategy {
  onBar() {
    if (this.index !== 0) return
    this.long.open({ qty: 100 })
    this.short.open({ qty: 10 })
  }
}

it.each(['cross', 'isolated'] as const)('closed and open legs sum to what the account gained (%s)', async (marginMode) => {
  const { trades, openPositions, metrics, equity, counts, events } = await backtest({
    exchange: { profile: 'binance-usdm', positionMode: 'hedge', marginMode, leverage: 20, startingBalance: '1000' },
    routes: [{ symbol: 'ETHUSDT', timeframe: '1m', strategy: Both }], candles, warmupCandles: 0, closeAtEnd: false,
  })
  const gained = equity.at(-1)?.equity.minus('1000')
  expect([counts.liquidations, counts.insuranceUsed.gt(0), events.some(({ type }) => type === 'account.posted')]).toEqual([1, true, true])
  expect(decimalText(sumDecimals([...trades, ...openPositions].map(({ netPnl }) => netPnl)))).toBe(gained && decimalText(gained))
  expect(decimalText(metrics.totalPnl)).toBe(gained && decimalText(gained))
})
