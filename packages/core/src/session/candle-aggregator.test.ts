import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { barTime, CandleSeries } from '../domain/candle-series.ts'
import { candleAt, candleTime, isMissing, type Candle, type CandleColumns } from '../domain/candles.ts'
import { MINUTE_MS } from '../domain/time.ts'
import { barStart, countedFrom, parseTimeframe, timeframeOf, type Timeframe } from '../domain/timeframe.ts'
import { CandleAggregator, FormingBars, PrecomputedBars } from './candle-aggregator.ts'

const MIDNIGHT = Date.parse('2023-10-02T00:00Z')

/** One-minute candles; null is a missing one. Candle i: open i + 1, high i + 3, low i + 0.5, close i + 2, volume 2^(i mod 20). */
function minutes(present: readonly boolean[], start: number = MIDNIGHT): CandleColumns {
  const column = (value: (index: number) => number): Float64Array => Float64Array.from(present, (there, index) => (there ? value(index) : Number.NaN))
  return { start, step: MINUTE_MS, length: present.length, open: column((i) => i + 1), high: column((i) => i + 3), low: column((i) => i + 0.5), close: column((i) => i + 2), volume: column((i) => 2 ** (i % 20)) }
}

const all = (count: number): boolean[] => Array.from({ length: count }, () => true)
const bars = (series: CandleSeries): Candle[] => Array.from({ length: series.length }, (_, index) => series.at(index))

/** Straight from the rule: every bar of the grid that starts at or after the first candle, ends within the data and holds a candle. */
function expectedBars(columns: CandleColumns, timeframe: Timeframe): Candle[] {
  const candles = Array.from({ length: columns.length }, (_, index) => index).filter((index) => !isMissing(columns, index)).map((index) => candleAt(columns, index))
  const first = candles[0]?.time ?? 0
  const starts = [...new Set(candles.map(({ time }) => barStart(timeframe, time)))].filter((start) => start >= first && start + timeframe.ms <= candleTime(columns, columns.length))
  return starts.map((time) => {
    const own = candles.filter((candle) => barStart(timeframe, candle.time) === time)
    return {
      time, open: own[0]?.open ?? 0, high: Math.max(...own.map(({ high }) => high)), low: Math.min(...own.map(({ low }) => low)), close: own.at(-1)?.close ?? 0,
      volume: own.reduce((sum, { volume }) => sum + volume, 0),
    }
  })
}

