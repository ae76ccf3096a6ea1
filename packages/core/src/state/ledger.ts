/**
 * The fold of money: a wallet and, for each leg, what is held and what it earned (SIMULATION 1.1, 1.4, 1.6).
 * `apply` and reads; no setters. Both legs of a symbol are separate accounts: a fill touches exactly one.
 */
import { decimalText, ZERO, type Decimal } from '../domain/decimal.ts'
import type { AccountPosted, Filled, FundingSettled, MarginMoved, PostingKind } from '../domain/events.ts'
import { legOf, type Leg } from '../domain/leg.ts'
import { postMoney, type MoneyRule } from '../domain/money.ts'
import type { PairOfPositions } from '../domain/position-pair.ts'
import { unrealisedPnl, type Position } from '../domain/position.ts'
import { HedgerowError } from '../errors.ts'
import type { LedgerEvent, Posting } from '../ports/position-store.ts'
import { splitNetFill, type NetFill } from './net-fill.ts'
import { closeHolding, openingMargin } from './position-fold.ts'

/** How the margin of isolated legs follows their fills. */
export interface IsolatedMarginRule {
  readonly leverage: (symbol: string, leg: Leg) => Decimal
  readonly takerRate: Decimal
  /** True: the margin includes the fee of closing at the bankruptcy price. */
  readonly closeFeeReserve: boolean
}

/** How a ledger starts and books. */
export interface LedgerOptions {
  readonly wallet: Decimal
  readonly money: MoneyRule
  /** Null or absent in cross margin. */
  readonly isolated?: IsolatedMarginRule | null
  /** True where whoever folds makes sure that no fill comes twice: their ids are not kept. */
  readonly fillsAreUnique?: boolean
}

/** A net fill booked: one id and one fee, in one or two parts. */
export interface NetPosting extends Pick<Posting, 'wallet' | 'change' | 'realised' | 'fee'> {
  readonly parts: readonly Posting[]
}

/** Legs valued at a price. Each leg is rounded as the account books it. */
export interface Valuation {
  readonly unrealised: Decimal
  /** Wallet plus unrealised profit. */
  readonly equity: Decimal
}

/** What is known of one symbol: replaced when it changes. */
interface SymbolAccount {
  readonly pair: PairOfPositions
  /** Whether anything was ever booked on the leg. */
  readonly isLongTraded: boolean
  readonly isShortTraded: boolean
}

/** Wallet and legs. */
export class Ledger {
  readonly #money: MoneyRule
  readonly #isolated: IsolatedMarginRule | null
  #wallet: Decimal
  #accounts = new Map<string, SymbolAccount>()
  /** The account that was asked for last: it is asked for again and again. */
  #asked: SymbolAccount | null = null
  /** Legs in the order of their first event. */
  #traded: (readonly [symbol: string, leg: Leg])[] = []
  #positions: readonly Position[] | null = null
  #posted = new Map<PostingKind, Decimal>()
  /** Null where no fill can come twice. */
  readonly #fillIds: Set<string> | null
  /** The ledger that this one was cloned from: it knows the older fills. */
  #origin: Ledger | null = null

  constructor(options: LedgerOptions) {
    this.#money = options.money
    this.#isolated = options.isolated ?? null
    this.#wallet = options.wallet
    this.#fillIds = options.fillsAreUnique === true ? null : new Set()
    this.#posted.set('deposit', options.wallet)
  }

  /** All money of the account in quote units, isolated margins included. */
  get wallet(): Decimal {
    return this.#wallet
  }

  /**
   * Folds an event. Null when its fill id was folded before: nothing changes.
   *
   * @throws HedgerowError `INVARIANT_BROKEN` when a quantity is not positive or a close exceeds its leg.
   */
  apply(event: LedgerEvent): Posting | null {
    if (event.type === 'order.filled') return this.#isNew(event.fillId) ? this.#fill(event) : null
    if (event.type === 'funding.settled') return this.#fund(event)
    return event.type === 'account.posted' ? this.#post(event) : this.#moveMargin(event)
  }

