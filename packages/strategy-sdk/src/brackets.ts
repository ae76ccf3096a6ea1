/** Exits that an opening order brings along: sized to what it has filled, alternatives of each other. */
import { isLive, ZERO } from '@hedgerow/core'
import type { Bracket, Decimal, OrderDraft, OrderId, OrderState } from '@hedgerow/core'
import type { Desk, Tagged } from './desk.ts'

/** The endings of the tags of a bracket's exits, in the order in which they are placed: the stop first. */
const ENDINGS = ['sl', 'tp', 'trailing'] as const

type Ending = (typeof ENDINGS)[number]

/** The brackets of one strategy. */
export class Brackets {
  readonly #desk: Desk
  /** Exits placed so far, by their opening order; dropped when nothing of it lives. */
  readonly #exits = new Map<OrderId, OrderId[]>()

  constructor(desk: Desk) {
    this.#desk = desk
  }

  /** After a fill of an opening order: its exits grow to what it has filled and they have not yet closed. */
  follow(opening: OrderState): void {
    const { bracket, id } = opening.order
    if (bracket === undefined) return
    const exits = this.#exits.get(id) ?? []
    this.#exits.set(id, exits)
    const states = exits.map((exit) => this.#desk.context.order(exit))
    const live = states.filter((state) => this.#desk.stands(state))
    const open = states.reduce((rest, state) => rest.minus(state.filledQty), opening.filledQty)
    if (open.lte(ZERO)) return
    const group = live[0]?.order.group ?? `bracket ${id}/${exits.length}`
    for (const ending of ENDINGS) {
      const present = live.find(({ order }) => order.tag === tagOf(opening, ending))
      if (present !== undefined) this.#desk.amend(present, { qty: present.filledQty.plus(open) })
      else if (has(bracket, ending)) exits.push(this.#desk.submit({ ...exitOf(opening, ending), qty: open, group }))
    }
  }

  /** True while exits of an opening order rest. */
  isInProgress({ id, isOver }: Tagged): boolean {
    const exits = this.#exits.get(id)
    if (exits === undefined) return false
    if (exits.some((exit) => isLive(this.#desk.context.order(exit).status))) return true
    if (isOver) this.#exits.delete(id)
    return false
  }

  /** Moves the resting exits of an opening order to new prices; quantities stay. */
  move(opening: OrderState, bracket: Bracket): void {
    for (const exit of this.#exits.get(opening.order.id) ?? []) {
      const state = this.#desk.context.order(exit)
      const { order } = state
      if (order.tag === tagOf(opening, 'tp') && bracket.takeProfit !== undefined) this.#desk.amend(state, { price: bracket.takeProfit })
      if (order.tag === tagOf(opening, 'sl') && bracket.stopLoss !== undefined) this.#desk.amend(state, { trigger: bracket.stopLoss })
    }
  }
}

/** True for brackets with the same exits at the same prices. */
export function isSameBracket(a: Bracket | undefined, b: Bracket | undefined): boolean {
  return isSame(a?.takeProfit, b?.takeProfit) && isSame(a?.stopLoss, b?.stopLoss) && isSameTrailing(a?.trailing, b?.trailing)
}

/** True for trailing stops that follow alike. */
export function isSameTrailing(a: Bracket['trailing'], b: Bracket['trailing']): boolean {
  return (a === undefined) === (b === undefined) && isSame(a?.distance, b?.distance) && isSame(a?.distanceRatio, b?.distanceRatio) && isSame(a?.activation, b?.activation)
}

function isSame(a: Decimal | undefined, b: Decimal | undefined): boolean {
  return a === undefined || b === undefined ? a === b : a.eq(b)
}

function has(bracket: Bracket, ending: Ending): boolean {
  return { tp: bracket.takeProfit, sl: bracket.stopLoss, trailing: bracket.trailing }[ending] !== undefined
}

function tagOf({ order }: OrderState, ending: Ending): string {
  return `${order.tag ?? `#${order.id}`}.${ending}`
}

function exitOf(opening: OrderState, ending: Ending): Omit<OrderDraft, 'qty'> {
  const { symbol, leg, bracket = {} } = opening.order
  const { takeProfit: price, stopLoss: trigger, trailing } = bracket
  const base = { symbol, leg, intent: 'close', tag: tagOf(opening, ending), fit: 'exact' } as const
  if (ending === 'tp') return { ...base, type: 'limit', role: 'take-profit', ...(price !== undefined && { price }) }
  if (ending === 'sl') return { ...base, type: 'stop-market', role: 'stop-loss', ...(trigger !== undefined && { trigger }) }
  return { ...base, type: 'trailing-stop', role: 'trailing', ...(trailing !== undefined && { trailing }) }
}
