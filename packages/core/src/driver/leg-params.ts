/** The one lookup from leg and intent to a venue's parameters. */
import type { Intent, Leg, PositionMode } from '../domain/leg.ts'
import { HedgerowError } from '../errors.ts'
import type { DriverManifest, VenueValue } from './manifest.ts'

/**
 * How the venue wants an order on a leg said in a position mode.
 *
 * @throws HedgerowError `MODE_UNSUPPORTED` when the venue has no such mode.
 */
export function legParams(manifest: DriverManifest, order: { readonly mode: PositionMode; readonly leg: Leg; readonly intent: Intent }): Readonly<Record<string, VenueValue>> {
  const row = manifest.legParams.find(({ mode, leg, intent }) => mode === order.mode && leg === order.leg && intent === order.intent)
  if (row !== undefined) return row.params
  const modes = [...new Set(manifest.legParams.map(({ mode }) => mode))]
  throw new HedgerowError('MODE_UNSUPPORTED', { where: `driver ${manifest.name}`, found: `${order.mode} mode`, expected: modes.join(' or ') })
}
