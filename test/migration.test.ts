/** The worked port of the migration guide under profile `jesse`, beside a loop that knows nothing of Hedgerow but the predecessor's rules. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { cell, type CandleColumns } from '@hedgerow/core'
import { backtest, loadCandles, synthesizeCandles, type BacktestResult } from 'hedgerow'
import { describe, expect, it } from 'vitest'
import Trend from '../examples/ported-trend.ts'
import { sharedFolder } from './support/shared.ts'

const BAR_MINUTES = 15
const WARMUP_BARS = 240
const FEE = 0.001
const BALANCE = 10_000
const MINUTE = 60_000

interface BookedTrade {
  readonly leg: 'long' | 'short'
  readonly qty: number
  readonly entry: number
  readonly exit: number
  readonly openedAt: number
  readonly closedAt: number
  readonly netPnl: number
}

interface Held extends Pick<BookedTrade, 'leg' | 'qty' | 'entry' | 'openedAt'> {
  readonly stop: number
  readonly target: number
}

/** The predecessor's run of the strategy: gap fix, path by colour, exits whole at exactly their price, market orders at the close, one fee. */
function predecessorTrades({ start, length, open, high, low, close }: CandleColumns): BookedTrade[] {
  const trades: BookedTrade[] = []
  const closes: number[] = []
  let wallet = BALANCE
  let held: Held | null = null
  const leave = (exit: number, minute: number): void => {
    if (held === null) return
    const { leg, qty, entry, openedAt } = held
    const netPnl = qty * (exit - entry) * (leg === 'long' ? 1 : -1) - FEE * qty * (entry + exit)
    wallet += netPnl
    trades.push({ leg, qty, entry, exit, openedAt, closedAt: start + (minute + 1) * MINUTE, netPnl })
    held = null
  }
  for (let minute = 0; minute < length; minute++) {
    const last = cell(close, minute)
    const first = minute === 0 ? cell(open, 0) : cell(close, minute - 1)
    if (held !== null) {
      const exit = exitIn(held, { rises: last >= first, high: Math.max(cell(high, minute), first), low: Math.min(cell(low, minute), first) })
      if (exit !== null) leave(exit, minute)
    }
    if ((minute + 1) % BAR_MINUTES !== 0) continue
    closes.push(last)
    if (closes.length <= WARMUP_BARS) continue
    const trend = mean(closes.slice(-8)) - mean(closes.slice(-34))
    if (held !== null && (held.leg === 'long' ? trend < 0 : trend > 0)) leave(last, minute)
    if (held !== null || trend === 0 || minute === length - 1) continue
    const qty = Math.floor((1000 * ((wallet / 2) * (1 - 3 * FEE))) / last) / 1000
    held = trend > 0
      ? { leg: 'long', qty, entry: last, openedAt: start + (minute + 1) * MINUTE, stop: last * 0.985, target: last * 1.03 }
      : { leg: 'short', qty, entry: last, openedAt: start + (minute + 1) * MINUTE, stop: last * 1.015, target: last * 0.97 }
  }
  leave(cell(close, length - 1), length - 1)
  return trades
}

/** A rising candle visits its low first, a falling one its high. */
function exitIn({ leg, stop, target }: Held, { rises, high, low }: { readonly rises: boolean; readonly high: number; readonly low: number }): number | null {
  const below = leg === 'long' ? stop : target
  const above = leg === 'long' ? target : stop
  const falls = low <= below ? below : null
  const climbs = high >= above ? above : null
  return rises ? (falls ?? climbs) : (climbs ?? falls)
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function run(candles: CandleColumns): Promise<BacktestResult> {
  return backtest({
    exchange: { profile: 'jesse', leverage: 2, startingBalance: String(BALANCE), fee: String(FEE) },
    routes: [{ symbol: 'ETHUSDT', timeframe: '15m', strategy: Trend }], candles: { ETHUSDT: candles }, warmupCandles: WARMUP_BARS,
  })
}

async function expectSameTrades(candles: CandleColumns, atLeast: number): Promise<void> {
  const expected = predecessorTrades(candles)
  const { trades } = await run(candles)
  expect(expected.length).toBeGreaterThanOrEqual(atLeast)
  expect(new Set(expected.map(({ leg }) => leg))).toEqual(new Set(['long', 'short']))
  expect(trades.map(({ leg, qty, entryPrice, exitPrice, openedAt, closedAt }) => ({ leg, qty: qty.toNumber(), entry: entryPrice.toNumber(), exit: exitPrice.toNumber(), openedAt, closedAt })))
    .toEqual(expected.map(({ netPnl: _money, ...trade }) => trade))
  for (const [index, { netPnl }] of expected.entries()) expect(Math.abs((trades[index]?.netPnl.toNumber() ?? Number.NaN) / netPnl - 1)).toBeLessThan(1e-9)
}

const shared = sharedFolder()

describe('the port of the migration guide', () => {
  it("gives the predecessor's trades on made-up candles with jumps", async () => {
    await expectSameTrades(synthesizeCandles({ seed: 5, start: Date.UTC(2024, 0, 1), count: 20 * 1440 }), 30)
  })

  it.skipIf(shared === null)("gives the predecessor's trades on a month of real minutes", async () => {
    await expectSameTrades(await loadCandles(resolve(shared ?? '', 'data/candles/bybit-linear_ETHUSDT_1m_2023-10.csv.gz')), 30)
  })

  it('is the one that the guide shows', () => {
    const [, body = ''] = readFileSync(resolve(import.meta.dirname, '../examples/ported-trend.ts'), 'utf8').split(/\n(?=import )/)
    expect(readFileSync(resolve(import.meta.dirname, '../docs/migration.md'), 'utf8')).toContain(body.slice(body.indexOf('const params')))
  })
})
