/** Where real market data is: read in place, never copied. Tests that need it skip loudly where it is absent. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

/** `$HEDGEROW_SHARED`, by default the folder `shared` beside the repository; null when it is not there. */
export function sharedFolder(): string | null {
  const folder = resolve(import.meta.dirname, '../..', process.env['HEDGEROW_SHARED'] ?? '../shared')
  return existsSync(resolve(folder, 'data/candles')) ? folder : null
}
