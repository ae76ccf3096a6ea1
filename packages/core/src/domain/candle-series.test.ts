import { describe, expect, it } from 'vitest'
import { bufferOf, CandleSeries, denseBuffer, growingBuffer, writeBar } from './candle-series.ts'
import type { Candle, CandleColumns } from './candles.ts'

const columns: CandleColumns = {
  start: 600_000, step: 60_000, length: 3,
  open: Float64Array.of(1, 2, 3), high: Float64Array.of(5, 6, 7), low: Float64Array.of(0.5, 1.5, 2.5), close: Float64Array.of(2, 3, 4), volume: Float64Array.of(10, 0, 30),
}

describe('a series over columns', () => {
  it('shows the bars up to its length', () => {
    const buffer = denseBuffer(columns)
    const series = new CandleSeries(buffer)
    expect(series.length).toBe(0)
    buffer.length = 2
    expect([...series.close]).toEqual([2, 3])
    expect([...series.open, ...series.high, ...series.low, ...series.volume]).toEqual([1, 2, 5, 6, 0.5, 1.5, 10, 0])
    expect([...series.time]).toEqual([600_000, 660_000])
    expect(series.at(-1)).toEqual<Candle>({ time: 660_000, open: 2, high: 6, low: 1.5, close: 3, volume: 0 })
    expect(series.at(0)).toEqual(series.at(-2))
    expect(bufferOf(series)).toBe(buffer)
  })

  it('a view does not grow; the next one does', () => {
    const buffer = denseBuffer(columns)
    const series = new CandleSeries(buffer)
    buffer.length = 1
    const before = series.close
    buffer.length = 2
    expect([before.length, series.close.length]).toEqual([1, 2])
  })

  it('a view leads to no bar that has not closed, and writing to it changes no bar', () => {
    const buffer = denseBuffer(columns)
    const series = new CandleSeries(buffer)
    buffer.length = 2
    const behind = new Float64Array(series.close.buffer)
    expect([...behind.subarray(0, 2), ...new Set(behind.subarray(2))]).toEqual([2, 3, 0])
    series.close[0] = 99
    expect([series.at(0).close, columns.close[0]]).toEqual([2, 2])
  })

  it('a bar that was forming is read again', () => {
    const buffer = growingBuffer(60_000)
    const series = new CandleSeries(buffer)
    for (const close of [5, 7]) {
      writeBar(buffer, 0, { time: 0, open: 5, high: 9, low: 1, close, volume: 1 })
      buffer.length = 1
      expect([...series.close]).toEqual([close])
    }
  })

  it.each([2, -3, 0.5, Number.NaN])('refuses at(%d) of two bars', (index) => {
    const buffer = denseBuffer(columns)
    buffer.length = 2
    expect(() => new CandleSeries(buffer).at(index)).toThrow(/BAR_OUT_OF_RANGE.*Found: 2 bars, the last from 1970-01-01T00:11Z\. Expected: a whole index from -2 to 1\./)
  })

  it('says so when there is no bar', () => {
    expect(() => new CandleSeries(denseBuffer(columns)).at(-1)).toThrow('Found: no bar yet')
  })
})

describe('a series that grows', () => {
  it('keeps every bar while its columns double', () => {
    const buffer = growingBuffer(60_000, 0)
    const series = new CandleSeries(buffer)
    for (let row = 0; row < 1000; row++) {
      writeBar(buffer, row, { time: row * 120_000, open: row, high: row + 1, low: row, close: row, volume: row })
      buffer.length = row + 1
    }
    expect(series.length).toBe(1000)
    expect(series.close.every((close, row) => close === row)).toBe(true)
    expect(series.at(999).time).toBe(999 * 120_000)
    expect(series.time[500]).toBe(500 * 120_000)
  })
})
