/** Everything that can be wrong before a live session begins: configuration, driver, secrets, limits, instruments. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { HedgerowError, parseTimeframe, patiently, tiersOf, type Driver, type Logger, type VenueConnection, type VenueProfile } from '@hedgerow/core'
import { parseBacktestOptions } from '../backtest/options-schema.ts'
import { loadDrivers } from '../backtest/drivers.ts'
import type { BacktestSettings } from '../backtest/options.ts'
import { resolveProfile, resolveVenue } from '../backtest/venue.ts'
import type { LoadedConfig } from '../config/load-config.ts'
import { loadRoutes } from '../config/load-request.ts'
import { plainOptions, runRequest } from '../config/request.ts'
import { VERSION } from '../version.ts'
import type { LivePlan } from './compose.ts'
import { liveConfigOf, liveSchema, type LiveSettings } from './live-options.ts'
import { readSecrets, type Secrets } from './secrets.ts'
import { stateFiles, type StateFiles } from './state-folder.ts'
import { wallTimers } from './wall-timers.ts'

/** A configuration that may go live. */
export interface PreparedLive {
  readonly settings: BacktestSettings
  readonly live: LiveSettings
  readonly driver: Driver
  readonly secrets: Secrets
  readonly files: StateFiles
  readonly kind: 'live' | 'paper'
  readonly fingerprint: string
  readonly symbols: readonly string[]
}

/** No flags: what goes live is what the file says. */
const NO_FLAGS = { values: new Map<string, unknown>(), symbols: [], timeframe: undefined, strategy: undefined, params: {}, files: { candles: [], funding: [], marks: [], indexes: [] } } as const

/**
 * Reads a configuration for going live. `needsSecrets: false` for what needs no key.
 *
 * @throws HedgerowError what is wrong with it, by key.
 */
export async function prepareLive(loaded: LoadedConfig, { needsSecrets, state, kind }: { readonly needsSecrets: boolean; readonly state: string | undefined; readonly kind: 'live' | 'paper' }): Promise<PreparedLive> {
  const live = liveSchema().parse(loaded.config.live ?? {})
  const request = runRequest(loaded, NO_FLAGS, loaded.folder)
  const routes = await loadRoutes(request)
  const { funding: _funding, marks: _marks, ...plain } = { funding: undefined, marks: undefined, ...plainOptions(request) }
  const parsed = parseBacktestOptions({ ...plain, routes, candles: {} }, request.place)
  const settings = { ...parsed, drivers: [...await loadDrivers(), ...parsed.drivers] }
  requireLiveProfile(resolveProfile(settings))
  const driver = driverOf(settings, live)
  const secrets = needsSecrets ? readSecrets(driver, { environment: process.env, file: live.envFile === undefined ? null : resolve(loaded.folder, live.envFile) }) : { fields: {}, values: [] }
  const folder = resolve(state === undefined ? loaded.folder : process.cwd(), state ?? ownFolder(live.state, kind) ?? `hedgerow-state/${kind}-${driver.manifest.name}`)
  const symbols = [...new Set([...settings.routes.flatMap(({ symbols: own }) => own), ...settings.dataRoutes.map(({ symbol }) => symbol)])]
  const strategyFiles = request.config.routes.flatMap(({ strategy }) => (typeof strategy === 'string' ? [fileURLToPath(strategy)] : []))
  return { settings, live, driver, secrets, files: stateFiles(folder), kind, fingerprint: fingerprintOf(settings, { files: strategyFiles, limits: live.limits }), symbols }
}

/** Opens a connection; the secrets are fields of its configuration. */
export async function openConnection({ driver, live, secrets }: Pick<PreparedLive, 'driver' | 'live' | 'secrets'>, logger: Logger): Promise<VenueConnection> {
  if (driver.live === null) throw new HedgerowError('LIVE_UNSUPPORTED', { where: `driver ${driver.manifest.name}`, found: 'data only', expected: 'a driver that can connect' })
  return await driver.live.create({ ...live.connection, ...secrets.fields }, { clock: { now: () => Date.now() }, logger })
}

