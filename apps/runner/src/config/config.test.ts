import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { decimalText, isDecimal } from '@hedgerow/core'
import { Strategy } from '@hedgerow/strategy-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from '@hedgerow/strategy-sdk'
import { checkConfig, configJsonSchema, parseBacktestOptions } from '../backtest/options-schema.ts'
import type { HedgerowConfig } from './define-config.ts'
import { readFlags } from './flags.ts'
import { CONFIG_KEYS } from './keys.ts'
import type { LoadedConfig } from './load-config.ts'
import { runRequest } from './request.ts'
import { typedParameters } from './strategies.ts'

class Idle extends Strategy {}

type Schema = z.core.JSONSchema.BaseSchema

/** `routes[].symbol`, `sim.funding.missing`: every key that has no keys of its own. */
function keysOf(schema: Schema, path = ''): string[] {
  const { type, properties, items, anyOf, additionalProperties } = schema
  // Where a shorter form is allowed as well, the longest tells most.
  if (anyOf !== undefined) return anyOf.map((option) => keysOf(option, path)).toSorted((a, b) => b.length - a.length)[0] ?? [path]
  if (type === 'array' && typeof items === 'object' && !Array.isArray(items) && items.properties !== undefined) return keysOf(items, `${path}[]`)
  if (properties !== undefined && !LEAVES.has(path)) return Object.entries(properties).flatMap(([key, inner]) => keysOf(typeof inner === 'object' ? inner : {}, path === '' ? key : `${path}.${key}`))
  return [BY_SYMBOL.has(path) && additionalProperties !== undefined ? `${path}.<symbol>` : path]
}

const BY_SYMBOL = new Set(['candles', 'funding', 'marks', 'indexes'])
/** Keys whose value may be an object. */
const LEAVES = new Set(['exchange.leverage', 'exchange.fee', 'sim.slippage'])

describe('the table of keys', () => {
  it('has every key of the schema, and no other', () => {
    expect(CONFIG_KEYS.map(({ key }) => key).toSorted()).toEqual([...new Set(keysOf(configJsonSchema()))].toSorted())
  })

  it('states the defaults that the schema fills in', () => {
    const settings = parseBacktestOptions({ routes: [{ symbol: 'X', timeframe: '1m', strategy: Idle }], candles: {} })
    const stated = new Map(CONFIG_KEYS.map((row) => [row.key, row.default]))
    const filled = { exchange: settings.exchange, 'routes[]': settings.routes[0] ?? {}, '': settings }
    const checked = Object.entries(filled).flatMap(([prefix, values]) => Object.entries(values).flatMap(([key, value]) => {
      const path = prefix === '' ? key : `${prefix}.${key}`
      return stated.get(path) === null || !stated.has(path) ? [] : [{ path, value: written(value), stated: stated.get(path) }]
    }))
    expect(checked.length).toBeGreaterThanOrEqual(9)
    for (const { path, value, stated: text } of checked) expect(`${path}: ${value}`).toBe(`${path}: ${text}`)
  })
})

