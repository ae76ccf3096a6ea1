import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SeriesId, SeriesRows } from '@hedgerow/core'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { synthesizeCandles } from '../data/synthesize.ts'
import { ParquetCandleStore } from './parquet-candle-store.ts'
import { hashRows } from './rows.ts'

const MINUTE = 60_000
const START = Date.UTC(2025, 0, 31, 23, 30)
const ID: SeriesId = { venue: 'venue', symbol: 'XUSDT', kind: 'candles', timeframe: '1m' }

let folder = ''
let store = new ParquetCandleStore('')
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hedgerow-store-'))
  store = new ParquetCandleStore(folder)
})
afterEach(() => { rmSync(folder, { recursive: true, force: true }) })

/** Candles from START on, in two months; `without` are rows that the source lacks. */
function candleRows(count: number, { seed = 1, without = [] }: { readonly seed?: number; readonly without?: readonly number[] } = {}): SeriesRows {
  const data = synthesizeCandles({ seed, start: START, count })
  const kept = Array.from({ length: count }, (_, row) => row).filter((row) => !without.includes(row))
  const pick = (column: Float64Array): Float64Array => Float64Array.from(kept, (row) => column[row] ?? Number.NaN)
  return { time: Float64Array.from(kept, (row) => START + row * MINUTE), columns: { open: pick(data.open), high: pick(data.high), low: pick(data.low), close: pick(data.close), volume: pick(data.volume) } }
}

function slice({ time, columns }: SeriesRows, from: number, to: number): SeriesRows {
  return { time: time.slice(from, to), columns: Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column.slice(from, to)])) }
}

const seriesFolder = (): string => join(folder, 'venue/XUSDT/candles/1m')
const january = (ending: 'parquet' | 'cache'): string => join(seriesFolder(), `2025-01.${ending}`)
const files = (): string[] => readdirSync(seriesFolder()).sort()

describe('rows', () => {
  it('come back bit for bit, from a file a month', async () => {
    const rows = candleRows(90)
    expect(await store.append(ID, rows, 'fail')).toEqual({ added: 90, known: 0, differing: 0 })
    expect(files()).toEqual(['2025-01.parquet', '2025-02.parquet'])
    expect(await store.rows(ID)).toEqual(rows)
    expect(hashRows(await store.rows(ID))).toBe(hashRows(rows))
    expect(await store.list()).toEqual([{ id: ID, rows: 90, first: START, last: START + 89 * MINUTE, origin: null }])
  })

  it('come back whatever doubles they are, in whatever pieces they were appended', async () => {
    const rate = fc.double({ noNaN: true, min: -0.99, max: 0.99 })
    const pieces = fc.record({ rates: fc.array(rate, { minLength: 1, maxLength: 40 }), at: fc.nat(40) })
    await fc.assert(fc.asyncProperty(pieces, fc.uuid(), async ({ rates, at }, symbol) => {
      const id: SeriesId = { venue: 'venue', symbol, kind: 'funding', timeframe: null }
      const rows: SeriesRows = { time: Float64Array.from(rates, (_, index) => START + index * 1e9), columns: { rate: Float64Array.from(rates) } }
      if (at > 0) await store.append(id, slice(rows, 0, at), 'fail')
      await store.append(id, rows, 'fail')
      expect(await store.rows(id)).toEqual(rows)
    }), { numRuns: 15 })
  })

  it('of a range', async () => {
    const rows = candleRows(90)
    await store.append(ID, rows, 'fail')
    expect(await store.rows(ID, { start: START + 20 * MINUTE, end: START + 40 * MINUTE })).toEqual(slice(rows, 20, 40))
    expect((await store.rows(ID, { start: START + 1000 * MINUTE })).time).toHaveLength(0)
    await expect(store.rows({ ...ID, symbol: 'Y' })).rejects.toThrow(/DATA_NOT_STORED.*no venue Y candles 1m.*hedgerow data import FILE --venue venue --symbol Y --kind candles --timeframe 1m/)
  })
})

