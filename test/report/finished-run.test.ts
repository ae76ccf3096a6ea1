/** A run as the report takes it: the same from memory and from the folder that it was written to, and true to its events. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decimalText, isDecimal, LEGS, ZERO, type Decimal, type Leg } from '@hedgerow/core'
import { readRun, resultJsonSchema, type FinishedRun } from '@hedgerow/report'
import { backtest, finishedRun, synthesizeCandles, writeResult, type BacktestResult } from 'hedgerow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import HedgeGrid from '../../examples/hedge-grid.ts'

let folder = ''
let result: BacktestResult
let run: FinishedRun

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hedgerow-report-'))
  result = await backtest({
    exchange: { profile: 'bybit-uta', positionMode: 'hedge', leverage: 20, startingBalance: 3000 }, routes: [{ symbol: 'ETHUSDT', timeframe: '1m', strategy: HedgeGrid }],
    candles: { ETHUSDT: synthesizeCandles({ seed: 7, start: Date.UTC(2024, 0, 1), count: 3 * 1440 }) }, closeAtEnd: false,
  })
  run = finishedRun(result)
  writeResult(result, join(folder, 'run'))
})

afterAll(() => { rmSync(folder, { recursive: true }) })

/** Decimals as texts, and no key that is undefined. */
function plain(value: unknown): unknown {
  if (isDecimal(value)) return decimalText(value)
  if (value instanceof Float64Array) return [...value].map((cell) => Number(cell.toFixed(10)))
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).flatMap(([key, item]) => (item === undefined || key === 'volume' ? [] : [[key, plain(item)]])))
}

describe('a finished run', () => {
  it('comes back from its folder as it was', () => {
    const { markets, ...read } = readRun(join(folder, 'run'))
    const { markets: [market], ...whole } = run
    expect(plain(read)).toEqual(plain(whole))
    expect(markets.map(({ symbol }) => symbol)).toEqual(['ETHUSDT'])
    for (const name of ['start', 'step', 'length', 'open', 'high', 'low', 'close'] as const) expect(markets[0]?.candles[name]).toEqual(market?.candles[name])
  })

  it('is described by the JSON schema in the documentation', () => {
    const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../docs/result.schema.json'), 'utf8')) as Parameters<typeof z.fromJSONSchema>[0]
    expect(schema, 'stale: run `npm run docs`').toEqual(JSON.parse(JSON.stringify(resultJsonSchema())))
    const written = JSON.parse(readFileSync(join(folder, 'run/result.json'), 'utf8')) as { trades: object[] }
    const reader = z.fromJSONSchema(schema)
    expect(reader.safeParse(written).error).toBeUndefined()
    expect(reader.safeParse({ ...written, trades: [{ ...written.trades[0], netPnl: 1.5 }] }).success).toBe(false)
  })

  it('holds what its fills add up to, leg by leg', () => {
    const held: Record<Leg, Decimal> = { long: ZERO, short: ZERO }
    const atEnd = new Map<number, string>()
    for (const event of result.events) {
      if (event.type !== 'order.filled') continue
      held[event.leg] = event.intent === 'open' ? held[event.leg].plus(event.qty) : held[event.leg].minus(event.qty)
      atEnd.set(event.at, LEGS.map((leg) => decimalText(held[leg])).join(' '))
    }
    const said = run.positions.filter(({ at }) => atEnd.has(at)).map(({ at, long, short }) => [at, `${decimalText(long.qty)} ${decimalText(short.qty)}`])
    expect(said).toEqual([...atEnd])
    expect(run.positions.some(({ long, short }) => long.qty.gt(0) && short.qty.gt(0)), 'both legs at once').toBe(true)
  })

  it('knows where each leg would be liquidated', () => {
    const last = run.positions.at(-1)
    const levels = run.positions.flatMap(({ long, short }) => [long, short]).filter(({ qty, liquidationPrice }) => qty.isZero() && liquidationPrice !== null)
    expect(levels, 'a flat leg has no level').toEqual([])
    expect(run.positions.some(({ long, short }) => long.liquidationPrice !== null || short.liquidationPrice !== null)).toBe(true)
    for (const leg of LEGS) {
      const booked = run.openPositions.filter((position) => position.leg === leg).reduce((sum, position) => sum.plus(position.unrealisedPnl), ZERO)
      expect(decimalText(last?.[leg].booked.plus(booked) ?? ZERO)).toBe(decimalText(result.equity.at(-1)?.[leg] ?? ZERO))
    }
  })

  it('has a course whose extremes are the metrics of the run', () => {
    const { drawdown, marginUse, liquidationDistance, gross } = run.course
    expect(Math.min(...drawdown)).toBeCloseTo(Number(result.metrics.intradayMaxDrawdown), 10)
    expect(Math.min(...liquidationDistance.filter((value) => !Number.isNaN(value)))).toBeCloseTo(Number(result.metrics.minLiquidationDistance), 9)
    expect(Math.max(...gross)).toBeLessThanOrEqual(Number(result.metrics.maxGrossLeverage) + 1e-9)
    expect(Math.max(...marginUse)).toBeGreaterThan(Number(result.metrics.marginUtilisationTwa))
  })

  it.each([
    ['result.json', '{}', /result\.json\] RUN_UNREADABLE.*schemaVersion/],
    ['result.json', '{', /result\.json\] RUN_UNREADABLE.*JSON/],
    ['positions.csv', 'a,b\n1,2\n', /positions\.csv\] RUN_UNREADABLE.*the columns a,b instead of atMs/],
    ['candles.json', '{"schemaVersion":2,"markets":[]}', /candles\.json\] RUN_UNREADABLE.*schemaVersion/],
  ])('says what is wrong with %s', (name, text, message) => {
    const path = join(folder, 'run', name)
    const before = readFileSync(path)
    writeFileSync(path, text)
    try {
      expect(() => readRun(join(folder, 'run'))).toThrow(message)
    } finally {
      writeFileSync(path, before)
    }
  })

  it('says what to do where there is no run', () => {
    expect(() => readRun(join(folder, 'nothing'))).toThrow(/RUN_UNREADABLE.*no such file.*hedgerow backtest --out nothing/)
  })
})
