/** What a driver package exports: one value that says what its venue can do and how it keeps accounts, and that can open a connection to it. */
import type { z } from '../zod.ts'
import { HedgerowError } from '../errors.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { VenueConnection } from '../ports/venue-connection.ts'
import { readManifest, type DriverManifest } from './manifest.ts'
import type { VenueProfile } from './venue-profile.ts'

/** Version of the driver contract. It rises when a driver that was written for it would have to change. */
export const API_VERSION = 1

/** What a connection is given beside its configuration. */
export interface DriverEnvironment {
  /** The local wall, unadjusted. */
  readonly clock: Clock
  readonly logger: Logger
}

/** Opens connections. Checks the configuration first; loads the client library only now, and opens nothing before `connect`. */
export type CreateConnection<Config> = (config: Config, environment: DriverEnvironment) => Promise<VenueConnection>

interface DriverData {
  readonly apiVersion: number
  readonly manifest: DriverManifest
  /** Profiles that backtests may name. */
  readonly profiles: readonly VenueProfile[]
}

/** The live half of a driver. */
export interface LiveDriver<Config> {
  /** Checks what `create` is given. Keys and secrets are fields of it. */
  readonly config: z.ZodType<Config>
  /** Fields that are secrets, each with the environment variable that it is read from: `{ apiKey: 'VENUE_API_KEY' }`. */
  readonly secrets: Readonly<Record<string, string>>
  readonly create: CreateConnection<Config>
}

/** What a driver package writes: data, and where it can trade live also a configuration and a way to connect. */
export type DriverInput<Config> = DriverData & (LiveDriver<Config> | { readonly [Key in keyof LiveDriver<Config>]?: undefined })

/** A driver. Loading it opens nothing and imports no client library. */
export interface Driver extends DriverData {
  /** Null for a driver that is data only. `create` checks its configuration: throws `CONFIG_INVALID` naming the field, never its value. */
  readonly live: LiveDriver<unknown> | null
}

/**
 * Declares a driver.
 *
 * @throws HedgerowError `API_VERSION_MISMATCH` when it was written for another contract, `MANIFEST_INVALID`, `PROFILE_INVALID` for two profiles of one name.
 */
export function defineDriver<Config = never>(input: DriverInput<Config>): Driver {
  const { apiVersion, profiles } = input
  if (apiVersion !== API_VERSION) {
    throw new HedgerowError('API_VERSION_MISMATCH', { where: `driver ${input.manifest.name}`, found: `apiVersion ${apiVersion}`, expected: String(API_VERSION) })
  }
  const names = profiles.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new HedgerowError('PROFILE_INVALID', { where: `driver ${input.manifest.name}`, found: `two profiles "${twice}"`, expected: 'each name once' })
  return uncheckedDriver({ ...input, manifest: readManifest(input.manifest) })
}

/** The driver of declarations that have passed `defineDriver` before, such as those of a published driver in its tests. */
export function uncheckedDriver<Config = never>(input: DriverInput<Config>): Driver {
  const { apiVersion, manifest, profiles } = input
  return { apiVersion, manifest, profiles, live: input.create === undefined ? null : liveHalf(manifest.name, input) }
}

function liveHalf<Config>(name: string, { config, secrets, create }: LiveDriver<Config>): LiveDriver<unknown> {
  return {
    config,
    secrets,
    create: (given, environment) => {
      const read = config.safeParse(given)
      if (read.success) return create(read.data, environment)
      const [issue] = read.error.issues
      throw new HedgerowError('CONFIG_INVALID', { where: `driver ${name}`, found: `field ${issue?.path.map(String).join('.') ?? '?'}`, expected: issue?.message ?? 'a valid configuration' })
    },
  }
}