describe('an append', () => {
  it('of what is there adds what is new', async () => {
    const rows = candleRows(90)
    await store.append(ID, slice(rows, 10, 50), 'fail')
    expect(await store.append(ID, rows, 'fail')).toEqual({ added: 50, known: 40, differing: 0 })
    expect(await store.rows(ID)).toEqual(rows)
  })

  it('of other values is refused whole, unless a rule says which to take', async () => {
    const [rows, other] = [candleRows(90), candleRows(100, { seed: 2 })]
    await store.append(ID, rows, 'fail')
    await expect(store.append(ID, other, 'fail')).rejects.toThrow(/\[venue XUSDT candles 1m, 2025-01-31T23:30Z\] DATA_CONFLICT.*Found: open .*29 more rows of that file differ.*as it is stored.*--overlap keep or --overlap replace/)
    expect(await store.rows(ID)).toEqual(rows)
    expect(await store.append(ID, other, 'keep')).toEqual({ added: 10, known: 0, differing: 90 })
    expect(slice(await store.rows(ID), 0, 90)).toEqual(rows)
    await store.append(ID, other, 'replace')
    expect(await store.rows(ID)).toEqual(other)
  })

  it('that is interrupted leaves whole files, and goes on when it is repeated', async () => {
    const [rows, stop] = [candleRows(90), new AbortController()]
    await expect(store.append(ID, rows, 'fail', { signal: stop.signal, onProgress: () => { stop.abort() } })).rejects.toThrow(/RUN_INTERRUPTED.*1 of 2 files stored.*goes on where it stopped/)
    expect(files()).toEqual(['2025-01.parquet'])
    expect(await store.append(ID, rows, 'fail')).toEqual({ added: 60, known: 30, differing: 0 })
    expect(await store.rows(ID)).toEqual(rows)
  })

  it('clears away what a killed one left, and waits for no dead process', async () => {
    await store.append(ID, candleRows(10), 'fail')
    writeFileSync(join(seriesFolder(), '.2025-01.parquet.1.partial'), 'half')
    writeFileSync(join(seriesFolder(), '.lock'), '999999999')
    await store.append(ID, candleRows(20), 'fail')
    expect(readdirSync(seriesFolder())).toEqual(['2025-01.parquet'])
  })

  it('is the only one at a time', async () => {
    await store.append(ID, candleRows(10), 'fail')
    writeFileSync(join(seriesFolder(), '.lock'), String(process.pid))
    await expect(store.append(ID, candleRows(20), 'fail')).rejects.toThrow(/DATA_STORE_BUSY.*process \d+ writing/)
  })

  it.each([['../up'], ['a/b'], ['.'], ['']])('to a symbol called "%s" is refused', async (symbol) => {
    await expect(store.append({ ...ID, symbol }, candleRows(1), 'fail')).rejects.toThrow(/\[symbol\] CONFIG_INVALID/)
    expect(readdirSync(folder)).toEqual([])
  })
})

describe('candles', () => {
  it('are the same from Parquet, from the cache and from memory', async () => {
    const rows = candleRows(90)
    const expected = synthesizeCandles({ seed: 1, start: START, count: 90 })
    await store.append(ID, rows, 'fail')
    const fromParquet = await store.candles(ID)
    expect(files()).toContain('2025-01.cache')
    const fromCache = await store.candles(ID)
    expect([fromParquet.hash, fromCache.hash]).toEqual([expected.hash, expected.hash])
    expect([fromCache.start, fromCache.step, fromCache.length, fromCache.gaps, fromCache.source]).toEqual([START, MINUTE, 90, [], 'venue XUSDT candles 1m'])
    expect(fromCache.close.buffer).toBeInstanceOf(SharedArrayBuffer)
  })

  it('say what is missing, within a month and between two', async () => {
    await store.append(ID, candleRows(90, { without: [3, 4, 28, 29, 30, 31, 60] }), 'fail')
    for (const attempt of ['Parquet', 'cache']) {
      const { length, gaps, close, volume } = await store.candles(ID)
      expect({ attempt, length, gaps: gaps.map(({ from, minutes }) => [(from - START) / MINUTE, minutes]) }).toEqual({ attempt, length: 90, gaps: [[3, 2], [28, 4], [60, 1]] })
      expect([close[29], volume[60]]).toEqual([Number.NaN, Number.NaN])
    }
  })

  it('of a range begin and end with candles', async () => {
    await store.append(ID, candleRows(90, { without: [20, 21] }), 'fail')
    const { start, length } = await store.candles(ID, { start: START + 20 * MINUTE, end: START + 25 * MINUTE })
    expect([(start - START) / MINUTE, length]).toEqual([22, 3])
    await expect(store.candles(ID, { start: START + 20 * MINUTE, end: START + 22 * MINUTE })).rejects.toThrow(/DATA_EMPTY.*nothing from 2025-01-31T23:50Z to 2025-01-31T23:52Z.*within 2025-01-31T23:30Z to 2025-02-01T00:59Z/)
  })

  it('without a volume are marks', async () => {
    const { time, columns: { open, high, low, close } } = candleRows(5)
    const id: SeriesId = { ...ID, kind: 'marks' }
    await store.append(id, { time, columns: { open, high, low, close } as SeriesRows['columns'] }, 'fail')
    expect([...(await store.candles(id)).volume]).toEqual([0, 0, 0, 0, 0])
  })

  it('that nobody printed say so', async () => {
    await store.append({ ...ID, venue: 'synthetic' }, candleRows(5), 'fail', { origin: 'synthetic (seed 1)' })
    expect(await store.candles({ ...ID, venue: 'synthetic' })).toMatchObject({ synthetic: true, source: 'synthetic (seed 1), XUSDT 1m' })
  })
})

