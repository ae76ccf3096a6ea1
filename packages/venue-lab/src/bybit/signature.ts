/** Who may ask: API key, signature and time window, as the venue checks them. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { TimeMs } from '@hedgerow/core'
import type { LabRequest } from '../server/loopback-server.ts'
import type { ServerClock } from '../venue/server-clock.ts'
import { BybitRefusal } from './refusal.ts'

/** A throw-away pair that a lab accepts. */
export interface Credentials {
  readonly key: string
  readonly secret: string
}

const DEFAULT_WINDOW_MS = 5000
/** A clock that is ahead by this much is refused, whatever the window. */
const AHEAD_MS = 1000

/** Checks a signed request. @throws BybitRefusal 10001, 10002, 10003 or 10004. */
export function requireSignature(request: LabRequest, { key, secret }: Credentials, clock: ServerClock): void {
  const { headers } = request
  const [sentKey, timestamp, window = String(DEFAULT_WINDOW_MS), sign] = [headers['x-bapi-api-key'], headers['x-bapi-timestamp'], headers['x-bapi-recv-window'], headers['x-bapi-sign']]
  if (sentKey === undefined || timestamp === undefined || sign === undefined) throw new BybitRefusal(10001, 'empty value: apiTimestamp[] apiKey[] apiSignature[]')
  if (sentKey !== key) throw new BybitRefusal(10003)
  requireTime(Number(timestamp), Number(window), clock)
  const payload = request.method === 'GET' ? request.query : request.body
  if (!isSignature(sign, hmac(secret, `${timestamp}${sentKey}${window}${payload}`))) throw new BybitRefusal(10004)
}

/** True for the signature that opens a private stream: over `GET/realtime` and the time at which it expires. */
export function opensStream(args: { readonly key: unknown; readonly expires: unknown; readonly sign: unknown }, credentials: Credentials, now: TimeMs): boolean {
  const { key, expires, sign } = args
  return key === credentials.key && Number(expires) > now && typeof sign === 'string' && isSignature(sign, hmac(credentials.secret, `GET/realtime${String(expires)}`))
}

/** `now - window <= timestamp < now + 1000`. */
function requireTime(timestamp: number, window: number, clock: ServerClock): void {
  const now = clock.now()
  if (timestamp >= clock.earliest() - window && timestamp < now + AHEAD_MS) return
  throw new BybitRefusal(10002, `invalid request, please check your server timestamp or recv_window param. req_timestamp[${timestamp}],server_timestamp[${now}],recv_window[${window}]`)
}

function hmac(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('hex')
}

function isSignature(sent: string, expected: string): boolean {
  const [a, b] = [Buffer.from(sent), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
