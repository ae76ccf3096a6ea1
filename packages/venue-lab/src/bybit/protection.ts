/**
 * Take profit, stop loss and trailing stop of a position: settings that the venue keeps as orders of its own. They close the whole leg,
 * or the part that they name, and go when the leg is flat.
 */
import { decimal, type Decimal, type Leg, type TriggerBy } from '@hedgerow/core'
import type { VenueAccount } from '../venue/account.ts'
import { isWorking, type VenueOrder } from '../venue/order.ts'
import type { BybitTerms, PositionIdx } from './terms.ts'

/** Which of the settings an order stands for, in the venue's word. */
export type ProtectionType = 'TakeProfit' | 'StopLoss' | 'TrailingStop' | 'PartialTakeProfit' | 'PartialStopLoss'

/** What protects a leg as a whole. */
export interface LegProtection {
  readonly takeProfit: Decimal | null
  readonly stopLoss: Decimal | null
  readonly trailing: { readonly distance: Decimal } | null
}

/** One order to be kept for a leg. */
export interface ProtectionWish {
  readonly symbol: string
  readonly leg: Leg
  readonly positionIdx: PositionIdx
  readonly type: ProtectionType
  readonly trigger?: Decimal
  /** Absent: at market. */
  readonly limit?: Decimal
  readonly triggerBy: TriggerBy
  readonly distance?: Decimal
  readonly activation?: Decimal
  /** Absent: the whole leg, whatever it holds. */
  readonly qty?: Decimal
}

/** Keeps the orders of the settings. */
export class Protection {
  readonly #account: () => VenueAccount<BybitTerms>
  readonly #wholeQty: (symbol: string) => Decimal

  /** `wholeQty`: a quantity that no leg exceeds. */
  constructor(account: () => VenueAccount<BybitTerms>, wholeQty: (symbol: string) => Decimal) {
    this.#account = account
    this.#wholeQty = wholeQty
  }

  of(symbol: string, leg: Leg): LegProtection {
    const trailing = this.#find(symbol, leg, 'TrailingStop')?.trailing?.distance
    return {
      takeProfit: this.#find(symbol, leg, 'TakeProfit')?.trigger ?? null,
      stopLoss: this.#find(symbol, leg, 'StopLoss')?.trigger ?? null,
      trailing: trailing === undefined ? null : { distance: trailing },
    }
  }

  /** Places an order for a setting; one for the whole leg replaces what it was. */
  set(wish: ProtectionWish): VenueOrder<BybitTerms> {
    const { symbol, leg, type, trigger, limit, distance, activation } = wish
    if (wish.qty === undefined) this.clear(symbol, leg, type)
    const isStop = type === 'StopLoss' || type === 'PartialStopLoss'
    const isRising = (leg === 'long') !== isStop
    const orderType = type === 'TrailingStop' ? 'trailing-stop' : `${isStop ? 'stop' : 'take-profit'}-${limit === undefined ? 'market' : 'limit'}` as const
    return this.#account().place({
      symbol, leg, intent: 'close', type: orderType, qty: wish.qty ?? this.#wholeQty(symbol), timeInForce: 'GTC', postOnly: false, clientId: '', origin: 'position', triggerBy: wish.triggerBy,
      ...(trigger === undefined || type === 'TrailingStop' ? {} : { trigger }), ...(limit === undefined ? {} : { price: limit }),
      ...(distance === undefined ? {} : { trailing: { distance, ...(activation === undefined ? {} : { activation }) } }), terms: termsOf(wish, isRising),
    })
  }

  /** The owner's order has filled for the first time: what was attached to it protects its leg from here on. */
  attach(order: VenueOrder<BybitTerms>): void {
    const { symbol, leg, terms } = order
    const isPartial = terms.tpslMode === 'Partial'
    for (const [price, name, triggerBy] of [[terms.takeProfit, 'TakeProfit', terms.tpTriggerBy], [terms.stopLoss, 'StopLoss', terms.slTriggerBy]] as const) {
      if (price === '') continue
      this.set({
        symbol, leg, positionIdx: terms.positionIdx, type: isPartial ? `Partial${name}` : name, trigger: decimal(price), triggerBy: triggerBy === 'MarkPrice' || triggerBy === 'IndexPrice' ? 'mark' : 'last',
        ...(isPartial ? { qty: order.qty } : {}),
      })
    }
  }

  /** Takes a setting back. */
  clear(symbol: string, leg: Leg, type: ProtectionType): void {
    const order = this.#find(symbol, leg, type)
    if (order !== undefined) this.#account().cancel(order)
  }

  #find(symbol: string, leg: Leg, type: ProtectionType): VenueOrder<BybitTerms> | undefined {
    return this.#account().orders.working(symbol).find((order) => isWorking(order) && order.leg === leg && order.origin === 'position' && order.terms.stopOrderType === type)
  }
}

function termsOf({ type, limit, positionIdx, triggerBy, qty }: ProtectionWish, isRising: boolean): BybitTerms {
  return {
    orderType: limit === undefined ? 'Market' : 'Limit', timeInForce: limit === undefined ? 'IOC' : 'GTC', positionIdx, reduceOnly: true, closeOnTrigger: true, triggerDirection: isRising ? 1 : 2,
    triggerBy: triggerBy === 'mark' ? 'MarkPrice' : triggerBy === 'index' ? 'IndexPrice' : 'LastPrice', stopOrderType: type, createType: `CreateBy${type}`, tpslMode: qty === undefined ? 'Full' : 'Partial',
    takeProfit: '', stopLoss: '', tpTriggerBy: '', slTriggerBy: '', isWhole: qty === undefined,
  }
}
