/** Open legs were valued at the close of the last route bar where the run ended between two bars. */
import { decimalText } from '@hedgerow/core'
import { Strategy } from '@hedgerow/strategy-sdk'
import { backtest, type CandleRow } from 'hedgerow'
import { expect, it } from 'vitest'

const START = 1_704_067_200_000
/** The price rises by 1 each minute; the run ends two minutes after the last bar of five. */
const candles = { XUSDT: Array.from({ length: 12 }, (_, index): CandleRow => [START + index * 60_000, 100 + index, 101 + index, 100 + index, 101 + index, 1000]) }

class Held extends Strategy {
  onBar() {
    if (this.index !== 0) return
    this.long.open({ qty: 2 })
    this.short.open({ qty: 1 })
  }
  beforeTerminate() { this.log(`price ${this.price}`) }
}

it('an open leg is worth the last price, as the equity says', async () => {
  const logged: string[] = []
  const { openPositions, metrics, equity } = await backtest({
    exchange: { profile: 'exact', positionMode: 'hedge', leverage: 2 }, routes: [{ symbol: 'XUSDT', timeframe: '5m', strategy: Held }], candles,
    instruments: { XUSDT: { tickSize: '0.1', qtyStep: '0.1' } }, warmupCandles: 0, closeAtEnd: false, onLog: (_level, text) => logged.push(text),
  })
  expect(openPositions.map(({ leg, price, unrealisedPnl }) => `${leg} at ${decimalText(price)}: ${decimalText(unrealisedPnl)}`)).toEqual(['long at 112: 14', 'short at 112: -7'])
  expect(decimalText(metrics.totalPnl)).toBe(decimalText(equity.at(-1)?.equity.minus('10000') ?? metrics.netPnl))
  expect(logged).toEqual(['[Held] price 112'])
})
