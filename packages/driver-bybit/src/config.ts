/** What a connection to Bybit is given. */
import { z } from '@hedgerow/core/zod'

/** How Bybit is reached, and by whom. */
export interface BybitConfig {
  /** Only for what concerns an account; market data needs no key. */
  readonly apiKey?: string
  readonly apiSecret?: string
  /** `demo` trades with play money on real prices; `testnet` is a venue of its own. */
  readonly environment: 'mainnet' | 'demo' | 'testnet'
  /** Another address that speaks the protocol, such as that of a local venue: `http://127.0.0.1:8080`. Sockets go to the same host. */
  readonly url?: string
  /** How long a signed request may take to arrive, ms. */
  readonly recvWindowMs: number
  /** How long an answer may take, ms. */
  readonly timeoutMs: number
  /** Between pings of a socket, ms. */
  readonly pingEveryMs: number
  /** A stream without a message or a pong for this long is stale, ms. */
  readonly staleAfterMs: number
  /** First and largest pause before a socket is dialled again, ms. */
  readonly redial: { readonly firstMs: number; readonly mostMs: number }
}

const ms = z.int().positive()

/** Checks a configuration and fills in its defaults. */
export const configSchema: z.ZodType<BybitConfig> = z.strictObject({
  apiKey: z.string().min(1).exactOptional(),
  apiSecret: z.string().min(1).exactOptional(),
  environment: z.enum(['mainnet', 'demo', 'testnet']).default('mainnet'),
  url: z.url({ protocol: /^https?$/ }).exactOptional(),
  recvWindowMs: ms.default(5_000),
  timeoutMs: ms.default(10_000),
  pingEveryMs: ms.default(4_000),
  staleAfterMs: ms.default(10_000),
  redial: z.strictObject({ firstMs: ms, mostMs: ms }).default({ firstMs: 500, mostMs: 15_000 }),
})

/** Environment variables of the secrets. */
export const SECRETS: Readonly<Record<string, string>> = { apiKey: 'BYBIT_API_KEY', apiSecret: 'BYBIT_API_SECRET' }