describe('PrecomputedBars', () => {
  it('builds bars of a multiple of the candles', () => {
    const feed = new PrecomputedBars(minutes(all(11)), parseTimeframe('5m'))
    const series = new CandleSeries(feed.buffer)
    expect(feed.count).toBe(2)
    expect(feed.nextCloseAt).toBe(MIDNIGHT + 5 * MINUTE_MS)
    expect(feed.advanceTo(MIDNIGHT + 5 * MINUTE_MS - 1)).toBe(0)
    expect(feed.advanceTo(MIDNIGHT + 5 * MINUTE_MS)).toBe(1)
    expect(series.at(-1)).toEqual({ time: MIDNIGHT, open: 1, high: 7, low: 0.5, close: 6, volume: 31 })
    expect(feed.advanceTo(Number.POSITIVE_INFINITY)).toBe(2)
    expect(feed.nextCloseAt).toBe(Number.POSITIVE_INFINITY)
  })

  it('takes the columns themselves where the timeframe is theirs and nothing is missing', () => {
    const columns = minutes(all(3))
    const feed = new PrecomputedBars(columns, parseTimeframe('1m'))
    expect(feed.buffer.close).toBe(columns.close)
    feed.advanceTo(MIDNIGHT + 2 * MINUTE_MS)
    expect(bars(new CandleSeries(feed.buffer))).toEqual([candleAt(columns, 0), candleAt(columns, 1)])
  })

  it('does not deliver a first bar that lacks its beginning, nor a last one that lacks its end', () => {
    const feed = new PrecomputedBars(minutes(all(12), MIDNIGHT + 2 * MINUTE_MS), parseTimeframe('5m'))
    feed.advanceTo(Number.POSITIVE_INFINITY)
    expect([...new CandleSeries(feed.buffer).time]).toEqual([MIDNIGHT + 5 * MINUTE_MS])
  })

  it('leaves missing candles out, and bars without any', () => {
    const present = all(20).map((_, index) => index !== 0 && index !== 6 && (index < 10 || index > 14))
    const feed = new PrecomputedBars(minutes(present), parseTimeframe('5m'))
    feed.advanceTo(Number.POSITIVE_INFINITY)
    expect(bars(new CandleSeries(feed.buffer)).map(({ time, open, volume }) => [(time - MIDNIGHT) / MINUTE_MS, open, volume])).toEqual([[5, 6, 2 ** 5 + 2 ** 7 + 2 ** 8 + 2 ** 9], [15, 16, 2 ** 15 + 2 ** 16 + 2 ** 17 + 2 ** 18 + 2 ** 19]])
  })

  it('has no bars where there are no candles', () => {
    const feed = new PrecomputedBars(minutes([false, false]), parseTimeframe('1m'))
    expect([feed.count, feed.nextCloseAt]).toEqual([0, Number.POSITIVE_INFINITY])
  })

  it('refuses a timeframe that cannot be built', () => {
    const columns = { ...minutes(all(3)), step: 5 * MINUTE_MS }
    expect(() => new PrecomputedBars(columns, parseTimeframe('7m'))).toThrow('TIMEFRAME_INVALID')
    expect(() => new FormingBars(columns, parseTimeframe('7m'))).toThrow('TIMEFRAME_INVALID')
    expect(() => new CandleAggregator(parseTimeframe('7m'), 5 * MINUTE_MS)).toThrow('TIMEFRAME_INVALID')
  })

  it('computes bars once for candles over which many runs go: each sees its own, and those of other timeframes, origins and candles are others', () => {
    const columns = minutes(all(60))
    const first = new PrecomputedBars(columns, parseTimeframe('5m'))
    first.advanceTo(MIDNIGHT + 30 * MINUTE_MS)
    const second = new PrecomputedBars(columns, parseTimeframe('5m'))
    expect([first.buffer.length, second.buffer.length, second.count]).toEqual([6, 0, 12])
    expect(second.buffer.close).toBe(first.buffer.close)
    // One set for all origins of the same phase: a run may count from any moment.
    const daysLater = countedFrom(parseTimeframe('5m'), MIDNIGHT + 86_400_000)
    expect(new PrecomputedBars(columns, daysLater).buffer.close).toBe(first.buffer.close)
    for (const [base, timeframe] of [[columns, parseTimeframe('15m')], [columns, countedFrom(parseTimeframe('5m'), MIDNIGHT + 2 * MINUTE_MS)], [{ ...columns, length: 50 }, parseTimeframe('5m')]] as const) {
      const other = new PrecomputedBars(base, timeframe)
      other.advanceTo(Number.POSITIVE_INFINITY)
      expect(bars(new CandleSeries(other.buffer))).toEqual(expectedBars(base, timeframe))
    }
  })

  it('truncating the candles changes no bar before', () => {
    const whole = new PrecomputedBars(minutes(all(60)), parseTimeframe('15m'))
    const cut = new PrecomputedBars(minutes(all(40)), parseTimeframe('15m'))
    const until = MIDNIGHT + 40 * MINUTE_MS
    whole.advanceTo(until)
    cut.advanceTo(until)
    expect(bars(new CandleSeries(whole.buffer))).toEqual(bars(new CandleSeries(cut.buffer)))
  })
})

describe('CandleAggregator', () => {
  it('closes a bar with its last candle', () => {
    const columns = minutes(all(6))
    const aggregator = new CandleAggregator(parseTimeframe('5m'), MINUTE_MS)
    expect([0, 1, 2, 3, 4, 5].map((index) => aggregator.push(candleAt(columns, index)))).toEqual([0, 0, 0, 0, 1, 1])
    expect(aggregator.nextCloseAt).toBe(MIDNIGHT + 10 * MINUTE_MS)
    expect(aggregator.buffer.forming).toBe(false)
  })

  it('closes a bar by the clock when its last candle never comes', () => {
    const columns = minutes(all(8))
    const aggregator = new CandleAggregator(parseTimeframe('5m'), MINUTE_MS)
    for (const index of [0, 1, 2]) aggregator.push(candleAt(columns, index))
    expect(aggregator.closeUpTo(MIDNIGHT + 5 * MINUTE_MS - 1)).toBe(0)
    expect(aggregator.closeUpTo(MIDNIGHT + 5 * MINUTE_MS)).toBe(1)
    expect(() => aggregator.push(candleAt(columns, 4))).toThrow('DATA_UNSORTED: Rows are not in rising order of time. Found: a candle of 2023-10-02T00:04Z. Expected: one of 2023-10-02T00:05Z or later.')
    expect(aggregator.push(candleAt(columns, 7))).toBe(1)
  })

  it('refuses a candle twice', () => {
    const columns = minutes(all(2))
    const aggregator = new CandleAggregator(parseTimeframe('5m'), MINUTE_MS)
    aggregator.push(candleAt(columns, 0))
    expect(() => aggregator.push(candleAt(columns, 0))).toThrow('DATA_UNSORTED')
  })
})