  /** Folds a fill that names a side only: the close of one leg, then the open of the other, with one fill id and the fee posted once. */
  applyNetFill(fill: NetFill): NetPosting | null {
    const parts = splitNetFill(this.pair(fill.symbol), fill)
    if (!this.#isNew(fill.fillId)) return null
    const before = this.#wallet
    const postings = parts.map((part) => this.#fill(part))
    const realised = postings.reduce((sum, posting) => sum.plus(posting.realised), ZERO)
    return { wallet: this.#wallet, change: this.#wallet.minus(before), realised, fee: fill.fee, parts: postings }
  }

  /** The leg; all zeros when it never traded. */
  position(symbol: string, leg: Leg): Position {
    return legOf(this.pair(symbol), leg)
  }

  /** Both legs of a symbol; all zeros when it never traded. */
  pair(symbol: string): PairOfPositions {
    return this.#accountOf(symbol).pair
  }

  /** Legs that ever traded, in order of their first event. */
  positions(): readonly Position[] {
    this.#positions ??= this.#traded.map(([symbol, leg]) => this.position(symbol, leg))
    return this.#positions
  }

  /** Sum of postings of a kind, signed; `deposit` includes the starting wallet. */
  posted(kind: PostingKind): Decimal {
    return this.#posted.get(kind) ?? ZERO
  }

  /** Unrealised profit and equity at a price per symbol. */
  valuedAt(priceOf: (symbol: string) => Decimal): Valuation {
    let unrealised = ZERO
    for (const position of this.positions()) {
      if (!position.qty.isZero()) unrealised = unrealised.plus(postMoney(this.#money, unrealisedPnl(position, priceOf(position.symbol))))
    }
    return { unrealised, equity: this.#wallet.plus(unrealised) }
  }

  /** A copy for dry runs: what is folded into it does not change the original. Take it, use it and drop it before the original goes on. */
  clone(): Ledger {
    const copy = new Ledger({ wallet: this.#wallet, money: this.#money, isolated: this.#isolated, fillsAreUnique: this.#fillIds === null })
    copy.#accounts = new Map(this.#accounts)
    copy.#traded = [...this.#traded]
    copy.#posted = new Map(this.#posted)
    copy.#origin = this
    return copy
  }

  /** Notes a fill id. The set tells by its size whether it was there: one look-up instead of two. */
  #isNew(fillId: string): boolean {
    const known = this.#fillIds
    if (known === null) return true
    if (this.#origin !== null && this.#origin.#hasFolded(fillId)) return false
    const { size } = known
    return known.add(fillId).size > size
  }

  #hasFolded(fillId: string): boolean {
    return this.#fillIds?.has(fillId) === true || (this.#origin !== null && this.#origin.#hasFolded(fillId))
  }

  #fill(fill: Filled): Posting {
    if (fill.qty.lte(0)) throw broken(fill, 'a positive quantity')
    const before = this.position(fill.symbol, fill.leg)
    if (fill.intent === 'close' && fill.qty.gt(before.qty)) throw broken(fill, `at most the ${decimalText(before.qty)} that the leg holds`)
    return fill.intent === 'open' ? this.#open(before, fill) : this.#close(before, fill)
  }

  #open(before: Position, fill: Filled): Posting {
    const value = fill.qty.times(fill.price)
    const after: Position = {
      symbol: before.symbol,
      leg: before.leg,
      qty: before.qty.plus(fill.qty),
      cost: before.cost.plus(value),
      realised: before.realised,
      fees: before.fees.plus(fill.fee),
      funding: before.funding,
      isolatedMargin: before.isolatedMargin === null ? null : before.isolatedMargin.plus(this.#openingMargin(fill, value)),
      openedAt: before.openedAt ?? fill.at,
    }
    return this.#book(before, after, { realised: ZERO, fee: fill.fee, change: fill.fee.neg() })
  }

  #close(before: Position, fill: Filled): Posting {
    const { qty, cost, realised } = closeHolding(before, fill, this.#money)
    const after: Position = {
      symbol: before.symbol,
      leg: before.leg,
      qty,
      cost,
      realised: before.realised.plus(realised),
      fees: before.fees.plus(fill.fee),
      funding: before.funding,
      isolatedMargin: this.#marginAfterClose(before, fill, realised),
      openedAt: qty.isZero() ? null : before.openedAt,
    }
    return this.#book(before, after, { realised, fee: fill.fee, change: realised.minus(fill.fee) })
  }

  #openingMargin(fill: Filled, value: Decimal): Decimal {
    const rule = this.#isolated
    if (rule === null) return ZERO
    const { takerRate, closeFeeReserve } = rule
    return postMoney(this.#money, openingMargin({ leg: fill.leg, value, leverage: rule.leverage(fill.symbol, fill.leg), takerRate, closeFeeReserve }))
  }

  /** A close returns its share of the margin; a liquidation's reduction returns none, margin and result stay with the leg [P]. */
  #marginAfterClose(before: Position, fill: Filled, realised: Decimal): Decimal | null {
    const margin = before.isolatedMargin
    if (margin === null) return null
    if (fill.qty.eq(before.qty)) return ZERO
    if (fill.source === 'liquidation') return margin.plus(realised).minus(fill.fee)
    return margin.minus(postMoney(this.#money, margin.times(fill.qty).div(before.qty)))
  }

  #fund(event: FundingSettled): Posting {
    const before = this.position(event.symbol, event.leg)
    const after: Position = { ...before, funding: before.funding.plus(event.amount) }
    return this.#book(before, after, { realised: ZERO, fee: ZERO, change: event.amount })
  }

  #moveMargin(event: MarginMoved): Posting {
    const before = this.position(event.symbol, event.leg)
    if (before.isolatedMargin === null) throw broken(event, 'a leg with a margin of its own')
    const after: Position = { ...before, isolatedMargin: before.isolatedMargin.plus(event.amount) }
    return this.#book(before, after, { realised: ZERO, fee: ZERO, change: ZERO })
  }

  #post(event: AccountPosted): Posting {
    this.#posted.set(event.kind, this.posted(event.kind).plus(event.amount))
    this.#wallet = this.#wallet.plus(event.amount)
    return { wallet: this.#wallet, change: event.amount, before: null, after: null, realised: ZERO, fee: ZERO }
  }

  #book(before: Position, after: Position, { realised, fee, change }: Pick<Posting, 'realised' | 'fee' | 'change'>): Posting {
    const { symbol, leg } = after
    const { pair: { long, short }, isLongTraded, isShortTraded } = this.#accountOf(symbol)
    const isLong = leg === 'long'
    if (!(isLong ? isLongTraded : isShortTraded)) this.#traded.push([symbol, leg])
    this.#asked = { pair: { symbol, long: isLong ? after : long, short: isLong ? short : after }, isLongTraded: isLong || isLongTraded, isShortTraded: !isLong || isShortTraded }
    this.#accounts.set(symbol, this.#asked)
    this.#positions = null
    this.#wallet = this.#wallet.plus(change)
    return { wallet: this.#wallet, change, before, after, realised, fee }
  }

  #accountOf(symbol: string): SymbolAccount {
    if (this.#asked?.pair.symbol !== symbol) this.#asked = this.#accounts.get(symbol) ?? this.#openAccount(symbol)
    return this.#asked
  }

  #openAccount(symbol: string): SymbolAccount {
    const fresh: SymbolAccount = { pair: { symbol, long: this.#flat(symbol, 'long'), short: this.#flat(symbol, 'short') }, isLongTraded: false, isShortTraded: false }
    this.#accounts.set(symbol, fresh)
    return fresh
  }

  #flat(symbol: string, leg: Leg): Position {
    const isolatedMargin = this.#isolated === null ? null : ZERO
    return { symbol, leg, qty: ZERO, cost: ZERO, realised: ZERO, fees: ZERO, funding: ZERO, isolatedMargin, openedAt: null }
  }
}

/** What a leg earned after costs: realised profit, minus fees, plus funding. */
export function netPnlOf(position: Pick<Position, 'realised' | 'fees' | 'funding'>): Decimal {
  return position.realised.minus(position.fees).plus(position.funding)
}

function broken(event: Filled | MarginMoved, expected: string): HedgerowError {
  const amount = event.type === 'order.filled' ? `${event.intent} ${decimalText(event.qty)}` : decimalText(event.amount)
  return new HedgerowError('INVARIANT_BROKEN', { where: `ledger ${event.symbol} ${event.leg}`, found: amount, expected })
}
