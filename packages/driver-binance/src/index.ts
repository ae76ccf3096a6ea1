/** Binance USD-M futures as data: what the driver declares. */
import { uncheckedDriver, type Driver } from '@hedgerow/core'
import { manifest } from './manifest.ts'
import { binanceUsdm } from './profile.ts'

export { binanceUsdm } from './profile.ts'

/** The driver of Binance's USD-M perpetuals. */
export const binance: Driver = uncheckedDriver({ apiVersion: 1, manifest, profiles: [binanceUsdm] })
