import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY_MS, MINUTE_MS } from './time.ts'
import { barStart, countedFrom, parseTimeframe, requireBuildable, timeframeOf } from './timeframe.ts'

const at = (text: string): number => Date.parse(text)

describe('parseTimeframe', () => {
  it.each([
    ['1m', '1m', MINUTE_MS], ['3m', '3m', 3 * MINUTE_MS], ['15m', '15m', 15 * MINUTE_MS], ['1h', '1h', 60 * MINUTE_MS], ['4h', '4h', 240 * MINUTE_MS],
    ['1D', '1D', DAY_MS], ['1W', '1W', 7 * DAY_MS], ['30s', '30s', 30_000], ['60m', '1h', 60 * MINUTE_MS], ['24h', '1D', DAY_MS], ['1d', '1D', DAY_MS],
    ['2w', '2W', 14 * DAY_MS], ['90m', '90m', 90 * MINUTE_MS], ['7D', '7D', 7 * DAY_MS],
  ])('%s is %s of %d ms', (given, text, ms) => {
    expect(parseTimeframe(given)).toMatchObject({ text, ms })
  })

  it.each(['', '1', 'm', '0m', '-1m', '1.5h', '1M', '1y', '1 m', 'm1', '1mm'])('refuses "%s"', (text) => {
    expect(() => parseTimeframe(text)).toThrow(`TIMEFRAME_INVALID: A timeframe is not valid. Found: "${text}". Expected: a positive whole number and one of s m h D W`)
  })

  it('reads its own text', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 10_000 }), (minutes) => {
      const timeframe = timeframeOf(minutes * MINUTE_MS)
      expect(parseTimeframe(timeframe.text)).toEqual(timeframe)
    }))
  })
})

describe('barStart', () => {
  it.each([
    ['15m', '2023-10-02T00:14:59Z', '2023-10-02T00:00Z'], ['15m', '2023-10-02T00:15Z', '2023-10-02T00:15Z'], ['4h', '2023-10-02T07:59Z', '2023-10-02T04:00Z'],
    ['1D', '2023-10-02T23:59Z', '2023-10-02T00:00Z'], ['1W', '2023-10-08T23:59Z', '2023-10-02T00:00Z'], ['1W', '2023-10-09T00:00Z', '2023-10-09T00:00Z'],
  ])('the %s bar of %s starts at %s', (timeframe, time, start) => {
    expect(barStart(parseTimeframe(timeframe), at(time))).toBe(at(start))
  })

  it('counts from the first candle where it is told to', () => {
    const timeframe = countedFrom(parseTimeframe('15m'), at('2023-10-02T00:07Z'))
    expect(barStart(timeframe, at('2023-10-02T00:21Z'))).toBe(at('2023-10-02T00:07Z'))
    expect(barStart(timeframe, at('2023-10-02T00:22Z'))).toBe(at('2023-10-02T00:22Z'))
  })

  it('contains its time, for every timeframe and origin', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 0, max: 2e12 }), fc.integer({ min: 0, max: 1e12 }), (minutes, time, origin) => {
      const timeframe = countedFrom(timeframeOf(minutes * MINUTE_MS), origin)
      const start = barStart(timeframe, time)
      expect(start <= time && time < start + timeframe.ms && (start - origin) % timeframe.ms === 0).toBe(true)
    }))
  })
})

describe('requireBuildable', () => {
  it('accepts multiples of the candles', () => {
    expect(() => requireBuildable(parseTimeframe('15m'), 5 * MINUTE_MS, at('2023-10-02T00:05Z'))).not.toThrow()
  })

  it('refuses what is shorter or no multiple', () => {
    expect(() => requireBuildable(parseTimeframe('1m'), 5 * MINUTE_MS, 0)).toThrow("TIMEFRAME_INVALID: A timeframe is not valid. Found: 1m. Expected: a whole multiple of the candles' spacing, 5m.")
    expect(() => requireBuildable(parseTimeframe('7m'), 5 * MINUTE_MS, 0)).toThrow('Found: 7m')
  })

  it('refuses candles that lie across the boundaries', () => {
    expect(() => requireBuildable(parseTimeframe('1h'), MINUTE_MS, at('2023-10-02T00:00:30Z'))).toThrow('30000 ms after a boundary of 1h')
    expect(() => requireBuildable(countedFrom(parseTimeframe('1h'), at('2023-10-02T00:00:30Z')), MINUTE_MS, at('2023-10-02T00:00:30Z'))).not.toThrow()
  })
})
