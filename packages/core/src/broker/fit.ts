/** Fits an order to the steps of its instrument. Rounding never makes an order larger, earlier or more aggressive than asked (SIMULATION 4.2). */
import { type Decimal } from '../domain/decimal.ts'
import { floorToStep, roundToStep } from '../domain/step.ts'
import type { Instrument } from '../domain/instrument.ts'
import { sideOf, type Side } from '../domain/leg.ts'
import type { OrderType } from '../domain/order.ts'
import type { OrderDraft } from '../ports/broker.ts'

/** The parts of an order that have a grid. */
export interface FittedValues {
  readonly qty: Decimal
  readonly price: Decimal | undefined
  readonly trigger: Decimal | undefined
}

/** Quantity down to its step (unless the draft says `exact`), limit price and trigger to the tick in their own directions. */
export function fitToInstrument(draft: OrderDraft, instrument: Instrument): FittedValues {
  const side = sideOf(draft.leg, draft.intent)
  return {
    qty: draft.fit === 'exact' ? draft.qty : floorToStep(draft.qty, instrument.qtyStep),
    price: draft.price === undefined ? undefined : fitLimitPrice(draft.price, side, instrument),
    trigger: draft.trigger === undefined ? undefined : fitTrigger(draft.trigger, draft.type, side, instrument),
  }
}

/** A buy never pays more than asked, a sell never takes less. */
export function fitLimitPrice(price: Decimal, side: Side, instrument: Instrument): Decimal {
  return roundToStep(price, instrument.tickSize, side === 'buy' ? 'floor' : 'ceil')
}

/** Never earlier than asked: a stop that sells rounds down, one that buys up; take-profits the other way round. */
export function fitTrigger(trigger: Decimal, type: OrderType, side: Side, instrument: Instrument): Decimal {
  const isTakeProfit = type === 'take-profit-market' || type === 'take-profit-limit'
  return roundToStep(trigger, instrument.tickSize, (side === 'buy') !== isTakeProfit ? 'ceil' : 'floor')
}
