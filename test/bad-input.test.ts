/** Wrong data, wrong options and wrong strategies through the public door: each ends in an error or a denial that names place, value, expectation and remedy. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decimal, ERRORS, isHedgerowError, type ErrorCode, type HedgerowError } from '@hedgerow/core'
import { binance } from '@hedgerow/driver-binance'
import { Strategy, ta, type Declaration, type OrderNews } from '@hedgerow/strategy-sdk'
import { backtest, loadCandles, loadFunding, type BacktestOptions, type BacktestResult, type CandleRow, type StrategyClass } from 'hedgerow'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'

const START = 1_704_067_200_000
const HOUR = 3_600_000

/** Candles of one minute around a price. */
const rows = (count: number, price: (index: number) => number = () => 100): CandleRow[] => Array.from({ length: count }, (_, index) => {
  const close = price(index)
  return [START + index * 60_000, close, close + 1, close - 1, close, 1000]
})

interface Given extends Partial<BacktestOptions> {
  readonly strategy?: StrategyClass
  readonly params?: Readonly<Record<string, unknown>>
}

function run({ strategy = class Idle extends Strategy {}, params = {}, exchange = {}, ...more }: Given): Promise<BacktestResult> {
  return backtest({
    exchange: { profile: 'exact', positionMode: 'hedge', leverage: 2, startingBalance: '10000', ...exchange },
    routes: [{ symbol: 'XUSDT', timeframe: '1m', strategy, params }],
    candles: { XUSDT: rows(20) },
    instruments: { XUSDT: { tickSize: '0.1', qtyStep: '0.01', minQty: '0.01', maxQty: '1000', maxMarketQty: '500', minNotional: '5' } },
    warmupCandles: 0,
    ...more,
  })
}

/** What no compiler has seen: options as they come from JavaScript or JSON. */
const unchecked = (given: Readonly<Record<string, unknown>>): Given => given

/** The typed error that a run ends in. It says where, what was found or meant, and what to do. */
async function errorOf(attempt: Promise<unknown>): Promise<HedgerowError> {
  const error: unknown = await attempt.then(() => new Error('it went through'), (reason: unknown) => reason)
  if (!isHedgerowError(error)) throw error
  const remedy = error.details.remedy ?? ERRORS[error.code].remedy
  if (!/^\[.+\] [A-Z_]+: .+\. .+\.$/s.test(error.message) || !error.message.includes(remedy)) throw new Error(`no place or no remedy: ${error.message}`)
  return error
}

/** What an error is expected to be. */
const saying = (code: ErrorCode, message: RegExp): object => ({ code, message: expect.stringMatching(message) as string })

/** Calls a method with what its types would refuse. */
function call(target: object, method: string, given: unknown): void {
  const found: unknown = Reflect.get(target, method)
  if (typeof found === 'function') Reflect.apply(found, target, [given])
}

type Case = readonly [name: string, given: Given, code: ErrorCode, message: RegExp]

function refuses(cases: readonly Case[]): void {
  it.each(cases)('%s', async (_name, given, code, message) => { expect(await errorOf(run(given))).toMatchObject(saying(code, message)) })
}

const columnOf = (index: number): Float64Array => Float64Array.from(rows(20), (row) => row[index] ?? Number.NaN)
const columns = (): Record<'time' | 'open' | 'high' | 'low' | 'close' | 'volume', Float64Array> =>
  ({ time: columnOf(0), open: columnOf(1), high: columnOf(2), low: columnOf(3), close: columnOf(4), volume: columnOf(5) })

/** Does one thing on bar 0, or on bar 2 with both legs open. */
const once = (act: (strategy: Strategy) => void, holding = false): StrategyClass => class Doer extends Strategy {
  onBar() {
    if (holding && this.index === 0) { this.long.open({ qty: 1 }); this.short.open({ qty: 1 }) }
    if (this.index === (holding ? 2 : 0)) act(this)
  }
}
/** Declares this on entering the long leg. */
const declares = (declaration: unknown): StrategyClass => class Declares extends Strategy {
  shouldLong() { return true }
  goLong() { Reflect.set(this, 'buy', declaration) }
}
/** Hides a member as a class field does. */
const hiding = (member: string): StrategyClass => class Hides extends Strategy {
  constructor(params?: Readonly<Record<string, unknown>>) {
    super(params)
    Object.defineProperty(this, member, { value: [], writable: true, enumerable: true, configurable: true })
  }
}

/** Does one thing on a bar; the long leg is open from bar 0 on if that is later. */
const onBar = (bar: number, act: (strategy: Strategy) => void): StrategyClass => class Doer extends Strategy {
  onBar() {
    if (bar > 0 && this.index === 0) this.long.open({ qty: 1 })
    if (this.index === bar) act(this)
  }
}

