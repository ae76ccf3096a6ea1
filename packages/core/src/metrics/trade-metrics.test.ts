import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decimal, decimalText, type Decimal } from '../domain/decimal.ts'
import { sumDecimals } from '../domain/sum.ts'
import { oppositeLeg, type Leg } from '../domain/leg.ts'
import { tradeMetrics, tradeMetricsByLeg, type TradeMoney } from './trade-metrics.ts'

type LegMoney = TradeMoney & { readonly leg: Leg | null }

function money(grossPnl: string, fees = '0', funding = '0'): TradeMoney {
  return { grossPnl: decimal(grossPnl), fees: decimal(fees), funding: decimal(funding) }
}

function texts(metrics: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(metrics).map(([key, value]: [string, unknown]) => [key, value === null || typeof value === 'number' ? value : decimalText(value as Decimal)]))
}

const cents = fc.integer({ min: -100_000, max: 100_000 }).map((value) => decimal(value.toString()).div('100'))
const anyTrade = fc.record({ grossPnl: cents, fees: cents, funding: cents, leg: fc.constantFrom<Leg | null>('long', 'short') })

describe('trade metrics', () => {
  test('no trades: sums are zero, everything else does not exist', () => {
    expect(texts(tradeMetrics([]))).toEqual({
      count: 0, wins: 0, losses: 0, grossPnl: '0', fees: '0', funding: '0', netPnl: '0', winRate: null, avgWin: null, avgLoss: null,
      payoffRatio: null, expectancy: null, expectancyRatio: null, profitFactor: null, largestWin: null, largestLoss: null,
    })
  })

  test('no wins: profit factor 0, no payoff', () => {
    expect(texts(tradeMetrics([money('-10', '1'), money('-2', '1')]))).toMatchObject({
      wins: 0, losses: 2, winRate: '0', avgWin: null, avgLoss: '7', payoffRatio: null, expectancy: '-7', expectancyRatio: null, profitFactor: '0', largestWin: null, largestLoss: '-11',
    })
  })

  test('no losses: neither payoff nor profit factor', () => {
    expect(texts(tradeMetrics([money('10', '1')]))).toMatchObject({ avgLoss: null, payoffRatio: null, expectancy: '9', expectancyRatio: null, profitFactor: null, largestLoss: null })
  })

  test('a trade that nets zero is neither, and still counts', () => {
    expect(texts(tradeMetrics([money('1', '1'), money('0'), money('-1', '0', '1')]))).toMatchObject({ count: 3, wins: 0, losses: 0, winRate: '0', expectancy: '0', profitFactor: null })
  })

  test('fees and funding decide whether a trade won', () => {
    expect(texts(tradeMetrics([money('1', '2', '0.5'), money('-1', '-2', '0')]))).toMatchObject({ wins: 1, losses: 1, netPnl: '0.5', largestWin: '1', largestLoss: '-0.5' })
  })

  test('a leg without trades has no metrics; trades without a leg count in the total', () => {
    const { total, long, short } = tradeMetricsByLeg([{ ...money('1'), leg: 'short' }, { ...money('2'), leg: null }])

    expect(total.count).toBe(2)
    expect(long).toBeNull()
    expect(short?.count).toBe(1)
  })
})

describe('properties of trade metrics', () => {
  const trades = fc.array(anyTrade, { maxLength: 30 })

  test('the order of trades does not matter', () => {
    fc.assert(fc.property(trades, (list) => {
      expect(texts(tradeMetrics(list.toReversed()))).toEqual(texts(tradeMetrics(list)))
    }))
  })

  test('the legs add up to the total', () => {
    fc.assert(fc.property(trades, (list) => {
      const { total, long, short } = tradeMetricsByLeg(list)
      for (const key of ['netPnl', 'grossPnl', 'fees', 'funding'] as const) {
        expect(sumDecimals([long, short].flatMap((leg) => (leg === null ? [] : [leg[key]]))).eq(total[key])).toBe(true)
      }
      expect((long?.count ?? 0) + (short?.count ?? 0)).toBe(total.count)
      expect((long?.wins ?? 0) + (short?.wins ?? 0)).toBe(total.wins)
    }))
  })

  test('swapping the legs swaps their metrics and keeps the total', () => {
    fc.assert(fc.property(trades, (list) => {
      const swapped = tradeMetricsByLeg(list.map((trade): LegMoney => ({ ...trade, leg: trade.leg && oppositeLeg(trade.leg) })))
      const { total, long, short } = tradeMetricsByLeg(list)
      expect(swapped).toEqual({ total, long: short, short: long })
    }))
  })

  test('money scales with the stake, ratios do not change', () => {
    fc.assert(fc.property(trades, fc.integer({ min: 1, max: 1000 }), (list, factor) => {
      const scale = (value: Decimal): Decimal => value.times(factor)
      const before = tradeMetrics(list)
      const after = tradeMetrics(list.map((trade) => ({ grossPnl: scale(trade.grossPnl), fees: scale(trade.fees), funding: scale(trade.funding) })))
      expect(after.netPnl.eq(scale(before.netPnl))).toBe(true)
      expect(texts({ a: after.winRate, b: after.profitFactor, c: after.payoffRatio, d: after.expectancyRatio }))
        .toEqual(texts({ a: before.winRate, b: before.profitFactor, c: before.payoffRatio, d: before.expectancyRatio }))
    }))
  })

  test('nothing is ever NaN, infinite or negative zero', () => {
    fc.assert(fc.property(trades, (list) => {
      for (const text of Object.values(texts(tradeMetrics(list)))) expect(String(text)).not.toMatch(/NaN|Infinity|^-0$/)
    }))
  })
})
