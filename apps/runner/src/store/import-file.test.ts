import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SeriesId } from '@hedgerow/core'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { exportSeries, type ExportFormat, type ExportReport } from './export-series.ts'
import { idOfName } from './file-name.ts'
import { importFile, type ImportOptions, type ImportReport } from './import-file.ts'
import { ParquetCandleStore } from './parquet-candle-store.ts'
import { hashRows } from './rows.ts'

const MINUTE = 60_000
const START = Date.UTC(2025, 4, 4)
const HEADER = 'timestamp_ms,open,high,low,close,volume'
const NAME = 'venue_XUSDT_1m.csv'
const CANDLES: SeriesId = { venue: 'venue', symbol: 'XUSDT', kind: 'candles', timeframe: '1m' }

let folder = ''
let store = new ParquetCandleStore('')
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hedgerow-import-'))
  store = new ParquetCandleStore(join(folder, 'data'))
})
afterEach(() => { rmSync(folder, { recursive: true, force: true }) })

function line(minute: number, values = `10,12,9,11,${minute + 1}.5`): string {
  return `${START + minute * MINUTE},${values}`
}

function save(name: string, content: string | Uint8Array): string {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

function load(name: string, lines: readonly string[] | Uint8Array, options: Partial<ImportOptions> = {}): Promise<ImportReport> {
  return importFile(store, save(name, lines instanceof Uint8Array ? lines : lines.join('\n')), { columns: {}, overlap: 'fail', skipInvalid: false, ...options })
}

/** What a report says is wrong: place in the file, found and expected. */
function wrong({ violations }: ImportReport): string[] {
  return violations.map(({ where, found, expected }) => `${where.replace(/^.*?, (?=line|row)/, '')}: ${found}. Expected: ${expected}`)
}

/** A file of another program: other types, other capitals, two rows a group. */
function parquet(close: (number | null)[], name: string = 'close'): Uint8Array {
  const prices = ['open', 'high', 'low'].map((column) => ({ name: column, data: close.map(() => 10), type: 'INT32' as const }))
  return new Uint8Array(parquetWriteBuffer({
    rowGroupSize: 2,
    columnData: [{ name: 'Date', data: close.map((_, row) => new Date(START + row * MINUTE)), type: 'TIMESTAMP' }, ...prices, { name, data: close, type: 'DOUBLE' }, { name: 'volume', data: close.map(String), type: 'STRING' }],
  }))
}

function exportTo(format: ExportFormat, id: SeriesId, origin: string | null = null): Promise<ExportReport> {
  return exportSeries(store, { id, format, range: {}, origin, replace: false, path: () => join(folder, `out.${format}`) })
}

describe('the name of a file', () => {
  it.each<readonly [string, object]>([
    ['binance-usdm_BTCUSDT_1m_2025-01-27_2025-02-26.csv.gz', { venue: 'binance-usdm', symbol: 'BTCUSDT', kind: undefined, timeframe: '1m' }],
    ['binance-usdm_ETHUSDT_mark_1h_2024-01_2026-04.csv.gz', { venue: 'binance-usdm', symbol: 'ETHUSDT', kind: 'marks', timeframe: '1h' }],
    ['binance-usdm_SOLUSDT_funding.csv.gz', { venue: 'binance-usdm', symbol: 'SOLUSDT', kind: 'funding', timeframe: undefined }],
    ['BTCUSDT-1m-2025-05.csv', { symbol: 'BTCUSDT', timeframe: '1m' }],
    ['BTCUSDT-fundingRate-2025-05.csv', { symbol: 'BTCUSDT', kind: 'funding' }],
    ['ETHUSDT_60m.parquet', { symbol: 'ETHUSDT', timeframe: '1h' }],
    ['my_file.csv', {}],
    ['candles.csv', {}],
  ])('%s', (name, id) => {
    expect(idOfName(`/some/where/${name}`)).toEqual(id)
  })
})

describe('an import finds out', () => {
  it.each<readonly [string, string, string]>([
    ['ISO times', 'time,open,high,low,close,volume', '2025-05-04T00:00:00Z,10,12,9,11,1'],
    ['seconds', 'ts,open,high,low,close,volume', '1746316800,10,12,9,11,1'],
    ['microseconds', 'open_time,open,high,low,close,volume,close_time', '1746316800000000,10,12,9,11,1,1746316859999999'],
    ['nanoseconds and a semicolon', 'timestamp;open;high;low;close;volume', '1746316800000000000;10;12;9;11;1'],
    ['no header', `${START},10,12,9,11,1`, `${START + MINUTE},10,12,9,11,1`],
    ['no header before the twelve columns of Binance', `${START},10,12,9,11,1,${START + MINUTE - 1},11.5,3,0.5,5.7,0`, `${START + MINUTE},10,12,9,11,1,${START + 2 * MINUTE - 1},11.5,3,0.5,5.7,0`],
    ['other orders and names', 'Volume,Close,Low,High,Open,Date', '1,11,9,12,10,2025-05-04 00:00:00'],
  ])('%s', async (_, ...lines) => {
    expect(wrong(await load(NAME, lines))).toEqual([])
    const { time, columns } = await store.rows(CANDLES)
    expect([time[0], ...Object.values(columns).map((column) => column[0])]).toEqual([START, 10, 12, 9, 11, 1])
  })

  it('columns that are named for it', async () => {
    await load('x.csv', ['a,b,c,d,e,f', `1746316800,11,12,9,10,1`], { venue: 'venue', symbol: 'XUSDT', columns: { time: 'A', close: 'b', high: 'c', low: 'd', open: 'e', volume: 'f' } })
    expect((await store.rows(CANDLES)).columns).toMatchObject({ open: Float64Array.of(10), close: Float64Array.of(11) })
    await expect(load('x.csv', ['a,b', '1,2'], { venue: 'v', symbol: 'X', kind: 'candles', columns: { bid: 'b' } })).rejects.toThrow(/\[--column\] USAGE_INVALID.*"bid".*time, open, high, low, close, volume, symbol/)
  })

  it('marks, funding and the spacing', async () => {
    expect((await load('venue_XUSDT_mark_15m.csv', ['time,open,high,low,close', line(0, '10,12,9,11'), line(15, '10,12,9,11')])).id).toEqual({ ...CANDLES, kind: 'marks', timeframe: '15m' })
    const bare = await load('venue_YUSDT_mark_1m.csv', [`${START},10,12,9,11,0,${START + MINUTE - 1},0,60,0,0,0`, `${START + MINUTE},10,12,9,11,0,${START + 2 * MINUTE - 1},0,60,0,0,0`])
    expect([bare.id.kind, bare.rows.time.length]).toEqual(['marks', 2])
    expect((await load('x.csv', ['timestamp_ms,symbol,rate', `${START},XUSDT,-0.0001`], { venue: 'venue' })).id).toEqual({ ...CANDLES, kind: 'funding', timeframe: null })
    expect((await load('x.csv', [HEADER, line(0), line(60), line(120), line(240)], { venue: 'venue', symbol: 'XUSDT' }))).toMatchObject({ id: { timeframe: '1h' }, gaps: [{ from: START + 180 * MINUTE, minutes: 60 }] })
    expect((await load('x.csv', ['symbol,fundingRate,fundingRateTimestamp', `XUSDT,0.0001,${START}`], { venue: 'bybit' })).id).toMatchObject({ symbol: 'XUSDT', kind: 'funding' })
    const monday = Date.UTC(2025, 4, 5)
    expect((await load('w.csv', [HEADER, `${monday},1,1,1,1,1`, `${monday + 7 * 86_400_000},1,1,1,1,1`], { venue: 'venue', symbol: 'XUSDT' })).id.timeframe).toBe('1W')
  })

  it('the rows of one symbol among several', async () => {
    const lines = ['timestamp_ms,symbol,rate', `${START},XUSDT,0.0001`, `${START},YUSDT,0.0002`]
    await expect(load('x.csv', lines, { venue: 'venue' })).rejects.toThrow(/DATA_INVALID.*rows of XUSDT, YUSDT.*--symbol/)
    await load('x.csv', lines, { venue: 'venue', symbol: 'YUSDT' })
    expect([...(await store.rows({ ...CANDLES, symbol: 'YUSDT', kind: 'funding', timeframe: null })).columns['rate'] ?? []]).toEqual([0.0002])
    const bare = [`${START},0.0001,XUSDT`, `${START},0.0002,YUSDT`]
    expect((await load('x.csv', bare, { venue: 'venue', symbol: 'XUSDT' })).rows.columns['rate']).toEqual(Float64Array.of(0.0001))
    await expect(load('x.csv', lines, { venue: 'venue', symbol: 'ZUSDT' })).rejects.toThrow(/DATA_EMPTY.*no row of ZUSDT/)
  })

  it('the order, and rows that are there twice', async () => {
    const report = await load(NAME, [HEADER, line(2), line(1), line(0), line(1)])
    expect([report.sorted, report.repeated, report.rows.time.length]).toEqual([true, 1, 3])
  })

  it('and asks for what nothing tells', async () => {
    await expect(load('x.csv', [HEADER, line(0)])).rejects.toThrow(/x\.csv\] USAGE_INVALID.*no venue and no symbol in its name.*hedgerow data import .*x\.csv --venue bybit-linear --symbol ETHUSDT/)
    const turnover = ['time,open,high,low,close,Volume USDT', line(0)]
    await expect(load(NAME, turnover)).rejects.toThrow(/DATA_INVALID.*Volume USDT.*--column close=last/)
    expect((await load(NAME, turnover, { columns: { volume: 'Volume USDT' } })).id.kind).toBe('candles')
    await expect(load('x.csv', ['when,what', '1,2'])).rejects.toThrow(/x\.csv, line 1\] DATA_INVALID.*when,what.*--column time=ts/)
  })
})

