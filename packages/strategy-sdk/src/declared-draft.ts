/** The order that a declared row means now. */
import type { Decimal, Leg, OrderDraft, OrderRole, StrategyContext } from '@hedgerow/core'
import type { Row } from './declarations.ts'
import { isNear, typeBySide, type PricedType } from './order-type.ts'

/** The lists of one leg: `exit` is what reduces it by `buy` or `sell`. */
export type SlotName = 'entry' | 'exit' | 'stopLoss' | 'takeProfit'

/** Drafts the order of a row of a list: exits close, with the exact quantity that they were given. */
export function draftOf(context: StrategyContext, name: SlotName, row: Row, qty: Decimal): OrderDraft {
  const { type, price, trigger, triggerBy, leg, timeInForce, postOnly } = typedRow(context, name, row)
  const draft: Mutable<OrderDraft> = {
    symbol: context.symbol, leg, intent: name === 'entry' ? 'open' : 'close', type: type ?? 'market', qty, timeInForce, postOnly, role: roleOf(name), fit: name === 'entry' ? 'floor' : 'exact',
  }
  if (draft.type === 'market') return draft
  if (price !== null) draft.price = price
  if (trigger !== null) draft.trigger = trigger
  if (trigger !== null && triggerBy !== null) draft.triggerBy = triggerBy
  return draft
}

function roleOf(name: SlotName): OrderRole {
  if (name === 'stopLoss') return 'stop-loss'
  return name === 'takeProfit' ? 'take-profit' : name
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

/** The row with its type settled at the present price. */
export function typedRow(context: StrategyContext, name: SlotName, row: Row): Row {
  const { qty, price, trigger, triggerBy, leg, timeInForce, postOnly } = row
  if (row.type !== null || price === null) return row
  const type = typeNow(context, name, leg, price)
  const isStop = type === 'stop-market'
  return { qty, price: isStop ? null : price, trigger: isStop ? price : trigger, triggerBy, leg, type, timeInForce, postOnly }
}

/** Stops stay stops and targets stay limits, whatever side the price is on by now; the predecessor looks at the side alone. */
function typeNow(context: StrategyContext, name: SlotName, leg: Leg, price: Decimal): PricedType {
  const current = context.price()
  if (isNear(price, current)) return 'market'
  const isBySide = name === 'entry' || name === 'exit' || context.rules.predecessor
  if (isBySide) return typeBySide({ price, current, leg, intent: name === 'entry' ? 'open' : 'close' })
  return name === 'stopLoss' ? 'stop-market' : 'limit'
}
