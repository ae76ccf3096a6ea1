/** The account as the venue tells it when asked: key, settings, positions, orders, wallet, executions. */
import type { AccountReport, ExecutionReport, FundingReport, Leg, OrderReport, PositionReport, SnapshotQuery, SymbolSettings, TimeMs, VenueSnapshot, WalletReport, Decimal, MarginMode } from '@hedgerow/core'
import { VenueFailure, type Transport } from '@hedgerow/driver-ccxt'
import { z } from '@hedgerow/core/zod'
import { CATEGORY, SETTLE_ASSET } from './mapping.ts'
import { accountInfo, accountReport, type AccountInfo } from './payloads/account.ts'
import { executionReport } from './payloads/execution.ts'
import { moment } from './payloads/fields.ts'
import { orderReport } from './payloads/order.ts'
import { positionReports, positionRow } from './payloads/position.ts'
import { walletReport, walletRow } from './payloads/wallet.ts'
import { ask, askAll, pageOf } from './requests.ts'

/** Largest pages of the venue; by default it answers 20 rows. */
const ORDERS_A_PAGE = 50
const EXECUTIONS_A_PAGE = 100
const POSITIONS_A_PAGE = 200
const [ORDERS, POSITIONS, WALLETS, EXECUTIONS] = [pageOf(orderReport), pageOf(positionRow), pageOf(walletRow), pageOf(executionReport)]
const TIME = z.object({ timeNano: z.string().regex(/^\d{7,}$/) })
/** The longest range of one question for executions. */
const WINDOW_MS = 7 * 86_400_000

/** Time of the venue. */
export async function serverTime(transport: Transport): Promise<TimeMs> {
  const { timeNano } = await ask(transport, { method: 'GET', path: 'v5/market/time', access: 'public', params: {} }, TIME)
  return moment.parse(timeNano.slice(0, -6))
}

/** What the key may do. */
export async function keyReport(transport: Transport): Promise<AccountReport> {
  const { kind } = await askAccountInfo(transport)
  return ask(transport, { method: 'GET', path: 'v5/user/query-api', access: 'private', params: {} }, accountReport(kind))
}

/** What concerns the whole account. */
export function askAccountInfo(transport: Transport): Promise<AccountInfo> {
  return ask(transport, { method: 'GET', path: 'v5/account/info', access: 'private', params: {} }, accountInfo)
}

/** Where an order can be: among the open ones, among the last 500 that closed, and, once the venue has written it down, in history. */
const ORDER_LISTS = [{ path: 'v5/order/realtime', filter: { openOnly: 0 } }, { path: 'v5/order/realtime', filter: { openOnly: 1 } }, { path: 'v5/order/history', filter: {} }] as const

/** The order of a client id; null when no list has it. */
export async function findOrder(transport: Transport, clientId: string, symbol: string): Promise<OrderReport | null> {
  for (const { path, filter } of ORDER_LISTS) {
    const [found] = await askAll(transport, { path, access: 'private', params: { category: CATEGORY, symbol, orderLinkId: clientId, ...filter }, page: ORDERS })
    if (found !== undefined) return found
  }
  return null
}

/** Everything about some symbols. Symbols are asked one after another: an account that trades ten of them must not use up its budget at once. */
export async function snapshot(transport: Transport, { symbols, since }: SnapshotQuery): Promise<VenueSnapshot> {
  const at = await serverTime(transport)
  const [{ marginMode }, wallet] = await Promise.all([askAccountInfo(transport), askWallet(transport, at)])
  const settings: SymbolSettings[] = []
  const positions: PositionReport[] = []
  const orders: OrderReport[] = []
  const rows: (ExecutionReport | FundingReport)[] = []
  for (const symbol of symbols) {
    const [legs, open, executed] = await Promise.all([askPositions(transport, symbol, at), askOpenOrders(transport, symbol), askExecutions(transport, { symbol, since, until: at })])
    settings.push(settingsOf(symbol, legs, marginMode))
    positions.push(...legs)
    orders.push(...open)
    rows.push(...executed)
  }
  rows.sort((a, b) => a.at - b.at)
  return { at, settings, positions, orders, wallet, executions: rows.filter((row) => row.type === 'execution'), funding: rows.filter((row) => row.type === 'funding') }
}

/** Both legs of a symbol; there are rows for flat ones too. */
async function askPositions(transport: Transport, symbol: string, at: TimeMs): Promise<readonly PositionReport[]> {
  const rows = await askAll(transport, { path: 'v5/position/list', access: 'private', params: { category: CATEGORY, symbol, limit: POSITIONS_A_PAGE }, page: POSITIONS })
  return rows.flatMap((row) => positionReports(row, at))
}

/** All open orders, conditional ones included. */
function askOpenOrders(transport: Transport, symbol: string): Promise<OrderReport[]> {
  return askAll(transport, { path: 'v5/order/realtime', access: 'private', params: { category: CATEGORY, symbol, openOnly: 0, limit: ORDERS_A_PAGE }, page: ORDERS })
}

async function askWallet(transport: Transport, at: TimeMs): Promise<WalletReport> {
  const path = 'v5/account/wallet-balance'
  const [row] = await askAll(transport, { path, access: 'private', params: { accountType: 'UNIFIED', coin: SETTLE_ASSET }, page: WALLETS })
  const wallet = row === undefined ? null : walletReport(row, at)
  if (wallet !== null) return wallet
  throw new VenueFailure({ kind: 'unreadable', request: `GET /${path}`, code: null, text: `the account does not list ${SETTLE_ASSET}`, retryAt: null })
}

/** Executions of every kind, oldest first, in windows that the venue allows, to the last page of each. */
async function askExecutions(transport: Transport, { symbol, since, until }: { readonly symbol: string; readonly since: TimeMs; readonly until: TimeMs }): Promise<(ExecutionReport | FundingReport)[]> {
  const rows: (ExecutionReport | FundingReport)[] = []
  for (let from = since; from <= until; from += WINDOW_MS) {
    // The last window has no end: what is executed while the question is on its way belongs to the answer.
    const end = from + WINDOW_MS > until ? {} : { endTime: from + WINDOW_MS - 1 }
    const newestFirst = await askAll(transport, { path: 'v5/execution/list', access: 'private', params: { category: CATEGORY, symbol, startTime: from, ...end, limit: EXECUTIONS_A_PAGE }, page: EXECUTIONS })
    rows.push(...newestFirst.toReversed())
  }
  return rows
}

/**
 * The settings that rows of a symbol show. The mode is read from their indexes: there is no other way to ask for it.
 *
 * @throws VenueFailure `unreadable` when there are no two legs, when they contradict each other, or when a leverage is missing.
 */
function settingsOf(symbol: string, legs: readonly PositionReport[], marginMode: MarginMode): SymbolSettings {
  const fail = (text: string): VenueFailure => new VenueFailure({ kind: 'unreadable', request: 'GET /v5/position/list', code: null, text: `${symbol}: ${text}`, retryAt: null })
  const leverageOf = (leg: Leg): Decimal => {
    const leverage = legs.find((row) => row.leg === leg)?.leverage ?? null
    if (leverage === null) throw fail(`no leverage for the ${leg} leg`)
    return leverage
  }
  const [first] = legs
  if (first === undefined || legs.length !== 2 || legs.some(({ mode }) => mode !== first.mode)) throw fail(`expected a row of index 0, or rows of 1 and 2, found ${legs.length} legs in ${[...new Set(legs.map(({ mode }) => mode))].join(' and ') || 'no'} mode`)
  return { symbol, positionMode: first.mode, marginMode, leverage: { long: leverageOf('long'), short: leverageOf('short') } }
}