describe('rows that cannot be right', () => {
  const LINES = [HEADER, line(0), line(1, '10,12,oops,11,1'), line(2, '10,12,13,11,1'), line(3, '10,12,9,11,-1'), line(4, '10,12'), '', line(5, '10.12345678901234,12,9,11,1'), `${START + 6 * MINUTE + 7},10,12,9,11,1`, line(7), line(7, '10,12,9,10,1'), 'soon,10,12,9,11,1']

  it('refuse the file, each with its line, and nothing is stored', async () => {
    const report = await load(NAME, LINES, { timeframe: '1m' })
    expect(report.stored).toBeNull()
    expect(wrong(report)).toEqual([
      'line 3: low "oops". Expected: a number',
      'line 4: high 12 below low 13. Expected: high at or above low',
      'line 5: volume -1. Expected: a finite volume of at least zero',
      'line 6: 3 fields. Expected: at least 6',
      'line 7: an empty line. Expected: a row',
      'line 8: open 10.12345678901234. Expected: at most 15 significant digits',
      'line 9: 2025-05-04T00:06:00.007Z. Expected: a start of a candle of 1m',
      'line 11: 2025-05-04T00:07Z a second time: open 10, high 12, low 9, close 10, volume 1. Expected: one row a time; before: open 10, high 12, low 9, close 11, volume 8.5',
      'line 12: timestamp_ms "soon". Expected: a time: a number, or ISO 8601',
    ])
    expect(await store.list()).toEqual([])
  })

  it('are left out where that is wanted', async () => {
    const { stored, gaps } = await load(NAME, LINES, { timeframe: '1m', skipInvalid: true })
    expect([stored, gaps.map(({ minutes }) => minutes)]).toEqual([{ added: 2, known: 0, differing: 0 }, [6]])
  })

  it('are rates in percent', async () => {
    expect(wrong(await load('venue_X_funding.csv', ['timestamp_ms,rate', `${START},0.0001`, `${START + 1},1.5`]))).toEqual(['line 3: rate 1.5. Expected: a fraction between -1 and 1, such as 0.0001'])
  })
})

