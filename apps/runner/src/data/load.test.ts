import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CandleData } from './candle-data.ts'
import type { FundingInput } from './inputs.ts'
import { loadCandles, loadFunding, loadMarks } from './load.ts'
import { readCandleCsv } from './read-candles.ts'

const START = 1_696_204_800_000
const HEADER = 'timestamp_ms,open,high,low,close,volume'
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hedgerow-data-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

/** A line of a candle that is in order, `minute` minutes after the start. */
const line = (minute: number, prices = '10,12,9,11', volume = '5'): string => `${START + minute * 60_000},${prices},${volume}`
const candles = async (...lines: string[]): Promise<CandleData> => await loadCandles(await file('candles.csv', lines.join('\n')))
const funding = async (...lines: string[]): Promise<FundingInput> => await loadFunding(await file('f.csv', lines.join('\n')))
const rowsOf = (data: CandleData): number[][] =>
  Array.from(data.open, (open, row) => [open, data.high[row] ?? 0, data.low[row] ?? 0, data.close[row] ?? 0, data.volume[row] ?? 0])

describe('loadCandles reads', () => {
  it('columns by name, in any order, others ignored', async () => {
    const data = await candles('volume,Close,"open",low,high,trades,time', `5,11,10,9,12,77,${START}`, `6,12,11,10,13,78,${START + 60_000}`)
    expect([data.start, data.step, data.length]).toEqual([START, 60_000, 2])
    expect(rowsOf(data)).toEqual([[10, 12, 9, 11, 5], [11, 13, 10, 12, 6]])
    expect([data.gaps, data.synthetic, data.source.endsWith('candles.csv')]).toEqual([[], false, true])
  })

  it.each([
    ['without a header', [line(0), line(1)]],
    ['with a byte order mark', [`\uFEFF${HEADER}`, line(0), line(1)]],
    ['with Windows line ends', [`${HEADER}\r`, `${line(0)}\r`, `${line(1)}\r`, '\r']],
    ['with blank lines at the end', [HEADER, line(0), line(1), '', ' ', '']],
    ['with semicolons', [HEADER, line(0), line(1)].map((row) => row.replaceAll(',', ';'))],
    ['with tabs and quotes', [HEADER, line(0), line(1)].map((row) => row.split(',').map((cell) => `"${cell}"`).join('\t'))],
    ['with spaces around numbers', [HEADER, line(0, ' 10 , 12,9 ,11'), line(1)]],
    ['in seconds', [HEADER, line(0).replace('000,', ','), line(1).replace('000,', ',')]],
    ['in microseconds', [HEADER, line(0).replace('000,', '000000,'), line(1).replace('000,', '000000,')]],
    ['with ISO 8601 times', ['date,open,high,low,close,volume', '2023-10-02 00:00:00,10,12,9,11,5', '2023-10-02T02:01+02:00,10,12,9,11,5']],
    ['with more columns than it needs', [`${HEADER},close_time,trades`, `${line(0)},1,2`, `${line(1)},,`]],
    ['with exponents, signs and needless zeros', [HEADER, line(0, '1e1,+12,0009.00,11.00000000000000000', '5e0'), line(1)]],
  ])('%s', async (_, lines) => {
    const data = await candles(...lines)
    expect([data.start, data.step]).toEqual([START, 60_000])
    expect(rowsOf(data)).toEqual([[10, 12, 9, 11, 5], [10, 12, 9, 11, 5]])
  })

  it('gzip, whatever the name', async () => {
    const packed = gzipSync([HEADER, line(0), line(1)].join('\n'))
    const [named, unnamed] = [await loadCandles(await file('c.csv.gz', packed)), await loadCandles(await file('c.csv', packed))]
    expect(named.length).toBe(2)
    expect(unnamed.hash).toBe(named.hash)
  })

  it('a gap as rows of NaN, and lists it', async () => {
    const data = await candles(HEADER, line(0), line(1), line(4), line(5), line(7))
    expect(data.length).toBe(8)
    expect(Array.from(data.close, Number.isNaN)).toEqual([false, false, true, true, false, false, true, false])
    expect(rowsOf(data)[2]).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN, Number.NaN])
    expect(data.gaps).toEqual([{ from: START + 120_000, to: START + 240_000, minutes: 2 }, { from: START + 360_000, to: START + 420_000, minutes: 1 }])
  })

  it('a spacing of its own: the most frequent one', async () => {
    const data = await candles(HEADER, line(0), line(30), line(45), line(60), line(75))
    expect([data.step, data.length, data.gaps.length]).toEqual([15 * 60_000, 6, 1])
    expect((await candles(HEADER, line(7))).step).toBe(60_000)
  })

  it('a candle without volume, and a flat one', async () => {
    expect(rowsOf(await candles(HEADER, line(0, '10,10,10,10', '0')))).toEqual([[10, 10, 10, 10, 0]])
  })

  it('every number as Number reads its text', () => {
    const price = fc.tuple(fc.integer({ min: 1, max: 999_999_999 }), fc.integer({ min: 0, max: 12 })).map(([digits, decimals]) => (digits / 10 ** decimals).toFixed(decimals)).filter((text) => Number(text) > 0)
    const volume = fc.double({ min: 0, max: 1e9, noNaN: true }).map((value) => String(value === 0 ? 0 : value))
    fc.assert(fc.property(fc.array(fc.tuple(price, volume), { minLength: 1, maxLength: 20 }), (rows) => {
      const text = rows.map(([flat, traded], minute) => line(minute, [flat, flat, flat, flat].join(','), traded)).join('\n')
      const data = readCandleCsv('numbers.csv', new TextEncoder().encode(text), 'required')
      expect([...data.close]).toEqual(rows.map(([flat]) => Number(flat)))
      expect([...data.volume]).toEqual(rows.map(([, traded]) => Number(traded)))
    }))
  })

  it('the same candles with the same hash, others with another', async () => {
    const one = await candles(HEADER, line(0), line(1))
    const same = await candles(line(0).replace(',10,', ',10.0,'), line(1))
    const other = await candles(HEADER, line(0), line(1, '10,12,9,11.5'))
    const later = await candles(HEADER, line(1), line(2))
    expect(one.hash).toMatch(/^[0-9a-f]{64}$/)
    expect([same.hash === one.hash, other.hash === one.hash, later.hash === one.hash]).toEqual([true, false, false])
  })
})

