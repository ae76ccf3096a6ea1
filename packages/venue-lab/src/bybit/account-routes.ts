/** The account over REST. */
import { decimalText, ZERO } from '@hedgerow/core'
import type { AccountRecord } from '../venue/record.ts'
import { executionRow, execTypeOf, type ExecutionRecord } from './execution-row.ts'
import { moneyText, priceText, qtyText, sideText } from './format.ts'
import type { Answer } from './market-routes.ts'
import { requireCategory } from './order-entry.ts'
import { pageOf } from './page.ts'
import { invalid, type Params } from './params.ts'
import { BybitRefusal } from './refusal.ts'
import { CATEGORY, COIN, type BybitTerms } from './terms.ts'
import type { BybitVenue } from './venue.ts'
import { walletRow } from './wallet-row.ts'

const WEEK_MS = 7 * 86_400_000
const MARGIN_MODES = { ISOLATED_MARGIN: 'isolated', REGULAR_MARGIN: 'cross' } as const

export const accountInfo: Answer = ({ account, clock }) => ({
  marginMode: account.desk.marginMode === 'cross' ? 'REGULAR_MARGIN' : 'ISOLATED_MARGIN', updatedTime: String(clock.now()), unifiedMarginStatus: 6, dcpStatus: 'OFF', timeWindow: 10, smpGroup: 0,
  isMasterTrader: false, spotHedgingStatus: 'OFF',
})

export const walletBalance: Answer = ({ account }, params) => {
  params.oneOf('accountType', ['UNIFIED'])
  return { list: [walletRow(account)] }
}

export const feeRate: Answer = (venue, params) => {
  requireCategory(params)
  const asked = params.text('symbol')
  if (asked !== '') venue.instrument(asked)
  const { maker, taker } = venue.account.rates
  return { list: (asked === '' ? venue.symbols : [asked]).map((symbol) => ({ symbol, takerFeeRate: decimalText(taker), makerFeeRate: decimalText(maker), baseCoin: '' })) }
}

/** The whole account; refused while anything is open, since the lab does not carry positions from one to the other. */
export const setMarginMode: Answer = ({ account }, params) => {
  const asked = params.oneOf('setMarginMode', ['ISOLATED_MARGIN', 'REGULAR_MARGIN', 'PORTFOLIO_MARGIN'])
  const mode = asked === 'PORTFOLIO_MARGIN' ? null : MARGIN_MODES[asked]
  const reasons = mode === null ? [{ reasonCode: '3400000', reasonMsg: 'Equity needs to be equal to or greater than 1000 USDC' }]
    : account.isHeld() || account.orders.working().length > 0 ? [{ reasonCode: '3400106', reasonMsg: 'You have existing positions or orders' }] : []
  if (mode === null || reasons.length > 0) throw new BybitRefusal(110073, undefined, { reasons })
  if (mode !== account.desk.marginMode) account.setMarginMode(mode)
  return { reasons: [] }
}

/** What the key may do: everything but withdraw. */
export const queryApi: Answer = ({ credentials, clock }) => ({
  id: '1', note: 'venue lab', apiKey: credentials.key, readOnly: 0, secret: '', type: 1, ips: ['*'], userID: 1, inviterID: 0, vipLevel: 'No VIP', mktMakerLevel: '0', affiliateID: 0, rsaPublicKey: '', isMaster: true,
  parentUid: '0', uta: 1, kycLevel: 'LEVEL_DEFAULT', kycRegion: '', deadlineDay: 90, expiredAt: new Date(clock.now() + 90 * 86_400_000).toISOString(), createdAt: new Date(clock.now()).toISOString(), unified: 0,
  permissions: { ContractTrade: ['Order', 'Position'], Spot: ['SpotTrade'], Wallet: ['AccountTransfer'], Options: ['OptionsTrade'], Derivatives: ['DerivativesTrade'], CopyTrading: [], BlockTrade: [], Exchange: [], NFT: [], Affiliate: [], Earn: [] },
})

/** Newest first. Without times: the last seven days of market time. */
export const executionList: Answer = (venue, params) => {
  requireCategory(params)
  const [symbol, orderId, clientId, execType] = [params.text('symbol'), params.text('orderId'), params.text('orderLinkId'), params.text('execType')]
  if (symbol !== '') venue.instrument(symbol)
  const range = rangeOf(venue, params)
  const records = venue.account.records().filter((record): record is ExecutionRecord => record.type !== 'transfer' && record.at >= range.from && record.at <= range.to)
  const fitting = records.filter((record) => {
    const order = record.type === 'execution' ? record.order : null
    return (symbol === '' || record.symbol === symbol) && (execType === '' || execTypeOf(record) === execType) && (orderId === '' || order?.venueId === orderId) && (clientId === '' || order?.clientId === clientId)
  })
  const { list, nextPageCursor } = pageOf(fitting, params, { fallback: 50, most: 100 })
  return { nextPageCursor, category: CATEGORY, list: list.map((record) => executionRow(record, venue.instrument(record.symbol))) }
}