/** A default as the documentation writes it; one for both legs where they agree. */
function written(value: unknown): string {
  if (isDecimal(value)) return decimalText(value)
  if (typeof value === 'object' && value !== null && 'long' in value) return written(value.long)
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`
  return typeof value === 'string' ? `'${value}'` : JSON.stringify(value)
}

describe('a wrong configuration', () => {
  const valid = { routes: [{ symbol: 'X', timeframe: '1m', strategy: './x.ts' }], candles: { X: 'x.csv' } }
  it.each([
    [{ ...valid, exchnage: {} }, /\[c\.ts\] UNKNOWN_KEY.*Found: exchnage\. Expected: one of routes, dataRoutes, candles,/],
    [{ ...valid, exchange: { levrage: 2 } }, /\[c\.ts, exchange\] UNKNOWN_KEY.*Found: exchange\.levrage\. Expected: one of profile, name, positionMode, marginMode, leverage/],
    [{ ...valid, exchange: { positionMode: 'both' } }, /\[c\.ts, exchange\.positionMode\] CONFIG_INVALID.*Found: "both"\. Expected: .*"one-way".*"hedge"/],
    [{ ...valid, exchange: { leverage: -1 } }, /exchange\.leverage\].*Found: -1\. Expected: more than zero/],
    [{ ...valid, warmupCandles: 1.5 }, /warmupCandles\].*Found: 1\.5/],
    [{ ...valid, start: 'soon' }, /start\].*Found: "soon".*ISO date/],
    [{ ...valid, start: 'soon', seed: 'x' }, /also wrong: seed/],
    [{ ...valid, routes: [] }, /routes\].*at least one route/],
    [{ ...valid, routes: [{ ...valid.routes[0], strategy: 7 }] }, /routes\[0\]\.strategy\].*Found: 7/],
    [{ ...valid, onProgress: () => true }, /UNKNOWN_KEY.*onProgress/],
  ])('%j names key, value and expectation', (config, message) => {
    expect(() => checkConfig(config, (key) => (key === '' ? 'c.ts' : `c.ts, ${key}`))).toThrow(message)
  })
})

describe('dates', () => {
  it.each([['2023-10-02'], ['2023-10-02T00:00'], ['2023-10-02T02:00+02:00'], [Date.UTC(2023, 9, 2)]])('%s is UTC', (start) => {
    expect(parseBacktestOptions({ routes: [{ symbol: 'X', timeframe: '1m', strategy: Idle }], candles: {}, start }).start).toBe(Date.UTC(2023, 9, 2))
  })
})

describe('flags', () => {
  it('become values of keys', () => {
    const { values, params, symbols, files } = readFlags({ leverage: '3', fee: '0.0001,0.0005', slippage: '1.5bps', warmupCandles: '10', start: '1696204800000', symbol: ['A', 'B'], param: ['x=1', 'y=a=b'], candles: ['A=a.csv', 'b=c/d.csv', 'e.csv'] })
    expect(Object.fromEntries(values)).toEqual({ 'exchange.leverage': '3', 'exchange.fee': { maker: '0.0001', taker: '0.0005' }, 'sim.slippage': { bps: '1.5' }, warmupCandles: 10, start: 1_696_204_800_000 })
    expect(params).toEqual({ x: '1', y: 'a=b' })
    expect(symbols).toEqual(['A', 'B'])
    expect(files.candles).toEqual([{ symbol: 'A', path: 'a.csv' }, { symbol: 'b', path: 'c/d.csv' }, { symbol: null, path: 'e.csv' }])
  })

  it.each([
    [{ seed: 'x' }, /\[--seed\] USAGE_INVALID.*"x".*a whole number/],
    [{ positionMode: 'both' }, /\[--position-mode\].*"both".*one-way or hedge/],
    [{ slippage: '3' }, /\[--slippage\].*2ticks/],
    [{ fee: '1,2,3' }, /\[--fee\].*maker,taker/],
    [{ param: ['fast'] }, /\[--param\].*name=value/],
  ])('%j are refused by name', (given, message) => {
    expect(() => readFlags(given)).toThrow(message)
  })
})

describe('flags over a configuration', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hedgerow-config-'))
    for (const name of ['one.ts', 'two.ts']) writeFileSync(join(folder, name), 'export default class {}')
  })
  afterAll(() => { rmSync(folder, { recursive: true }) })

  const loaded = (config: HedgerowConfig): LoadedConfig => ({ config, folder, path: join(folder, 'hedgerow.config.ts'), name: 'hedgerow.config.ts' })
  const two: HedgerowConfig = {
    exchange: { leverage: 2, positionMode: 'hedge' },
    routes: [{ symbol: 'A', timeframe: '1m', strategy: './one.ts' }, { symbol: 'B', timeframe: '1m', strategy: Idle }],
    candles: { A: 'a.csv', B: 'b.csv' }, out: 'out',
  }
  const one: HedgerowConfig = { ...two, routes: [{ symbol: 'A', timeframe: '1m', strategy: './one.ts' }] }
  const urlOf = (name: string): string => pathToFileURL(join(folder, name)).href

  it('paths start at the folder of the file, and of flags at the working directory', () => {
    const request = runRequest(loaded(two), readFlags({ candles: ['B=other.csv'] }), '/desk')
    expect(request.config.candles).toEqual({ A: join(folder, 'a.csv'), B: '/desk/other.csv' })
    expect(request.config.routes[0]?.strategy).toBe(urlOf('one.ts'))
    expect(request.out).toBe(join(folder, 'out'))
    expect(runRequest(loaded(two), readFlags({ out: 'here' }), '/desk').out).toBe('/desk/here')
  })

  it('a value beats the file and leaves its neighbours', () => {
    const { config, place } = runRequest(loaded(two), readFlags({ leverage: '5' }), folder)
    expect(config.exchange).toEqual({ leverage: '5', positionMode: 'hedge' })
    expect([place('exchange.leverage'), place('exchange.profile')]).toEqual(['--leverage', 'hedgerow.config.ts, exchange.profile'])
  })

  it('the data folder starts at the file that names it, else at the working directory', () => {
    const named = loaded({ ...two, data: { folder: 'market' } })
    const requests = [runRequest(named, readFlags({}), '/desk'), runRequest(named, readFlags({ data: 'other' }), '/desk'), runRequest(loaded(two), readFlags({}), '/desk')]
    expect(requests.map(({ data }) => data)).toEqual([join(folder, 'market'), '/desk/other', '/desk/hedgerow-data'])
  })

  it('--symbol keeps the routes on it and their files; the only route moves', () => {
    const kept = runRequest(loaded(two), readFlags({ symbol: ['B'] }), folder).config
    expect([kept.routes.map(({ symbol }) => symbol), Object.keys(kept.candles ?? {})]).toEqual([['B'], ['B']])
    const moved = runRequest(loaded(one), readFlags({ symbol: ['C'], candles: ['c.csv'], strategy: './two.ts', timeframe: '4h' }), folder).config
    expect(moved.routes).toEqual([{ symbol: 'C', timeframe: '4h', strategy: urlOf('two.ts') }])
    expect(moved.candles).toEqual({ C: join(folder, 'c.csv') })
    expect(() => runRequest(loaded(two), readFlags({ symbol: ['C'] }), folder)).toThrow(/\[--symbol\] UNKNOWN_SYMBOL.*"C".*one of A, B/)
  })

  it('a file without a symbol needs one symbol', () => {
    expect(() => runRequest(loaded(two), readFlags({ candles: ['x.csv'] }), folder)).toThrow(/\[--candles\] USAGE_INVALID.*--candles A=x\.csv/)
  })

  it('flags alone make a route for each symbol, and say what is missing', () => {
    const { config } = runRequest(null, readFlags({ symbol: ['A', 'B'], timeframe: '1m', strategy: './one.ts', candles: ['A=a.csv', 'B=b.csv'] }), folder)
    expect(config.routes.map(({ symbol }) => symbol)).toEqual(['A', 'B'])
    expect(() => runRequest(null, readFlags({ symbol: ['A'] }), folder)).toThrow(/USAGE_INVALID.*no --strategy, --timeframe. Expected: --strategy, --symbol, --timeframe\./)
    expect(() => runRequest(null, readFlags({}), folder)).toThrow(/CONFIG_MISSING[\s\S]*1\. Write hedgerow\.config\.ts[\s\S]*2\. Pass flags/)
  })

  it('a strategy that is not there says how it was looked for', () => {
    expect(() => runRequest(loaded(one), readFlags({ strategy: './nope.ts' }), folder)).toThrow(/UNKNOWN_STRATEGY.*nope\.ts/)
    expect(() => runRequest(loaded(one), readFlags({ strategy: 'one' }), folder)).toThrow(/UNKNOWN_STRATEGY.*no package "one".*npm install one/)
  })
})

describe('typed parameters', () => {
  class Tuned extends Strategy {
    static params = z.object({ count: z.int(), name: z.string(), on: z.boolean(), list: z.array(z.number()) })
  }

  it('are read as the schema wants them', () => {
    expect(typedParameters(Tuned, { count: '3', name: '3', on: 'true', list: '[1,2]' })).toEqual({ count: 3, name: '3', on: true, list: [1, 2] })
    expect(typedParameters(Tuned, { count: 'three', other: '1' })).toEqual({ count: 'three', other: 1 })
  })
})
