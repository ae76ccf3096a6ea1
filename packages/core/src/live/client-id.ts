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
  return `${CLIENT_ID_PREFIX}${base32(hash128(`${run}\u0000${strategy}\u0000${symbol}\u0000${leg}\u0000${orderId}\u0000${attempt}`))}`
}

/** True for an id that Hedgerow made, in this journal or another. */
export function isOwnClientId(clientId: string): boolean {
  return clientId.startsWith(CLIENT_ID_PREFIX)
}

const [FIRST_LETTER, FIRST_DIGIT] = ['a'.charCodeAt(0), '2'.charCodeAt(0)]

/** The first fifty bits of an id of ours as a number: to look it up by, and then to compare whole. */
export function numberOfClientId(clientId: string): number {
  let value = 0
  for (let index = CLIENT_ID_PREFIX.length; index < CLIENT_ID_PREFIX.length + 10; index++) {
    const code = clientId.charCodeAt(index)
    value = value * 32 + (code >= FIRST_LETTER ? code - FIRST_LETTER : code - FIRST_DIGIT + 26)
  }
  return value
}

/** FNV-1a on four lanes with different starts, mixed with the finaliser of MurmurHash3: for telling apart, not for secrecy. */
function hash128(text: string): readonly [number, number, number, number] {
  let a = 0x81_1C_9D_C5
  let b = 0x9E_37_79_B9
  let c = 0x85_EB_CA_6B
  let d = 0xC2_B2_AE_35
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    a = Math.imul(a ^ unit, PRIME)
    b = Math.imul(b ^ (unit + LANE), PRIME)
    c = Math.imul(c ^ (unit + 2 * LANE), PRIME)
    d = Math.imul(d ^ (unit + 3 * LANE), PRIME)
  }
  a = mixed(a ^ Math.imul(b, MIX))
  b = mixed(b ^ Math.imul(c, MIX))
  c = mixed(c ^ Math.imul(d, MIX))
  d = mixed(d ^ Math.imul(a, MIX))
  return [a, b, c, d]
}

const PRIME = 0x01_00_01_93
const LANE = 0x1_00_01
const MIX = 0x27_D4_EB_2F

function mixed(value: number): number {
  let x = value
  x = Math.imul(x ^ (x >>> 16), 0x85_EB_CA_6B)
  x = Math.imul(x ^ (x >>> 13), 0xC2_B2_AE_35)
  return (x ^ (x >>> 16)) >>> 0
}

const ALPHABET: readonly number[] = Array.from('abcdefghijklmnopqrstuvwxyz234567', (letter) => letter.charCodeAt(0))

/** In one piece: a text added up letter by letter would be kept as a chain of its pieces, for every order that ever was. */
function base32(words: readonly number[]): string {
  const letters: number[] = []
  let buffer = 0
  let bits = 0
  const take = (value: number): void => { letters.push(ALPHABET[value & 31] ?? Number.NaN) }
  for (const word of words) {
    for (let shift = 24; shift >= 0; shift -= 8) {
      buffer = ((buffer << 8) | ((word >>> shift) & 0xFF)) & 0xF_FF
      bits += 8
      for (; bits >= 5; take(buffer >>> bits)) bits -= 5
    }
  }
  if (bits > 0) take(buffer << (5 - bits))
  return String.fromCharCode(...letters)
}