describe('Parquet of others', () => {
  it('is read whatever its types', async () => {
    await load('venue_XUSDT_1m.parquet', parquet([10, 10, 10]))
    expect(await store.rows(CANDLES)).toMatchObject({ time: Float64Array.of(START, START + MINUTE, START + 2 * MINUTE), columns: { open: Float64Array.of(10, 10, 10), volume: Float64Array.of(10, 10, 10) } })
  })

  it('keeps the digits of decimals, and reads times that are text', async () => {
    const prices = [100.1, 99.49, 0.07]
    const names = ['open', 'high', 'low', 'close'] as const
    await load('venue_XUSDT_1m.parquet', new Uint8Array(parquetWriteBuffer({
      schema: [
        { name: 'root', num_children: 6 }, { name: 'time', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
        ...[...names, 'volume'].map((name) => ({ name, type: 'INT64' as const, converted_type: 'DECIMAL' as const, scale: 8, precision: 18, repetition_type: 'REQUIRED' as const })),
      ],
      columnData: [
        { name: 'time', data: prices.map((_, row) => new Date(START + row * MINUTE).toISOString()) },
        ...[...names, 'volume'].map((name) => ({ name, data: prices.map((price) => BigInt(Math.round(price * 1e8))) })),
      ],
    })))
    expect(await store.rows(CANDLES)).toMatchObject({ time: Float64Array.of(START, START + MINUTE, START + 2 * MINUTE), columns: Object.fromEntries(names.map((name) => [name, Float64Array.from(prices)])) })
  })

  it('keeps the digits of decimals of 38 places, whose bytes hold more than a double', async () => {
    const prices = ['230.47', '230.83', '0.000012345678901']
    const digits = prices.map((price) => BigInt(price.replace(/\.(.*)$/, (_, fraction: string) => fraction.padEnd(18, '0'))))
    const names = ['open', 'high', 'low', 'close', 'volume'] as const
    await load('venue_XUSDT_1m.parquet', new Uint8Array(parquetWriteBuffer({
      schema: [
        { name: 'root', num_children: 6 }, { name: 'time', type: 'INT64', repetition_type: 'REQUIRED' },
        ...names.map((name) => ({ name, type: 'FIXED_LEN_BYTE_ARRAY' as const, type_length: 16, converted_type: 'DECIMAL' as const, scale: 18, precision: 38, repetition_type: 'REQUIRED' as const })),
      ],
      columnData: [{ name: 'time', data: prices.map((_, row) => BigInt(START + row * MINUTE)) }, ...names.map((name) => ({ name, data: digits }))],
    })))
    expect(await store.rows(CANDLES)).toMatchObject({ columns: Object.fromEntries(names.map((name) => [name, Float64Array.from(prices, Number)])) })
  })

  it('gives the rows of one symbol among several', async () => {
    const columns = ['open', 'high', 'low', 'close', 'volume'].map((name) => ({ name, data: [10, 20, 30, 40], type: 'DOUBLE' as const }))
    const bytes = new Uint8Array(parquetWriteBuffer({ columnData: [
      { name: 'Symbol', data: ['XUSDT', 'YUSDT', 'XUSDT', ''], type: 'STRING' }, { name: 'time', data: [0, 1, 1, 2].map((row) => BigInt(START + row * MINUTE)), type: 'INT64' }, ...columns,
    ] }))
    await expect(load('x.parquet', bytes, { venue: 'venue' })).rejects.toThrow(/DATA_INVALID.*rows of XUSDT, YUSDT in column Symbol.*--symbol/)
    await expect(load('x.parquet', bytes.slice(), { venue: 'venue', symbol: 'ZUSDT', kind: 'candles' })).resolves.toMatchObject({ rows: { time: Float64Array.of(START + 2 * MINUTE) } })
    await load('x.parquet', bytes, { venue: 'venue', symbol: 'XUSDT' })
    expect((await store.rows(CANDLES)).columns).toMatchObject({ close: Float64Array.of(10, 30, 40) })
  })

  it('is refused where its prices have lost digits', async () => {
    const columns = ['open', 'high', 'low', 'close', 'volume'].map((name) => ({ name, data: [100.1], type: 'FLOAT' as const }))
    const bytes = new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'time', data: [BigInt(START)], type: 'INT64' }, ...columns] }))
    await expect(load('venue_XUSDT_1m.parquet', bytes)).rejects.toThrow(/DATA_INVALID.*column open of 32-bit floats.*doubles/)
  })

  it('is told by row group, row and column', async () => {
    expect(wrong(await load('venue_XUSDT_1m.parquet', parquet([10, 10, 10, null])))).toEqual(['row group 2, row 2: no number in column close. Expected: a number'])
    await expect(load('venue_XUSDT_1m.parquet', parquet([10], 'last'), { kind: 'candles' })).rejects.toThrow(/DATA_INVALID.*the columns Date, open, high, low, last, volume.*a column close/)
    await expect(load('venue_XUSDT_1m.parquet', parquet([10]).subarray(0, 200))).rejects.toThrow(/DATA_INVALID.*damaged or incomplete/)
  })
})

