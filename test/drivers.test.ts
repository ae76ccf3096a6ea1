/** What the shipped drivers declare: manifests that say every intent, and profiles whose facts hold for real candles. */
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import { API_VERSION, decimal, defineDriver, defineProfile, isOnStep, LEGS, legParams, meaningOf, supportsMode, tiersOf, type Driver, type DriverManifest, type Intent } from '@hedgerow/core'
import { binance } from '@hedgerow/driver-binance'
import { bybit } from '@hedgerow/driver-bybit'
import { sandbox } from '@hedgerow/driver-sandbox'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { BUNDLED } from '../apps/runner/src/backtest/drivers.ts'
import { binanceInput } from '../packages/driver-binance/src/profile.ts'
import { legacyInput, utaInput } from '../packages/driver-bybit/src/profile.ts'
import { exactInput } from '../packages/driver-sandbox/src/profiles/exact.ts'
import { jesseInput } from '../packages/driver-sandbox/src/profiles/jesse.ts'
import { sharedFolder } from './support/shared.ts'

const DRIVERS = [bybit, binance, sandbox].map((driver) => ({ name: driver.manifest.name, driver }))
const INTENTS: readonly Intent[] = ['open', 'close']
const shared = sharedFolder()

it('the runner knows the profiles of each driver that comes with it', async () => {
  const loaded = await Promise.all(BUNDLED.map(async ({ profiles, load }) => ({ profiles, driver: await load() })))
  expect(loaded.map(({ driver }) => driver.manifest.name).toSorted()).toEqual(DRIVERS.map(({ name }) => name).toSorted())
  for (const { profiles, driver } of loaded) expect(driver.profiles.map(({ name }) => name)).toEqual(profiles)
})

/** What the drivers that come with us declare, and do not check again at each start. */
const INPUTS = new Map([exactInput, jesseInput, utaInput, legacyInput, binanceInput].map((input) => [input.name, input]))

describe.each(DRIVERS)('driver $name', ({ driver }) => {
  it('passes the checks of a driver that somebody else writes', () => {
    const profiles = driver.profiles.map(({ name }) => {
      const input = INPUTS.get(name)
      if (input === undefined) throw new Error(`no declaration of ${name}`)
      return defineProfile(input)
    })
    const { apiVersion, manifest } = driver
    const checked = defineDriver({ apiVersion, manifest, profiles })
    expect({ ...checked, live: driver.live }).toEqual(driver)
  })

  it.each(['one-way', 'hedge'] as const)('says the four intents in %s mode', (mode) => {
    const said = LEGS.flatMap((leg) => INTENTS.map((intent) => ({ leg, intent, ...legParams(driver.manifest, { mode, leg, intent }) })))
    expect(said).toMatchSnapshot()
  })

  it('marks each claim with a source and the day of the last check', () => {
    const claims = [...driver.manifest.claims, ...driver.profiles.flatMap((profile) => profile.claims)]
    expect(claims.filter(({ source, checkedOn }) => source === '' || checkedOn === '')).toEqual([])
  })

  it('has a convex tier table for every symbol, so that guards can be set', () => {
    const tables = driver.profiles.flatMap((profile) => [...profile.instruments.keys(), 'UNKNOWN'].map((symbol) => tiersOf(profile, symbol)))
    expect(tables.filter(({ convex }) => !convex)).toEqual([])
  })
})

/** The driver with another manifest. */
const change = (more: Partial<DriverManifest>): Driver => ({ ...bybit, manifest: { ...bybit.manifest, ...more } })

