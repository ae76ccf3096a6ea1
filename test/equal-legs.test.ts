/** Equal long and short legs: held, reduced, stopped out one at a time, liquidated, and open at the end of the run. */
import { decimalText, sumDecimals, type CandleColumns } from '@hedgerow/core'
import { backtest, type BacktestResult } from 'hedgerow'
import { describe, expect, it } from 'vitest'
import { candlesOf } from './support/random-market.ts'
import { expectFinite } from './support/finite.ts'
import { scripted, type Action } from './support/scripted.ts'

const SYMBOL = 'XUSDT'
const FLAT = Array.from({ length: 40 }, () => [0, 0, 0, 0] as const)
const PROFILES = ['exact', 'bybit-uta', 'bybit-legacy', 'binance-usdm'] as const
const CASES = PROFILES.flatMap((profile) => (['cross', 'isolated'] as const).map((marginMode) => ({ profile, marginMode })))

const open = (leg: 'long' | 'short', bar: number, qty: string = '1'): Action => ({ bar, leg, intent: 'open', type: 'market', qty, offset: 0 })
const close = (leg: 'long' | 'short', bar: number, qty: string = '1'): Action => ({ bar, leg, intent: 'close', type: 'market', qty, offset: 0 })
const stop = (leg: 'long' | 'short', bar: number, offset: number): Action => ({ bar, leg, intent: 'close', type: 'stop-market', qty: '1', offset })

/** Flat at 100 until `bar`, then `ticks` (of 0.1) in one candle, then flat. */
function withMove(bar: number, ticks: number): CandleColumns {
  return candlesOf(FLAT.map((row, index) => (index === bar ? [0, 0, 0, ticks] : row)))
}

interface Setup {
  readonly profile: (typeof PROFILES)[number]
  readonly marginMode: 'cross' | 'isolated'
  readonly candles: CandleColumns
  readonly list: readonly Action[]
  readonly closeAtEnd?: boolean
  readonly startingBalance?: string
  readonly leverage?: number
}

function run({ profile, marginMode, candles, list, closeAtEnd = true, startingBalance = '1000', leverage = 5 }: Setup): Promise<BacktestResult> {
  return backtest({
    exchange: { profile, marginMode, positionMode: 'hedge', leverage, startingBalance },
    routes: [{ symbol: SYMBOL, timeframe: '1m', strategy: scripted(list) }],
    candles: { [SYMBOL]: candles }, instruments: [{ symbol: SYMBOL, tickSize: '0.1', qtyStep: '0.1' }],
    warmupCandles: 0, closeAtEnd, sim: { slippage: 'none' },
  })
}

/** Sums agree: legs to the account, trades and open legs to the equity, metrics to the trades. */
function expectSums(result: BacktestResult): void {
  expectFinite(result.toJSON())
  const { metrics, legs, trades, openPositions, equity, header } = result
  expect(metrics.count).toBe(legs.long.metrics.count + legs.short.metrics.count)
  expect(decimalText(metrics.netPnl)).toBe(decimalText(legs.long.metrics.netPnl.plus(legs.short.metrics.netPnl)))
  expect(decimalText(metrics.netPnl)).toBe(decimalText(sumDecimals(trades.map((trade) => trade.netPnl))))
  const total = sumDecimals([...trades, ...openPositions].map((row) => row.netPnl))
  expect(decimalText(metrics.totalPnl)).toBe(decimalText(total))
  const last = equity.at(-1)
  expect(last?.equity.minus(header.startingBalance).minus(total).abs().lt('1e-20')).toBe(true)
  expect(last?.long.plus(last.short).minus(last.equity.minus(header.startingBalance)).abs().lt('1e-20')).toBe(true)
}