/** Puts the plan of a session together, with the instruments that the venue lists today. */
export async function planOf(prepared: PreparedLive, { connection, run, logger }: { readonly connection: VenueConnection; readonly run: string; readonly logger: Logger }): Promise<LivePlan> {
  const { settings, live, driver, symbols } = prepared
  const { positionMode, marginMode, leverage, profile: _profile, startingBalance: _startingBalance } = settings.exchange
  const config = liveConfigOf(live, { symbols, positionMode, marginMode, leverage, warmupMs: warmupOf(settings) })
  const profile = resolveProfile(settings)
  const listed = new Map((await patiently({ manifest: driver.manifest, timers: wallTimers, logger }, async () => await connection.instruments())).map((row) => [row.instrument.symbol, row]))
  for (const symbol of symbols) {
    const row = listed.get(symbol)
    if (row === undefined) throw new HedgerowError('UNKNOWN_SYMBOL', { where: driver.manifest.title, found: symbol, expected: `a contract that the venue lists: ${[...listed.keys()].slice(0, 5).join(', ')}, ...` })
    if (!row.trading) logger.log('warn', `${symbol}: the venue takes no orders that open it`)
  }
  const instruments = new Map([...profile.instruments, ...symbols.flatMap((symbol) => {
    const own = listed.get(symbol)?.instrument
    return own === undefined ? [] : [[symbol, { ...own, tiers: own.tiers ?? profile.instruments.get(symbol)?.tiers ?? null }] as const]
  })])
  const venue = resolveVenue({ ...settings, instruments: [] }, { ...profile, instruments }, symbols)
  return { settings, config, venue: { ...venue, name: settings.exchange.name ?? driver.manifest.name }, manifest: driver.manifest, run, fingerprint: prepared.fingerprint, logger }
}

/** What is traded on paper must never be taken for what is held: it has a folder beside that of the configuration. */
function ownFolder(state: string | undefined, kind: 'live' | 'paper'): string | undefined {
  return state === undefined || kind === 'live' ? state : `${state.replace(/\/+$/, '')}-paper`
}

/** The loaded configuration has to exist: nothing goes live by flags. */
export function requireConfig(loaded: LoadedConfig | null): LoadedConfig {
  if (loaded !== null) return loaded
  throw new HedgerowError('CONFIG_MISSING', { where: process.cwd(), found: 'no hedgerow.config.ts', expected: 'a configuration with a `live` section', remedy: 'Write one, or name it with --config; docs/going-live.md begins with an example.' })
}

function requireLiveProfile(profile: VenueProfile): void {
  if (!profile.execution.predecessor && tiersOf(profile, '').tiers.length > 0) return
  throw new HedgerowError('MODE_UNSUPPORTED', { where: 'exchange.profile', found: profile.name, expected: 'the profile of a venue' })
}

/** The named driver, else the one that brings the profile. */
function driverOf({ exchange: { profile }, drivers }: BacktestSettings, { driver: name }: LiveSettings): Driver {
  const found = drivers.find((driver) => (name === undefined ? driver.profiles.some((own) => own === profile || own.name === profile) : driver.manifest.name === name))
  if (found?.live !== undefined && found.live !== null) return found
  throw new HedgerowError('LIVE_UNSUPPORTED', { where: 'live.driver', found: name ?? found?.manifest.name ?? 'none', expected: `one of ${drivers.filter(({ live }) => live !== null).map(({ manifest }) => manifest.name).join(', ')}` })
}

function warmupOf({ routes, dataRoutes, warmupCandles }: BacktestSettings): number {
  return warmupCandles * Math.max(...[...routes, ...dataRoutes].map(({ timeframe }) => parseTimeframe(timeframe).ms))
}

/** Changes with everything that decides: version, routes, parameters, the code of strategies, and the limits: what one limit denied, another would let through in a replay. */
function fingerprintOf({ routes, dataRoutes, exchange }: BacktestSettings, { files, limits }: { readonly files: readonly string[]; readonly limits: LiveSettings['limits'] }): string {
  const hash = createHash('sha256').update(VERSION)
  hash.update(JSON.stringify([routes.map(({ strategy, ...route }) => ({ ...route, strategy: strategy.toString() })), dataRoutes, exchange.positionMode, exchange.marginMode, exchange.leverage, limits]))
  for (const file of files) if (existsSync(file)) hash.update(readFileSync(file))
  return hash.digest('hex').slice(0, 32)
}

