/** What Bybit says about an order beside what every venue does. */

/** `0` one-way, `1` the long leg, `2` the short leg of hedge mode. */
export type PositionIdx = 0 | 1 | 2

/** Kept with each order and given back in its rows. */
export interface BybitTerms {
  readonly orderType: 'Market' | 'Limit'
  readonly timeInForce: 'GTC' | 'IOC' | 'FOK' | 'PostOnly'
  readonly positionIdx: PositionIdx
  readonly reduceOnly: boolean
  readonly closeOnTrigger: boolean
  /** 1 rises to the trigger, 2 falls to it, 0 is no conditional order. */
  readonly triggerDirection: 0 | 1 | 2
  readonly triggerBy: string
  readonly stopOrderType: string
  readonly createType: string
  readonly tpslMode: string
  readonly takeProfit: string
  readonly stopLoss: string
  readonly tpTriggerBy: string
  readonly slTriggerBy: string
  /** True: it closes whatever the leg holds, and shows that as its quantity. */
  readonly isWhole: boolean
}

/** Category that the lab serves. */
export const CATEGORY = 'linear'
/** Coin that everything settles in. */
export const COIN = 'USDT'