describe.each(CASES)('equal legs under $profile, $marginMode', (account) => {
  it('held and closed: each leg is one trade, prices cancel, fees remain', async () => {
    const result = await run({ ...account, candles: withMove(10, 30), list: [open('long', 2), open('short', 2), close('long', 20), close('short', 20)] })
    expectSums(result)
    expect(result.trades.map((trade) => [trade.leg, decimalText(trade.grossPnl)])).toEqual([['long', '3'], ['short', '-3']])
    expect(decimalText(result.metrics.grossPnl)).toBe('0')
    expect(result.metrics.hedgedTimeRatio?.toNumber()).toBeCloseTo(18 / 40, 10)
  })

  it('reduced one leg at a time: the other leg keeps quantity and entry', async () => {
    const result = await run({ ...account, candles: withMove(10, 30), list: [open('long', 2), open('short', 2), close('short', 12, '0.4'), close('long', 14, '0.7')], closeAtEnd: false })
    expectSums(result)
    expect(result.openPositions.map((position) => [position.leg, decimalText(position.qty), decimalText(position.entryPrice), decimalText(position.realisedPnl)])).toEqual([['long', '0.3', '100', '2.1'], ['short', '0.6', '100', '-1.2']])
  })

  it('stopped out one at a time: first the short, then the long', async () => {
    const candles = candlesOf(FLAT.map((row, index) => (index === 10 ? [0, 0, 0, 15] : index === 20 ? [0, 0, 0, -40] : row)))
    const result = await run({ ...account, candles, list: [open('long', 2), open('short', 2), stop('long', 3, -20), stop('short', 3, 10)] })
    expectSums(result)
    expect(result.trades.map((trade) => [trade.leg, decimalText(trade.exitPrice)])).toEqual([['short', '101'], ['long', '98']])
    expect(result.trades.map((trade) => decimalText(trade.grossPnl))).toEqual(['-1', '-2'])
  })

  it('open at the end: two open legs, no trade, finite numbers', async () => {
    const result = await run({ ...account, candles: withMove(10, -30), list: [open('long', 2), open('short', 2)], closeAtEnd: false })
    expectSums(result)
    expect(result.trades).toEqual([])
    expect(result.openPositions.map((position) => [position.leg, decimalText(position.unrealisedPnl)])).toEqual([['long', '-3'], ['short', '3']])
    expect(result.metrics.winRate).toBeNull()
    expect(decimalText(result.metrics.openPnl)).toBe(decimalText(result.metrics.totalPnl))
  })

  it('closed at the end: both legs by an end-of-run order with a fee', async () => {
    const result = await run({ ...account, candles: withMove(10, -30), list: [open('long', 2), open('short', 2)] })
    expectSums(result)
    expect(result.trades.map((trade) => trade.exitReason)).toEqual(['end-of-run', 'end-of-run'])
  })
})

describe('liquidation of hedged accounts', () => {
  it('isolated: one leg is liquidated, the other stays as it was', async () => {
    for (const profile of ['bybit-uta', 'binance-usdm'] as const) {
      const result = await run({ profile, marginMode: 'isolated', leverage: 20, candles: withMove(10, -80), list: [open('long', 2), open('short', 2)], closeAtEnd: false })
      expectSums(result)
      expect(result.counts.liquidations).toBe(1)
      expect(result.trades.map((trade) => [trade.leg, trade.exitReason])).toEqual([['long', 'liquidation']])
      expect(result.openPositions.map((position) => [position.leg, decimalText(position.qty), decimalText(position.entryPrice)])).toEqual([['short', '1', '100']])
    }
  })

  it('cross, equal legs: a fall of 40 % liquidates nothing, the legs cancel', async () => {
    for (const profile of ['bybit-uta', 'binance-usdm'] as const) {
      const result = await run({ profile, marginMode: 'cross', leverage: 10, startingBalance: '30', candles: withMove(10, -400), list: [open('long', 2), open('short', 2)], closeAtEnd: false })
      expectSums(result)
      expect(result.counts.liquidations).toBe(0)
      expect(result.openPositions).toHaveLength(2)
    }
  })

  it('cross, net long: the net is liquidated by the profile, and the run goes on with finite numbers', async () => {
    const list = [open('long', 2, '2'), open('short', 2, '1')]
    const netLadder = await run({ profile: 'bybit-uta', marginMode: 'cross', leverage: 10, startingBalance: '35', candles: withMove(10, -380), list, closeAtEnd: false })
    expectSums(netLadder)
    expect(netLadder.counts.liquidations).toBeGreaterThan(0)
    const wholeLegs = await run({ profile: 'binance-usdm', marginMode: 'cross', leverage: 10, startingBalance: '35', candles: withMove(10, -380), list, closeAtEnd: false })
    expectSums(wholeLegs)
    expect(wholeLegs.trades.some((trade) => trade.leg === 'long' && trade.exitReason === 'liquidation')).toBe(true)
  })
})