describe('loadCandles refuses', () => {
  it.each<[string, string[], string]>([
    ['a header that lacks a column', ['time,open,high,low,volume', line(0)], 'candles.csv, line 1] DATA_INVALID: A data row is not valid. Found: the columns time, open, high, low, volume. Expected: a column close. Name the columns timestamp_ms, open, high, low, close, volume in the first line, or leave the header out'],
    ['too few columns without a header', [`${START},10,12,9`], 'line 1] DATA_INVALID: A data row is not valid. Found: 4 fields. Expected: timestamp_ms, open, high, low, close, volume.'],
    ['a short line', [HEADER, line(0), `${START + 60_000},10,12`, line(2)], 'line 3] DATA_INVALID: A data row is not valid. Found: 3 fields. Expected: at least 6.'],
    ['a file that ends within a line', [HEADER, line(0), `${START + 60_000},10,1`], 'line 3] DATA_INVALID: A data row is not valid. Found: 3 fields.'],
    ['an empty line between rows', [HEADER, line(0), '', line(1)], 'line 3] DATA_INVALID: A data row is not valid. Found: an empty line.'],
    ['text for a number', [HEADER, line(0), line(1, '10,x12,9,11')], 'line 3] DATA_INVALID: A data row is not valid. Found: high "x12". Expected: a number.'],
    ['an empty field', [HEADER, line(0, '10,12,,11')], 'line 2] DATA_INVALID: A data row is not valid. Found: low "". Expected: a number.'],
    ['NaN', [HEADER, line(0, '10,12,9,NaN')], 'line 2] DATA_INVALID: A data row is not valid. Found: close "NaN". Expected: a number.'],
    ['a price of zero', [HEADER, line(0), line(1), line(2, '10,12,0,11')], 'line 4] DATA_INVALID: A data row is not valid. Found: low 0. Expected: a finite price above zero.'],
    ['a negative price', [HEADER, line(0, '-10,12,9,11')], 'line 2] DATA_INVALID: A data row is not valid. Found: open -10. Expected: a finite price above zero.'],
    ['an infinite price', [HEADER, line(0, '10,1e999,9,11')], 'line 2] DATA_INVALID: A data row is not valid. Found: high Infinity. Expected: a finite price above zero.'],
    ['a negative volume', [HEADER, line(0, '10,12,9,11', '-5')], 'line 2] DATA_INVALID: A data row is not valid. Found: volume -5. Expected: a finite volume of at least zero.'],
    ['high below low', [HEADER, line(0, '10,9,12,11')], 'line 2] DATA_INVALID: A data row is not valid. Found: high 9 below low 12. Expected: high at or above low.'],
    ['an open outside the range', [HEADER, line(0, '8,12,9,11')], 'line 2] DATA_INVALID: A data row is not valid. Found: open 8 outside low 9 to high 12. Expected: open within low to high.'],
    ['a close outside the range', [HEADER, line(0, '10,12,9,13')], 'line 2] DATA_INVALID: A data row is not valid. Found: close 13 outside low 9 to high 12. Expected: close within low to high.'],
    ['rows out of order', [HEADER, line(1), line(0)], 'line 3] DATA_UNSORTED: Rows are not in rising order of time. Found: 2023-10-02T00:00Z after 2023-10-02T00:01Z. Expected: a time after 2023-10-02T00:01Z.'],
    ['the same time twice', [HEADER, line(0), line(1), line(1)], 'line 4] DATA_UNSORTED: Rows are not in rising order of time. Found: 2023-10-02T00:01Z a second time.'],
    ['a time off the grid', [HEADER, line(0), line(1), line(2.5), line(3.5)], 'line 4] DATA_INVALID: A data row is not valid. Found: 2023-10-02T00:02:30Z, 90 s after the candle before. Expected: a whole multiple of the spacing, 60 s.'],
    ['a time that is none', [HEADER, 'yesterday,10,12,9,11,5'], 'line 2] DATA_INVALID: A data row is not valid. Found: timestamp_ms "yesterday". Expected: milliseconds, seconds or an ISO 8601 time.'],
    ['a time that cannot be', [HEADER, '2023-13-40,10,12,9,11,5'], 'line 2] DATA_INVALID: A data row is not valid. Found: timestamp_ms "2023-13-40".'],
    ['a fraction of a millisecond', [HEADER, line(0).replace(',', '.5,')], 'line 2] DATA_INVALID: A data row is not valid. Found: time 1696204800000.5.'],
    ['a row in the far future', [HEADER, line(0), line(1), line(2), line(9_999_999)], 'DATA_GAP: Candles are missing. Found: 4 candles spread over a range of 10000000. Expected: at least one candle in twenty. Look for a row with a wrong time.'],
    ['a price of 16 digits', [HEADER, line(0, '10,12,9.123456789012345,11')], 'line 2] DATA_PRECISION: A price has more than 15 significant digits and cannot be compared exactly. Found: low 9.123456789012345. Expected: at most 15 significant digits.'],
    ['a price of 17 digits with an exponent', [HEADER, line(0, '1.2345678901234567e1,13,12,12')], 'line 2] DATA_PRECISION'],
    ['a header without rows', [HEADER, ''], 'candles.csv] DATA_EMPTY: There is no data in the range. Found: a header without rows.'],
    ['nothing', [''], 'candles.csv] DATA_EMPTY: There is no data in the range. Found: an empty file.'],
    ['blank lines', ['', ' ', ''], 'candles.csv] DATA_EMPTY'],
    ['a cut Parquet file', ['PAR1\u0015\u0004'], 'Found: a Parquet file that is damaged or incomplete ('],
  ])('%s', async (_, lines, message) => {
    await expect(candles(...lines)).rejects.toThrow(message)
  })

  it('a file that is not there, and a folder', async () => {
    await expect(loadCandles(join(folder, 'none.csv'))).rejects.toThrow(`DATA_FILE_MISSING: A data file does not exist. Found: nothing at ${join(folder, 'none.csv')}. Expected: a csv, csv.gz or Parquet file. Check the path`)
    await expect(loadCandles(folder)).rejects.toThrow(`DATA_FILE_MISSING: A data file does not exist. Found: a folder at ${folder}.`)
  })

  it('a zip archive, and says to unpack it', async () => {
    await expect(loadCandles(await file('XUSDT-1m-2025-05.zip', Buffer.from('PK\u0003\u0004 and more')))).rejects.toThrow(/05\.zip\] DATA_INVALID.*a zip archive.*unzip .*05\.zip/)
  })

  it('a damaged archive', async () => {
    const packed = gzipSync([HEADER, ...Array.from({ length: 2000 }, (_, minute) => line(minute))].join('\n'))
    await expect(loadCandles(await file('cut.csv.gz', packed.subarray(0, packed.length / 2)))).rejects.toThrow(/cut\.csv\.gz\] DATA_INVALID.*Found: a gzip archive that ends early or is damaged.*Copy or download the file again\./)
    await expect(loadCandles(await file('plain.csv.gz', [HEADER, line(0)].join('\n')))).rejects.toThrow('Found: no gzip archive.')
  })
})

