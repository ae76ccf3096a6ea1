/** The handle of one leg: orders in so many words, beside the declared lists. */
import { HedgerowError } from '@hedgerow/core'
import type { Bracket, Intent, Leg, OrderDraft, OrderRole, OrderType, SelfTradePrevention, TimeInForce, Trailing, TriggerBy } from '@hedgerow/core'
import { positiveAmount, type Amount } from './amounts.ts'
import type { Brackets } from './brackets.ts'
import { isTimeInForce, isTriggerBy, type Declaration, type ListedRow } from './declarations.ts'
import type { DeclaredOrders } from './declared-orders.ts'
import type { Desk, LegMode } from './desk.ts'
import { LegReading } from './leg-reading.ts'
import { OrderView } from './order-view.ts'
import { refuseMisspeltLists } from './reserved-members.ts'
import { shown } from './shown.ts'
import { TaggedOrders } from './tagged-orders.ts'

/** How a trailing stop follows: an absolute price distance or a fraction of the extreme (0.01 = 1 %), from an activation price on. */
export interface TrailingInput {
  readonly distance?: Amount
  readonly distanceRatio?: Amount
  readonly activation?: Amount
}

/** What an order of either intent may say. No price: market; `price`: limit; `trigger`: stop; both: stop-limit. */
export interface HandleOrder {
  readonly price?: Amount
  readonly trigger?: Amount
  /** The price that triggers: last, mark or index. Left out: as `sim.triggerBy` says, else last. */
  readonly triggerBy?: TriggerBy
  /** Names the order: stated again, it is kept or amended. */
  readonly tag?: string
  readonly postOnly?: boolean
  readonly timeInForce?: TimeInForce
  /** What happens if it meets another order of the account as it comes in. Left out: as `sim.stp` says, else none. */
  readonly stp?: SelfTradePrevention
  /** Milliseconds after which what is left is cancelled. */
  readonly expiresIn?: number
}

/** An order that opens or enlarges the leg. Its own exits are sized to what it fills. */
export interface OpenOrder extends HandleOrder {
  /** Base units. */
  readonly qty: Amount
  /** Price of a limit order that closes what this order fills; tagged `<tag>.tp`. */
  readonly takeProfit?: Amount
  /** Trigger of a stop that closes what this order fills; tagged `<tag>.sl`. */
  readonly stopLoss?: Amount
  /** A trailing stop that closes what this order fills; tagged `<tag>.trailing`. */
  readonly trailing?: TrailingInput
}

/** An order that reduces the leg: it is clipped to it and never flips it. */
export interface CloseOrder extends HandleOrder {
  /** Base units; left out or the text `'all'`: everything that the leg holds now. */
  readonly qty?: Amount
  /** Makes this order a trailing stop. */
  readonly trailing?: TrailingInput
}

/** Protection of a leg. A price alone protects the whole leg and follows it. */
export interface Protection {
  readonly stopLoss?: Amount | Declaration
  readonly takeProfit?: Amount | Declaration
}

const SHARED_KEYS = ['qty', 'price', 'trigger', 'triggerBy', 'trailing', 'tag', 'postOnly', 'timeInForce', 'stp', 'expiresIn'] as const
const KEYS: Readonly<Record<Intent, ReadonlySet<string>>> = {
  open: new Set<string>([...SHARED_KEYS, 'takeProfit', 'stopLoss']),
  close: new Set<string>(SHARED_KEYS),
}
const TRAILING_KEYS: ReadonlySet<string> = new Set(['distance', 'distanceRatio', 'activation'] satisfies (keyof TrailingInput)[])
const PROTECTION_KEYS: ReadonlySet<string> = new Set(['stopLoss', 'takeProfit'] satisfies (keyof Protection)[])
const MODES: ReadonlySet<unknown> = new Set(['normal', 'graceful-stop', 'tp-only', 'panic', 'manual'] satisfies LegMode[])

const SELF_TRADE_RULES: ReadonlySet<unknown> = new Set(['none', 'cancel-maker', 'cancel-taker', 'cancel-both'] satisfies SelfTradePrevention[])

/** What holds of every order beside its amounts. */
const RULES: readonly (readonly [key: keyof HandleOrder, holds: (order: HandleOrder) => boolean, expected: string])[] = [
  ['tag', ({ tag }) => tag === undefined || (typeof tag === 'string' && tag !== ''), 'a text that is not empty'],
  ['timeInForce', ({ timeInForce }) => timeInForce === undefined || isTimeInForce(timeInForce), 'GTC, IOC or FOK'],
  ['triggerBy', ({ triggerBy }) => triggerBy === undefined || isTriggerBy(triggerBy), 'last, mark or index'],
  ['postOnly', ({ postOnly = false, price }) => typeof postOnly === 'boolean' && (!postOnly || price !== undefined), 'true or false, and true only beside a price'],
  ['stp', ({ stp }) => stp === undefined || SELF_TRADE_RULES.has(stp), 'none, cancel-maker, cancel-taker or cancel-both'],
  ['expiresIn', ({ expiresIn }) => expiresIn === undefined || (expiresIn > 0 && Number.isInteger(expiresIn)), 'a positive whole number of milliseconds'],
]

