/** Bybit as data: what the driver declares. */
import { defineDriver, type Driver } from '@hedgerow/core'
import { manifest } from './manifest.ts'
import { bybitLegacy, bybitUta } from './profile.ts'

export { bybitLegacy, bybitUta } from './profile.ts'

/** The driver of Bybit's USDT perpetuals. */
export const bybit: Driver = defineDriver({ apiVersion: 1, manifest, profiles: [bybitUta, bybitLegacy] })
