/** A resting limit that a candle's share of volume left less than one step for was met again and again: the run never ended. */
import { decimalText } from '@hedgerow/core'
import { Strategy } from '@hedgerow/strategy-sdk'
import { backtest, type CandleRow } from 'hedgerow'
import { expect, it } from 'vitest'

const START = 1_704_067_200_000
/** A tenth of a volume of 12.3 is one whole unit and a rest of 0.23. */
const candles = { XUSDT: Array.from({ length: 4 }, (_, index): CandleRow => [START + index * 60_000, 100, 101, 95, 100, 12.3]) }

class Bid extends Strategy {
  onBar() {
    if (this.index !== 0) return
    this.long.open({ qty: 3, price: 98 })
    this.short.open({ qty: 1, price: 100.5 })
  }
}

it('fills one whole unit a candle', async () => {
  const { events } = await backtest({
    exchange: { profile: 'exact', positionMode: 'hedge', leverage: 2 }, routes: [{ symbol: 'XUSDT', timeframe: '1m', strategy: Bid }], candles,
    instruments: { XUSDT: { tickSize: '0.5', qtyStep: '1' } }, warmupCandles: 0, sim: { volumeShare: '0.1' }, closeAtEnd: false,
  })
  const fills = events.flatMap((event) => (event.type === 'order.filled' ? [`${event.leg} ${decimalText(event.qty)} @ ${decimalText(event.price)} in minute ${Math.floor((event.at - START) / 60_000)}`] : []))
  expect(fills).toEqual(['long 1 @ 98 in minute 1', 'long 1 @ 98 in minute 2', 'long 1 @ 98 in minute 3'])
})