/** One leg to read and to trade. */
export class LegHandle extends LegReading {
  readonly #declared: DeclaredOrders
  readonly #tagged: TaggedOrders

  static {
    refuseMisspeltLists(this.prototype, 'leg')
  }

  constructor(parts: { readonly desk: Desk; readonly brackets: Brackets; readonly declared: DeclaredOrders; readonly leg: Leg }) {
    super(parts.desk, parts.leg)
    this.#declared = parts.declared
    this.#tagged = new TaggedOrders(parts.desk, parts.brackets, parts.leg)
    // A property that the handle does not have would be set without an effect and without a word.
    Object.preventExtensions(this)
  }

  /** Declared stops of the leg; assign to replace them. */
  get stopLoss(): readonly ListedRow[] {
    return this.#declared.stopLoss.list(this.leg)
  }

  set stopLoss(value: Declaration) {
    this.#declared.stopLoss.assign(value, this.leg)
  }

  /** Declared targets of the leg; assign to replace them. */
  get takeProfit(): readonly ListedRow[] {
    return this.#declared.takeProfit.list(this.leg)
  }

  set takeProfit(value: Declaration) {
    this.#declared.takeProfit.assign(value, this.leg)
  }

  /** What the leg may do. `panic` cancels what opens and closes the leg at market. */
  get mode(): LegMode {
    return this.desk.mode(this.leg)
  }

  set mode(mode: LegMode) {
    if (!MODES.has(mode)) throw this.#invalid('mode', shown(mode), `one of ${[...MODES].join(', ')}`)
    this.desk.setMode(this.leg, mode)
  }

