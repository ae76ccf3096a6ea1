/**
 * The next closes of a flatten (SIMULATION 7.6): of each symbol the larger leg first, down to the smaller, then both together in equal slices,
 * so that the net exposure of a hedge never grows on the way out.
 */
import { minDecimal, type Decimal } from '../domain/decimal.ts'
import type { Instrument } from '../domain/instrument.ts'
import { LEGS } from '../domain/leg.ts'
import type { WantedClose } from '../domain/live-input.ts'
import type { PairOfPositions } from '../domain/position-pair.ts'
import type { LiveEngine } from './live-engine.ts'

/** Market closes to send now; none when the pair is flat. */
export function flattenSlices({ symbol, long, short }: PairOfPositions, { maxMarketQty }: Pick<Instrument, 'maxMarketQty'>): readonly WantedClose[] {
  const atMost = (qty: Decimal): Decimal => (maxMarketQty === null ? qty : minDecimal(qty, maxMarketQty))
  const close = (leg: 'long' | 'short', qty: Decimal): WantedClose => ({ symbol, leg, qty: atMost(qty), role: 'exit' })
  const excess = long.qty.minus(short.qty)
  if (!excess.isZero()) return [close(excess.gt(0) ? 'long' : 'short', excess.abs())]
  return long.qty.isZero() ? [] : LEGS.map((leg) => close(leg, long.qty))
}

/** One step of a flatten: waits for what is on its way; when all is flat, everything else is cancelled. Only within a task of the engine. */
export async function flattenStep(engine: LiveEngine): Promise<void> {
  const { gate, state, config, instruments } = engine.options
  if (gate.level !== 'flatten') return
  const closing = new Set<string>()
  for (const { order } of state.orders.live()) if (order.intent === 'close' && order.type === 'market') closing.add(order.symbol)
  const closes = config.symbols.filter((symbol) => !closing.has(symbol)).flatMap((symbol) => flattenSlices(state.positions.pair(symbol), { maxMarketQty: instruments.get(symbol)?.instrument.maxMarketQty ?? null }))
  if (closes.length > 0) await engine.commit([{ type: 'orders.wanted', at: engine.now(), why: 'flatten', closes, cancels: [] }])
  if (state.positions.positions().some(({ qty }) => !qty.isZero())) return
  for (const { order } of state.orders.live()) engine.desk.cancel(order.id, 'requested')
}
