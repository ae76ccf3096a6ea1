/**
 * The contract about modes at start (SIMULATION 7.7): read per symbol, compare, switch only what the configuration allows, read back, and
 * refuse with what stands in the way. No order is ever sent to find out.
 */
import { decimalText } from '../domain/decimal.ts'
import { LEGS } from '../domain/leg.ts'
import { HedgerowError } from '../errors.ts'
import type { Logger } from '../ports/logger.ts'
import type { SettingAnswer, SymbolSettings, VenueConnection, VenueSnapshot } from '../ports/venue-connection.ts'
import type { OrderReport, PositionReport } from '../ports/venue-report.ts'
import type { LiveConfig } from './live-config.ts'

/** What the contract needs. */
export interface SettingsCheck {
  readonly connection: VenueConnection
  readonly config: LiveConfig
  readonly venue: string
  readonly logger: Logger
  /** Reads the account again. */
  readonly snapshot: () => Promise<VenueSnapshot>
}

/**
 * Makes the venue's modes and leverages those of the configuration, or refuses. The answer is the snapshot that proves it.
 *
 * @throws HedgerowError `POSITION_MODE_MISMATCH`, `POSITION_MODE_BLOCKED`, `MARGIN_MODE_MISMATCH`, `LEVERAGE_MISMATCH`, and what the connection throws.
 */
export async function ensureSettings(check: SettingsCheck): Promise<VenueSnapshot> {
  const before = await check.snapshot()
  const changed = [await ensurePositionMode(check, before), await ensureMarginMode(check, before), await ensureLeverage(check, before)]
  if (!changed.includes(true)) return before
  const after = await check.snapshot()
  for (const symbol of check.config.symbols) {
    const difference = settingDifference(check.config, settingsOf(after, symbol))
    if (difference !== null) throw new HedgerowError(difference.code, { where: `${check.venue}, ${symbol}`, found: `${difference.found} after the venue said that it was changed`, expected: difference.expected })
  }
  return after
}

/** The first setting of a symbol that is not as configured; null when all are. */
export function settingDifference(config: LiveConfig, settings: SymbolSettings): { readonly code: 'POSITION_MODE_MISMATCH' | 'MARGIN_MODE_MISMATCH' | 'LEVERAGE_MISMATCH'; readonly found: string; readonly expected: string } | null {
  if (settings.positionMode !== config.positionMode) return { code: 'POSITION_MODE_MISMATCH', found: settings.positionMode, expected: config.positionMode }
  if (settings.marginMode !== config.marginMode) return { code: 'MARGIN_MODE_MISMATCH', found: settings.marginMode, expected: config.marginMode }
  const wanted = config.leverage.get(settings.symbol)
  const leg = LEGS.find((each) => wanted !== undefined && !wanted[each].eq(settings.leverage[each]))
  return leg === undefined || wanted === undefined ? null : { code: 'LEVERAGE_MISMATCH', found: `${leg} ${decimalText(settings.leverage[leg])}`, expected: decimalText(wanted[leg]) }
}

async function ensurePositionMode({ connection, config, venue, logger }: SettingsCheck, snapshot: VenueSnapshot): Promise<boolean> {
  let changed = false
  for (const symbol of config.symbols) {
    const { positionMode } = settingsOf(snapshot, symbol)
    if (positionMode === config.positionMode) continue
    const where = `${venue}, ${symbol}`
    const standing = blockersOf(snapshot, symbol)
    if (!config.allowModeSwitch) throw new HedgerowError('POSITION_MODE_MISMATCH', { where, found: positionMode + andBlockers(standing), expected: config.positionMode })
    // oxlint-disable-next-line no-await-in-loop -- one symbol after the other: the first refusal ends it with nothing else changed
    const answer = await connection.setPositionMode(symbol, config.positionMode)
    if (answer.outcome === 'blocked' || answer.outcome === 'refused') throw new HedgerowError('POSITION_MODE_BLOCKED', { where, found: `${positionMode}${andBlockers(standing)}`, expected: config.positionMode, cause: venueError(answer) })
    logger.log('info', `${symbol}: position mode ${answer.outcome === 'changed' ? 'switched to' : 'is already'} ${config.positionMode}`)
    changed = true
  }
  return changed
}

