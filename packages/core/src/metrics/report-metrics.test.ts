import { describe, expect, test } from 'vitest'
import { BlockExtremes } from '../domain/block-extremes.ts'
import { decimal, decimalText, ZERO, type Decimal } from '../domain/decimal.ts'
import { sumDecimals } from '../domain/sum.ts'
import { LEGS, type Leg } from '../domain/leg.ts'
import { DAY_MS } from '../domain/time.ts'
import { runMetrics, type RunRecord } from './report-metrics.ts'
import { RunCurve } from './run-curve.ts'
import { foldTrades, type TradeEvent } from './trade-builder.ts'

const NO_MARGIN = { base: 0, long: 0, fixed: 0, short: 0 }

const START = decimal('1000')

function fill(at: number, leg: Leg, intent: 'open' | 'close', [qty, price, realised]: readonly [string, string, string]): TradeEvent {
  return { type: 'fill', at, symbol: 'ETHUSDT', leg, intent, price: decimal(price), qty: decimal(qty), fee: decimal('1'), realised: decimal(realised), role: intent === 'open' ? 'entry' : 'exit', orderId: at, strategy: 'main' }
}

/** Long 100 to 120 and short 100 to 110 over four days, then a long that stays open at 120. */
function hedgedRun(): RunRecord {
  const builder = foldTrades([
    fill(0, 'long', 'open', ['2', '100', '0']),
    fill(0, 'short', 'open', ['1', '100', '0']),
    { type: 'funding', at: DAY_MS, symbol: 'ETHUSDT', leg: 'short', amount: decimal('0.5') },
    fill(DAY_MS, 'short', 'close', ['1', '110', '-10']),
    fill(3 * DAY_MS, 'long', 'close', ['2', '120', '40']),
    fill(3 * DAY_MS, 'long', 'open', ['1', '120', '0']),
  ], { leverage: () => decimal('1') })
  const curve = new RunCurve(1000)
  const prices = Float64Array.of(110, 90, 120)
  const held = { prices, extremes: new BlockExtremes(prices, prices), lastPrice: 100, longQty: 2, longEntry: 100, shortQty: 1, shortEntry: 100, initialMargin: { ...NO_MARGIN, base: 100 }, maintenanceMargin: () => 10 }
  curve.addStretch({ from: 0, to: 3, step: DAY_MS, wallet: 998, longNet: -1, shortNet: -1, books: [held] })
  const day = (index: number, long: string, short: string): RunRecord['daily'][number] => ({ at: index * DAY_MS, equity: START.plus(long).plus(short), long: decimal(long), short: decimal(short) })
  return {
    startingBalance: START,
    trades: builder.trades,
    openPositions: builder.openPositions(() => decimal('120')),
    daily: [day(0, '0', '0'), day(1, '19', '-10.5'), day(2, '-21', '-11.5'), day(3, '37', '-11.5')],
    curve: curve.summary(),
  }
}

/** Money and counts that belong to exactly one leg. */
const ADDITIVE = ['grossPnl', 'fees', 'funding', 'netPnl', 'openPnl', 'totalPnl', 'tradedNotional'] as const

describe('metrics of a run', () => {
  test('what belongs to a leg adds up to the account', () => {
    const { total, long, short } = runMetrics(hedgedRun())
    for (const key of ADDITIVE) expect(sumDecimals([long[key], short[key]]).eq(total[key])).toBe(true)
    expect(long.count + short.count).toBe(total.count)
    expect(total.count).toBe(2)
  })

  test('the headline is closed plus open', () => {
    const { total, long, short } = runMetrics(hedgedRun())

    expect([total.netPnl, total.openPnl, total.totalPnl].map(decimalText)).toEqual(['26.5', '-1', '25.5'])
    expect([long.totalPnl, short.totalPnl].map(decimalText)).toEqual(['37', '-11.5'])
  })

  test('a leg is measured as if it had been held alone', () => {
    const { total, long, short } = runMetrics(hedgedRun())

    expect(decimalText(long.totalReturn ?? ZERO)).toBe('0.037')
    expect(decimalText(short.totalReturn ?? ZERO)).toBe('-0.0115')
    expect([total, long, short].map((metrics) => metrics.timeShort && decimalText(metrics.timeShort))).toEqual(['1', '0', '1'])
    expect([total, long, short].map((metrics) => metrics.hedgedTimeRatio && decimalText(metrics.hedgedTimeRatio))).toEqual(['1', '0', '0'])
    expect([long.minLiquidationDistance, long.hedgeBenefit, long.marginUtilisationTwa]).toEqual([null, null, null])
  })

  test('the short softened the drawdown of the long', () => {
    const { total, long } = runMetrics(hedgedRun())
    // account 1008, 988, ...; long alone 1019, 979, ...
    expect(total.intradayMaxDrawdown?.toFixed(9)).toBe((988 / 1008 - 1).toFixed(9))
    expect(long.intradayMaxDrawdown?.toFixed(9)).toBe((979 / 1019 - 1).toFixed(9))
    expect(total.hedgeBenefit?.toFixed(9)).toBe((988 / 1008 - 979 / 1019).toFixed(9))
  })

  test('streaks, holding times, turnover and costs', () => {
    const { total } = runMetrics(hedgedRun())

    expect(total).toMatchObject({ maxConsecutiveWins: 1, maxConsecutiveLosses: 1, holdingMsMean: 2 * DAY_MS, holdingMsMedian: 2 * DAY_MS, holdingMsMax: 3 * DAY_MS, lowSample: true })
    expect(decimalText(total.tradedNotional)).toBe('770')
    const means = { turnover: 770 / ((1000 + 1008.5 + 967.5 + 1025.5) / 4), feesToTurnover: 5 / 770, fundingToGross: 0.5 / 30 }
    for (const key of ['turnover', 'feesToTurnover', 'fundingToGross'] as const) expect(Number(total[key])).toBeCloseTo(means[key], 9)
  })

  test('a run in which nothing happened', () => {
    const curve = new RunCurve(1000)
    curve.addStretch({ from: 0, to: 10, step: DAY_MS, wallet: 1000, longNet: 0, shortNet: 0, books: [] })
    const daily = Array.from({ length: 40 }, (_, index) => ({ at: index * DAY_MS, equity: START, long: ZERO, short: ZERO }))
    const metrics = runMetrics({ startingBalance: START, trades: [], openPositions: [], daily, curve: curve.summary() })

    for (const name of ['total', ...LEGS] as const) {
      expect(metrics[name]).toMatchObject({ count: 0, winRate: null, holdingMsMean: null, holdingMsMedian: null, holdingMsMax: null, turnover: metrics.total.turnover, feesToTurnover: null, fundingToGross: null, sharpe365: null, lowSample: false })
      for (const value of Object.values(metrics[name]) as (Decimal | number | boolean | null)[]) expect(String(value)).not.toMatch(/NaN|Infinity/)
    }
    expect(decimalText(metrics.total.turnover ?? START)).toBe('0')
    const owed = runMetrics({ startingBalance: START, trades: [], openPositions: [], daily: daily.map((day) => ({ ...day, equity: decimal('-5') })), curve: curve.summary() })
    expect(owed.total.turnover, 'over an equity below zero').toBe(null)
  })
})
