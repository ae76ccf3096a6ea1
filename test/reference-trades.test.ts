/** 325 trades that another engine booked, replayed as orders: pnl and funding of each row to 1e-8. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { decimal, sumDecimals, type Decimal, type Leg, type Strategy, type StrategyContext } from '@hedgerow/core'
import { backtest, loadCandles, loadFunding, loadMarks } from 'hedgerow'
import { describe, expect, it } from 'vitest'
import { sharedFolder } from './support/shared.ts'

interface ReferenceTrade {
  readonly leg: Leg
  readonly qty: string
  readonly openAt: number
  readonly closeAt: number
  readonly funding: Decimal
  readonly profit: Decimal
}

const shared = sharedFolder()
const FILES = [
  { name: 'A', timeframe: '15m', trades: 'freqtrade_A_ETH_15m_296_trades', candles: 'binance-usdm_ETHUSDT_15m_2022-01_2026-04', count: 296, balance: '700.14989608' },
  { name: 'C', timeframe: '1h', trades: 'freqtrade_C_ETH_1h_29_trades', candles: 'binance-usdm_ETHUSDT_1h_2023-01_2026-04', count: 29, balance: '1136.42460336' },
] as const

describe.skipIf(shared === null)('reference trades of another engine', () => {
  it.each(FILES)('$name: $count trades give the same pnl, funding and final balance', async ({ timeframe, trades: file, candles, count, balance }) => {
    const folder = shared ?? ''
    const trades = readTrades(`${folder}/data/reference/${file}.csv.gz`)
    expect(trades).toHaveLength(count)
    const result = await backtest({
      exchange: { profile: 'exact', positionMode: 'hedge', marginMode: 'isolated', leverage: 10, startingBalance: '1000', fee: '0.0005' },
      routes: [{ symbol: 'ETHUSDT', timeframe, strategy: replayOf(trades) }],
      candles: { ETHUSDT: await loadCandles(`${folder}/data/candles/${candles}.csv.gz`) },
      funding: { ETHUSDT: await loadFunding(`${folder}/data/funding/binance-usdm_ETHUSDT_funding_2023-01_2026-04.csv.gz`) },
      marks: { ETHUSDT: await loadMarks(`${folder}/data/mark/binance-usdm_ETHUSDT_mark_1h_2024-01_2026-04.csv.gz`) },
      instruments: [{ symbol: 'ETHUSDT', tickSize: '0.01', qtyStep: '0.001' }],
      warmupCandles: 0,
      sim: { funding: { boundary: 'inclusive' }, slippage: 'none' },
    })
    expect(result.trades).toHaveLength(count)
    for (const [index, expected] of trades.entries()) {
      const trade = result.trades[index]
      expect(trade?.leg, `row ${index + 1}`).toBe(expected.leg)
      expect(trade?.funding.minus(expected.funding).abs().lte('0.00000001'), `funding of row ${index + 1}: ${trade?.funding.toFixed()} for ${expected.funding.toFixed()}`).toBe(true)
      expect(trade?.netPnl.minus(expected.profit).abs().lte('0.00000001'), `profit of row ${index + 1}: ${trade?.netPnl.toFixed()} for ${expected.profit.toFixed()}`).toBe(true)
    }
    expect(sumDecimals(trades.map((trade) => trade.profit)).plus('1000').toFixed(8), 'the rows of the file, rounded by the other engine').toBe(balance)
    expect(result.equity.at(-1)?.equity.minus(balance).abs().lte('0.000001')).toBe(true)
  })
})

if (shared === null) console.warn('SKIPPED: the reference trades need the shared folder (HEDGEROW_SHARED)')

function readTrades(path: string): ReferenceTrade[] {
  const [header = '', ...lines] = gunzipSync(readFileSync(path)).toString().trim().split('\n')
  const columns = header.split(',')
  return lines.map((line) => {
    const cells = line.split(',')
    const cell = (name: string): string => cells[columns.indexOf(name)] ?? ''
    return { leg: cell('side') === 'LONG' ? 'long' : 'short', qty: cell('amount'), openAt: Number(cell('open_timestamp_ms')), closeAt: Number(cell('close_timestamp_ms')), funding: decimal(cell('funding_fees')), profit: decimal(cell('profit_abs')) }
  })
}

/** Orders at the close of the bar before, so that they fill at the open of the bar that the row names; closes before opens. */
function replayOf(trades: readonly ReferenceTrade[]): new () => Strategy {
  const opening = new Map(trades.map((trade) => [trade.openAt, trade]))
  const closing = new Map(trades.map((trade) => [trade.closeAt, trade]))
  return class Replay implements Strategy {
    readonly preventForcedClosure = false
    #context: StrategyContext | null = null

    start(context: StrategyContext): void {
      this.#context = context
    }

    bar(step: 'manage' | 'enter'): void {
      const context = this.#context
      const trade = (step === 'manage' ? closing : opening).get(context?.now() ?? -1)
      if (context === null || trade === undefined) return
      const isClose = step === 'manage'
      context.broker.submit({ symbol: context.symbol, leg: trade.leg, intent: isClose ? 'close' : 'open', type: 'market', qty: decimal(trade.qty), role: isClose ? 'exit' : 'entry' })
    }

    handle(): void {}

    end(): void {}
  }
}

