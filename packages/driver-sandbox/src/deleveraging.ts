/** Auto-deleveraging as a stress (SIMULATION 2.6): a closed backtest has no counterparties, so a seeded draw says when one is bankrupt. */
import { LEGS, tradeFee, unrealisedPnl, ZERO, type Decimal, type Leg } from '@hedgerow/core'
import { cancelOrder } from './answers.ts'
import type { AdlStress } from './options.ts'
import { at } from './path.ts'
import { markPrice } from './prices.ts'
import type { Simulation } from './simulation.ts'
import type { SymbolBook } from './symbol-book.ts'
import type { Tape } from './tape.ts'

/**
 * The minutes of a mark series in which the venue deleverages: those whose close is more than `move` away from their open, relatively, and
 * that the draw picks. The draw depends on seed, symbol and time alone, so other symbols and earlier candles do not change it.
 */
export function adlMinutesOf(tape: Tape, symbol: string, { rate, seed, move }: AdlStress): readonly number[] {
  const { open, close, start, step, length } = tape.columns
  const most = move.toNumber()
  const chance = rate.toNumber()
  const minutes: number[] = []
  for (let row = 0; row < length; row += 1) {
    if (Math.abs(at(close, row) / at(open, row) - 1) > most && draw(seed, symbol, start + row * step) < chance) minutes.push(tape.first + row)
  }
  return minutes
}

/** The next minute in which a held symbol is deleveraged, from a minute on; Infinity when there is none. */
export function nextAdlMinute(sim: Simulation, from: number): number {
  let next = Number.POSITIVE_INFINITY
  for (const book of sim.books) {
    const { adlMinutes } = book.market
    if (adlMinutes.length > 0 && isHeld(sim, book)) next = Math.min(next, adlMinutes.find((minute) => minute >= from) ?? next)
  }
  return next
}

/** At the close of a minute that was drawn: the leg that gains most is closed at the mark with the maker fee, and orders of its symbol are gone. */
export function deleverage(sim: Simulation): void {
  for (const book of sim.books) {
    if (!book.market.adlMinutes.includes(sim.minute)) continue
    const mark = markPrice(sim, book)
    const leg = mark === null ? null : mostProfitable(sim, book, mark)
    if (mark !== null && leg !== null) closeLeg(sim, book, { leg, mark })
  }
}

function mostProfitable(sim: Simulation, { market: { symbol } }: SymbolBook, mark: Decimal): Leg | null {
  let best: { readonly leg: Leg; readonly gain: Decimal } | null = null
  for (const leg of LEGS) {
    const gain = unrealisedPnl(sim.ledger.position(symbol, leg), mark)
    if (gain.gt(best?.gain ?? ZERO)) best = { leg, gain }
  }
  return best?.leg ?? null
}

function closeLeg(sim: Simulation, book: SymbolBook, { leg, mark }: { readonly leg: Leg; readonly mark: Decimal }): void {
  const { symbol } = book.market
  const { profile, rules } = sim.setup
  const qty = sim.heldOn(book, leg)
  const orders = [...book.orders]
  sim.counts.deleveraged += 1
  sim.tell({ type: 'account.deleveraged', at: sim.now, symbol, leg, qty, mark })
  for (const live of orders) cancelOrder(sim, live, 'adl')
  sim.post({
    type: 'order.filled', at: sim.now, fillId: sim.nextFillId(), orderId: null, symbol, leg, intent: 'close', price: mark, qty,
    fee: tradeFee(profile.money, { value: qty.times(mark), rate: rules.makerRate }), liquidity: 'maker', source: 'adl', role: 'adl',
  })
}

function isHeld(sim: Simulation, book: SymbolBook): boolean {
  return LEGS.some((leg) => !sim.heldOn(book, leg).isZero())
}

const UINT32 = 4_294_967_296

/** Uniform in [0, 1), from a hash of its inputs (FNV-1a over the text, finished as murmur3 does). */
function draw(seed: number, symbol: string, time: number): number {
  let hash = 0x811c9dc5
  for (const character of `${seed} ${symbol} ${time}`) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / UINT32
}
