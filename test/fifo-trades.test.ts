/** Trades by lots, first in first out: what each lot made, and totals that are those of the round trips. */
import { decimalText, LEGS, sumDecimals, type Decimal, type OpenPosition, type Trade } from '@hedgerow/core'
import { Strategy } from '@hedgerow/strategy-sdk'
import * as fc from 'fast-check'
import { backtest, type BacktestResult, type StrategyClass } from 'hedgerow'
import { describe, expect, it } from 'vitest'
import { readFlags } from '../apps/runner/src/config/flags.ts'
import { actions, candlesOf, MARKET_START, moves } from './support/random-market.ts'
import { scripted } from './support/scripted.ts'

type Market = Parameters<typeof candlesOf>[0]

const run = (strategy: StrategyClass, market: Market, more: { readonly tradeMode?: 'round-trip' | 'fifo'; readonly closeAtEnd?: boolean; readonly profile?: string } = {}): Promise<BacktestResult> => backtest({
  exchange: { profile: more.profile ?? 'exact', positionMode: 'hedge', startingBalance: '10000', leverage: 5 }, routes: [{ symbol: 'XUSDT', timeframe: '1m', strategy }],
  candles: { XUSDT: candlesOf(market) }, funding: { XUSDT: Array.from({ length: market.length }, (_, index) => [MARKET_START + index * 60_000, index % 2 === 0 ? 0.001 : -0.0005] as const) },
  instruments: [{ symbol: 'XUSDT', tickSize: '0.1', qtyStep: '0.1', fundingIntervalMs: 60_000 }], warmupCandles: 0, tradeMode: more.tradeMode ?? 'fifo', closeAtEnd: more.closeAtEnd ?? true,
})

/** Everything that trades and open legs of a leg add up to. */
function totals({ trades, openPositions }: BacktestResult, leg: 'long' | 'short'): Record<string, string> {
  const own = <T extends { readonly leg: string }>(rows: readonly T[]): T[] => rows.filter((row) => row.leg === leg)
  const sum = (ofTrade: (trade: Trade) => Decimal, ofOpen: (position: OpenPosition) => Decimal): string =>
    sumDecimals([...own(trades).map(ofTrade), ...own(openPositions).map(ofOpen)]).toDecimalPlaces(25).toFixed()
  return {
    gross: sum(({ grossPnl }) => grossPnl, ({ realisedPnl, unrealisedPnl }) => realisedPnl.plus(unrealisedPnl)), fees: sum(({ fees }) => fees, ({ fees }) => fees),
    funding: sum(({ funding }) => funding, ({ funding }) => funding), net: sum(({ netPnl }) => netPnl, ({ netPnl }) => netPnl), open: own(openPositions).map(({ qty }) => decimalText(qty)).join(),
  }
}

/** 1 at 100, 2 at 102, then 2 closed at 104 and the last at 101. */
class Scaled extends Strategy {
  override onBar(): void {
    if (this.index === 0) this.long.open({ qty: 1 })
    if (this.index === 2) this.long.open({ qty: 2 })
    if (this.index === 4) this.long.close({ qty: 2 })
    if (this.index === 6) this.long.close()
  }
}
const steps: Market = [[0, 0, 0, 0], [0, 0, 0, 20], [0, 0, 0, 0], [0, 0, 0, 20], [0, 0, 0, 0], [0, 0, 0, -30], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]

describe('lots, first in first out', () => {
  it('are one trade for each piece that an opening and a closing fill share', async () => {
    const { trades, header } = await run(Scaled, steps)
    expect(trades.map(({ id, leg, qty, entryPrice, exitPrice, grossPnl, orders }) => [id, leg, decimalText(qty), decimalText(entryPrice), decimalText(exitPrice), decimalText(grossPnl.toDecimalPlaces(20)), orders.join()])).toEqual([
      [1, 'long', '1', '100', '104', '4', '1,3'], [2, 'long', '1', '102', '104', '2', '2,3'], [3, 'long', '1', '102', '101', '-1', '2,4'],
    ])
    expect(trades.map(({ fees }) => decimalText(fees.toDecimalPlaces(20)))).toEqual(['0.102', '0.103', '0.1015'])
    expect(header.tradeMode).toBe('fifo')
    expect((await run(Scaled, steps, { tradeMode: 'round-trip' })).trades).toHaveLength(1)
  })

  it('add up to what round trips do, of each leg, open legs included, and change nothing else', async () => {
    await fc.assert(fc.asyncProperty(moves({ length: 40 }), actions({ bars: 40, legs: LEGS }), fc.boolean(), fc.constantFrom('exact', 'bybit-uta', 'binance-usdm'), async (market, list, closeAtEnd, profile) => {
      const [lots, trips] = [await run(scripted(list), market, { closeAtEnd, profile }), await run(scripted(list), market, { closeAtEnd, profile, tradeMode: 'round-trip' })]
      for (const leg of LEGS) expect(totals(lots, leg)).toEqual(totals(trips, leg))
      expect(lots.trades.length).toBeGreaterThanOrEqual(trips.trades.length)
      expect(lots.journalHash).toBe(trips.journalHash)
      expect(lots.metrics.tradedNotional.toDecimalPlaces(20).toFixed()).toBe(trips.metrics.tradedNotional.toDecimalPlaces(20).toFixed())
      for (const { mae, mfe } of lots.trades) expect([mae.lte(0), mfe.gte(0)]).toEqual([true, true])
    }), { numRuns: 40 })
  })

  it('is --trade-mode', () => {
    expect(Object.fromEntries(readFlags({ tradeMode: 'fifo' }).values)).toEqual({ tradeMode: 'fifo' })
  })
})