describe('data files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hedgerow-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const header = 'timestamp_ms,open,high,low,close,volume\n'
  const line = (minute: number, rest = '100,101,99,100,5'): string => `${START + minute * 60_000},${rest}\n`

  it.each<[string, string | Uint8Array, ErrorCode, RegExp]>([
    ['an empty file', '', 'DATA_EMPTY', /Found: an empty file/],
    ['a header alone', header, 'DATA_EMPTY', /Found: a header without rows/],
    ['a word in a number column', header + line(0) + line(1, '100,abc,99,100,5'), 'DATA_INVALID', /line 3\].*high "abc"/],
    ['a short line', header + line(0) + line(1, '100,101'), 'DATA_INVALID', /line 3\].*3 fields.*at least 6/],
    ['a file that ends in the middle of a line', `${header + line(0)}${START + 60_000},100,10`, 'DATA_INVALID', /line 3\]/],
    ['an empty line between rows', `${header + line(0)}\n${line(1)}`, 'DATA_INVALID', /line 3\].*an empty line/],
    ['NaN', header + line(0, 'NaN,101,99,100,5'), 'DATA_INVALID', /line 2\].*open "NaN"/],
    ['a low above the high', header + line(0, '100,99,101,100,5'), 'DATA_INVALID', /line 2\].*high 99 below low 101/],
    ['a negative price', header + line(0, '-100,101,99,100,5'), 'DATA_INVALID', /line 2\].*open -100.*above zero/],
    ['unsorted rows', header + line(1) + line(0), 'DATA_UNSORTED', /line 3\].*00:00Z after 2024-01-01T00:01Z/],
    ['a row twice', header + line(0) + line(0), 'DATA_UNSORTED', /line 3\].*a second time/],
    ['no such column', 'time,open,high,low,volume\n1,2,3,4,5\n', 'DATA_INVALID', /line 1\].*a column close/],
    ['an archive that is cut off', Buffer.from('1f8b08000000000000034b4c4a', 'hex'), 'DATA_INVALID', /gzip/],
  ])('%s', async (name, content, code, message) => {
    const path = join(folder, `${name.replaceAll(' ', '-')}.csv`)
    writeFileSync(path, content)
    expect(await errorOf(loadCandles(path))).toMatchObject(saying(code, message))
  })

  it('a missing file', async () => {
    for (const load of [loadCandles, loadFunding]) expect(await errorOf(load(join(folder, 'none.csv')))).toMatchObject(saying('DATA_FILE_MISSING', /nothing at .*none\.csv/))
  })

  it('a gap in a file ends the run', async () => {
    const path = join(folder, 'gap.csv')
    writeFileSync(path, header + line(0) + line(1) + line(5) + line(6))
    const candles = { XUSDT: await loadCandles(path) }
    expect(await errorOf(run({ candles }))).toMatchObject(saying('DATA_GAP', /candles of XUSDT\].*3 minutes missing from 2024-01-01T00:02Z.*at most 0/))
  })
})