describe('loadMarks', () => {
  it('needs no volume, with a header and without', async () => {
    const named = await loadMarks(await file('m.csv', ['timestamp_ms,open,high,low,close', `${START},10,12,9,11`, `${START + 3_600_000},11,12,9,11`].join('\n')))
    expect([named.step, named.length]).toEqual([3_600_000, 2])
    expect([...named.close, ...named.volume]).toEqual([11, 11, 0, 0])
    expect((await loadMarks(await file('m.csv', `${START},10,12,9,11`))).length).toBe(1)
  })

  it('checks prices as those of candles', async () => {
    await expect(loadMarks(await file('m.csv', ['time,open,high,low,close', `${START},10,9,12,11`].join('\n')))).rejects.toThrow('line 2] DATA_INVALID: A data row is not valid. Found: high 9 below low 12.')
  })
})

describe('loadFunding', () => {
  it.each([
    ['without a header', ['1704067200000,0.0001']], ['without a header, with symbols', ['1704067200000,XUSDT,0.0001']],
    ['as Binance files it', ['calc_time,funding_interval_hours,last_funding_rate', '1704067200000,8,0.0001']], ['as Bybit answers it', ['symbol,fundingRate,fundingRateTimestamp', 'XUSDT,0.0001,1704067200000']],
  ])('%s', async (_, lines) => {
    expect(await funding(...lines)).toEqual([[1_704_067_200_000, '0.0001']])
  })

  it('keeps rates as they are written', async () => {
    expect(await funding('timestamp_ms,symbol,rate', `${START},BTCUSDT,0.00010000`, `${START + 28_800_000},BTCUSDT,-1.5e-5`)).toEqual([[START, '0.00010000'], [START + 28_800_000, '-1.5e-5']])
    expect(await funding('rate,date', '0,2023-10-02')).toEqual([[START, '0']])
    expect(await funding(`${START},ETHUSDT,0.0001`)).toEqual([[START, '0.0001']])
  })

  it('takes one symbol of several', async () => {
    const path = await file('two.csv', ['timestamp_ms,symbol,rate', `${START},BTCUSDT,0.0001`, `${START},ETHUSDT,0.0002`].join('\n'))
    expect(await loadFunding(path, { symbol: 'ETHUSDT' })).toEqual([[START, '0.0002']])
    await expect(loadFunding(path)).rejects.toThrow('two.csv] DATA_INVALID: A data row is not valid. Found: funding of BTCUSDT, ETHUSDT. Expected: one symbol. Name the symbol')
    await expect(loadFunding(path, { symbol: 'XRPUSDT' })).rejects.toThrow('DATA_EMPTY: There is no data in the range. Found: no row of XRPUSDT.')
  })

  it.each([
    ['a rate in percent', [`${START},X,1.5`], 'line 1] DATA_INVALID: A data row is not valid. Found: rate "1.5". Expected: a fraction between -1 and 1, such as 0.0001.'],
    ['text for a rate', ['timestamp_ms,rate', `${START},none`], 'line 2] DATA_INVALID: A data row is not valid. Found: rate "none".'],
    ['a rate that is not there', ['timestamp_ms,symbol,rate', `${START},X`], 'line 2] DATA_INVALID: A data row is not valid. Found: rate "".'],
    ['a time that is none', ['timestamp_ms,rate', 'soon,0.0001'], 'line 2] DATA_INVALID: A data row is not valid. Found: time "soon".'],
    ['rows out of order', ['timestamp_ms,rate', `${START},0.0001`, `${START},0.0001`], 'row 2] DATA_UNSORTED: Rows are not in rising order of time. Found: 2023-10-02T00:00Z. Expected: a time after 2023-10-02T00:00Z.'],
    ['no rates', ['timestamp_ms,rate'], 'DATA_EMPTY'],
  ])('refuses %s', async (_, lines, message) => {
    await expect(funding(...lines)).rejects.toThrow(message)
  })
})
