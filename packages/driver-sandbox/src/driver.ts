/** The sandbox as a driver: its manifest, and the profiles of no venue. */
import { uncheckedDriver, type Driver } from '@hedgerow/core'
import { manifest } from './manifest.ts'
import { exact } from './profiles/exact.ts'
import { jesse } from './profiles/jesse.ts'

/** The simulated exchange and its own profiles. */
export const sandbox: Driver = uncheckedDriver({ apiVersion: 1, manifest, profiles: [exact, jesse] })