describe('candles, marks and funding', () => {
  const changed = (row: number, column: number, value: number): CandleRow[] => rows(20).map((given, index) => {
    const copy: [number, number, number, number, number, number] = [...given]
    if (index === row) copy[column] = value
    return copy
  })
  const withNaN = (name: 'open' | 'close'): ReturnType<typeof columns> => {
    const given = columns()
    given[name][3] = Number.NaN
    return given
  }
  const { time: _time, ...grid } = withNaN('close')
  const { volume: _volume, ...withoutVolume } = columns()

  refuses([
    ['NaN in a row', { candles: { XUSDT: changed(7, 2, Number.NaN) } }, 'DATA_INVALID', /candles of XUSDT, row 8\].*high NaN/],
    ['infinity in a row', { candles: { XUSDT: changed(7, 1, Number.POSITIVE_INFINITY) } }, 'DATA_INVALID', /row 8\].*Infinity/],
    ['zero in a row', { candles: { XUSDT: changed(7, 3, 0) } }, 'DATA_INVALID', /row 8\].*low 0/],
    ['NaN in a column', { candles: { XUSDT: withNaN('open') } }, 'DATA_INVALID', /row 4\].*open NaN/],
    ['NaN in one column of a grid', { candles: { XUSDT: { start: START, step: 60_000, length: 20, ...grid } } }, 'DATA_INVALID', /row 4\].*close NaN/],
    ['a grid longer than its columns', { candles: { XUSDT: { start: START, step: 60_000, length: 25, ...columns() } } }, 'DATA_INVALID', /grid of 25 candles.*20 closes/],
    ['columns of different length', { candles: { XUSDT: { ...columns(), volume: new Float64Array(3) } } }, 'DATA_INVALID', /3 values of volume for 20 times/],
    ['a column that is missing', unchecked({ candles: { XUSDT: withoutVolume } }), 'DATA_INVALID', /no Float64Array `volume`/],
    ['a path in place of candles', unchecked({ candles: { XUSDT: 'eth.csv' } }), 'DATA_INVALID', /"eth\.csv".*loadCandles/],
    ['a row of texts', unchecked({ candles: { XUSDT: [[START, '100', '101', '99', '100', '5']] } }), 'DATA_INVALID', /row 1 .*"100"/],
    ['a row that is null', unchecked({ candles: { XUSDT: [null] } }), 'DATA_INVALID', /row 1 null/],
    ['rows backwards', { candles: { XUSDT: rows(20).toReversed() } }, 'DATA_UNSORTED', /row 2\]/],
    ['a time twice', { candles: { XUSDT: rows(3).flatMap((row) => [row, row]) } }, 'DATA_UNSORTED', /row 2\].*a second time/],
    ['a gap', { candles: { XUSDT: rows(20).filter((_, index) => index < 5 || index > 9) } }, 'DATA_GAP', /5 minutes missing from 2024-01-01T00:05Z.*at most 0 \(sim\.maxGapMinutes\)/],
    ['a gap longer than allowed', { candles: { XUSDT: rows(20).filter((_, index) => index < 5 || index > 9) }, sim: { maxGapMinutes: 4 } }, 'DATA_GAP', /5 minutes.*at most 4/],
    ['no rows', { candles: { XUSDT: [] } }, 'DATA_EMPTY', /candles of XUSDT/],
    ['more digits than a double holds', { candles: { XUSDT: changed(7, 4, 100 + 1 / 3) } }, 'DATA_PRECISION', /row 8\].*15 significant digits/],
    ['candles for no route', { candles: {} }, 'UNKNOWN_SYMBOL', /routes\].*"XUSDT".*none were given/],
    ['a data route without candles', { dataRoutes: [{ symbol: 'YUSDT', timeframe: '5m' }] }, 'UNKNOWN_SYMBOL', /dataRoutes\].*"YUSDT".*XUSDT/],
    ['marks of an unknown symbol', { marks: { YUSDT: rows(20) } }, 'UNKNOWN_SYMBOL', /marks\].*"YUSDT"/],
    ['marks beside the grid', { marks: { XUSDT: rows(20).map(([at, ...prices]): CandleRow => [at + 30_000, ...prices]) } }, 'CONFIG_INVALID', /marks of XUSDT/],
    ['funding of an unknown symbol', { funding: { YUSDT: [] } }, 'UNKNOWN_SYMBOL', /funding\].*"YUSDT"/],
    ['funding that is no number', { funding: { XUSDT: [[START, Number.NaN]] } }, 'DATA_INVALID', /funding of XUSDT, row 1\].*NaN/],
    ['funding in percent', { funding: { XUSDT: [[START, '1.5']] } }, 'DATA_INVALID', /"1\.5".*fraction/],
    ['funding backwards', { funding: { XUSDT: [[START + HOUR, '0.0001'], [START, '0.0001']] } }, 'DATA_UNSORTED', /row 2\]/],
    ['funding of another shape', unchecked({ funding: { XUSDT: [null] } }), 'DATA_INVALID', /row 1\]/],
  ])

  it('a gap that is allowed is reported', async () => {
    const { warnings, counts } = await run({ candles: { XUSDT: rows(20).filter((_, index) => index < 5 || index > 9) }, sim: { maxGapMinutes: 5 } })
    expect(warnings.map(({ code }) => code)).toContain('CANDLES_MISSING')
    expect(counts.denied).toBe(0)
  })

  it('a hole in the funding series ends the run while a leg is held', async () => {
    class Held extends Strategy {
      onBar() { if (this.index === 0) this.short.open({ qty: 1 }) }
    }
    const funding = { XUSDT: [[START, '0.0001'], [START + 16 * HOUR, '0.0001']] as const }
    expect(await errorOf(run({ strategy: Held, candles: { XUSDT: rows(1000) }, funding }))).toMatchObject(saying('FUNDING_MISSING', /no rate at 2024-01-01T08:00Z; those given: .+ sim\.funding\.missing: 'zero' or 'lastKnown' \(--funding-missing\)/))
  })

  it('where marks are missing the last price is the mark, said so, and liquidates', async () => {
    class Held extends Strategy {
      onBar() { if (this.index === 0) this.long.open({ qty: 180 }) }
    }
    const falling = rows(20, (index) => 100 - index)
    const result = await run({ strategy: Held, exchange: { leverage: 2, startingBalance: '10000', marginMode: 'isolated' }, candles: { XUSDT: falling.map(([at, , , , close]): CandleRow => [at, close, close, close - 60, close, 1000]) }, marks: { XUSDT: falling.slice(0, 3) } })
    expect(result.warnings.find(({ code }) => code === 'MARK_IS_LAST')?.text).toContain('XUSDT 17 candles')
    expect(result.counts.liquidations).toBe(1)
  })
})

