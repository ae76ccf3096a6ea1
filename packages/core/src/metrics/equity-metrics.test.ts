import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decimal, decimalText, wide, type Decimal } from '../domain/decimal.ts'
import { cagr, equityMetrics, type EquityMetrics } from './equity-metrics.ts'
import { ratio, RATIO_PLACES, RETURN_PLACES, rounded } from './rounding.ts'

function metrics(...points: readonly string[]): Record<keyof EquityMetrics, string | number | null> {
  return texts(equityMetrics(points.map((point) => decimal(point))))
}

function texts(values: EquityMetrics): Record<keyof EquityMetrics, string | number | null> {
  return Object.fromEntries(Object.entries(values).map(([key, value]: [string, Decimal | number | null]) => [key, value === null || typeof value === 'number' ? value : decimalText(value)])) as Record<keyof EquityMetrics, string | number | null>
}

/** The curve from 1 that grows by these factors. */
function rebuild(factors: readonly Decimal[]): Decimal[] {
  return factors.reduce<Decimal[]>((list, factor) => [...list, (list.at(-1) ?? decimal('1')).times(factor)], [decimal('1')])
}

function growth(start: string, end: string, days: string): string | undefined {
  return cagr({ start: decimal(start), end: decimal(end), days: decimal(days) })?.toFixed(4)
}

const NO_RETURNS = { meanDaily: null, stdDailyDdof1: null, sharpe365: null, sortino365: null, omega0: null, var95HistLinear: null, cvar95Hist: null }
const equity = fc.integer({ min: 1, max: 1_000_000 }).map((value) => decimal(value.toString()).div('100'))
const curve = fc.array(equity, { minLength: 2, maxLength: 60 })

describe('equity metrics', () => {
  test('no point: nothing exists', () => {
    expect(metrics()).toEqual({ ...NO_RETURNS, totalReturn: null, cagr365: null, maxDrawdown: null, calmar: null, ulcerIndexJesseNMinus1: null, ulcerIndexPopulation: null, maxUnderwaterDays: 0 })
  })

  test('one point: no returns yet, and no drawdown', () => {
    expect(metrics('100')).toEqual({ ...NO_RETURNS, totalReturn: '0', cagr365: null, maxDrawdown: '0', calmar: null, ulcerIndexJesseNMinus1: null, ulcerIndexPopulation: null, maxUnderwaterDays: 0 })
  })

  test('one return: no deviation from a sample of one', () => {
    expect(metrics('100', '90')).toMatchObject({
      totalReturn: '-0.1', meanDaily: '-0.1', stdDailyDdof1: null, sharpe365: null, sortino365: '-19.1049731745', cagr365: '-1', maxDrawdown: '-0.1', calmar: '-10', omega0: '0',
      ulcerIndexJesseNMinus1: null, ulcerIndexPopulation: '0.1', var95HistLinear: '-0.1', cvar95Hist: '-0.1', maxUnderwaterDays: 1,
    })
  })

  test('an unchanging curve has returns of zero and no ratios', () => {
    expect(metrics('100', '100', '100')).toEqual({
      totalReturn: '0', meanDaily: '0', stdDailyDdof1: '0', sharpe365: null, sortino365: null, cagr365: '0', maxDrawdown: '0', calmar: null, omega0: null,
      ulcerIndexJesseNMinus1: '0', ulcerIndexPopulation: '0', var95HistLinear: '0', cvar95Hist: '0', maxUnderwaterDays: 0,
    })
  })

  test('equal returns have no deviation, also where their decimals never end', () => {
    expect(metrics('27', '9', '3', '1')).toMatchObject({ stdDailyDdof1: '0', sharpe365: null, sortino365: '-19.1049731745' })
  })

  test('an account that lost everything: returns exist up to the last one', () => {
    expect(metrics('100', '50', '0')).toMatchObject({ totalReturn: '-1', meanDaily: '-0.75', cagr365: '-1', maxDrawdown: '-1', calmar: '-1', omega0: '0' })
  })

  test('a return on nothing or on debt does not exist, nor does growth into debt', () => {
    expect(metrics('100', '0', '0')).toMatchObject({ ...NO_RETURNS, totalReturn: '-1', cagr365: '-1', maxDrawdown: '-1', maxUnderwaterDays: 2 })
    expect(metrics('100', '-10', '50')).toMatchObject({ ...NO_RETURNS, totalReturn: '-0.5', maxDrawdown: '-1.1' })
    expect(metrics('100', '-10')).toMatchObject({ meanDaily: '-1.1', totalReturn: '-1.1', cagr365: null, calmar: null })
    expect(metrics('0', '10')).toMatchObject({ ...NO_RETURNS, totalReturn: null, cagr365: null, maxDrawdown: null, calmar: null, ulcerIndexPopulation: null })
  })

  test('touching the peak ends the time under water', () => {
    expect(metrics('10', '9', '9', '10', '9', '10.5', '10', '9').maxUnderwaterDays).toBe(2)
  })

  test('a drawdown from the first point counts', () => {
    expect(metrics('100', '90', '95', '99').maxDrawdown).toBe('-0.1')
  })

  test('value at risk interpolates between returns, the tail is what is at or below it', () => {
    // 21 returns: the 5 % quantile is exactly the second lowest.
    const returns = Array.from({ length: 21 }, (_, index) => (index - 10) / 1000)
    const points = rebuild(returns.map((value) => decimal(value.toFixed(3)).plus('1')))

    expect(texts(equityMetrics(points))).toMatchObject({ var95HistLinear: '-0.009', cvar95Hist: '-0.0095' })
  })

  test('the growth of one very good day keeps its digits', () => {
    expect(metrics('100', '120').cagr365).toBe('79644319771494430769549456383.8534179741')
  })
})

