/** Opens a paper account over the market data of a driver. */
import { join } from 'node:path'
import type { Logger, VenueConnection } from '@hedgerow/core'
import { PaperConnection } from './paper-connection.ts'
import { openConnection, planOf, type PreparedLive } from './prepare-live.ts'

/** The connection of a paper session: prices need no key. */
export async function paperConnection(prepared: PreparedLive, logger: Logger): Promise<VenueConnection> {
  const market = await openConnection(prepared, logger)
  const { venue, config } = await planOf(prepared, { connection: market, run: '', logger })
  const { profile, fee, symbols } = venue
  return new PaperConnection({
    market, profile, fee, symbols, positionMode: config.positionMode, marginMode: config.marginMode, startingBalance: prepared.settings.exchange.startingBalance, book: join(prepared.files.folder, 'paper.json'), now: () => Date.now(), logger,
  })
}
