/**
 * Client order ids (SIMULATION 7.4): made from what the order is, so the same intent has the same id however often it is sent, and
 * another attempt, after a proven rejection, has another. They are 29 characters of `a-z 2-7` and `-`, which every venue takes.
 */
import type { Leg } from '../domain/leg.ts'
import type { OrderId } from '../domain/order.ts'

/** What every id of ours starts with. */
export const CLIENT_ID_PREFIX = 'hr-'

/** What an id says. `run` tells two journals of one account apart. */
export interface ClientIdInput {
  readonly run: string
  readonly strategy: string
  readonly symbol: string
  readonly leg: Leg
  readonly orderId: OrderId
  /** From 1; the next one only after the venue has proven that the one before was refused. */
  readonly attempt: number
}

/** The id of an order. */
export function clientIdOf({ run, strategy, symbol, leg, orderId, attempt }: ClientIdInput): string {
  return `${CLIENT_ID_PREFIX}${base32(hash128([run, strategy, symbol, leg, orderId, attempt].join('\u0000')))}`
}

/** True for an id that Hedgerow made, in this journal or another. */
export function isOwnClientId(clientId: string): boolean {
  return clientId.startsWith(CLIENT_ID_PREFIX)
}

/** FNV-1a on four lanes with different starts, mixed with the finaliser of MurmurHash3: for telling apart, not for secrecy. */
function hash128(text: string): Uint32Array {
  const lanes = Uint32Array.of(0x81_1C_9D_C5, 0x9E_37_79_B9, 0x85_EB_CA_6B, 0xC2_B2_AE_35)
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    for (let lane = 0; lane < lanes.length; lane++) lanes[lane] = Math.imul((lanes[lane] ?? 0) ^ (unit + lane * 0x1_00_01), 0x01_00_01_93)
  }
  for (let lane = 0; lane < lanes.length; lane++) lanes[lane] = mixed((lanes[lane] ?? 0) ^ Math.imul(lanes[(lane + 1) % lanes.length] ?? 0, 0x27_D4_EB_2F))
  return lanes
}

function mixed(value: number): number {
  let x = value
  x = Math.imul(x ^ (x >>> 16), 0x85_EB_CA_6B)
  x = Math.imul(x ^ (x >>> 13), 0xC2_B2_AE_35)
  return (x ^ (x >>> 16)) >>> 0
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'

function base32(words: Uint32Array): string {
  let text = ''
  let buffer = 0
  let bits = 0
  for (const word of words) {
    for (let shift = 24; shift >= 0; shift -= 8) {
      buffer = ((buffer << 8) | ((word >>> shift) & 0xFF)) & 0xF_FF
      bits += 8
      while (bits >= 5) {
        bits -= 5
        text += ALPHABET.charAt((buffer >>> bits) & 31)
      }
    }
  }
  return bits === 0 ? text : text + ALPHABET.charAt((buffer << (5 - bits)) & 31)
}