describe('options', () => {
  const route = { symbol: 'XUSDT', timeframe: '1m', strategy: class Idle extends Strategy {} }
  refuses([
    ['an unknown key', unchecked({ frobnicate: 1 }), 'UNKNOWN_KEY', /frobnicate.*candles/],
    ['an unknown nested key', unchecked({ exchange: { levrage: 3 } }), 'UNKNOWN_KEY', /exchange\.levrage.*leverage/],
    ['an unknown key further down', unchecked({ sim: { funding: { mising: 'zero' } } }), 'UNKNOWN_KEY', /sim\.funding\.mising.*missing, boundary/],
    ['an unknown key of a route', unchecked({ routes: [{ ...route, parms: {} }] }), 'UNKNOWN_KEY', /routes\[0\]\.parms/],
    ['no route', { routes: [] }, 'CONFIG_INVALID', /routes\].*at least one route/],
    ['an unknown symbol', { routes: [{ ...route, symbol: 'YUSDT' }] }, 'UNKNOWN_SYMBOL', /"YUSDT".*XUSDT/],
    ['an unknown profile', { exchange: { profile: 'nowhere' } }, 'UNKNOWN_PROFILE', /"nowhere".*bybit-uta/],
    ['an unknown profile, with a driver that is there anyway', { exchange: { profile: 'nowhere' }, drivers: [binance] }, 'UNKNOWN_PROFILE', /one of exact, jesse, bybit-uta, bybit-legacy, binance-usdm\./],
    ['a profile that nothing made', unchecked({ exchange: { profile: { margin: 1 } } }), 'CONFIG_INVALID', /exchange\.profile/],
    ['a driver that nothing made', unchecked({ drivers: [{}] }), 'CONFIG_INVALID', /drivers\[0\].*defineDriver/],
    ['no leverage', { exchange: { leverage: 0 } }, 'CONFIG_INVALID', /exchange\.leverage\].*Found: 0/],
    ['leverage that is no number', { exchange: { leverage: Number.NaN } }, 'CONFIG_INVALID', /exchange\.leverage\].*NaN/],
    ['leverage past the first tier', { exchange: { profile: 'binance-usdm', leverage: 1000 } }, 'LEVERAGE_INVALID', /Found: 1000.*at most/],
    ['leverage by leg in cross margin', { exchange: { profile: 'bybit-uta', leverage: { long: 2, short: 3 } } }, 'LEVERAGE_INVALID', /long 2, short 3.*one leverage for both legs in cross/],
    ['leverage by leg where the venue has one', { exchange: { profile: 'binance-usdm', marginMode: 'isolated', leverage: { long: 2, short: 3 } } }, 'LEVERAGE_INVALID', /long 2, short 3/],
    ['no balance', { exchange: { startingBalance: '0' } }, 'CONFIG_INVALID', /startingBalance\].*more than zero/],
    ['a fee in percent', { exchange: { fee: 5 } }, 'CONFIG_INVALID', /exchange\.fee\].*fraction between -1 and 1/],
    ['slippage that pays', { sim: { slippage: { bps: -5 } } }, 'CONFIG_INVALID', /sim\.slippage\.bps\].*at least zero/],
    ['more than the whole volume', { sim: { volumeShare: 2 } }, 'CONFIG_INVALID', /sim\.volumeShare\].*at most 1/],
    ['an unknown position mode', unchecked({ exchange: { positionMode: 'hedged' } }), 'CONFIG_INVALID', /positionMode\].*"hedged"/],
    ['a tick of zero', { instruments: { XUSDT: { tickSize: '0', qtyStep: '0.1' } } }, 'CONFIG_INVALID', /instrument XUSDT, tickSize\].*above zero/],
    ['a step that is no number', { instruments: { XUSDT: { tickSize: '0.1', qtyStep: 'abc' } } }, 'CONFIG_INVALID', /instrument XUSDT, qtyStep\].*abc/],
    ['a minimum above the maximum', { instruments: { XUSDT: { tickSize: '1', qtyStep: '1', minQty: '10', maxQty: '5' } } }, 'CONFIG_INVALID', /instrument XUSDT, maxQty\]/],
    ['an unknown tier table', { instruments: { XUSDT: { tickSize: '1', qtyStep: '1', tiers: 'nowhere' } } }, 'CONFIG_INVALID', /instrument XUSDT, tiers\].*nowhere/],
    ['a start after the end', { start: '2024-01-01T00:10', end: '2024-01-01T00:05' }, 'DATA_EMPTY', /backtest window\]/],
    ['an empty window', { start: START, end: START }, 'DATA_EMPTY', /backtest window\]/],
    ['a start behind the candles', { start: '2025-01-01' }, 'DATA_EMPTY', /2024-01-01T00:20Z.*2025-01-01/],
    ['a start that is no time', { start: 'yesterday' }, 'CONFIG_INVALID', /start\].*"yesterday".*ISO/],
    ['more warm-up than candles', { warmupCandles: 500 }, 'DATA_EMPTY', /lower warmupCandles \(500\)/],
    ['a timeframe that is none', { routes: [{ ...route, timeframe: '7x' }] }, 'TIMEFRAME_INVALID', /route XUSDT 7x\].*"7x"/],
    ['a timeframe below the candles', { routes: [{ ...route, timeframe: '30s' }] }, 'TIMEFRAME_INVALID', /30s.*1m/],
    ['a timeframe longer than the window', { routes: [{ ...route, timeframe: '1h' }] }, 'DATA_EMPTY', /route XUSDT 1h\].*no bar that closes/],
    ['two owners of a leg', { routes: [route, { ...route, timeframe: '5m', name: 'other' }] }, 'LEG_OWNED', /XUSDT long owned by "Idle" and "other"/],
    ['two routes of one name', { routes: [{ ...route, legs: ['long'], name: 'a' }, { ...route, legs: ['short'], name: 'a' }] }, 'CONFIG_INVALID', /two routes named "a"/],
    ['a strategy that is no class', unchecked({ routes: [{ ...route, strategy: {} }] }), 'CONFIG_INVALID', /routes\[0\]\.strategy\].*extends Strategy/],
  ])
})

