/** Where the venue is: ccxt's own addresses, or those of another host that speaks the same protocol. */
import type { VenueStream } from '@hedgerow/core'
import type { CcxtExchange } from '@hedgerow/driver-ccxt'
import type { BybitConfig } from './config.ts'

/** Options of ccxt: nothing is asked about the kind of account, which is always the unified one. */
export const OPTIONS: Readonly<Record<string, unknown>> = { enableUnifiedMargin: false, enableUnifiedAccount: true, unifiedMarginStatus: 6 }

/** Points the instance at the environment of the configuration. Returns the addresses of its sockets. */
export function configure(exchange: CcxtExchange, { environment, url }: BybitConfig): Readonly<Record<VenueStream, string>> {
  if (environment === 'testnet') exchange.setSandboxMode(true)
  if (environment === 'demo') exchange.enableDemoTrading(true)
  if (url !== undefined) redirect(exchange, url)
  const { public: open, private: own } = exchange.urls.api['ws'] as { readonly public: { readonly linear: string }; readonly private: { readonly contract: string } }
  return { market: exchange.implodeHostname(open.linear), account: exchange.implodeHostname(own.contract) }
}

function redirect(exchange: CcxtExchange, url: string): void {
  const http = url.replace(/\/+$/, '')
  const socket = http.replace(/^http/, 'ws')
  const { api } = exchange.urls
  for (const name of Object.keys(api)) if (typeof api[name] === 'string') api[name] = http
  api['ws'] = { public: { linear: `${socket}/v5/public/linear` }, private: { contract: `${socket}/v5/private` } }
}
