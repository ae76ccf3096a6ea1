/** The live engine over a venue in memory: the same strategy as in a backtest, the same fills. */
import { decimalText, type Filled } from '@hedgerow/core'
import { backtest, synthesizeCandles } from 'hedgerow'
import { describe, expect, it } from 'vitest'
import HedgeTimeline from '../../examples/hedge-timeline.ts'
import { LiveScene, START, SYMBOL } from './live-scene.ts'

const columns = synthesizeCandles({ seed: 7, start: START, count: 400 })

const fillText = ({ at, leg, intent, price, qty, fee, role }: Filled): string => [at - START, role, intent, leg, decimalText(qty), '@', decimalText(price), decimalText(fee)].join(' ')

describe('hedge-timeline', () => {
  it('fills live as it fills in a backtest, with both legs open at once', async () => {
    const scene = new LiveScene({ strategy: HedgeTimeline, candles: columns })
    await scene.start()
    await scene.to(15)
    expect(scene.legs()).toBe('long 1/1 short 0.5/0.5')
    await scene.to(30)
    expect(scene.legs()).toBe('long 0/0 short 0/0')
    const live = scene.engine.options.log.events.filter((event) => event.type === 'order.filled').map(fillText)
    const result = await backtest({
      exchange: { profile: 'bybit-uta', positionMode: 'hedge', leverage: 5, startingBalance: '10000' }, routes: [{ symbol: SYMBOL, timeframe: '1m', strategy: HedgeTimeline }], candles: { [SYMBOL]: columns }, end: START + 30 * 60_000, warmupCandles: 0,
      instruments: [{ symbol: SYMBOL, tickSize: '0.01', qtyStep: '0.01' }], sim: { slippage: 'none' },
    })
    const simulated = result.events.filter((event): event is Filled => event.type === 'order.filled').map(fillText)
    expect(live).toEqual(simulated)
    expect(live).toHaveLength(4)
  })
})