describe('parameters', () => {
  class Tuned extends Strategy<typeof Tuned.params> {
    static params = z.object({ fast: z.int().min(2).max(50).default(8) })
  }
  refuses([
    ['below the range', { strategy: Tuned, params: { fast: 1 } }, 'PARAMETER_INVALID', /strategy Tuned, parameter fast\].*Found: 1.*from 2 to 50/],
    ['of another type', { strategy: Tuned, params: { fast: '5' } }, 'PARAMETER_INVALID', /Found: "5"/],
    ['unknown', { strategy: Tuned, params: { fsat: 5 } }, 'PARAMETER_INVALID', /parameter fsat\].*one of fast/],
  ])
})

describe('quantities and prices', () => {
  const AMOUNTS: readonly (readonly [unknown, ErrorCode])[] = [
    [0, 'NOT_POSITIVE'], [-1, 'NOT_POSITIVE'], [Number.NaN, 'NOT_POSITIVE'], [Number.POSITIVE_INFINITY, 'NOT_POSITIVE'], ['0', 'NOT_POSITIVE'], ['-1', 'NOT_POSITIVE'],
    [decimal('0'), 'NOT_POSITIVE'], [decimal('-1'), 'NOT_POSITIVE'], ['abc', 'NOT_A_DECIMAL'], ['', 'NOT_A_DECIMAL'], [null, 'NOT_A_DECIMAL'], [{}, 'NOT_A_DECIMAL'], [true, 'NOT_A_DECIMAL'],
  ]

  it.each(AMOUNTS)('a handle refuses %s', async (value, code) => {
    for (const part of ['qty', 'price', 'trigger', 'stopLoss', 'takeProfit']) {
      class Wrong extends Strategy {
        onBar() { call(this.short, 'open', { qty: 1, [part]: value }) }
      }
      expect(await errorOf(run({ strategy: Wrong }))).toMatchObject(saying(code, new RegExp(`strategy Wrong, bar 0 \\(2024-01-01T00:01Z\\), short\\.open ${part}\\]`)))
    }
  })

  it.each(AMOUNTS)('a declaration refuses %s', async (value, code) => {
    const rowsOf = [{ row: [value, 100], part: 'qty' }, { row: [1, value], part: 'price' }, { row: { qty: value, price: 100 }, part: 'qty' }]
    for (const { row, part } of rowsOf) {
      class Wrong extends Strategy {
        shouldShort() { return true }
        goShort() { Reflect.set(this, 'sell', [row]) }
      }
      expect(await errorOf(run({ strategy: Wrong }))).toMatchObject(saying(code, new RegExp(`bar 0 .*sell row 1 ${part}\\]`)))
    }
  })

  it('a price off the grid is fitted, never towards the market', async () => {
    class Odd extends Strategy {
      onBar() {
        if (this.index !== 0) return
        this.long.open({ qty: 1.239, price: 99.1999 })
        this.short.open({ qty: 1.239, price: 100.8001 })
      }
    }
    const { events } = await run({ strategy: Odd, closeAtEnd: false })
    const placed = events.flatMap((event) => (event.type === 'order.submitted' ? [`${event.order.leg} ${event.order.qty.toFixed()} @ ${event.order.price?.toFixed()}`] : []))
    expect(placed).toEqual(['long 1.23 @ 99.1', 'short 1.23 @ 100.9'])
  })
})

