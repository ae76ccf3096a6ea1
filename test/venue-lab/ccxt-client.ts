/** Unmodified ccxt against a lab: one venue class by file, its addresses on the loopback interface. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { BybitLab } from '@hedgerow/venue-lab'

/** What the tests call of a ccxt exchange. */
export interface CcxtBybit {
  readonly has: Record<string, unknown>
  readonly options: Record<string, unknown>
  readonly urls: { api: Record<string, unknown> }
  readonly markets: Record<string, { readonly linear: boolean; readonly precision: Record<string, number> }>
  loadHttpProxyAgent(): Promise<unknown>
  loadMarkets(): Promise<unknown>
  setPositionMode(hedged: boolean, symbol?: string): Promise<unknown>
  setLeverage(leverage: number, symbol: string, params?: object): Promise<unknown>
  setMarginMode(mode: string): Promise<unknown>
  createOrder(symbol: string, type: string, side: string, amount: number | string, price?: number | string, params?: object): Promise<CcxtOrder>
  createOrders(orders: readonly object[]): Promise<readonly CcxtOrder[]>
  editOrder(id: string, symbol: string, type: string, side: string, amount?: number | string, price?: number | string, params?: object): Promise<CcxtOrder>
  cancelOrder(id: string, symbol: string, params?: object): Promise<CcxtOrder>
  cancelAllOrders(symbol: string, params?: object): Promise<unknown>
  fetchPositions(symbols?: readonly string[]): Promise<readonly CcxtPosition[]>
  fetchOpenOrders(symbol?: string, since?: number, limit?: number, params?: object): Promise<readonly CcxtOrder[]>
  fetchBalance(): Promise<{ readonly total: Record<string, number> }>
  fetchMyTrades(symbol: string): Promise<readonly CcxtTrade[]>
  fetchFundingHistory(symbol: string): Promise<readonly { readonly amount: number }[]>
  fetchFundingRateHistory(symbol: string): Promise<readonly unknown[]>
  fetchOHLCV(symbol: string, timeframe: string, since?: number, limit?: number): Promise<readonly (readonly number[])[]>
  fetchTime(): Promise<number>
  watchOrders(symbol?: string): Promise<readonly CcxtOrder[]>
  watchMyTrades(symbol?: string): Promise<readonly CcxtTrade[]>
  watchPositions(symbols?: readonly string[]): Promise<readonly CcxtPosition[]>
  watchBalance(): Promise<{ readonly total: Record<string, number> }>
  watchOHLCV(symbol: string, timeframe: string): Promise<readonly (readonly number[])[]>
  handleMessage(client: unknown, message: unknown): void
  close(): Promise<void>
}

/** The part of a unified order that the tests read. */
export interface CcxtOrder { readonly id: string; readonly clientOrderId?: string; readonly status?: string; readonly side?: string; readonly filled?: number; readonly average?: number; readonly info: Record<string, unknown> }
/** The part of a unified position that the tests read. */
export interface CcxtPosition { readonly symbol: string; readonly side: string; readonly contracts: number; readonly hedged: boolean; readonly entryPrice?: number; readonly info: Record<string, unknown> }
/** The part of a unified trade that the tests read. */
export interface CcxtTrade { readonly id: string; readonly order: string; readonly side: string; readonly price: number; readonly amount: number; readonly fee: { readonly cost: number } }

/** Makes an exchange of the pro class. `onMessage` sees every raw message of its sockets. */
export async function ccxtBybit(lab: BybitLab, onMessage?: (message: Record<string, unknown>) => void): Promise<CcxtBybit> {
  const entry = createRequire(import.meta.url).resolve('ccxt')
  const file = join(dirname(entry), '..', 'js', 'src', 'pro', 'bybit.js')
  const loaded = await import(pathToFileURL(file).href) as { readonly default: new (config: object) => CcxtBybit }
  class Tapped extends loaded.default {
    override handleMessage(client: unknown, message: unknown): void {
      onMessage?.(message as Record<string, unknown>)
      super.handleMessage(client, message)
    }
  }
  const exchange = new Tapped({
    apiKey: lab.credentials.key, secret: lab.credentials.secret, enableRateLimit: false,
    options: { fetchMarkets: { types: ['linear'] }, enableUnifiedMargin: false, enableUnifiedAccount: true, unifiedMarginStatus: 6 },
  })
  exchange.has['fetchCurrencies'] = false
  for (const key of Object.keys(exchange.urls.api)) if (typeof exchange.urls.api[key] === 'string') exchange.urls.api[key] = lab.restUrl
  exchange.urls.api['ws'] = { public: { linear: lab.publicWsUrl }, private: { contract: lab.privateWsUrl, trade: lab.tradeWsUrl, unified: lab.privateWsUrl } }
  await exchange.loadHttpProxyAgent()
  return exchange
}
