/** How Bybit says no: its codes with its words (API documentation V5, error codes; texts of 10001, 110025 and 110093 as real answers printed them). */
import { Refusal } from '../venue/refusal.ts'

/** Code to text. */
export const REFUSALS = {
  10001: 'params error',
  10002: 'invalid request, please check your server timestamp or recv_window param',
  10003: 'API key is invalid.',
  10004: 'error sign! please check your signature generation algorithm.',
  10006: 'Too many visits. Exceeded the API Rate Limit.',
  10017: 'Route not found.',
  110001: 'order not exists or too late to cancel',
  110007: 'ab not enough for new order',
  110009: 'The number of stop orders exceeds the maximum allowable limit.',
  110013: 'cannot set leverage gt maxLeverage by risk limit',
  110017: 'current position is zero, cannot fix reduce-only order qty',
  110020: 'The number of active orders exceeds the maximum allowable limit of 500.',
  110024: 'You have an existing position, so the position mode cannot be switched',
  110025: 'Position mode is not modified',
  110028: 'You have existing open orders, so the position mode cannot be switched',
  110029: 'Hedge mode is not supported for this symbol',
  110043: 'leverage not modified',
  110072: 'OrderLinkedID is duplicate',
  110073: 'Set margin mode failed',
  110090: 'Order placement failed as your position may exceed the max. limit. Please adjust your leverage',
  110092: 'expect Rising, but trigger_price <= current',
  110093: 'expect Falling, but trigger_price >= current',
  110094: 'Order does not meet minimum order value 5USDT',
  34040: 'not modified',
} as const

/** A code that the venue answers with. */
export type RefusalCode = keyof typeof REFUSALS

/** A request that is refused: thrown by rules, answered as an envelope. */
export class BybitRefusal extends Refusal {
  readonly code: RefusalCode
  readonly result: object

  constructor(code: RefusalCode, message: string = REFUSALS[code], result: object = {}) {
    super(message)
    this.name = 'BybitRefusal'
    this.code = code
    this.result = result
  }
}