describe('strategies', () => {
  const open = (order: Readonly<Record<string, unknown>>): StrategyClass => once(({ long }) => call(long, 'open', { qty: 1, ...order }))

  refuses([
    ['both signals in one-way mode', { exchange: { positionMode: 'one-way' }, strategy: class Both extends Strategy { shouldLong() { return true } shouldShort() { return true } } }, 'CONFLICTING_RULES', /strategy Both, bar 0/],
    ['no leg where both are open', { strategy: once((own) => { own.stopLoss = [1, 90] }, true) }, 'LEG_REQUIRED', /bar 2 .*stopLoss\].*both legs open/],
    ['no leg for a list that is cleared', { strategy: once((own) => { own.takeProfit = [] }, true) }, 'LEG_REQUIRED', /takeProfit\]/],
    ['no leg where none is open', { strategy: once((own) => { own.stopLoss = [1, 90] }) }, 'LEG_REQUIRED', /no leg open/],
    ['a declaration that is none', { strategy: declares('x') }, 'DECLARATION_INVALID', /buy row 1\].*"x"/],
    ['a row of four', { strategy: declares([1, 2, 'long', 4]) }, 'DECLARATION_INVALID', /4 elements/],
    ['an unknown leg', { strategy: declares([1, 100, 'both']) }, 'DECLARATION_INVALID', /leg "both"/],
    ['an unknown key of a row', { strategy: declares({ qty: 1, prce: 100 }) }, 'UNKNOWN_KEY', /prce.*price/],
    ['an entry that enters nothing', { strategy: declares([]) }, 'DECLARATION_INVALID', /goLong\].*no entry/],
    ['an unknown key of an order', { strategy: open({ takeprofit: 5 }) }, 'UNKNOWN_KEY', /long\.open order\].*takeprofit/],
    ['an unknown time in force', { strategy: open({ price: 99, timeInForce: 'GTD' }) }, 'DECLARATION_INVALID', /timeInForce "GTD"/],
    ['post-only at market', { strategy: open({ postOnly: true }) }, 'DECLARATION_INVALID', /postOnly true/],
    ['a tag that is no text', { strategy: open({ tag: 5 }) }, 'DECLARATION_INVALID', /tag 5/],
    ['an expiry in the past', { strategy: open({ price: 99, expiresIn: -5 }) }, 'DECLARATION_INVALID', /expiresIn -5/],
    ['a trailing stop without distance', { strategy: open({ trailing: {} }) }, 'DECLARATION_INVALID', /either distance or distanceRatio/],
    ['a trailing stop of an unknown key', { strategy: open({ trailing: { distnce: 1 } }) }, 'UNKNOWN_KEY', /distnce/],
    ['a trailing stop farther than the price', { strategy: open({ trailing: { distanceRatio: 2 } }) }, 'DECLARATION_INVALID', /distanceRatio 2/],
    ['an unknown key of a protection', { strategy: once(({ long }) => call(long, 'protect', { stoploss: 90 })) }, 'UNKNOWN_KEY', /long\.protect\].*stoploss/],
    ['an unknown run mode', { strategy: once(({ long }) => { Reflect.set(long, 'mode', 'off') }) }, 'DECLARATION_INVALID', /long\.mode\].*"off"/],
    ['a pair without a policy', { strategy: once((own) => call(own, 'openPair', { long: { qty: 1 }, short: { qty: 1 } })) }, 'DECLARATION_INVALID', /onFailure undefined/],
    ['a pair with an unknown key', { strategy: once((own) => call(own, 'openPair', { long: { qty: 1, tag: 'a' }, short: { qty: 1 }, onFailure: 'keep' })) }, 'UNKNOWN_KEY', /tag/],
    ['a pair that may rest for ever', { strategy: once((own) => own.openPair({ long: { qty: 1, price: 99 }, short: { qty: 1 }, onFailure: 'keep' })) }, 'DECLARATION_INVALID', /no completeWithin/],
    ['a list that was given and changed', { strategy: once((own) => { const list: Declaration[] = [[1, 90, 'long']]; Reflect.set(own, 'stopLoss', list); list.push([1, 80, 'long']) }, true) }, 'STRATEGY_THREW', /bar 2.*not extensible/],
    ['a list that was read and changed', { strategy: once((own) => { own.stopLoss = [1, 90, 'long']; Reflect.apply(Array.prototype.push, own.stopLoss, [[1, 80]]) }, true) }, 'DECLARATION_FROZEN', /bar 2/],
    ['a field that hides a declared list', { strategy: hiding('buy') }, 'DECLARATION_INVALID', /`buy`.*assign this\.buy inside a hook/],
    ['a field that hides a reading', { strategy: hiding('candles') }, 'DECLARATION_INVALID', /`candles`/],
    ['a hook spelt in another way', { strategy: class Snake extends Strategy { should_long() { return true } } }, 'UNKNOWN_KEY', /Snake\].*`should_long`.*hook `shouldLong`/],
    ['a hook that is a field of another case', { strategy: class Field extends Strategy { onbar = () => 0 } }, 'UNKNOWN_KEY', /`onbar`.*hook `onBar`/],
    ['a list of a handle spelt in another way', { strategy: once(({ long }) => { Reflect.set(long, 'stop_loss', [1, 90]) }, true) }, 'UNKNOWN_KEY', /leg\.stop_loss.*`stop_loss`.*list `stopLoss`/],
    ['a property that a handle does not have', { strategy: once(({ long }) => { Object.assign(long, { stop: 90 }) }, true) }, 'STRATEGY_THREW', /bar 2.*stop.*not extensible/],
    ['a list spelt in another way', { strategy: once((own) => { Reflect.set(own, 'stoploss', [1, 90]) }, true) }, 'UNKNOWN_KEY', /`stoploss`.*list `stopLoss`/],
    ['a hook that waits', { strategy: class Waits extends Strategy { override shouldLong(): never { throw new Error('replaced below') } static { Reflect.set(this.prototype, 'shouldLong', async () => false) } } }, 'DECLARATION_INVALID', /async hook `shouldLong`.*Remove async/],
    ['a constructor that throws', { strategy: class Throws extends Strategy { constructor() { super(); throw new Error('boom') } } }, 'STRATEGY_THREW', /strategy Throws, constructor.*boom/],
    ['a constructor that trades', { strategy: class Early extends Strategy { constructor() { super(); this.long.open({ qty: 1 }) } } }, 'STRATEGY_THREW', /Early\].*before the run has started.*into a hook/],
    ['candles of no route', { strategy: once((own) => { own.getCandles('XUSDT', '5m') }) }, 'TIMEFRAME_INVALID', /5m.*dataRoutes/],
    ['an indicator short of bars', { strategy: once((own) => { ta.ema(own.candles, 10) }) }, 'WARMUP_TOO_SHORT', /ta\.ema\(10\)\].*Found: 1 bars.*at least 10/],
    ['an indicator of period zero', { strategy: once((own) => { ta.ema(own.candles, 0) }) }, 'PARAMETER_INVALID', /period = 0/],
    ['a bar of the future', { strategy: once((own) => { own.candles.at(own.candles.length) }) }, 'BAR_OUT_OF_RANGE', /candles\.at\(1\)\].*1 bars/],
    ['a size of NaN', { strategy: once((own) => { own.sizeToQty(Number.NaN) }) }, 'NOT_POSITIVE', /sizeToQty, size\].*NaN/],
  ])

  const HOOKS = ['before', 'shouldCancelEntry', 'onBar', 'updatePosition', 'shouldLong', 'goLong', 'shouldShort', 'goShort', 'shouldShortHedge', 'goShortHedge', 'filters', 'after',
    'onCancel', 'onOpenPosition', 'onIncreasedPosition', 'onReducedPosition', 'onClosePosition', 'onOrder', 'onAccount', 'beforeTerminate', 'terminate'] as const

  it.each(HOOKS)('%s that throws names strategy, bar and cause', async (hook) => {
    class Busy extends Strategy {
      shouldLong() { return this.index === 0 }
      goLong() { this.buy = [2, this.price] }
      shouldShort() { return this.index >= 6 }
      goShort() { this.sell = [1, this.price + 3] }
      shouldShortHedge() { return this.index === 1 }
      goShortHedge() { this.sell = [1, this.price] }
      updatePosition() {
        if (this.index === 2) this.long.open({ qty: 1 })
        if (this.index === 3) this.long.close({ qty: 1 })
        if (this.index === 4) this.liquidate()
      }
      static { Reflect.set(this.prototype, hook, () => { throw new TypeError(`${hook} went wrong`) }) }
    }
    const error = await errorOf(run({ strategy: Busy, funding: { XUSDT: [[START + 180_000, '0.0001']] } }))
    expect(error).toMatchObject(saying('STRATEGY_THREW', new RegExp(`strategy Busy, bar \\d+ \\(2024-01-01T00:\\d\\dZ\\), XUSDT 1m\\].*TypeError: ${hook} went wrong`)))
    expect(error.cause).toBeInstanceOf(TypeError)
  })

  it.each<[string, StrategyClass]>([
    ['on denials', class Loops extends Strategy { onBar() { this.long.open({ qty: 0.001 }) } onOrder() { this.long.open({ qty: 0.001 }) } }],
    ['on fills', class Loops extends Strategy { onBar() { if (this.index === 0) this.long.open({ qty: 1 }) } onOpenPosition() { this.long.close() } onClosePosition() { this.long.open({ qty: 1 }) } }],
    ['on cancellations', class Loops extends Strategy { onBar() { this.long.open({ qty: 1, price: 90, tag: 'a' }) } onOrder({ kind }: OrderNews) { if (kind === 'accepted') this.long.cancel('a'); else this.long.open({ qty: 1, price: 90, tag: 'a' }) } }],
  ])('a strategy that answers %s without end is stopped', async (_name, strategy) => {
    expect(await errorOf(run({ strategy }))).toMatchObject(saying('STRATEGY_LOOPS', /more than 10000 orders at one moment/))
  })

  it('nothing behind a series leads to bars that have not closed, and writing to it changes no market', async () => {
    const seen: number[] = []
    class Peeks extends Strategy {
      onBar() {
        for (const column of [this.candles.open, this.candles.high, this.candles.low, this.candles.close, this.candles.volume, this.candles.time, ta.sma.series(this.candles, 1)]) {
          seen.push(...new Float64Array(column.buffer).subarray(this.candles.length).filter((value) => value !== 0))
          column.fill(7)
        }
        if (this.index === 10) seen.push(this.price)
      }
    }
    const candles = { XUSDT: rows(20, (index) => 100 + index) }
    await run({ strategy: Peeks, candles })
    expect(seen).toEqual([110])
    expect(candles.XUSDT).toEqual(rows(20, (index) => 100 + index))
  })
})

