/** Where the driver goes: only to the venue's hosts of the environment that was asked for, or to the one address that was given. */
import { loadExchangeClass } from '@hedgerow/driver-ccxt'
import { describe, expect, it } from 'vitest'
import { configure } from './addresses.ts'
import { configSchema } from './config.ts'

/** Hosts of requests and sockets. */
async function hostsOf(config: object): Promise<{ readonly http: string[]; readonly sockets: object }> {
  const Exchange = await loadExchangeClass('bybit')
  const exchange = new Exchange({})
  const sockets = configure(exchange, configSchema.parse(config))
  const { public: open, private: own } = exchange.urls.api
  return { http: [open, own].map((url) => exchange.implodeHostname(String(url))), sockets }
}

describe('addresses', () => {
  it.each([
    [{}, 'https://api.bybit.com', 'wss://stream.bybit.com/v5/public/linear', 'wss://stream.bybit.com/v5/private'],
    // Prices of the demo are those of the real market.
    [{ environment: 'demo' }, 'https://api-demo.bybit.com', 'wss://stream.bybit.com/v5/public/linear', 'wss://stream-demo.bybit.com/v5/private'],
    [{ environment: 'testnet' }, 'https://api-testnet.bybit.com', 'wss://stream-testnet.bybit.com/v5/public/linear', 'wss://stream-testnet.bybit.com/v5/private'],
    [{ url: 'http://127.0.0.1:8080/' }, 'http://127.0.0.1:8080', 'ws://127.0.0.1:8080/v5/public/linear', 'ws://127.0.0.1:8080/v5/private'],
    [{ environment: 'demo', url: 'https://venue.test' }, 'https://venue.test', 'wss://venue.test/v5/public/linear', 'wss://venue.test/v5/private'],
  ])('of %j', async (config, http, market, account) => {
    expect(await hostsOf(config)).toEqual({ http: [http, http], sockets: { market, account } })
  })
})