describe('FormingBars', () => {
  it('shows the last bar while it forms, and as closed when it has closed', () => {
    const feed = new FormingBars(minutes(all(12)), parseTimeframe('5m'))
    const series = new CandleSeries(feed.buffer)
    feed.advanceTo(MIDNIGHT + 3 * MINUTE_MS)
    expect([series.length, series.forming, series.at(-1).close]).toEqual([1, true, 4])
    feed.advanceTo(MIDNIGHT + 5 * MINUTE_MS)
    expect([series.length, series.forming, series.at(-1).close]).toEqual([1, false, 6])
    expect(feed.advanceTo(MIDNIGHT + 6 * MINUTE_MS)).toBe(1)
    expect([series.length, series.forming, series.at(-1)]).toEqual([2, true, { time: MIDNIGHT + 5 * MINUTE_MS, open: 6, high: 8, low: 5.5, close: 7, volume: 32 }])
    expect(feed.advanceTo(Number.POSITIVE_INFINITY)).toBe(2)
    expect([series.length, series.forming]).toEqual([3, true])
  })

  it('counts from the first candle where the timeframe does', () => {
    const columns = minutes(all(7), MIDNIGHT + 2 * MINUTE_MS)
    const feed = new FormingBars(columns, countedFrom(parseTimeframe('5m'), columns.start))
    feed.advanceTo(MIDNIGHT + 7 * MINUTE_MS)
    expect(new CandleSeries(feed.buffer).at(-1)).toEqual({ time: columns.start, open: 1, high: 7, low: 0.5, close: 6, volume: 31 })
  })
})

describe('batch, streaming and forming bars', () => {
  const market = fc.record({ present: fc.array(fc.boolean(), { minLength: 1, maxLength: 120 }), offset: fc.integer({ min: 0, max: 30 }), span: fc.integer({ min: 1, max: 13 }), counted: fc.boolean() })

  it('are the same bars, whatever is missing', () => {
    fc.assert(fc.property(market, ({ present, offset, span, counted }) => {
      const columns = minutes(present, MIDNIGHT + offset * MINUTE_MS)
      const timeframe = counted ? countedFrom(timeframeOf(span * MINUTE_MS), columns.start) : timeframeOf(span * MINUTE_MS)
      const expected = expectedBars(columns, timeframe)
      const end = candleTime(columns, columns.length)

      const batch = new PrecomputedBars(columns, timeframe)
      batch.advanceTo(end)
      expect(bars(new CandleSeries(batch.buffer))).toEqual(expected)

      const streaming = new CandleAggregator(timeframe, MINUTE_MS)
      const forming = new FormingBars(columns, timeframe)
      for (let index = 0; index < columns.length; index++) {
        if (!isMissing(columns, index)) streaming.push(candleAt(columns, index))
        streaming.closeUpTo(candleTime(columns, index + 1))
        const closed = forming.advanceTo(candleTime(columns, index + 1))
        expect(closed).toBe(streaming.buffer.length)
      }
      expect(bars(new CandleSeries(streaming.buffer))).toEqual(expected)
      expect(bars(new CandleSeries(forming.buffer)).slice(0, expected.length)).toEqual(expected)
    }))
  })

  it('close in order, each at the end of its span', () => {
    fc.assert(fc.property(market, ({ present, offset, span }) => {
      const columns = minutes(present, MIDNIGHT + offset * MINUTE_MS)
      const feed = new PrecomputedBars(columns, timeframeOf(span * MINUTE_MS))
      let before = 0
      while (feed.nextCloseAt < Number.POSITIVE_INFINITY) {
        const at = feed.nextCloseAt
        expect(at).toBeGreaterThan(before)
        const row = feed.buffer.length
        expect(feed.advanceTo(at)).toBe(row + 1)
        expect(barTime(feed.buffer, row) + span * MINUTE_MS).toBe(at)
        before = at
      }
      expect(feed.buffer.length).toBe(feed.count)
    }))
  })
})
