/** Bybit: data, and a way to trade there. Importing this loads no client library. */
import { uncheckedDriver, type Driver } from '@hedgerow/core'
import { configSchema, SECRETS } from './config.ts'
import { manifest } from './manifest.ts'
import { bybitLegacy, bybitUta } from './profile.ts'

export { bybitLegacy, bybitUta } from './profile.ts'

/** The driver of Bybit's USDT perpetuals. */
export const bybit: Driver = uncheckedDriver({
  apiVersion: 1,
  manifest,
  profiles: [bybitUta, bybitLegacy],
  config: configSchema,
  secrets: SECRETS,
  create: async (config, environment) => (await import('./connection.ts')).openBybit(config, environment),
})