describe('orders that are refused', () => {
  const FIL = { candles: { FILUSDT: rows(20) }, instruments: {}, exchange: { profile: 'binance-usdm', leverage: 75, startingBalance: '100000000' } } as const

  it.each<[string, Given, ErrorCode, RegExp]>([
    ['margin', { strategy: onBar(0, ({ long }) => long.open({ qty: 400 })) }, 'INSUFFICIENT_MARGIN', /20000 needed, 10000 available/],
    ['tier', { ...FIL, routes: [{ symbol: 'FILUSDT', timeframe: '1m', strategy: onBar(0, ({ short }) => short.open({ qty: 10_000, price: 101 })) }] }, 'TIER_EXCEEDED', /short leg of 1010000 at leverage 75/],
    ['minimum quantity', { strategy: onBar(0, ({ long }) => long.open({ qty: 0.001 })) }, 'QTY_BELOW_MIN', /0 after rounding to the step.*0\.01/],
    ['maximum quantity', { strategy: onBar(0, ({ long }) => long.open({ qty: 5000, price: 90 })) }, 'QTY_ABOVE_MAX', /5000.*at most 1000/],
    ['maximum quantity at market', { strategy: onBar(0, ({ long }) => long.open({ qty: 600 })) }, 'QTY_ABOVE_MAX', /600.*at most 500/],
    ['minimum value', { strategy: onBar(0, ({ long }) => long.open({ qty: 0.01 })) }, 'NOTIONAL_BELOW_MIN', /Found: 1\..*at least 5/],
    ['a price below the tick', { strategy: onBar(0, ({ long }) => long.open({ qty: 1, price: 0.01 })) }, 'PRICE_INVALID', /after rounding to the tick/],
    ['closing a flat leg', { strategy: onBar(2, ({ short }) => short.close()) }, 'NOTHING_TO_CLOSE', /the short leg is flat/],
    ['the other leg in one-way mode', { exchange: { positionMode: 'one-way' }, strategy: onBar(2, ({ short }) => short.open({ qty: 1 })) }, 'LEG_CONFLICT', /long leg of 1 is open/],
    ['the leg of another route', { routes: [{ symbol: 'XUSDT', timeframe: '1m', legs: ['long'], strategy: onBar(2, ({ short }) => short.open({ qty: 1 })) }] }, 'LEG_OWNED', /XUSDT short/],
  ])('%s', async (_name, given, code, message) => {
    const { events, counts } = await run(given)
    const denials = events.filter((event) => event.type === 'order.denied')
    expect(denials.map((denial) => denial.code)).toEqual([code])
    expect(denials[0]?.message).toMatch(/^\[Doer, [A-Z]+ (long|short), order \d+ \(.+\), 2024-01-01T00:0\dZ\] /)
    expect(denials[0]?.message).toMatch(message)
    expect(denials[0]?.message).toContain(ERRORS[code].remedy)
    expect(counts.denied).toBe(1)
  })

  it('half a pair is not left behind', async () => {
    const result = await run({ strategy: onBar(0, (own) => own.openPair({ long: { qty: 1 }, short: { qty: 400 }, onFailure: 'unwind' })) })
    expect(result.events.map(({ type }) => type)).toEqual(['order.submitted', 'order.denied', 'order.canceled'])
    expect(result.trades).toEqual([])
  })
})

describe('several runs in one process', () => {
  it('share nothing, even when they take turns', async () => {
    class Counts extends Strategy {
      onBar() {
        if (this.index % 4 === 0) this.long.open({ qty: 1 })
        if (this.index % 4 === 2) this.long.close()
        this.sharedVars.set('bars', Number(this.sharedVars.get('bars') ?? 0) + 1)
      }
      terminate() { this.log(`bars ${String(this.sharedVars.get('bars'))}`) }
    }
    const logged: string[] = []
    const one = (): Promise<BacktestResult> => run({ strategy: Counts, onLog: (_level, text) => logged.push(text) })
    const alone = (await one()).journalHash
    const together = await Promise.all([one(), errorOf(run({ candles: { XUSDT: [] } })), one()])
    expect([together[0].journalHash, together[2].journalHash]).toEqual([alone, alone])
    expect(logged).toEqual(Array.from({ length: 3 }, () => '[Counts] bars 20'))
  })
})