/** Trades, settlements and transfers, newest first. */
export const transactionLog: Answer = (venue, params) => {
  const range = rangeOf(venue, params)
  const type = params.text('type')
  const fitting = venue.account.records().filter((record) => record.at >= range.from && record.at <= range.to && (type === '' || logTypeOf(record) === type))
  const { list, nextPageCursor } = pageOf(fitting, params, { fallback: 20, most: 50 })
  return { nextPageCursor, list: list.map((record) => logRow(venue, record)) }
}

/** One row for each order that closed something, newest first. */
export const closedPnl: Answer = (venue, params) => {
  requireCategory(params)
  const asked = params.text('symbol')
  const range = rangeOf(venue, params)
  const orders = venue.account.orders.all().filter((order) => order.intent === 'close' && !order.filledQty.isZero() && (asked === '' || order.symbol === asked) && order.updatedAt >= range.from && order.updatedAt <= range.to)
  const { list, nextPageCursor } = pageOf(orders, params, { fallback: 50, most: 100 })
  return {
    nextPageCursor, category: CATEGORY,
    list: list.map((order) => {
      const instrument = venue.instrument(order.symbol)
      const entryValue = order.leg === 'long' ? order.filledValue.minus(order.realised) : order.filledValue.plus(order.realised)
      const { taker } = venue.account.rates
      return {
        symbol: order.symbol, orderType: order.terms.orderType, leverage: decimalText(venue.account.desk.leverage(order.symbol)[order.leg]), updatedTime: String(order.updatedAt), side: sideText(order.side), orderId: order.venueId,
        closedPnl: moneyText(order.realised.minus(order.fees).minus(entryValue.times(taker))), avgEntryPrice: moneyText(entryValue.div(order.filledQty)), qty: qtyText(order.qty, instrument), cumEntryValue: moneyText(entryValue),
        createdTime: String(order.createdAt), orderPrice: priceText(order.price ?? ZERO, instrument), closedSize: qtyText(order.filledQty, instrument), avgExitPrice: moneyText(order.filledValue.div(order.filledQty)), execType: 'Trade',
        fillCount: '1', cumExitValue: moneyText(order.filledValue), openFee: moneyText(entryValue.times(taker)), closeFee: moneyText(order.fees),
      }
    }),
  }
}

/** @throws BybitRefusal 10001 for more than seven days. */
function rangeOf(venue: BybitVenue, params: Params): { readonly from: number; readonly to: number } {
  const [start, end] = [params.time('startTime'), params.time('endTime')]
  const now = venue.account.now()
  if (start === null && end === null) return { from: now - WEEK_MS, to: Number.POSITIVE_INFINITY }
  const from = start ?? (end ?? now) - WEEK_MS
  const to = end ?? from + WEEK_MS
  if (to - from > WEEK_MS) throw invalid('endTime', 'is more than 7 days after startTime')
  return { from, to }
}

function logTypeOf(record: AccountRecord<BybitTerms>): string {
  if (record.type === 'funding') return 'SETTLEMENT'
  if (record.type === 'transfer') return record.amount.isNegative() ? 'TRANSFER_OUT' : 'TRANSFER_IN'
  return record.kind === 'adl' ? 'ADL' : record.kind === 'liquidation' ? 'LIQUIDATION' : 'TRADE'
}

function logRow(venue: BybitVenue, record: AccountRecord<BybitTerms>): Readonly<Record<string, unknown>> {
  const shared = { transSubType: '', id: `${venue.userId}_${record.type === 'transfer' ? '' : record.symbol}_${record.id}`, transactionTime: String(record.at), type: logTypeOf(record), bonusChange: '', cashBalance: moneyText(record.wallet), currency: COIN, category: CATEGORY, extraFees: '' }
  if (record.type === 'transfer') return { ...shared, symbol: '', side: 'None', funding: '', orderLinkId: '', orderId: '', fee: '0', change: moneyText(record.amount), cashFlow: moneyText(record.amount), feeRate: '0', size: '0', qty: '0', tradePrice: '0', tradeId: '' }
  const instrument = venue.instrument(record.symbol)
  const traded = { symbol: record.symbol, qty: qtyText(record.qty, instrument), size: qtyText(record.qty, instrument), tradePrice: priceText(record.price, instrument), tradeId: record.id }
  if (record.type === 'funding') return { ...shared, ...traded, side: record.leg === 'long' ? 'Buy' : 'Sell', funding: moneyText(record.amount), orderLinkId: '', orderId: '', fee: '0', change: moneyText(record.amount), cashFlow: '0', feeRate: decimalText(record.leg === 'long' ? record.rate : record.rate.neg()) }
  const { order, fee, feeRate: rate, realised } = record
  return { ...shared, ...traded, side: sideText(record.side), funding: '', orderLinkId: order?.clientId ?? '', orderId: order?.venueId ?? '', fee: moneyText(fee), change: moneyText(realised.minus(fee)), cashFlow: moneyText(realised), feeRate: decimalText(rate) }
}
