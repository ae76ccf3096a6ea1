/**
 * How a running session is spoken to: HTTP on the loopback interface, a port and a token in a file that only its owner may read. `/health` needs
 * no token: it is for a service manager.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { HedgerowError, type KillLevel, type LiveStatus } from '@hedgerow/core'
import { z } from '@hedgerow/core/zod'
import type { StateFiles } from './state-folder.ts'

/** What can be asked of a session. */
export interface Controlled {
  status(): LiveStatus
  kill(level: KillLevel, cause: { readonly by: string; readonly reason: string }): Promise<void>
  stop(): void
}

const addressSchema = z.strictObject({ port: z.int(), token: z.string(), pid: z.int() })
const orderSchema = z.strictObject({ level: z.enum(['running', 'pause', 'cancel', 'flatten']), reason: z.string() })

/** An open control. */
export interface ControlServer {
  readonly port: number
  close(): Promise<void>
}

/** Opens the control of a session and writes its address. */
export async function openControl(session: Controlled, { control }: StateFiles): Promise<ControlServer> {
  const token = randomBytes(24).toString('hex')
  const server = createServer((request, response) => { void serve(session, token, { request, response }) })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  const port = portOf(server)
  writeFileSync(control, JSON.stringify({ port, token, pid: process.pid }), { mode: 0o600 })
  return {
    port,
    close: async () => {
      rmSync(control, { force: true })
      server.closeAllConnections()
      await new Promise<void>((resolve) => { server.close(() => { resolve() }) })
    },
  }
}

/** Asks the running session of a state folder. @throws HedgerowError `INSTANCE_NOT_RUNNING`. */
export async function askControl(files: StateFiles, path: '/status' | '/kill' | '/stop', body?: unknown): Promise<unknown> {
  if (!existsSync(files.control)) throw notRunning(files, 'no control file')
  const address = addressSchema.safeParse(jsonOf(readFileSync(files.control, 'utf8')))
  if (!address.success) throw notRunning(files, 'a control file that cannot be read')
  try {
    const answered = await fetch(`http://127.0.0.1:${address.data.port}${path}`, { method: body === undefined ? 'GET' : 'POST', headers: { authorization: `Bearer ${address.data.token}` }, ...(body !== undefined && { body: JSON.stringify(body) }) })
    if (answered.ok) return await answered.json()
    throw notRunning(files, `an answer of ${answered.status}`)
  } catch (cause) {
    if (cause instanceof HedgerowError) throw cause
    throw notRunning(files, 'no answer', cause)
  }
}

/** Undefined for a text that is no JSON: a file that is being written, or was cut off. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function serve(session: Controlled, token: string, { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse }): Promise<void> {
  const { status, body } = await answer(session, token, request).catch((error: unknown) => ({ status: 500, body: { error: String(error) } }))
  const hasToStop = status === 200 && request.url === '/stop'
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify(body), () => { if (hasToStop) session.stop() })
}

async function answer(session: Controlled, token: string, request: IncomingMessage): Promise<{ readonly status: number; readonly body: unknown }> {
  const path = request.url ?? ''
  if (path === '/health') return healthOf(session.status())
  if (!isAllowed(request, token)) return { status: 401, body: { error: 'no token' } }
  if (path === '/status') return { status: 200, body: session.status() }
  if (request.method !== 'POST') return { status: 404, body: { error: 'unknown' } }
  if (path === '/stop') return { status: 200, body: {} }
  const order = orderSchema.safeParse(JSON.parse(await textOf(request)))
  if (path !== '/kill' || !order.success) return { status: 400, body: { error: 'level and reason' } }
  await session.kill(order.data.level, { by: 'operator', reason: order.data.reason })
  return { status: 200, body: session.status() }
}

/** Well: running, streams heard, every leg protected. */
function healthOf({ phase, killLevel, unprotected, halts, holds, streams }: LiveStatus): { readonly status: number; readonly body: unknown } {
  const isWell = phase === 'running' && unprotected.length === 0 && halts.length === 0 && holds.length === 0
  return { status: isWell ? 200 : 503, body: { ok: isWell, phase, killLevel, unprotected: unprotected.length, halts: halts.length, holds: holds.length, streams } }
}

function isAllowed({ headers }: IncomingMessage, token: string): boolean {
  const given = Buffer.from(headers.authorization ?? '')
  const wanted = Buffer.from(`Bearer ${token}`)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

function notRunning({ folder }: StateFiles, found: string, cause?: unknown): HedgerowError {
  return new HedgerowError('INSTANCE_NOT_RUNNING', { where: folder, found, expected: 'a running session', cause })
}
