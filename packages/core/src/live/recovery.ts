/**
 * Start-up, which is recovery: replay the journal, agree on the clock, listen, agree on the modes, fill the gap of candles, reconcile each leg,
 * settle what was on its way, and only then let strategies trade. Nothing of it is different after a crash.
 */
import type { Command } from '../broker/outbox.ts'
import type { Candle } from '../domain/candles.ts'
import type { JournalRecord } from '../domain/events.ts'
import type { LiveInput, SessionStarted } from '../domain/live-input.ts'
import type { OrderId } from '../domain/order.ts'
import { isLive } from '../domain/order.ts'
import { HedgerowError } from '../errors.ts'
import type { Journal, JournalEntry } from '../ports/journal.ts'
import { canonicalEvent } from '../session/canonical.ts'
import { ensureSettings } from './ensure-settings.ts'
import type { LiveEngine } from './live-engine.ts'
import { BASE_MS, type LiveSession } from './live-session.ts'
import { patiently } from './patience.ts'
import { candlesOf, syncClock } from './venue-questions.ts'

/** Brings an engine from its journal to the present of the venue. */
export async function recover(engine: LiveEngine): Promise<void> {
  const { connection, config, session, venue, run, fingerprint, freshStrategies = false, logger } = engine.options
  engine.isReplaying = true
  const unfinished = await replayInto(engine)
  engine.isReplaying = false
  const isNew = freshStrategies || session.started === null || session.started.fingerprint !== fingerprint
  await patiently(engine.options, async () => await syncClock(engine))
  await connection.connect(engine.sink, { symbols: config.symbols, timeframes: ['1m'], account: true })
  const snapshot = await ensureSettings({ connection, config, venue, logger, snapshot: async () => await engine.reconciler.snapshot() })
  if (isNew) await engine.commit([{ type: 'session.started', at: engine.now(), run, fingerprint, venue, positionMode: config.positionMode, marginMode: config.marginMode, wallet: session.started?.wallet ?? snapshot.wallet.balance }])
  await loadCandles(engine)
  await engine.reconciler.run('start', snapshot)
  await engine.commit(outdatedHolds(engine))
  await engine.supervisor.settleUnknown()
  if (isNew) await engine.commit([{ type: 'strategies.started', at: engine.now() }])
  engine.desk.execute(unfinished.filter((command) => command.type !== 'submit' && isLive(engine.options.state.orders.get(command.orderId).status)))
  await engine.supervisor.stops.protect()
}

/** What an earlier process could not do has been done by now: the clocks were compared, and both books agree or have halted. */
function outdatedHolds(engine: LiveEngine): LiveInput[] {
  return ['clock', 'reconcile'].filter((name) => engine.options.gate.isHeld(name)).map((name) => ({ type: 'gate.changed', at: engine.now(), change: { kind: 'hold', name, reason: null } }))
}

/** Feeds a journal to a session; no venue is asked. Throws `JOURNAL_FOREIGN`, `REPLAY_DIVERGED`, `JOURNAL_DAMAGED`. */
export async function replayJournal(options: { readonly session: LiveSession; readonly journal: Pick<Journal, 'entries' | 'lastStart'>; readonly fingerprint: string | null; readonly onEntry?: (entry: JournalEntry, commands: readonly Command[]) => void }): Promise<number> {
  const { session, journal, fingerprint, onEntry } = options
  const last = await journal.lastStart()
  const replaysFrom = last !== null && (fingerprint === null || last.input.fingerprint === fingerprint) ? last.sequence : Number.POSITIVE_INFINITY
  let sequence = 0
  for await (const entry of journal.entries()) {
    if (entry.sequence !== sequence + 1) throw new HedgerowError('JOURNAL_DAMAGED', { found: `entry ${entry.sequence} after ${sequence}`, expected: `entry ${sequence + 1}` })
    sequence = entry.sequence
    if (sequence < replaysFrom) {
      session.fold(entry.input, entry.records)
      onEntry?.(entry, [])
      continue
    }
    const { records, commands } = session.apply(entry.input)
    requireSame(entry, records)
    onEntry?.(entry, commands)
  }
  return sequence
}

/** No program's: nothing is replayed, everything is folded. */
const NO_FINGERPRINT = ''

