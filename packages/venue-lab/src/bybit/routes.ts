/** The REST routes, as a table: who may ask, how often, and who answers. */
import type { TimeMs } from '@hedgerow/core'
import type { LabReply, LabRequest } from '../server/loopback-server.ts'
import { accountInfo, closedPnl, executionList, feeRate, queryApi, setMarginMode, transactionLog, walletBalance } from './account-routes.ts'
import { fundingHistory, instrumentsInfo, kline, markPriceKline, riskLimit, serverTime, tickers, type Answer } from './market-routes.ts'
import { amend, amendBatch, cancel, cancelAll, cancelBatch, create, createBatch, history, realtime, type BatchAnswer } from './order-routes.ts'
import { Params } from './params.ts'
import { addMargin, positionList, setLeverage, switchMode, tradingStop } from './position-routes.ts'
import { RateLimit, type LimitState } from './rate-limit.ts'
import { BybitRefusal } from './refusal.ts'
import { requireSignature } from './signature.ts'
import type { BybitVenue } from './venue.ts'

/** One route. A route without a limit needs no key. */
interface Route {
  readonly answer: Answer
  /** Requests a second of one account. */
  readonly perSecond?: number
}

interface BatchRoute {
  readonly batch: (venue: BybitVenue, params: Params) => BatchAnswer
  readonly perSecond: number
}

/** Limits of the API documentation V5 for linear contracts: orders 10 a second, queries 50. */
const ROUTES: Readonly<Record<string, Route | BatchRoute>> = {
  'GET /v5/market/time': { answer: serverTime },
  'GET /v5/market/instruments-info': { answer: instrumentsInfo },
  'GET /v5/market/kline': { answer: kline },
  'GET /v5/market/mark-price-kline': { answer: markPriceKline },
  'GET /v5/market/tickers': { answer: tickers },
  'GET /v5/market/funding/history': { answer: fundingHistory },
  'GET /v5/market/risk-limit': { answer: riskLimit },
  'GET /v5/asset/coin/query-info': { answer: () => ({ rows: [] }), perSecond: 5 },
  'GET /v5/user/query-api': { answer: queryApi, perSecond: 10 },
  'GET /v5/account/info': { answer: accountInfo, perSecond: 50 },
  'GET /v5/account/wallet-balance': { answer: walletBalance, perSecond: 50 },
  'GET /v5/account/fee-rate': { answer: feeRate, perSecond: 10 },
  'GET /v5/account/transaction-log': { answer: transactionLog, perSecond: 30 },
  'POST /v5/account/set-margin-mode': { answer: setMarginMode, perSecond: 5 },
  'GET /v5/position/list': { answer: positionList, perSecond: 50 },
  'POST /v5/position/switch-mode': { answer: switchMode, perSecond: 10 },
  'POST /v5/position/set-leverage': { answer: setLeverage, perSecond: 10 },
  'POST /v5/position/trading-stop': { answer: tradingStop, perSecond: 10 },
  'POST /v5/position/add-margin': { answer: addMargin, perSecond: 10 },
  'GET /v5/position/closed-pnl': { answer: closedPnl, perSecond: 50 },
  'POST /v5/order/create': { answer: create, perSecond: 10 },
  'POST /v5/order/amend': { answer: amend, perSecond: 10 },
  'POST /v5/order/cancel': { answer: cancel, perSecond: 10 },
  'POST /v5/order/cancel-all': { answer: cancelAll, perSecond: 10 },
  'POST /v5/order/create-batch': { batch: createBatch, perSecond: 10 },
  'POST /v5/order/amend-batch': { batch: amendBatch, perSecond: 10 },
  'POST /v5/order/cancel-batch': { batch: cancelBatch, perSecond: 10 },
  'GET /v5/order/realtime': { answer: realtime, perSecond: 50 },
  'GET /v5/order/history': { answer: history, perSecond: 50 },
  'GET /v5/execution/list': { answer: executionList, perSecond: 50 },
}

/** Answers requests for one venue. */
export class BybitRest {
  readonly limits: RateLimit = new RateLimit()
  readonly #venue: BybitVenue

  constructor(venue: BybitVenue) {
    this.#venue = venue
  }

  /** The envelope of a request; a refusal is one as well. */
  answer(request: LabRequest): LabReply {
    const now = this.#venue.clock.now()
    const name = `${request.method} ${request.path}`
    const route = ROUTES[name]
    if (route === undefined) return { status: 404, body: envelope(now, { code: 10017, message: 'Route not found.' }) }
    let limit: LimitState | null = null
    try {
      const params = request.method === 'GET' ? Params.ofQuery(request.query) : Params.ofBody(request.body)
      if (route.perSecond !== undefined) {
        requireSignature(request, this.#venue.credentials, this.#venue.clock)
        limit = this.limits.count(name, { perSecond: route.perSecond, weight: 'batch' in route ? Math.max(1, params.items('request').length) : 1, now: this.#venue.clock.earliest() })
        if (limit.isExceeded) throw new BybitRefusal(10006)
      }
      const answer: BatchAnswer = 'batch' in route ? route.batch(this.#venue, params) : { result: route.answer(this.#venue, params), retExtInfo: {} }
      return { status: 200, body: envelope(now, answer), ...(limit === null ? {} : { headers: limit.headers }) }
    } catch (error) {
      if (!(error instanceof BybitRefusal)) throw error
      return { status: 200, body: envelope(now, { code: error.code, message: error.message, result: error.result }), ...(limit === null ? {} : { headers: limit.headers }) }
    }
  }

  /** An answer with a code that a fault asks for. */
  answerOf(code: number, message: string): LabReply {
    return { status: 200, body: envelope(this.#venue.clock.now(), { code, message }) }
  }
}

function envelope(now: TimeMs, answer: { readonly code?: number; readonly message?: string; readonly result?: object; readonly retExtInfo?: object }): string {
  const { code = 0, message = 'OK', result = {}, retExtInfo = {} } = answer
  return JSON.stringify({ retCode: code, retMsg: message, result, retExtInfo, time: now })
}