  /** Opens or enlarges the leg. */
  open(order: OpenOrder): OrderView {
    const { tag } = order
    const repeated = tag === undefined ? null : this.#tagged.repeated(tag, order)
    if (repeated !== null) return new OrderView(this.desk, repeated)
    this.#refuseUnknownKeys(order, KEYS.open, 'open order')
    const bracket = this.#bracket(order)
    const view = this.#state({
      ...this.#draft(order, 'open'),
      qty: positiveAmount(order.qty, () => this.#where('open', 'qty')),
      role: 'entry',
      ...(bracket !== null && { bracket }),
    })
    if (tag !== undefined) this.#tagged.note(tag, order)
    return view
  }

  /** Reduces the leg, or closes it where no quantity is given. */
  close(order: CloseOrder = {}): OrderView {
    this.#refuseUnknownKeys(order, KEYS.close, 'close order')
    const { qty, trailing } = order
    if (trailing !== undefined && (order.price !== undefined || order.trigger !== undefined)) throw this.#invalid('close order', 'trailing beside price or trigger', 'one way to find the price')
    return this.#state({
      ...this.#draft(order, 'close'),
      ...(trailing !== undefined && { type: 'trailing-stop', trailing: this.#trailing(trailing, 'close') }),
      ...(qty === undefined || qty === 'all' ? this.#whole() : { qty: positiveAmount(qty, () => this.#where('close', 'qty')) }),
      role: closingRole(order),
    })
  }

  /** The live order of a tag; null where there is none. */
  order(tag: string): OrderView | null {
    const state = this.#tagged.find(tag)
    return state === null ? null : new OrderView(this.desk, state.order.id)
  }

  /** Cancels the live order of a tag, or every order that this handle has placed. Declared orders stay. */
  cancel(tag?: string): void {
    const declared = this.#declared.of(this.leg)
    this.#tagged.cancel(tag, (id) => declared.owns(id))
  }

  /** Declares stop and target of the leg: `protect({ stopLoss: 95 })` follows the whole leg, rows say quantities. */
  protect(protection: Protection): void {
    this.#refuseUnknownKeys(protection, PROTECTION_KEYS, 'protect')
    const { stopLoss, takeProfit } = protection
    if (stopLoss !== undefined) this.#declared.stopLoss.assign(wholeLeg(stopLoss), this.leg)
    if (takeProfit !== undefined) this.#declared.takeProfit.assign(wholeLeg(takeProfit), this.leg)
  }

  /** The largest quantity that the available margin lets the leg open, at a price or at the current one; base units. */
  maxOpenQty(price?: Amount): number {
    return this.exact.maxOpenQty(price === undefined ? undefined : positiveAmount(price, () => this.#where('maxOpenQty', 'price'))).toNumber()
  }

  /** Everything that the leg holds; of a flat leg one step, so that the broker can say that there is nothing to close. */
  #whole(): Pick<OrderDraft, 'qty' | 'fit'> {
    return { qty: this.isFlat ? this.desk.context.instrument().qtyStep : this.exact.qty, fit: 'exact' }
  }

  #state(draft: OrderDraft): OrderView {
    return new OrderView(this.desk, this.#tagged.state(draft))
  }

  #draft(order: HandleOrder, intent: Intent): Omit<OrderDraft, 'qty' | 'role'> {
    const { context } = this.desk
    const { tag, postOnly, timeInForce, expiresIn } = order
    for (const [key, holds, expected] of RULES) if (!holds(order)) throw this.#invalid(`${intent} order`, `${key} ${shown(order[key])}`, expected)
    return {
      symbol: context.symbol,
      leg: this.leg,
      intent,
      type: typeOf(order),
      ...(order.price !== undefined && { price: positiveAmount(order.price, () => this.#where(intent, 'price')) }),
      ...(order.trigger !== undefined && { trigger: positiveAmount(order.trigger, () => this.#where(intent, 'trigger')) }),
      ...(order.triggerBy !== undefined && { triggerBy: order.triggerBy }),
      ...(tag !== undefined && { tag }),
      ...(postOnly !== undefined && { postOnly }),
      ...(timeInForce !== undefined && { timeInForce }),
      ...(order.stp !== undefined && { stp: order.stp }),
      ...(expiresIn !== undefined && { expiresAt: context.now() + expiresIn }),
    }
  }

  #bracket(order: OpenOrder): Bracket | null {
    const { takeProfit, stopLoss, trailing } = order
    if (takeProfit === undefined && stopLoss === undefined && trailing === undefined) return null
    return {
      ...(takeProfit !== undefined && { takeProfit: positiveAmount(takeProfit, () => this.#where('open', 'takeProfit')) }),
      ...(stopLoss !== undefined && { stopLoss: positiveAmount(stopLoss, () => this.#where('open', 'stopLoss')) }),
      ...(trailing !== undefined && { trailing: this.#trailing(trailing, 'open') }),
    }
  }

  #trailing(input: TrailingInput, intent: Intent): Trailing {
    const { distance, distanceRatio, activation } = input
    this.#refuseUnknownKeys(input, TRAILING_KEYS, `${intent} trailing`)
    if ((distance === undefined) === (distanceRatio === undefined)) throw this.#invalid(`${intent} trailing`, shown(input), 'either distance or distanceRatio')
    if (Number(distanceRatio) >= 1) throw this.#invalid(`${intent} trailing`, `distanceRatio ${shown(distanceRatio)}`, 'a fraction of the price below 1, such as 0.01')
    return {
      ...(distance !== undefined && { distance: positiveAmount(distance, () => this.#where(intent, 'trailing distance')) }),
      ...(distanceRatio !== undefined && { distanceRatio: positiveAmount(distanceRatio, () => this.#where(intent, 'trailing distanceRatio')) }),
      ...(activation !== undefined && { activation: positiveAmount(activation, () => this.#where(intent, 'trailing activation')) }),
    }
  }

  #refuseUnknownKeys(given: object, keys: ReadonlySet<string>, place: string): void {
    for (const key of Object.keys(given)) {
      if (!keys.has(key)) throw new HedgerowError('UNKNOWN_KEY', { where: this.#at(place), found: key, expected: `one of ${[...keys].join(', ')}` })
    }
  }

  #invalid(place: string, found: string, expected: string): HedgerowError {
    return new HedgerowError('DECLARATION_INVALID', { where: this.#at(place), found, expected })
  }

  #where(call: string, part: string): string {
    return this.#at(`${call} ${part}`)
  }

  #at(place: string): string {
    return this.desk.where(`${this.leg}.${place}`)
  }
}

function typeOf({ price, trigger }: HandleOrder): OrderType {
  if (trigger === undefined) return price === undefined ? 'market' : 'limit'
  return price === undefined ? 'stop-market' : 'stop-limit'
}

function closingRole({ trigger, trailing }: CloseOrder): OrderRole {
  if (trailing !== undefined) return 'trailing'
  return trigger === undefined ? 'exit' : 'stop-loss'
}

function wholeLeg(value: Amount | Declaration): unknown {
  return value === null || (typeof value === 'object' && !('toFixed' in value)) ? value : ['all', value]
}
