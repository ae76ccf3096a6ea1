/** What a driver package exports: one value that says what its venue can do and how it keeps accounts. */
import { HedgerowError } from '../errors.ts'
import { readManifest, type DriverManifest } from './manifest.ts'
import type { VenueProfile } from './venue-profile.ts'

/** Version of the driver contract. It rises when a driver that was written for it would have to change. */
export const API_VERSION = 1

/** A driver: plain data. Loading it opens nothing and imports no client library. */
export interface Driver {
  readonly apiVersion: number
  readonly manifest: DriverManifest
  /** Profiles that backtests may name. */
  readonly profiles: readonly VenueProfile[]
}

/**
 * Declares a driver.
 *
 * @throws HedgerowError `API_VERSION_MISMATCH` when it was written for another contract, `MANIFEST_INVALID`, `PROFILE_INVALID` for two profiles of one name.
 */
export function defineDriver(input: Driver): Driver {
  const { apiVersion, profiles } = input
  if (apiVersion !== API_VERSION) {
    throw new HedgerowError('API_VERSION_MISMATCH', { where: `driver ${input.manifest.name}`, found: `apiVersion ${apiVersion}`, expected: String(API_VERSION) })
  }
  const names = profiles.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new HedgerowError('PROFILE_INVALID', { where: `driver ${input.manifest.name}`, found: `two profiles "${twice}"`, expected: 'each name once' })
  return { apiVersion, manifest: readManifest(input.manifest), profiles }
}