describe('a manifest', () => {
  const rows = bybit.manifest.legParams

  it.each<[string, Driver, string]>([
    ['misses an intent', change({ legParams: rows.slice(1) }), 'field legParams'],
    ['says two intents of hedge mode alike', change({ legParams: rows.map((row) => (row.mode === 'hedge' && row.intent === 'close' ? { ...row, params: { side: 'Sell' } } : row)) }), 'two that are alike'],
    ['claims something about a field that it does not have', change({ claims: [{ about: 'orders.speed', confidence: 'P', source: 'somewhere', checkedOn: 'unverified' }] }), 'found "orders.speed"'],
    ['has a number out of range', change({ rateLimits: [{ group: 'all', scope: 'ip', requests: 0, perMs: 1000 }] }), 'field rateLimits.0.requests'],
  ])('is refused when it %s', (_what, driver, message) => {
    expect(() => defineDriver(driver)).toThrow('MANIFEST_INVALID')
    expect(() => defineDriver(driver)).toThrow(message)
  })

  it('is refused with a driver that was built for another contract, or whose profiles share a name', () => {
    expect(() => defineDriver({ ...bybit, apiVersion: API_VERSION + 1 })).toThrow('API_VERSION_MISMATCH')
    expect(() => defineDriver({ ...bybit, profiles: [...bybit.profiles, ...bybit.profiles] })).toThrow('PROFILE_INVALID')
  })

  it('refuses a mode that the venue does not have', () => {
    const oneWay = change({ markets: bybit.manifest.markets.map((market) => ({ ...market, positionModes: ['one-way'] })), legParams: rows.filter(({ mode }) => mode === 'one-way') })
    const { manifest } = defineDriver(oneWay)
    expect(supportsMode(manifest, 'hedge')).toBe(false)
    expect(() => legParams(manifest, { mode: 'hedge', leg: 'long', intent: 'open' })).toThrow('MODE_UNSUPPORTED')
  })

  it('knows what an answer means, by its text where one code means several things', () => {
    expect(meaningOf(bybit.manifest, { code: '110025', message: 'Position mode is not modified' })).toBe('already-so')
    expect(meaningOf(bybit.manifest, { code: '10001', message: 'position idx not match position mode' })).toBe('wrong-mode')
    expect(meaningOf(bybit.manifest, { code: '10001', message: 'params error' })).toBeNull()
    expect(meaningOf(binance.manifest, { code: '-4059', message: 'No need to change position side.' })).toBe('already-so')
  })
})

/** Real candles by file, with the profile of their venue. */
const FILES = [
  { file: 'bybit-linear_ETHUSDT_1m_2023-10.csv.gz', symbol: 'ETHUSDT', driver: bybit, offGrid: 0 },
  { file: 'bybit-linear_SOLUSDT_1m_2024-11-27_2024-12-31.csv.gz', symbol: 'SOLUSDT', driver: bybit, offGrid: 0 },
  { file: 'binance-usdm_FILUSDT_1m_2023-08.csv.gz', symbol: 'FILUSDT', driver: binance, offGrid: 0 },
  { file: 'binance-usdm_BTCUSDT_5m_2025-09-25_2025-10-25.csv.gz', symbol: 'BTCUSDT', driver: binance, offGrid: 0 },
  { file: 'binance-usdm_ETHUSDT_1h_2023-01_2026-04.csv.gz', symbol: 'ETHUSDT', driver: binance, offGrid: 0 },
  { file: 'binance-usdm_XRPUSDT_1m_2025-05-04_2025-06-24.csv.gz', symbol: 'XRPUSDT', driver: binance, offGrid: 0 },
  // Two extremes of this file have a third decimal, 73,139 rows have not.
  { file: 'binance-usdm_SOLUSDT_1m_2025-05-04_2025-06-24.csv.gz', symbol: 'SOLUSDT', driver: binance, offGrid: 2 },
] as const

describe.skipIf(shared === null)('price steps and real candles (HEDGEROW_SHARED)', () => {
  it.each(FILES)('$file is on the price grid of $symbol', async ({ file, symbol, driver, offGrid }) => {
    const tick = driver.profiles[0]?.instruments.get(symbol)?.tickSize ?? decimal('0')
    expect(await offGridPrices(join(shared ?? '', 'data', 'candles', file), tick)).toBe(offGrid)
  })
})

async function offGridPrices(path: string, tick: ReturnType<typeof decimal>): Promise<number> {
  const seen = new Map<string, boolean>()
  let count = 0
  for await (const line of createInterface({ input: createReadStream(path).pipe(createGunzip()) })) {
    const prices = line.split(',').slice(1, 5)
    if (prices[0] === 'open') continue
    for (const price of prices) {
      const isOn = seen.get(price) ?? isOnStep(decimal(price), tick)
      seen.set(price, isOn)
      if (!isOn) count += 1
    }
  }
  return count
}

describe('the live half of a driver', () => {
  const { apiVersion, manifest, profiles } = bybit
  const nothing = { clock: { now: () => 0 }, logger: { log: () => undefined } }
  const driver = defineDriver({
    apiVersion, manifest, profiles, config: z.object({ apiKey: z.string().min(1) }), secrets: { apiKey: 'VENUE_KEY' },
    create: async ({ apiKey }) => await Promise.reject(new Error(`asked with a key of ${apiKey.length}`)),
  })

  it('is absent where a driver is data only', () => expect(defineDriver({ apiVersion, manifest, profiles }).live).toBeNull())

  it('hands a configuration over that its schema accepts', async () => {
    await expect(driver.live?.create({ apiKey: 'abc' }, nothing)).rejects.toThrow('asked with a key of 3')
  })

  it('names the wrong field and never shows its value', () => {
    expect(() => driver.live?.create({ apiKey: 12_345 }, nothing)).toThrow(/CONFIG_INVALID.*field apiKey/)
    expect(() => driver.live?.create({ apiKey: 12_345 }, nothing)).not.toThrow('12345')
  })
})
