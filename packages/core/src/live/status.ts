/** What a person wants to know of a running session, as plain data. */
import { decimalText, minDecimal } from '../domain/decimal.ts'
import type { KillLevel } from '../domain/live-input.ts'
import { LEGS, type Leg } from '../domain/leg.ts'
import type { TimeMs } from '../domain/time.ts'
import { entryPriceOf } from '../domain/position.ts'
import type { EnginePhase, LiveEngine } from './live-engine.ts'
import type { Closed } from './trading-gate.ts'

/** One leg with what rests for it. Quantities and prices are decimal texts. */
export interface LegStatus {
  readonly symbol: string
  readonly leg: Leg
  readonly qty: string
  readonly entryPrice: string | null
  /** How much of it live stops and closers at market cover. */
  readonly stopQty: string
  readonly orders: readonly string[]
}

/** The session at one moment. */
export interface LiveStatus {
  readonly at: TimeMs
  readonly venue: string
  readonly run: string
  readonly phase: EnginePhase
  readonly killLevel: KillLevel
  readonly killCause: Closed | null
  readonly holds: readonly Closed[]
  readonly halts: readonly (Closed & { readonly symbol: string })[]
  readonly equity: string
  readonly wallet: string
  readonly dailyLoss: string
  /** Both legs of every symbol. */
  readonly legs: readonly LegStatus[]
  readonly unprotected: readonly string[]
  readonly openOrders: number
  /** Of these, orders for which the venue has something to say yet: to a command that is on its way or waits for the budget of requests, or about a fill. */
  readonly unsettledOrders: number
  /** Reports, tasks and closed minutes that wait for their turn or are at work: what the strategies have not seen yet. */
  readonly queued: number
  readonly clockOffsetMs: number
  /** Age of the last sign of life, ms. */
  readonly streams: Readonly<Record<'account' | 'market', number | null>>
  readonly lastReconcile: { readonly at: TimeMs; readonly halts: readonly string[]; readonly deviations: readonly string[] } | null
  readonly journalEntries: number
}

/** Reads the status of an engine. */
export function statusOf(engine: LiveEngine): LiveStatus {
  const { options: { venue, run, gate, session, state, config }, supervisor, reconciler } = engine
  return {
    at: engine.now(), venue, run, phase: engine.phase, killLevel: gate.level, killCause: gate.cause, holds: gate.holds,
    halts: gate.haltedSymbols.flatMap((symbol) => gate.haltsOf(symbol).map((halt) => ({ symbol, ...halt }))),
    equity: decimalText(session.equity()), wallet: decimalText(state.positions.wallet), dailyLoss: decimalText(session.dailyLoss()),
    legs: config.symbols.flatMap((symbol) => LEGS.map((leg) => legStatus(engine, symbol, leg))),
    unprotected: supervisor.stops.unprotected, openOrders: state.orders.liveCount, unsettledOrders: engine.tracked.unsettled, queued: engine.queued, clockOffsetMs: engine.clockOffsetMs,
    streams: { account: supervisor.silenceOf('account'), market: supervisor.silenceOf('market') },
    lastReconcile: reconciler.last === null ? null : { at: reconciler.last.at, halts: reconciler.last.halts, deviations: reconciler.last.deviations.map(({ text }) => text) },
    journalEntries: engine.sequence,
  }
}

function legStatus({ options: { state }, supervisor }: LiveEngine, symbol: string, leg: Leg): LegStatus {
  const position = state.positions.pair(symbol)[leg]
  const entry = entryPriceOf(position)
  const orders = state.orders.liveOf(symbol, leg).map(({ order, filledQty }) => {
    const price = order.trigger ?? order.price
    return `${order.intent} ${decimalText(order.qty.minus(filledQty))} ${order.type}${price === undefined ? '' : ` at ${decimalText(price)}`}${order.tag === undefined ? '' : ` (${order.tag})`}`
  })
  return { symbol, leg, qty: decimalText(position.qty), entryPrice: entry === null ? null : decimalText(entry), stopQty: decimalText(minDecimal(position.qty, supervisor.stops.watch.coveredQty(symbol, leg))), orders }
}
