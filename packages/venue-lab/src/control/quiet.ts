/** Waits until the clients of a lab have answered what they were told: the way of tests to keep a venue and a bot in step. */
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises'
import type { LoopbackServer } from '../server/loopback-server.ts'
import type { LabSocket, StreamHub } from '../server/stream-hub.ts'

/** When clients count as quiet. */
export interface QuietRule {
  /** No request for this long after the last frame was read: for clients in other processes. */
  readonly idleMs: number
  /** Give up after this long. */
  readonly mostMs: number
  /** Waited for in place of `idleMs`, by tests that know when their client has done what the frames made it do; it has to end by itself. */
  readonly answered?: () => Promise<unknown>
}

const STEP_MS = 5

/**
 * A pong proves that a client has read all frames before the ping; what it asks because of them follows within `idleMs`.
 * Rounds go on until one brings no request. False: not quiet within `mostMs`.
 */
export async function untilQuiet(server: LoopbackServer, hub: StreamHub, { idleMs, mostMs, answered }: QuietRule): Promise<boolean> {
  const end = Date.now() + mostMs
  while (Date.now() < end) {
    const before = server.requests
    // What the last answer led to is told in the turn after it.
    await turn()
    await Promise.all(hub.streams.filter(({ isDead }) => !isDead).map(({ socket }) => pongOf(socket, end - Date.now())))
    const since = Date.now()
    const quietFor = answered === undefined ? idleMs : 0
    await answered?.()
    while (Date.now() < end && (server.inFlight > 0 || hub.underWay > 0 || Date.now() - Math.max(since, server.lastRequestAt) < quietFor)) await wait(STEP_MS)
    if (server.requests === before) return true
  }
  return false
}

async function pongOf(socket: LabSocket, patienceMs: number): Promise<void> {
  if (socket.readyState !== socket.OPEN) return
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      socket.off('pong', done)
      socket.off('close', done)
      resolve()
    }
    const timer = setTimeout(done, patienceMs)
    socket.once('pong', done)
    socket.once('close', done)
    socket.ping()
  })
}
