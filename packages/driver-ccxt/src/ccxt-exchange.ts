/** The few members of a ccxt pro class that the glue uses, and how one class is loaded. ccxt's own types would bring the whole library into every check. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { HedgerowError } from '@hedgerow/core'

/** A socket of ccxt. */
export interface CcxtSocket {
  readonly url: string
  /** Gives the socket up: whoever waits on it is told, and the next call dials anew. */
  onError(error: Error): void
  /** The socket underneath; absent until it is dialled. */
  readonly connection?: { terminate(): void }
}

/** An instance of a pro class: REST and WebSocket in one. A driver extends this by the members of its own venue that it calls. */
export interface CcxtExchange {
  /** Names and addresses of the venue's hosts. */
  readonly urls: { api: Record<string, unknown> }
  readonly options: Record<string, unknown>
  streaming: Record<string, unknown>
  readonly clients: Readonly<Record<string, CcxtSocket>>
  /** Keep-alive connections of the HTTP client; undefined before the first request. */
  readonly fetchDispatcher?: { destroy(): Promise<void> }
  milliseconds: () => number
  implodeHostname(url: string): string
  /** Needed once before a plain `ws://` address is dialled. */
  loadHttpProxyAgent(): Promise<unknown>
  setSandboxMode(on: boolean): void
  enableDemoTrading(on: boolean): void
  /** Signs and sends one request of the venue's own API, parameters as they are. */
  request(path: string, access: string, method: string, params: object): Promise<unknown>
  handleMessage(socket: CcxtSocket, message: unknown): void
  /** Throws for an answer that is an error. `json` is undefined when the body is no JSON; a result keeps ccxt from looking further. */
  handleErrors(status: number, reason: string, url: string, method: string, headers: Readonly<Record<string, string>>, body: string, json: unknown): unknown
}

/** A pro class. */
export type CcxtExchangeClass = new (config: object) => CcxtExchange

/**
 * Loads the pro class of one venue and nothing else: a quarter of the time and a third of the memory of the whole library. The package exports
 * only its entry, so the class is taken by file; where the layout has changed, from the entry.
 *
 * @throws HedgerowError `MODULE_NOT_LOADED` when ccxt has no such venue.
 */
export async function loadExchangeClass(id: string): Promise<CcxtExchangeClass> {
  const file = join(dirname(createRequire(import.meta.url).resolve('ccxt')), '..', 'js', 'src', 'pro', `${id}.js`)
  const loaded: unknown = existsSync(file) ? memberOf(await import(pathToFileURL(file).href), 'default') : memberOf(memberOf(await import('ccxt'), 'pro'), id)
  if (isExchangeClass(loaded)) return loaded
  throw new HedgerowError('MODULE_NOT_LOADED', { where: 'driver-ccxt', found: `no pro class "${id}" in ccxt`, expected: 'the name of a venue that ccxt has a WebSocket class for', remedy: 'Install the version of ccxt that @hedgerow/driver-ccxt declares.' })
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined
}

function isExchangeClass(value: unknown): value is CcxtExchangeClass {
  return typeof value === 'function' && typeof memberOf(value.prototype, 'handleMessage') === 'function' && typeof memberOf(value.prototype, 'handleErrors') === 'function'
}