describe('a cache', () => {
  const damage: readonly (readonly [string, (bytes: Buffer) => Buffer])[] = [
    ['empty', () => Buffer.alloc(0)],
    ['cut short', (bytes) => bytes.subarray(0, bytes.length - 8)],
    ['of another format', (bytes) => Buffer.concat([Buffer.from('something else'), bytes.subarray(14)])],
    ['with one wrong bit', (bytes) => { bytes[600] = (bytes[600] ?? 0) ^ 1; return bytes }],
    ['of another source', (bytes) => Buffer.from(bytes.toString('latin1').replace(/"source":"[0-9a-f]{8}/, '"source":"00000000'), 'latin1')],
    ['with a header that lies', (bytes) => Buffer.from(bytes.toString('latin1').replace(/"start":\d{13}/, `"start":${START + MINUTE}`), 'latin1')],
  ]

  it.each(damage)('that is %s is made again', async (_, change) => {
    const expected = synthesizeCandles({ seed: 1, start: START, count: 90 }).hash
    await store.append(ID, candleRows(90), 'fail')
    await store.candles(ID)
    const good = readFileSync(january('cache'))
    writeFileSync(january('cache'), change(Buffer.from(good)))
    expect((await store.candles(ID)).hash).toBe(expected)
    expect(readFileSync(january('cache')).equals(good)).toBe(true)
  })

  it('is not used for a Parquet file that has changed since, even one of the same time', async () => {
    await store.append(ID, candleRows(20), 'fail')
    await store.candles(ID)
    const { mtime } = statSync(january('parquet'))
    await store.append(ID, candleRows(20, { seed: 2 }), 'replace')
    utimesSync(january('parquet'), mtime, mtime)
    expect((await store.candles(ID)).hash).toBe(synthesizeCandles({ seed: 2, start: START, count: 20 }).hash)
  })
})

describe('a stored file', () => {
  it.each<readonly [string, () => void, RegExp]>([
    ['cut short', () => { truncateSync(january('parquet'), 300) }, /2025-01\.parquet\] DATA_STORE_DAMAGED.*damaged or incomplete.*Move the file away/],
    ['with a wrong byte', () => { const bytes = readFileSync(january('parquet')); bytes[400] = (bytes[400] ?? 0) ^ 255; writeFileSync(january('parquet'), bytes) }, /DATA_STORE_DAMAGED/],
    ['of another series', () => { writeFileSync(january('parquet'), readFileSync(join(folder, 'venue/YUSDT/candles/1m/2025-01.parquet'))) }, /DATA_STORE_DAMAGED.*rows of venue YUSDT candles 1m.*rows of venue XUSDT candles 1m/],
  ])('%s is told', async (_, harm, message) => {
    for (const symbol of ['XUSDT', 'YUSDT']) await store.append({ ...ID, symbol }, candleRows(20), 'fail')
    harm()
    await expect(store.rows(ID)).rejects.toThrow(message)
    await expect(store.candles(ID)).rejects.toThrow(message)
  })
})
