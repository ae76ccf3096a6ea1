/** Waits until the clients of a lab have answered what they were told: the way of tests to keep a venue and a bot in step. */
import { setTimeout as wait } from 'node:timers/promises'
import type { LoopbackServer } from '../server/loopback-server.ts'
import type { StreamHub } from '../server/stream-hub.ts'

/** When clients count as quiet. */
export interface QuietRule {
  /** No request for this long after the last frame was read. */
  readonly idleMs: number
  /** Give up after this long. */
  readonly mostMs: number
}

const PONG_PATIENCE_MS = 1000
const STEP_MS = 5

/**
 * A pong proves that a client has read all frames before the ping; what it asks because of them follows within `idleMs`.
 * Rounds go on until one brings no request. False: not quiet within `mostMs`.
 */
export async function untilQuiet(server: LoopbackServer, hub: StreamHub, { idleMs, mostMs }: QuietRule): Promise<boolean> {
  const end = Date.now() + mostMs
  while (Date.now() < end) {
    const before = server.requests
    await Promise.all(hub.streams.filter(({ isDead }) => !isDead).map(({ socket }) => pongOf(socket)))
    const since = Date.now()
    while (Date.now() < end && (server.inFlight > 0 || Date.now() - Math.max(since, server.lastRequestAt) < idleMs)) await wait(STEP_MS)
    if (server.requests === before) return true
  }
  return false
}

async function pongOf(socket: StreamHub['streams'][number]['socket']): Promise<void> {
  if (socket.readyState !== socket.OPEN) return
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      socket.off('pong', done)
      socket.off('close', done)
      resolve()
    }
    const timer = setTimeout(done, PONG_PATIENCE_MS)
    socket.once('pong', done)
    socket.once('close', done)
    socket.ping()
  })
}
