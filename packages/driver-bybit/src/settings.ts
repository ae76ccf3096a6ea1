/** Changes of position mode, margin mode and leverage. "Already so" is a success, and what blocks is told apart from what is refused. */
import { decimalText, meaningOf, type Decimal, type Leg, type MarginMode, type PositionMode, type SettingAnswer } from '@hedgerow/core'
import { VenueFailure, type Transport } from '@hedgerow/driver-ccxt'
import { z } from '@hedgerow/core/zod'
import { askAccountInfo } from './account.ts'
import { manifest } from './manifest.ts'
import { CATEGORY, type Fields } from './mapping.ts'
import { MARGIN_WORDS } from './payloads/account.ts'

/** The venue's numbers of the modes. */
const MODES: Readonly<Record<PositionMode, number>> = { 'one-way': 0, hedge: 3 }

const reasons = z.object({ result: z.object({ reasons: z.array(z.object({ reasonCode: z.string(), reasonMsg: z.string() })) }) })

/** Changes one symbol, never the default of the coin. */
export function setPositionMode(transport: Transport, symbol: string, mode: PositionMode): Promise<SettingAnswer> {
  return change(transport, 'v5/position/switch-mode', { category: CATEGORY, symbol, mode: MODES[mode] })
}

/** Changes the whole account: the venue has no other scope. Nothing is sent when it is so already. */
export async function setMarginMode(transport: Transport, mode: MarginMode): Promise<SettingAnswer> {
  const { marginMode } = await askAccountInfo(transport)
  return marginMode === mode ? { outcome: 'already' } : change(transport, 'v5/account/set-margin-mode', { setMarginMode: MARGIN_WORDS[mode] })
}

/** Changes the leverage of both legs. */
export function setLeverage(transport: Transport, symbol: string, { long, short }: Readonly<Record<Leg, Decimal>>): Promise<SettingAnswer> {
  return change(transport, 'v5/position/set-leverage', { category: CATEGORY, symbol, buyLeverage: decimalText(long), sellLeverage: decimalText(short) })
}

async function change(transport: Transport, path: string, params: Fields): Promise<SettingAnswer> {
  try {
    const answer = await transport.call({ method: 'POST', path, access: 'private', params })
    const refused = reasons.safeParse(answer).data?.result.reasons[0]
    return refused === undefined ? { outcome: 'changed' } : { outcome: 'refused', code: refused.reasonCode, message: refused.reasonMsg }
  } catch (error) {
    if (!(error instanceof VenueFailure) || error.kind !== 'refused' || error.code === null) throw error
    return refusal(error.code, error.text)
  }
}

function refusal(code: string, message: string): SettingAnswer {
  const means = meaningOf(manifest, { code, message })
  if (means === 'already-so') return { outcome: 'already' }
  if (means === 'open-orders' || means === 'open-position') return { outcome: 'blocked', by: means === 'open-orders' ? 'orders' : 'positions', code, message }
  return { outcome: 'refused', code, message }
}