describe('compound annual growth', () => {
  test('published values', () => {
    expect(growth('64900', '176000', '365')).toBe('1.7119')
    expect(growth('1000', '1500', '100')).toBe('3.3927')
    expect(growth('0.01', '0.01762792', '120')).toBe('4.6087')
  })

  test('null where it does not exist', () => {
    expect(growth('0', '1', '10')).toBeUndefined()
    expect(growth('-1', '1', '10')).toBeUndefined()
    expect(growth('1', '-1', '10')).toBeUndefined()
    expect(growth('1', '2', '0')).toBeUndefined()
    expect(growth('1', '0', '10')).toBe('-1.0000')
  })
})

describe('properties of equity metrics', () => {
  test('scaling the account changes nothing', () => {
    fc.assert(fc.property(curve, fc.integer({ min: 1, max: 1000 }), (points, factor) => {
      expect(texts(equityMetrics(points.map((point) => point.times(factor))))).toEqual(texts(equityMetrics(points)))
    }))
  })

  test('statistics of returns do not depend on their order; of their path only the drawdown does', () => {
    fc.assert(fc.property(curve, (points) => {
      const ratios = points.slice(1).map((point, index) => point.div(points[index] ?? point))
      const [a, b] = [equityMetrics(rebuild(ratios)), equityMetrics(rebuild(ratios.toReversed()))]
      for (const key of ['meanDaily', 'stdDailyDdof1', 'omega0', 'var95HistLinear', 'cvar95Hist', 'totalReturn'] as const) {
        expect(Number(a[key])).toBeCloseTo(Number(b[key]), 8)
      }
    }))
  })

  test('drawdowns lie between -1 and 0, and are zero exactly when the curve never falls', () => {
    fc.assert(fc.property(curve, (points) => {
      const { maxDrawdown, maxUnderwaterDays } = equityMetrics(points)
      const falls = points.some((point, index) => index > 0 && point.lt(points[index - 1] ?? point))
      expect(maxDrawdown?.lte(0) === true && maxDrawdown.gt(-1)).toBe(true)
      expect(maxUnderwaterDays > 0).toBe(falls)
      expect(maxUnderwaterDays).toBeLessThan(points.length)
    }))
  })

  test('the deviation has n - 1 in its divisor, the ulcer indexes n - 1 and n', () => {
    fc.assert(fc.property(fc.array(equity, { minLength: 3, maxLength: 40 }), (points) => {
      const n = points.length - 1
      const returns = points.slice(1).map((point, index) => point.toNumber() / (points[index]?.toNumber() ?? 1) - 1)
      const mean = returns.reduce((total, value) => total + value, 0) / n
      const deviation = Math.sqrt(returns.reduce((total, value) => total + (value - mean) ** 2, 0) / (n - 1))
      const { stdDailyDdof1, ulcerIndexJesseNMinus1, ulcerIndexPopulation } = equityMetrics(points)
      expect(Math.abs(Number(stdDailyDdof1) - deviation)).toBeLessThan(1e-9 * (1 + deviation))
      expect(Number(ulcerIndexPopulation) * Math.sqrt(n / (n - 1))).toBeCloseTo(Number(ulcerIndexJesseNMinus1), 9)
    }))
  })

  test('the mean of the tail is not above the value at risk', () => {
    fc.assert(fc.property(curve, (points) => {
      const { cvar95Hist, var95HistLinear } = equityMetrics(points)
      expect(Number(cvar95Hist)).toBeLessThanOrEqual(Number(var95HistLinear))
    }))
  })

  test('nothing is ever NaN, infinite or negative zero', () => {
    const anything = fc.array(fc.integer({ min: -5, max: 5 }).map((value) => decimal(value.toString())), { maxLength: 8 })
    fc.assert(fc.property(anything, (points) => {
      for (const text of Object.values(texts(equityMetrics(points)))) expect(String(text)).not.toMatch(/NaN|Infinity|^-0$/)
    }))
  })

  test('growth that doubles decide is that of 100 digits, and so is its ratio to the drawdown', () => {
    const near = fc.array(fc.integer({ min: 9_000_000, max: 11_000_000 }).map((value) => decimal(value.toString()).div('1000')), { minLength: 2, maxLength: 400 })
    fc.assert(fc.property(near, (points) => {
      const { cagr365, calmar, maxDrawdown } = equityMetrics(points)
      const [start, end] = [points[0] ?? decimal('0'), points.at(-1) ?? decimal('0')]
      const exact = cagr({ start, end, days: decimal(String(points.length - 1)) })
      expect(cagr365?.toFixed()).toBe(rounded(exact, RATIO_PLACES)?.toFixed())
      const peaks = points.map((_, index) => points.slice(0, index + 1).reduce((most, point) => (point.gt(most) ? point : most)))
      const deepest = points.map((point, index) => wide(point).div(peaks[index] ?? point).minus(1)).reduce((low, depth) => (depth.lt(low) ? depth : low), wide(decimal('0')))
      expect(maxDrawdown?.eq(rounded(deepest, RETURN_PLACES))).toBe(true)
      const exactCalmar = rounded(ratio(exact, deepest.isZero() ? null : deepest.abs()), RATIO_PLACES)
      expect(calmar?.toFixed()).toBe(exactCalmar?.toFixed())
    }), { numRuns: 60 })
  })

  test('roots that doubles decide are those of 100 digits, and so are the ratios to them', () => {
    const zero = wide(decimal('0'))
    const sumOfSquares = (values: readonly Decimal[]): Decimal => values.reduce((sum, value) => sum.plus(value.times(value)), zero)
    fc.assert(fc.property(fc.array(equity, { minLength: 3, maxLength: 120 }), (points) => {
      const returns = points.slice(1).map((point, index) => wide(point).div(points[index] ?? point).minus(1))
      const n = returns.length
      const mean = returns.reduce((sum, value) => sum.plus(value), zero).div(n)
      const deviation = sumOfSquares(returns.map((value) => value.minus(mean))).div(n - 1).sqrt()
      const risk = sumOfSquares(returns.filter((value) => value.lt(0))).div(n).sqrt()
      // Returns that are equal but for their hundredth digit have no deviation.
      fc.pre(deviation.gt('0.000001'))
      const year = wide(decimal('365')).sqrt()
      const { stdDailyDdof1, sharpe365, sortino365 } = equityMetrics(points)
      expect(stdDailyDdof1?.toFixed()).toBe(rounded(deviation, RETURN_PLACES).toFixed())
      expect(sharpe365?.toFixed()).toBe(rounded(mean.div(deviation).times(year), RATIO_PLACES).toFixed())
      expect(sortino365?.toFixed()).toBe(risk.isZero() ? undefined : rounded(mean.div(risk).times(year), RATIO_PLACES).toFixed())
    }), { numRuns: 60 })
  })
})
