import { describe, expect, it } from 'vitest'
import { decimal } from '../domain/decimal.ts'
import { FundingCalendar } from './funding-calendar.ts'

const calendar = new FundingCalendar(new Map([['XUSDT', [{ at: 100, rate: decimal('0.01') }, { at: 200, rate: decimal('-0.02') }]]]))

describe('funding calendar', () => {
  it.each([
    [99, null, 100], [100, '0.01', 200], [199, '0.01', 200], [200, '-0.02', null], [1000, '-0.02', null],
  ])('at %d the last rate is %s and the next settlement at %s', (now, rate, nextAt) => {
    const reading = calendar.at('XUSDT', now)
    expect([reading.lastRate?.toFixed() ?? null, reading.nextAt, reading.predictedRate]).toEqual([rate, nextAt, null])
  })

  it('a symbol without a series has no funding', () => {
    expect(calendar.at('YUSDT', 150)).toEqual({ lastRate: null, predictedRate: null, nextAt: null })
  })
})
