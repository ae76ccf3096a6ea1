/** The drivers that come with the runner. Each is loaded by who names it: what it says of its venue is read and checked as it is loaded. */
import type { Driver } from '@hedgerow/core'
import type { BacktestSettings } from './options.ts'

/** A driver with the names of its profiles, which are known before it is loaded. */
interface Bundled {
  readonly profiles: readonly string[]
  readonly load: () => Promise<Driver>
}

/** A test compares the names with those of the drivers. */
export const BUNDLED: readonly Bundled[] = [
  { profiles: ['exact', 'jesse'], load: async () => (await import('@hedgerow/driver-sandbox')).sandbox },
  { profiles: ['bybit-uta', 'bybit-legacy'], load: async () => (await import('@hedgerow/driver-bybit')).bybit },
  { profiles: ['binance-usdm'], load: async () => (await import('@hedgerow/driver-binance')).binance },
]

/** All of them. */
export async function loadDrivers(): Promise<readonly Driver[]> {
  return await Promise.all(BUNDLED.map(({ load }) => load()))
}

/** The settings with the driver of their profile beside their own drivers; with all where the name is that of no profile, so that a refusal can list them. */
export async function withDriver(settings: BacktestSettings): Promise<BacktestSettings> {
  return { ...settings, drivers: [...await driversOf(settings), ...settings.drivers] }
}

async function driversOf({ exchange: { profile }, drivers }: BacktestSettings): Promise<readonly Driver[]> {
  const name = typeof profile === 'string' ? profile : profile.name
  const found = BUNDLED.find(({ profiles }) => profiles.includes(name))
  if (found !== undefined) return [await found.load()]
  const isKnown = typeof profile !== 'string' || drivers.some((driver) => driver.profiles.some((own) => own.name === name))
  return isKnown ? [] : await loadDrivers()
}
