import { decimal } from '@hedgerow/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ExactDoubles } from './exact-doubles.ts'
import { candlesFromColumns, candlesFromRows, readCandles, readFunding, readIndexes, readMarks, type CandleRow } from './inputs.ts'

const START = 1_696_204_800_000
const row = (minute: number, prices: readonly [number, number, number, number] = [10, 12, 9, 11], volume = 5): CandleRow => [START + minute * 60_000, ...prices, volume]

const gapBefore = (value: number): Float64Array => Float64Array.of(10, Number.NaN, value)

describe('readCandles', () => {
  it('gives the same candles for rows, columns, a grid and what was loaded', () => {
    const rows = [row(0), row(1, [11, 12.5, 10, 12]), row(3)]
    const loaded = candlesFromRows(rows)
    const column = (index: 0 | 1 | 2 | 3 | 4 | 5): Float64Array => Float64Array.from(rows, (values) => values[index])
    const columns = { time: column(0), open: column(1), high: column(2), low: column(3), close: column(4), volume: column(5) }
    const { start, step, length, open, high, low, close, volume } = loaded
    const sources = [rows, columns, { start, step, length, open, high, low, close, volume }, loaded].map((input) => readCandles('ETHUSDT', input))
    expect(new Set(sources.map((source) => source.hash())).size).toBe(1)
    expect(sources.map(({ columns: { gaps } }) => gaps)).toEqual(sources.map(() => [{ from: START + 120_000, to: START + 180_000, minutes: 1 }]))
    expect(readCandles('ETHUSDT', loaded).columns).toBe(loaded)
  })

  it('takes marks and index prices without a volume', () => {
    const time = Float64Array.of(START, START + 60_000)
    const prices = { open: Float64Array.of(10, 11), high: Float64Array.of(12, 12), low: Float64Array.of(9, 10), close: Float64Array.of(11, 12) }
    const marks = readMarks('ETHUSDT', [[START, 10, 12, 9, 11], [START + 60_000, 11, 12, 10, 12]])
    expect(marks.columns.high).toEqual(prices.high)
    expect(readIndexes('ETHUSDT', { time, ...prices }).hash()).toBe(marks.hash())
    expect(() => readMarks('ETHUSDT', [[START, 10, 12, 9] as never])).toThrow('[marks of ETHUSDT] DATA_INVALID')
  })

  it.each<[string, () => unknown, string]>([
    ['no rows', () => readCandles('ETHUSDT', []), '[candles of ETHUSDT, row 1] DATA_EMPTY: There is no data in the range. Found: no rows.'],
    ['a NaN price', () => readCandles('ETHUSDT', [row(0), row(1, [10, 12, 9, Number.NaN])]), '[candles of ETHUSDT, row 2] DATA_INVALID: A data row is not valid. Found: close NaN. Expected: a finite price above zero.'],
    ['a NaN volume', () => readCandles('ETHUSDT', [row(0, [10, 12, 9, 11], Number.NaN)]), 'Found: volume NaN.'],
    ['a row that is too short', () => readMarks('ETHUSDT', [[START, 10, 12, 9, 11, Number.NaN]]), '[marks of ETHUSDT, row 1] DATA_INVALID: A data row is not valid. Found: volume NaN.'],
    ['rows out of order', () => readCandles('ETHUSDT', [row(1), row(0)]), '[candles of ETHUSDT, row 2] DATA_UNSORTED'],
    ['times in seconds', () => readCandles('ETHUSDT', [[START / 1000, 10, 12, 9, 11, 5], [START / 1000 + 0.5, 10, 12, 9, 11, 5]]), 'row 2] DATA_INVALID: A data row is not valid. Found: time 1696204800.5. Expected: whole milliseconds'],
    ['the result of a computation', () => readCandles('ETHUSDT', [row(0, [10, 12, 0.1 + 0.2, 11])]), '[candles of ETHUSDT, row 1] DATA_PRECISION: A price has more than 15 significant digits and cannot be compared exactly. Found: low 0.30000000000000004. Expected: at most 15 significant digits. Round the source data to the tick of the instrument.'],
    ['columns of unequal length', () => candlesFromColumns({ time: Float64Array.of(START), open: Float64Array.of(1), high: Float64Array.of(1, 2), low: Float64Array.of(1), close: Float64Array.of(1), volume: Float64Array.of(1) }), '[columns] DATA_INVALID: A data row is not valid. Found: 2 values of high for 1 times. Expected: columns of equal length.'],
    ['a bad row of a grid, by its place there', () => readCandles('ETHUSDT', { start: START, step: 60_000, length: 3, open: gapBefore(10), high: gapBefore(10), low: gapBefore(-1), close: gapBefore(10), volume: gapBefore(1) }), '[candles of ETHUSDT, row 3] DATA_INVALID: A data row is not valid. Found: low -1.'],
  ])('refuses %s', (_, read, message) => {
    expect(read).toThrow(message)
  })
})

describe('readFunding', () => {
  it('takes numbers, texts and decimals', () => {
    const rates = readFunding('ETHUSDT', [[START, 0.0001], [START + 1, '-0.00025'], [START + 2, decimal('0')]])
    expect(rates.map(({ at, rate }) => [at - START, rate.toFixed()])).toEqual([[0, '0.0001'], [1, '-0.00025'], [2, '0']])
  })

  it.each<[string, () => unknown, string]>([
    ['NaN', () => readFunding('ETHUSDT', [[START, Number.NaN]]), '[funding of ETHUSDT, row 1] DATA_INVALID: A data row is not valid. Found: rate "NaN".'],
    ['a rate of 100 %', () => readFunding('ETHUSDT', [[START, decimal('1')]]), '[funding of ETHUSDT, row 1] DATA_INVALID: A data row is not valid. Found: rate "1".'],
    ['a time that is none', () => readFunding('ETHUSDT', [[0.5, 0]]), 'Found: time 0.5.'],
    ['rows out of order', () => readFunding('ETHUSDT', [[START, 0], [START - 1, 0]]), '[funding of ETHUSDT, row 2] DATA_UNSORTED'],
  ])('refuses %s', (_, read, message) => {
    expect(read).toThrow(message)
  })
})

describe('ExactDoubles', () => {
  it('knows the doubles of at most 15 significant digits, in any order', () => {
    const value = fc.oneof(
      fc.tuple(fc.integer({ min: 1, max: 999_999_999_999_999 }), fc.integer({ min: 0, max: 20 })).map(([digits, decimals]) => Number(`${digits}e-${decimals}`)),
      fc.double({ min: 1e-12, max: 1e18, noNaN: true }),
    )
    fc.assert(fc.property(fc.array(value), (values) => {
      const exact = new ExactDoubles()
      expect(values.map((candidate) => exact.has(candidate))).toEqual(values.map((candidate) => Number(candidate.toPrecision(15)) === candidate))
    }))
  })
})
