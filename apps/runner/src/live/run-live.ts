/** Runs a live session from a prepared configuration until somebody stops it. */
import type { LiveEngine, PositionStore, VenueConnection } from '@hedgerow/core'
import { composeLive } from './compose.ts'
import { openControl } from './control-server.ts'
import type { LiveLog } from './live-logger.ts'
import { openConnection, planOf, type PreparedLive } from './prepare-live.ts'
import { SqliteJournal } from './sqlite-journal.ts'
import { SqlitePositionStore } from './sqlite-position-store.ts'
import { lockState, makeStateFolder } from './state-folder.ts'
import { wallTimers } from './wall-timers.ts'

/** How a session ended. */
export type LiveEnd = 'stopped' | 'failed'

/** What a run is given beside its configuration. */
export interface LiveRun {
  readonly log: LiveLog
  /** Makes the connection; by default that of the driver. */
  readonly connect?: (prepared: PreparedLive, log: LiveLog) => Promise<VenueConnection>
  /** Strategies start anew on the state of the journal. */
  readonly freshStrategies?: boolean
  /** Resolves when somebody wants the session to stop. */
  readonly stopped: Promise<string>
  /** Told once the session trades. */
  readonly onRunning?: (engine: LiveEngine, port: number) => void
}

/** Locks the state, recovers, trades, and stops gracefully: legs and resting orders stay at the venue. */
export async function runLive(prepared: PreparedLive, { log, connect = openConnection, freshStrategies = false, stopped, onRunning }: LiveRun): Promise<LiveEnd> {
  const { files } = prepared
  makeStateFolder(files.folder)
  const lock = lockState(files)
  const journal = new SqliteJournal(files.journal)
  const connection = await connect(prepared, log)
  let store: SqlitePositionStore | null = null
  const failure = Promise.withResolvers<unknown>()
  const stop = Promise.withResolvers<string>()
  try {
    journal.claim(prepared.kind)
    const plan = await planOf(prepared, { connection, run: journal.run, logger: log })
    const engine = composeLive(plan, { connection, journal, timers: wallTimers, freshStrategies, onFailure: (error) => { failure.resolve(error) } }, (memory): PositionStore => (store = new SqlitePositionStore(files.positions, memory)))
    await mirrorOf(store)?.load()
    log.log('info', `${journal.length === 0 ? 'a new journal' : `${journal.length} entries to replay`} in ${files.folder}`)
    await engine.start()
    const control = await openControl({ status: () => engine.status(), kill: async (level, cause) => { await engine.kill(level, cause) }, stop: () => { stop.resolve('the operator') } }, files)
    announce(engine, log, control.port)
    onRunning?.(engine, control.port)
    const end = await Promise.race([stopped, stop.promise, failure.promise.then(() => null)])
    log.log(end === null ? 'error' : 'info', end === null ? 'stopped by a failure; restart to recover' : `stopping: ${end}`)
    await control.close()
    await engine.stop()
    return end === null ? 'failed' : 'stopped'
  } finally {
    await connection.close()
    mirrorOf(store)?.close()
    await journal.close()
    lock.release()
    log.flush()
  }
}

/** TypeScript does not see that a callback has set it. */
function mirrorOf(store: SqlitePositionStore | null): SqlitePositionStore | null {
  return store
}

function announce(engine: LiveEngine, log: LiveLog, port: number): void {
  const { venue, legs, killLevel, wallet, halts } = engine.status()
  const open = legs.filter(({ qty }) => qty !== '0')
  log.log('info', `running on ${venue}: wallet ${wallet}, ${open.length === 0 ? 'flat' : open.map(({ symbol, leg, qty, stopQty }) => `${symbol} ${leg} ${qty} (stops for ${stopQty})`).join(', ')}; health on http://127.0.0.1:${port}/health`)
  for (const { symbol, name, reason } of halts) log.log('warn', `${symbol} opens nothing: ${name}: ${reason}`)
  if (killLevel !== 'running') log.log('warn', `the kill switch is at ${killLevel}: nothing opens until \`hedgerow resume\``)
}
