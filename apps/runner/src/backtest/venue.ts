/** The venue of a run: its profile, fees, and the instrument and leverage of each symbol. */
import { allowsLeverage, decimalText, HedgerowError, instrument, legOf, supportsMode, tiersOf, unknownInstrument, ZERO, type Decimal, type DriverManifest, type Leg, type TradedSymbol, type VenueProfile } from '@hedgerow/core'
import type { BacktestSettings } from './options.ts'

/** The predecessor rounds nothing: a step finer than any number that a strategy states. */
const PREDECESSOR_STEP = '0.000000000000000000000001'

/** What a run knows of its venue. */
export interface Venue {
  readonly name: string
  readonly profile: VenueProfile
  readonly fee: { readonly maker: Decimal; readonly taker: Decimal }
  readonly fillAt: 'open' | 'close'
  readonly symbols: ReadonlyMap<string, TradedSymbol>
  /** Symbols whose instrument no table knows: steps of 1e-8, no limits. */
  readonly unknownInstruments: readonly string[]
  readonly symbolOf: (symbol: string) => TradedSymbol
  readonly leverageOf: (symbol: string, leg: Leg) => Decimal
}

/**
 * The profile that the settings name, of a driver of theirs whose manifest has the modes of the run. A profile of no driver is bound by no manifest.
 *
 * @throws HedgerowError `UNKNOWN_PROFILE` listing what the loaded drivers export, `MODE_UNSUPPORTED`.
 */
export function resolveProfile({ exchange, drivers, sim }: BacktestSettings): VenueProfile {
  const known = drivers.flatMap((driver) => driver.profiles.map((profile) => ({ profile, manifest: driver.manifest })))
  const found = known.find(({ profile }) => profile === exchange.profile || profile.name === exchange.profile)
  if (found === undefined) {
    if (typeof exchange.profile !== 'string') return exchange.profile
    throw new HedgerowError('UNKNOWN_PROFILE', { where: 'exchange.profile', found: `"${exchange.profile}"`, expected: `one of ${[...new Set(known.map(({ profile }) => profile.name))].join(', ')}` })
  }
  requireModes(found.manifest, exchange)
  const { triggerBy = 'last' } = sim
  const triggers = found.manifest.orders.triggerBy
  if (!triggers.includes(triggerBy)) throw new HedgerowError('CONFIG_INVALID', { where: `sim.triggerBy, driver ${found.manifest.name}`, found: triggerBy, expected: `a trigger that ${found.manifest.title} has: ${triggers.join(', ')}` })
  return found.profile
}

/** A mode that the venue does not have would make a result that nobody can trade. */
function requireModes(manifest: DriverManifest, { positionMode, marginMode }: BacktestSettings['exchange']): void {
  const { title, markets } = manifest
  const unsupported = (key: string, found: string, modes: readonly string[]): HedgerowError =>
    new HedgerowError('MODE_UNSUPPORTED', { where: `exchange.${key}, driver ${manifest.name}`, found, expected: `a mode that ${title} has: ${[...new Set(modes)].join(', ')}` })
  if (!supportsMode(manifest, positionMode)) throw unsupported('positionMode', positionMode, markets.flatMap(({ positionModes }) => positionModes))
  const margins = markets.flatMap(({ marginModes }) => marginModes)
  if (!margins.includes(marginMode)) throw unsupported('marginMode', marginMode, margins)
}

/** Fees, instruments and leverage under the profile. */
export function resolveVenue(settings: BacktestSettings, given: VenueProfile, symbolNames: readonly string[]): Venue {
  const { exchange } = settings
  const profile = withInstruments(given, settings)
  requireAutoAdd(profile, settings)
  const unknown: string[] = []
  const symbols = new Map<string, TradedSymbol>()
  for (const symbol of symbolNames) {
    const found = profile.instruments.get(symbol)
    if (found === undefined) unknown.push(symbol)
    symbols.set(symbol, { instrument: found ?? unknownInstrument(symbol, profile.execution.predecessor ? PREDECESSOR_STEP : undefined), leverage: exchange.leverage })
    requireLeverage(profile, symbol, settings)
  }
  const symbolOf = (symbol: string): TradedSymbol => {
    const traded = symbols.get(symbol)
    if (traded === undefined) throw new HedgerowError('UNKNOWN_SYMBOL', { found: symbol, expected: `one of ${symbolNames.join(', ')}` })
    return traded
  }
  return {
    name: exchange.name ?? profile.name,
    profile,
    fee: exchange.fee ?? profile.fees,
    fillAt: settings.fillAt ?? profile.execution.fillAt,
    symbols,
    unknownInstruments: unknown,
    symbolOf,
    leverageOf: (symbol, leg) => legOf(symbolOf(symbol).leverage, leg),
  }
}

/** The profile with the instruments of the options in place of its own; one that names no tiers keeps those of the profile. */
function withInstruments(profile: VenueProfile, { instruments }: BacktestSettings): VenueProfile {
  if (instruments.length === 0) return profile
  const own = instruments.map((input) => {
    const tiers = input.tiers ?? profile.instruments.get(input.symbol)?.tiers
    if (typeof tiers === 'string' && !profile.tiers.has(tiers)) {
      throw new HedgerowError('CONFIG_INVALID', { where: `instrument ${input.symbol}, tiers`, found: tiers, expected: `a tier table of profile ${profile.name}: ${[...profile.tiers.keys()].join(', ')}` })
    }
    return [input.symbol, instrument({ ...input, tiers })] as const
  })
  return { ...profile, instruments: new Map([...profile.instruments, ...own]) }
}

/** Adding margin is for isolated legs of a venue that does it. */
function requireAutoAdd(profile: VenueProfile, { exchange: { autoAddMargin, marginMode } }: BacktestSettings): void {
  if (!autoAddMargin || (marginMode === 'isolated' && profile.isolated.autoAdd === true)) return
  throw new HedgerowError('CONFIG_INVALID', {
    where: 'exchange.autoAddMargin', found: `true in ${marginMode} margin under profile ${profile.name}`, expected: "marginMode: 'isolated' and a profile with isolated.autoAdd, such as bybit-uta",
  })
}

/** The leverage has to be allowed for the smallest position, and be one for both legs where the venue has only one. */
function requireLeverage(profile: VenueProfile, symbol: string, { exchange }: BacktestSettings): void {
  const { long, short } = exchange.leverage
  const perLeg = profile.leveragePerLeg === 'always' || (profile.leveragePerLeg === 'isolated' && exchange.marginMode === 'isolated')
  if (!long.eq(short) && !perLeg) {
    throw new HedgerowError('LEVERAGE_INVALID', { where: `exchange.leverage, profile ${profile.name}`, found: `long ${decimalText(long)}, short ${decimalText(short)}`, expected: `one leverage for both legs in ${exchange.marginMode} margin` })
  }
  const table = tiersOf(profile, symbol)
  for (const leverage of [long, short]) {
    if (allowsLeverage(table, ZERO, leverage)) continue
    throw new HedgerowError('LEVERAGE_INVALID', { where: `exchange.leverage, ${symbol}, profile ${profile.name}`, found: decimalText(leverage), expected: `at most ${decimalText(table.tiers[0].maxLeverage)}, the most that the first tier allows` })
  }
}