async function replayInto(engine: LiveEngine): Promise<readonly Command[]> {
  const { journal, session, fingerprint, freshStrategies = false, run, venue, config } = engine.options
  const unfinished = new Map<OrderId, Command>()
  engine.sequence = await replayJournal({
    session, fingerprint: freshStrategies ? NO_FINGERPRINT : fingerprint, journal,
    onEntry: ({ input, records }, commands) => {
      if (input.type === 'session.started') requireOwn(input, { run, venue, ...config })
      for (const command of commands) if (command.type !== 'submit') unfinished.set(command.orderId, command)
      for (const record of records) noteRecord(engine, record, unfinished)
    },
  })
  for (const tracked of engine.tracked.live()) tracked.machine.apply({ type: 'unanswered' })
  return [...unfinished.values()]
}

/** What the engine knows of an order beside the session: as far as its events told. */
function noteRecord(engine: LiveEngine, record: JournalRecord, unfinished: Map<OrderId, Command>): void {
  const { tracked, orders, groups, options: { state } } = engine
  engine.supervisor.stops.watch.see(record)
  if (record.type === 'order.submitted') tracked.add(record.order).machine.apply({ type: 'sent' })
  if (record.type === 'order.filled' || record.type === 'funding.settled' || record.type === 'account.posted') orders.remember(record)
  if (!('orderId' in record) || record.orderId === null) return
  const machine = tracked.get(record.orderId)?.machine
  if (machine === undefined) return
  switch (record.type) {
    case 'order.accepted':
      machine.apply({ type: 'accepted' })
      break
    case 'order.filled':
      machine.apply({ ...record, type: 'filled', executionId: record.fillId })
      groups.note(state.orders.get(record.orderId))
      break
    case 'order.amended':
      machine.resize(record.qty)
      unfinished.delete(record.orderId)
      break
    case 'order.canceled':
      machine.apply({ type: 'canceled' })
      break
    case 'order.expired':
      machine.apply({ type: 'expired' })
      break
    case 'order.rejected':
      machine.apply({ type: 'rejected' })
      break
    default:
  }
}

function requireOwn(started: SessionStarted, own: Pick<SessionStarted, 'run' | 'venue' | 'positionMode' | 'marginMode'>): void {
  for (const key of ['venue', 'positionMode', 'marginMode'] as const) {
    if (started[key] !== own[key]) throw new HedgerowError('JOURNAL_FOREIGN', { where: key, found: started[key], expected: own[key] })
  }
}

function requireSame({ sequence, records: expected }: JournalEntry, found: readonly JournalRecord[]): void {
  const before = expected.map(recordText).join('\n')
  const after = found.map(recordText).join('\n')
  if (before !== after) throw new HedgerowError('REPLAY_DIVERGED', { where: `entry ${sequence}`, found: after === '' ? 'nothing' : after, expected: before === '' ? 'nothing' : before })
}

function recordText(record: JournalRecord): string {
  return record.type === 'vars.changed' ? JSON.stringify(record) : canonicalEvent(record)
}

/** Warm-up at the first start, and what was missed since the last one: indicators see it, strategies are not called. */
async function loadCandles(engine: LiveEngine): Promise<void> {
  const { config, session } = engine.options
  const end = Math.floor(engine.now() / BASE_MS) * BASE_MS
  const series: { symbol: string; candles: Candle[] }[] = []
  let loadedUpTo = Number.POSITIVE_INFINITY
  for (const symbol of config.symbols) {
    const start = session.candlesUpTo(symbol) ?? end - config.warmupMs
    // oxlint-disable-next-line no-await-in-loop -- one symbol after the other: history is the least urgent of all requests
    const candles = start < end ? await patiently(engine.options, async () => await candlesOf(engine, { symbol, start, end })) : []
    if (candles.length > 0) series.push({ symbol, candles })
    loadedUpTo = Math.min(loadedUpTo, (candles.at(-1)?.time ?? start - BASE_MS) + BASE_MS)
  }
  await engine.commit([...(series.length > 0 ? [{ type: 'candles.loaded', at: engine.now(), series } as const] : []), ...engine.missed.halts()])
  engine.minutes.startAfter(loadedUpTo)
}
