/** Indicators over bars that outlive a run: the same values, no bar ahead, and no run that can spoil another's. */
import { CandleSeries, keepBetweenRuns, parseTimeframe, PrecomputedBars, type CandleColumns } from '@hedgerow/core'
import { expect, it } from 'vitest'
import * as ta from './ta.ts'

const LENGTH = 600
const column = (value: (row: number) => number): Float64Array => Float64Array.from({ length: LENGTH }, (_, row) => value(row))
const candles = (): CandleColumns => ({
  start: 0, step: 60_000, length: LENGTH, open: column((row) => 100 + Math.sin(row)), high: column((row) => 102 + Math.sin(row)), low: column((row) => 98 + Math.sin(row)),
  close: column((row) => 100 + Math.sin(row + 1) + row / 50), volume: column((row) => 10 + (row % 7)),
})

/** What a run of so many bars reads, bar by bar. */
function readings(base: CandleColumns, timeframe: string, bars: number, spoil = false): (number | readonly number[])[] {
  const feed = new PrecomputedBars(base, parseTimeframe(timeframe))
  const series = new CandleSeries(feed.buffer)
  const read: (number | readonly number[])[] = []
  while (feed.buffer.length < bars) {
    feed.advanceTo(feed.nextCloseAt)
    if (feed.buffer.length < 30) continue
    const emas = ta.ema.series(series, 8)
    const { upper, lower } = ta.bollinger(series, 20)
    read.push([...emas], ta.rsi(series, 14), upper, lower, emas.buffer.byteLength / 8 >= bars ? 0 : 1, [...new Float64Array(emas.buffer).subarray(emas.length, emas.length + 5)])
    if (spoil) emas.fill(1e9)
  }
  return read
}

it.each([['1m', 300], ['5m', 100]])('is the same as computing anew (%s)', (timeframe, bars) => {
  const [fresh, kept] = [candles(), candles()]
  keepBetweenRuns(kept)
  const alone = readings(fresh, timeframe, bars)
  const first = readings(kept, timeframe, bars)
  expect(first).toEqual(alone)
  // A second run, whose values are known to the end already, sees no value ahead; what it writes into a view stays its own.
  readings(kept, timeframe, 50, true)
  expect(readings(kept, timeframe, bars)).toEqual(alone)
  expect(new PrecomputedBars(kept, parseTimeframe(timeframe)).buffer.close).toBe(new PrecomputedBars(kept, parseTimeframe(timeframe)).buffer.close)
})

it('keeps apart what other candles with the same closes give', () => {
  const plain = candles()
  const wider = { ...plain, high: plain.high.map((high) => high + 1) }
  for (const kept of [plain, wider]) keepBetweenRuns(kept)
  const ranges = [plain, wider, { ...wider }].map((base) => {
    const feed = new PrecomputedBars(base, parseTimeframe('1m'))
    feed.advanceTo(Number.POSITIVE_INFINITY)
    return ta.atr(new CandleSeries(feed.buffer), 14)
  })
  expect(ranges[1]).toBe(ranges[2])
  expect(ranges[1]).toBeGreaterThan(ranges[0] ?? Number.NaN)
})
