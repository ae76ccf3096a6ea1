/** An order as Bybit shows it: the same fields on REST and on the stream, but for a few. */
import { decimalText, ZERO, type Decimal, type Instrument } from '@hedgerow/core'
import { leavesOf, type VenueOrder } from '../venue/order.ts'
import type { OrderCause } from '../venue/record.ts'
import { moneyText, priceText, qtyText, sideText } from './format.ts'
import { CATEGORY, COIN, type BybitTerms } from './terms.ts'

type Order = VenueOrder<BybitTerms>

/** A row of `order/realtime` and `order/history`. `held` is the quantity of its leg. */
export function orderRow(order: Order, instrument: Instrument, held: Decimal, cause?: OrderCause): Readonly<Record<string, unknown>> {
  const { terms, symbol, filledQty, filledValue, fees } = order
  const qty = terms.isWhole ? wholeQty(order, held) : order.qty
  const leaves = order.status === 'filled' || order.status === 'rejected' ? ZERO : terms.isWhole ? qty.minus(filledQty) : leavesOf(order)
  const price = order.price ?? ZERO
  return {
    orderId: order.venueId, orderLinkId: order.clientId, blockTradeId: '', symbol, price: priceText(price, instrument), qty: qtyText(qty, instrument), side: sideText(order.side),
    isLeverage: '', positionIdx: terms.positionIdx, orderStatus: statusOf(order, cause), createType: terms.createType, cancelType: cancelTypeOf(order), rejectReason: rejectReasonOf(order),
    avgPrice: filledQty.isZero() ? '' : moneyText(filledValue.div(filledQty)), leavesQty: qtyText(isOver(order) ? ZERO : leaves, instrument),
    leavesValue: moneyText(isOver(order) ? ZERO : leaves.times(price)), cumExecQty: qtyText(filledQty, instrument), cumExecValue: moneyText(filledValue), cumExecFee: moneyText(fees),
    timeInForce: terms.timeInForce, orderType: terms.orderType, stopOrderType: terms.stopOrderType, orderIv: '', triggerPrice: order.trigger === undefined ? '' : priceText(order.trigger, instrument),
    takeProfit: terms.takeProfit, stopLoss: terms.stopLoss, tpTriggerBy: terms.tpTriggerBy, slTriggerBy: terms.slTriggerBy, triggerDirection: terms.triggerDirection, triggerBy: terms.triggerBy,
    lastPriceOnCreated: order.lastOnArrival === null ? '' : priceText(order.lastOnArrival, instrument), reduceOnly: terms.reduceOnly, closeOnTrigger: terms.closeOnTrigger,
    smpType: 'None', smpGroup: 0, smpOrderId: '', tpslMode: terms.tpslMode, tpLimitPrice: '', slLimitPrice: '', placeType: '', slippageToleranceType: 'UNKNOWN', slippageTolerance: '',
    createdTime: String(order.createdAt), updatedTime: String(order.updatedAt), extraFees: '', cumFeeDetail: fees.isZero() ? {} : { [COIN]: moneyText(fees) }, rpiTakerAccess: false, rpiMatchedQty: '0',
  }
}

/** A row of the `order` topic. */
export function orderFrameRow(order: Order, instrument: Instrument, held: Decimal, cause: OrderCause): Readonly<Record<string, unknown>> {
  return { category: CATEGORY, ...orderRow(order, instrument, held, cause), feeCurrency: COIN, closedPnl: moneyText(order.realised.minus(order.intent === 'close' ? order.fees : ZERO)) }
}

/** The venue's word for where an order stands. */
export function statusOf(order: Order, cause?: OrderCause): string {
  switch (order.status) {
    case 'untriggered':
      return 'Untriggered'
    case 'resting':
      if (cause === 'triggered') return 'Triggered'
      return order.filledQty.isZero() ? 'New' : 'PartiallyFilled'
    case 'filled':
      return 'Filled'
    case 'rejected':
      return 'Rejected'
    case 'canceled':
    default:
      if (order.terms.isWhole && order.reason === 'reduce-only-clipped') return 'Filled'
      return isConditional(order) && !order.triggered ? 'Deactivated' : 'Cancelled'
  }
}

/** True for an order that waits, or waited, for a trigger. */
export function isConditional({ terms }: Pick<Order, 'terms'>): boolean {
  return terms.triggerDirection !== 0 || terms.stopOrderType === 'TrailingStop'
}

function isOver({ status }: Order): boolean {
  return status === 'canceled' || status === 'filled' || status === 'rejected'
}

function wholeQty(order: Order, held: Decimal): Decimal {
  return isOver(order) ? order.filledQty : order.filledQty.plus(held)
}

function cancelTypeOf({ status, reason, terms }: Order): string {
  if (status !== 'canceled') return 'UNKNOWN'
  switch (reason) {
    case 'requested':
      return 'CancelByUser'
    case 'position-closed':
    case 'reduce-only-no-position':
    case 'reduce-only-clipped':
      return terms.stopOrderType === '' || terms.stopOrderType === 'Stop' ? 'CancelByReduceOnly' : 'CancelByTpSlTsClear'
    case 'liquidation':
      return 'CancelAllBeforeLiq'
    case 'oco':
      return 'CancelByTpSlTsClear'
    default:
      return 'UNKNOWN'
  }
}

function rejectReasonOf({ status, reason }: Order): string {
  if (status !== 'canceled' && status !== 'rejected') return 'EC_NoError'
  switch (reason) {
    case 'post-only-would-take':
      return 'EC_PostOnlyWillTakeLiquidity'
    case 'ioc-remainder':
    case 'not-marketable':
    case 'fok':
      return 'EC_NoImmediateQtyToFill'
    case 'insufficient-margin':
    case 'INSUFFICIENT_MARGIN':
      return 'EC_CannotAffordOrderCost'
    case 'requested':
      return 'EC_PerCancelRequest'
    default:
      return 'EC_NoError'
  }
}

/** Text of a price that may be absent. */
export function optionalPrice(value: Decimal | null | undefined): string {
  return value === null || value === undefined ? '' : decimalText(value)
}
