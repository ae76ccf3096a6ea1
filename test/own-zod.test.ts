/** A strategy or a driver may bring a copy of zod of its own: whatever reads its schemas goes by their shape. The other copy is zod's CommonJS build. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { defineDriver } from '@hedgerow/core'
import { bybit } from '@hedgerow/driver-bybit'
import { describeParameters, Strategy, z } from '@hedgerow/strategy-sdk'
import { backtest, candlesFromRows } from 'hedgerow'
import { describe, expect, it } from 'vitest'
import { z as three } from 'zod/v3'
import { typedParameters } from '../apps/runner/src/config/strategies.ts'
import { readAxes } from '../apps/runner/src/sweep/read-axes.ts'

const require = createRequire(import.meta.url)
const own = (require(join(dirname(require.resolve('zod/package.json')), 'index.cjs')) as { readonly z: typeof z }).z

/** A copy whose descriptions no other copy sees, as early releases of zod 4 are. */
const alone = (() => {
  const name = '__zod_globalRegistry'
  const shared: unknown = Reflect.get(globalThis, name)
  const folder = dirname(require.resolve('zod/package.json'))
  for (const file of Object.keys(require.cache)) if (file.startsWith(folder)) Reflect.deleteProperty(require.cache, file)
  Reflect.deleteProperty(globalThis, name)
  try {
    return (require(join(folder, 'index.cjs')) as { readonly z: typeof z }).z
  } finally {
    Reflect.set(globalThis, name, shared)
  }
})()

const params = own.object({
  fast: own.int().min(2).max(50).default(8).meta({ step: 2, description: 'Bars of the average' }),
  side: own.enum(['both', 'long']).default('both'),
  spread: own.number().positive().max(1).default(0.5).describe('Width'),
  wide: own.boolean().default(false),
}).refine(({ fast, wide }) => !wide || fast > 10, { error: 'expected fast above 10 where wide' })

class Tuned extends Strategy<typeof params, typeof Tuned.vars> {
  static params = params
  static vars = own.object({ bars: own.int().default(0) })
  override before(): void { this.vars.bars += this.hp.fast }
}

const candles = candlesFromRows(Array.from({ length: 5 }, (_, row) => [1_704_067_200_000 + row * 60_000, 100, 101, 99, 100, 5] as const))

const run = (given: Readonly<Record<string, unknown>>) => backtest({ routes: [{ symbol: 'XUSDT', timeframe: '1m', strategy: Tuned, params: given }], candles: { XUSDT: candles }, warmupCandles: 0 })

describe('a schema of another copy of zod', () => {
  it('is another copy', () => {
    expect(own).not.toBe(z)
    expect(own.object).not.toBe(z.object)
  })

  it('is described with range, step, default, choices and meaning', () => {
    expect(describeParameters(params)).toEqual([
      { name: 'fast', accepts: 'an integer from 2 to 50', min: 2, max: 50, step: 2, choices: null, fallback: 8, meaning: 'Bars of the average' },
      { name: 'side', accepts: 'one of "both", "long"', min: null, max: null, step: null, choices: ['both', 'long'], fallback: 'both', meaning: '' },
      { name: 'spread', accepts: 'a number above 0 to 1', min: null, max: 1, step: null, choices: null, fallback: 0.5, meaning: 'Width' },
      { name: 'wide', accepts: 'a boolean', min: null, max: null, step: null, choices: [false, true], fallback: false, meaning: '' },
    ])
  })

  it('is described also where it keeps descriptions to itself', () => {
    expect(alone.globalRegistry).not.toBe(z.globalRegistry)
    const fast = { min: 2, max: 50, step: 2, meaning: 'Bars' }
    expect(describeParameters(alone.object({ outside: alone.int().min(2).max(50).default(8).meta({ step: 2, description: 'Bars' }), inside: alone.int().min(2).max(50).meta({ step: 2 }).describe('Bars').default(8) }))).toMatchObject([fast, fast])
  })

  it('of zod 3 is refused as what it is', async () => {
    class Old extends Strategy {
      static override params = three.object({ fast: three.number().default(8) }) as never
    }
    await expect(backtest({ routes: [{ symbol: 'XUSDT', timeframe: '1m', strategy: Old }], candles: { XUSDT: candles }, warmupCandles: 0 })).rejects.toThrow(/strategy Old, static params\] PARAMETER_INVALID.*Found: a schema of zod 3\. Expected: a schema of an object, of zod 4/)
  })

  it('gives typed values and axes of a sweep', () => {
    expect(typedParameters(Tuned, { fast: '12', side: 'long', wide: 'true' })).toEqual({ fast: 12, side: 'long', wide: true })
    expect(readAxes([Tuned], [])).toEqual({ fast: { min: 2, max: 50, step: 2 } })
    expect(() => readAxes([Tuned], ['fast=1,5'])).toThrow(/PARAMETER_INVALID.*an integer from 2 to 50/)
  })

  it('sets and refuses parameters and vars of a run', async () => {
    expect((await run({ fast: 3 })).header.routes[0]?.params).toEqual({ fast: 3, side: 'both', spread: 0.5, wide: false })
    await expect(run({ fast: 99 })).rejects.toThrow(/strategy Tuned, parameter fast.*Found: 99\. Expected: an integer from 2 to 50, default 8/)
    await expect(run({ wide: true })).rejects.toThrow(/expected fast above 10 where wide/)
  })

  it('checks what a connection is opened with', () => {
    const { manifest, profiles } = bybit
    const driver = defineDriver({ apiVersion: 1, manifest, profiles, config: own.strictObject({ key: own.string().min(1) }), secrets: {}, create: () => Promise.reject(new Error('not opened')) })
    expect(() => driver.live?.create({ key: '' }, { clock: { now: () => 0 }, logger: { log: () => undefined } })).toThrow(/CONFIG_INVALID.*field key/)
  })
})