describe('an export', () => {
  it.each<ExportFormat>(['csv', 'csv.gz', 'parquet'])('as %s and its import give the same rows', async (format) => {
    const values = ['1e-7,3e-7,1e-7,2e-7,0.1', '0.30000000000000004e1,3.3,3,3.1,123456789012345', '99999999.5,1e8,5e7,7e7,1e21']
    await load(NAME, [HEADER, ...values.slice(0, 1).map((value, row) => line(row, value)), ...values.slice(2).map((value, row) => line(row + 1, value))])
    const before = hashRows(await store.rows(CANDLES))
    const { path, sha256 } = await exportTo(format, CANDLES)
    const other = new ParquetCandleStore(join(folder, 'other'))
    const report = await importFile(other, path, { ...CANDLES, columns: {}, overlap: 'fail', skipInvalid: false })
    expect([sha256, hashRows(await other.rows(CANDLES)), report.id]).toEqual([before, before, CANDLES])
    await expect(exportTo(format, CANDLES)).rejects.toThrow(/OUTPUT_REFUSED.*--force/)
  })

  it('of made-up rows stays labelled', async () => {
    const id: SeriesId = { ...CANDLES, venue: 'synthetic' }
    await load('synthetic_XUSDT_1m.csv', [HEADER, line(0), line(1)])
    const { path } = await exportTo('parquet', id, 'synthetic (seed 1)')
    await expect(importFile(store, path, { venue: 'real', columns: {}, overlap: 'fail', skipInvalid: false })).rejects.toThrow(/synthetic \(seed 1\) as data of real/)
    const other = new ParquetCandleStore(join(folder, 'other'))
    await importFile(other, path, { columns: {}, overlap: 'fail', skipInvalid: false })
    expect(await other.list()).toMatchObject([{ id, origin: 'synthetic (seed 1)' }])
  })
})
