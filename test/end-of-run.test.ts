/** The end of a run: last orders of strategies are filled, what still rests is cancelled by name, and nothing arrives after that. */
import { decimalText } from '@hedgerow/core'
import { Strategy } from '@hedgerow/strategy-sdk'
import { backtest, type BacktestResult, type StrategyClass } from 'hedgerow'
import { describe, expect, it } from 'vitest'
import { candlesOf } from './support/random-market.ts'

const run = (strategy: StrategyClass, more: { readonly closeAtEnd?: boolean; readonly fillAt?: 'open' | 'close' } = {}): Promise<BacktestResult> => backtest({
  exchange: { profile: 'exact', positionMode: 'hedge', startingBalance: '10000' }, routes: [{ symbol: 'XUSDT', timeframe: '1m', strategy }],
  candles: { XUSDT: candlesOf(Array.from({ length: 10 }, () => [0, 0, 0, 0] as const)) }, instruments: [{ symbol: 'XUSDT', tickSize: '0.1', qtyStep: '0.1' }], warmupCandles: 0, ...more,
})

const canceled = ({ events }: BacktestResult): string[] => events.flatMap((event) => (event.type === 'order.canceled' ? [`${event.orderId} ${event.reason}`] : []))
const fills = ({ events }: BacktestResult): string[] => events.flatMap((event) => (event.type === 'order.filled' ? [`${event.orderId} ${event.intent} ${event.leg} ${decimalText(event.qty)} ${event.role}`] : []))

class Resting extends Strategy {
  override onBar(): void {
    if (this.index !== 2) return
    this.long.open({ qty: 1 })
    this.long.open({ qty: 1, price: 50 })
    this.short.open({ qty: 1, price: 200 })
  }
}

class LastWord extends Resting {
  override beforeTerminate(): void {
    this.long.close({ qty: 0.4 })
    this.short.open({ qty: 2 })
  }
}

class LastBar extends Strategy {
  override onBar(): void { if (this.index === 9) this.long.open({ qty: 1 }) }
}

class Stubborn extends Resting {
  override onOrder({ kind }: { readonly kind: string }): void { if (kind === 'canceled') this.long.open({ qty: 1 }) }
}

describe.each(['open', 'close'] as const)('the end of a run, orders of a bar at %s', (fillAt) => {
  it('cancels what rests as end-of-run, then closes legs', async () => {
    const result = await run(Resting, { fillAt })
    expect(canceled(result)).toEqual(['2 end-of-run', '3 end-of-run'])
    expect(fills(result)).toEqual(['1 open long 1 entry', '4 close long 1 end-of-run'])
  })

  it('fills what strategies order in beforeTerminate at the last price', async () => {
    const result = await run(LastWord, { fillAt, closeAtEnd: false })
    expect(fills(result)).toEqual(['1 open long 1 entry', '4 close long 0.4 exit', '5 open short 2 entry'])
    expect(result.openPositions.map(({ leg, qty }) => `${leg} ${decimalText(qty)}`)).toEqual(['long 0.6', 'short 2'])
    expect(canceled(result)).toEqual(['2 end-of-run', '3 end-of-run'])
  })

  it('lets nothing arrive after that', async () => {
    const result = await run(Stubborn, { fillAt, closeAtEnd: false })
    expect(fills(result)).toEqual(['1 open long 1 entry'])
    expect(canceled(result)).toEqual(['2 end-of-run', '3 end-of-run'])
  })
})

it('orders of the last bar find no open: they are cancelled', async () => {
  const result = await run(LastBar)
  expect([fills(result), canceled(result)]).toEqual([[], ['1 end-of-run']])
})

it('closes legs at the last mark, with the taker fee; what strategies order fills at the last price', async () => {
  const candles = candlesOf(Array.from({ length: 10 }, () => [0, 0, 0, 0] as const))
  const marks = Array.from({ length: 10 }, (_, index) => [candles.start + index * candles.step, 101, 103.25, 101, 102.25] as const)
  const result = await backtest({
    exchange: { profile: 'bybit-uta', positionMode: 'hedge', fee: 0.001 }, routes: [{ symbol: 'XUSDT', timeframe: '1m', strategy: LastWord }],
    candles: { XUSDT: candles }, marks: { XUSDT: marks }, instruments: [{ symbol: 'XUSDT', tickSize: '0.1', qtyStep: '0.1' }], warmupCandles: 0, sim: { slippage: 'none' },
  })
  const prices = result.events.flatMap((event) => (event.type === 'order.filled' ? [`${event.role} ${event.leg} ${decimalText(event.price)} fee ${decimalText(event.fee)}`] : []))
  expect(prices).toEqual(['entry long 100 fee 0.1', 'exit long 100 fee 0.04', 'entry short 100 fee 0.2', 'end-of-run long 102.25 fee 0.06135', 'end-of-run short 102.25 fee 0.2045'])
})

class Held extends Strategy {
  override onBar(): void { if (this.index === 2) this.long.open({ qty: 1 }) }
}

class HeldToTheLastWord extends Held {
  override beforeTerminate(): void { this.long.close({ qty: 0.5 }) }
}

const raised = (column: Float64Array): Float64Array => column.map((price) => price + 3)

describe('what stands at the end', () => {
  const flat = Array.from({ length: 10 }, () => [0, 0, 0, 0] as const)
  const columns = candlesOf(flat)
  const above = { XUSDT: { ...columns, open: raised(columns.open), high: raised(columns.high), low: raised(columns.low), close: raised(columns.close) } }
  const marked = (strategy: StrategyClass): Promise<BacktestResult> => backtest({
    exchange: { profile: 'exact', positionMode: 'hedge', startingBalance: '10000' }, routes: [{ symbol: 'XUSDT', timeframe: '1m', strategy }], candles: { XUSDT: candlesOf(flat) }, marks: above,
    instruments: [{ symbol: 'XUSDT', tickSize: '0.1', qtyStep: '0.1' }], warmupCandles: 0, closeAtEnd: false,
  })

  it.each([Held, HeldToTheLastWord])('of an open leg is valued at the mark, as equity is: the total is what the account gained', async (strategy) => {
    const { metrics, openPositions, equity } = await marked(strategy)
    const last = equity.at(-1)?.equity.toNumber() ?? Number.NaN
    expect(openPositions[0]?.price.minus(openPositions[0].entryPrice).toFixed()).toBe('3')
    expect(metrics.totalPnl.toNumber()).toBeCloseTo(last - 10_000, 9)
  })

  it('counts in the deepest drawdown with what closing the legs costs', async () => {
    const { metrics, legs } = await run(Held)
    expect(Number(metrics.intradayMaxDrawdown)).toBeLessThan(0)
    expect([metrics, legs.long.metrics].map(({ intradayMaxDrawdown }) => intradayMaxDrawdown?.toFixed())).toEqual([metrics, legs.long.metrics].map(({ maxDrawdown }) => maxDrawdown?.toFixed()))
  })
})