async function ensureMarginMode({ connection, config, venue, logger }: SettingsCheck, snapshot: VenueSnapshot): Promise<boolean> {
  let changed = false
  for (const symbol of config.symbols) {
    const { marginMode } = settingsOf(snapshot, symbol)
    if (marginMode === config.marginMode) continue
    const where = `${venue}, ${symbol}`
    if (!config.allowMarginModeSwitch) throw new HedgerowError('MARGIN_MODE_MISMATCH', { where, found: marginMode, expected: config.marginMode })
    // oxlint-disable-next-line no-await-in-loop -- one symbol after the other
    const answer = await connection.setMarginMode(symbol, config.marginMode)
    if (answer.outcome === 'blocked' || answer.outcome === 'refused') throw new HedgerowError('MARGIN_MODE_MISMATCH', { where, found: marginMode + andBlockers(blockersOf(snapshot, symbol)), expected: config.marginMode, cause: venueError(answer) })
    logger.log('info', `${symbol}: margin mode ${answer.outcome === 'changed' ? 'set to' : 'is already'} ${config.marginMode}`)
    changed = true
  }
  return changed
}

async function ensureLeverage({ connection, config, venue, logger }: SettingsCheck, snapshot: VenueSnapshot): Promise<boolean> {
  let changed = false
  for (const symbol of config.symbols) {
    const wanted = config.leverage.get(symbol)
    const { leverage } = settingsOf(snapshot, symbol)
    if (wanted === undefined || LEGS.every((leg) => wanted[leg].eq(leverage[leg]))) continue
    // oxlint-disable-next-line no-await-in-loop -- one symbol after the other
    const answer = await connection.setLeverage(symbol, wanted)
    if (answer.outcome === 'blocked' || answer.outcome === 'refused') throw new HedgerowError('LEVERAGE_MISMATCH', { where: `${venue}, ${symbol}`, found: `long ${decimalText(leverage.long)}, short ${decimalText(leverage.short)}`, expected: `long ${decimalText(wanted.long)}, short ${decimalText(wanted.short)}`, cause: venueError(answer) })
    logger.log('info', `${symbol}: leverage long ${decimalText(wanted.long)}, short ${decimalText(wanted.short)}`)
    changed = true
  }
  return changed
}

function settingsOf({ settings }: VenueSnapshot, symbol: string): SymbolSettings {
  const found = settings.find((row) => row.symbol === symbol)
  if (found === undefined) throw new HedgerowError('VENUE_ANSWER_INVALID', { where: `snapshot, ${symbol}`, found: 'no settings', expected: 'settings of every symbol that was asked for' })
  return found
}

function blockersOf({ positions, orders }: VenueSnapshot, symbol: string): { readonly positions: readonly PositionReport[]; readonly orders: readonly OrderReport[] } {
  return { positions: positions.filter((row) => row.symbol === symbol && !row.qty.isZero()), orders: orders.filter((row) => row.symbol === symbol) }
}

/** ` with a long leg of 0.5 and orders hr-abc, 17f3`; empty when nothing stands in the way. */
function andBlockers({ positions, orders }: ReturnType<typeof blockersOf>): string {
  const parts = [
    ...positions.map(({ leg, qty }) => `a ${leg} leg of ${decimalText(qty)}`),
    ...(orders.length === 0 ? [] : [`order${orders.length === 1 ? '' : 's'} ${orders.map(({ clientId, venueOrderId }) => clientId ?? venueOrderId).join(', ')}`]),
  ]
  return parts.length === 0 ? '' : ` with ${parts.join(' and ')}`
}

function venueError(answer: Extract<SettingAnswer, { code: string }>): Error {
  return new Error(`${answer.code} ${answer.message}`)
}
