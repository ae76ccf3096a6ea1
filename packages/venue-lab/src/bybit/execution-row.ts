/** Executions as Bybit shows them. None names the leg: there is no positionIdx. */
import { decimalText, legSign, ZERO, type Instrument } from '@hedgerow/core'
import type { Execution, Funding } from '../venue/record.ts'
import { moneyText, priceText, qtyText, sideText } from './format.ts'
import { CATEGORY, COIN, type BybitTerms } from './terms.ts'

/** What the execution topic and list are about. */
export type ExecutionRecord = Execution<BybitTerms> | Funding

/** A row of `execution/list`; the rows of the topic have a few more fields. */
export function executionRow(record: ExecutionRecord, instrument: Instrument): Readonly<Record<string, unknown>> {
  const { symbol, qty, price, id, at, mark } = record
  const shared = {
    symbol, underlyingPrice: '', indexPrice: '', markPrice: priceText(mark.toDecimalPlaces(instrument.tickSize.decimalPlaces()), instrument), execTime: String(at), execId: id, execPrice: priceText(price, instrument),
    execQty: qtyText(qty, instrument), execValue: moneyText(qty.times(price)), execType: execTypeOf(record), tradeIv: '', markIv: '', blockTradeId: '', feeCurrency: COIN, extraFees: '', seq: record.sequence, isLeverage: '0',
  }
  return record.type === 'funding' ? { ...shared, ...fundingPart(record, instrument) } : { ...shared, ...tradePart(record, instrument) }
}

/** A row of the `execution` topic. */
export function executionFrameRow(record: ExecutionRecord, instrument: Instrument): Readonly<Record<string, unknown>> {
  return { category: CATEGORY, ...executionRow(record, instrument), marketUnit: '', execPnl: moneyText(record.type === 'funding' ? record.amount : record.realised), extraFees: [] }
}

/** The word of the venue. */
export function execTypeOf(record: ExecutionRecord): string {
  if (record.type === 'funding') return 'Funding'
  return record.kind === 'adl' ? 'AdlTrade' : record.kind === 'liquidation' ? 'BustTrade' : 'Trade'
}

function tradePart(record: Execution<BybitTerms>, instrument: Instrument): Readonly<Record<string, unknown>> {
  const { order, side, fee, feeRate, liquidity, intent, qty, leavesQty } = record
  return {
    orderId: order?.venueId ?? record.id, orderLinkId: order?.clientId ?? '', orderType: order?.terms.orderType ?? 'Market', orderPrice: priceText(order?.price ?? ZERO, instrument),
    orderQty: qtyText(order === null || order.terms.isWhole ? qty : order.qty, instrument), leavesQty: qtyText(order?.terms.isWhole === true ? ZERO : leavesQty, instrument),
    stopOrderType: order?.terms.stopOrderType === undefined || order.terms.stopOrderType === '' ? 'UNKNOWN' : order.terms.stopOrderType, side: sideText(side), isMaker: liquidity === 'maker',
    execFee: moneyText(fee), feeRate: decimalText(feeRate), closedSize: qtyText(intent === 'close' ? qty : ZERO, instrument), createType: createTypeOf(record),
  }
}

function createTypeOf({ kind, order }: Execution<BybitTerms>): string {
  if (kind === 'adl') return 'CreateByAdl_PassThrough'
  return kind === 'liquidation' ? 'CreateByTakeOver_PassThrough' : order?.terms.createType ?? 'CreateByUser'
}

/** One row a leg. The fee is what was paid: negative when received. */
function fundingPart(record: Funding, instrument: Instrument): Readonly<Record<string, unknown>> {
  return {
    orderId: record.id, orderLinkId: '', orderType: 'UNKNOWN', orderPrice: '0', orderQty: '0', leavesQty: '0', stopOrderType: 'UNKNOWN', isMaker: false, createType: '',
    side: legSign(record.leg) === 1 ? 'Buy' : 'Sell', execFee: moneyText(record.amount.neg()), feeRate: decimalText(legSign(record.leg) === 1 ? record.rate : record.rate.neg()), closedSize: qtyText(ZERO, instrument),
  }
}
