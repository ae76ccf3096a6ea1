/**
 * What has to be done so that we and the venue agree, leg by leg (SIMULATION 7.2, 7.7). Equal nets are not enough; what we do not know
 * is never made up. It plans and does nothing, so a reconciliation may be cut short and started again.
 */
import { ZERO, type Decimal } from '../domain/decimal.ts'
import { oppositeLeg, sideOf, type Leg, type PositionMode, type Side } from '../domain/leg.ts'

/** What is held on one leg, on one of the two sides. */
export interface HeldLeg {
  readonly symbol: string
  readonly leg: Leg
  readonly qty: Decimal
}

/** A fill as the venue lists it. */
export interface ListedExecution {
  readonly executionId: string
  readonly symbol: string
  readonly leg: Leg
  readonly side: Side
  readonly qty: Decimal
}

/** Both books side by side. */
export interface ReconcileInput {
  readonly localMode: PositionMode
  readonly remoteMode: PositionMode
  readonly maySwitchMode: boolean
  /** Whether legs that somebody else opened are taken over. */
  readonly adopt: boolean
  /** Whether a quantity that differs without a reason is taken from the venue. */
  readonly trustVenue: boolean
  readonly isOwn: (clientId: string) => boolean
  readonly foreignOrders: 'ignore' | 'cancel'
  readonly localLegs: readonly HeldLeg[]
  readonly remoteLegs: readonly HeldLeg[]
  /** Client ids of live orders. */
  readonly localOrders: readonly string[]
  readonly remoteOrders: readonly string[]
  readonly isApplied: (executionId: string, symbol: string) => boolean
  /** In the order in which they happened. */
  readonly remoteExecutions: readonly ListedExecution[]
}

/** One thing to do. `halt-leg` stops openers of its symbol; protective orders stay. */
export type ReconcileAction =
  | { readonly type: 'switch-mode'; readonly mode: PositionMode }
  | { readonly type: 'halt-mode' }
  | { readonly type: 'replay'; readonly execution: ListedExecution }
  | { readonly type: 'adopt-leg'; readonly symbol: string; readonly leg: Leg; readonly qty: Decimal }
  | { readonly type: 'halt-leg'; readonly symbol: string; readonly leg: Leg; readonly local: Decimal; readonly remote: Decimal }
  | { readonly type: 'adjust-leg'; readonly symbol: string; readonly leg: Leg; readonly local: Decimal; readonly remote: Decimal }
  | { readonly type: 'query-order' | 'adopt-order' | 'ignore-foreign-order' | 'cancel-foreign-order'; readonly clientId: string }

/** What to do, in order; openers may be sent when nothing halts. */
export interface ReconcilePlan {
  readonly mayStart: boolean
  readonly actions: readonly ReconcileAction[]
}

/** Plans a reconciliation. */
export function planReconciliation(input: ReconcileInput): ReconcilePlan {
  if (input.localMode !== input.remoteMode) return planModeSwitch(input)
  const replays = input.remoteExecutions.filter(({ executionId, symbol }) => !input.isApplied(executionId, symbol))
  const actions = [...replays.map((execution): ReconcileAction => ({ type: 'replay', execution })), ...planLegs(input, replays), ...planOrders(input)]
  return { mayStart: !actions.some(isHalt), actions }
}

/** True for an action that keeps openers from being sent. */
export function isHalt({ type }: ReconcileAction): boolean {
  return type === 'halt-mode' || type === 'halt-leg'
}

/** A mode is switched only where nothing stands in its way and the user has allowed it. */
function planModeSwitch({ localMode, maySwitchMode, remoteLegs, remoteOrders }: ReconcileInput): ReconcilePlan {
  const isFree = remoteLegs.every(({ qty }) => qty.isZero()) && remoteOrders.length === 0
  if (maySwitchMode && isFree) return { mayStart: true, actions: [{ type: 'switch-mode', mode: localMode }] }
  return { mayStart: false, actions: [{ type: 'halt-mode' }] }
}

function planLegs({ localLegs, remoteLegs, adopt, trustVenue }: ReconcileInput, replays: readonly ListedExecution[]): ReconcileAction[] {
  const local = quantities(localLegs)
  const remote = quantities(remoteLegs)
  for (const replay of replays) applyTo(local, replay)
  const keys = [...new Set([...local.keys(), ...remote.keys()])].sort(byText)
  return keys.flatMap((key): ReconcileAction[] => {
    const ours = local.get(key)
    const theirs = remote.get(key)
    const row = ours ?? theirs
    if (row === undefined) return []
    const { symbol, leg } = row
    const mine = ours?.qty ?? ZERO
    const venue = theirs?.qty ?? ZERO
    if (mine.eq(venue)) return []
    if (mine.isZero() && adopt) return [{ type: 'adopt-leg', symbol, leg, qty: venue }]
    return [{ type: !mine.isZero() && trustVenue ? 'adjust-leg' : 'halt-leg', symbol, leg, local: mine, remote: venue }]
  })
}

function planOrders({ localOrders, remoteOrders, isOwn, foreignOrders }: ReconcileInput): ReconcileAction[] {
  const local = new Set(localOrders)
  const remote = new Set(remoteOrders)
  return [...new Set([...local, ...remote])].sort(byText).flatMap((clientId): ReconcileAction[] => {
    if (local.has(clientId)) return remote.has(clientId) ? [] : [{ type: 'query-order', clientId }]
    if (isOwn(clientId)) return [{ type: 'adopt-order', clientId }]
    return [{ type: foreignOrders === 'cancel' ? 'cancel-foreign-order' : 'ignore-foreign-order', clientId }]
  })
}

/** Sorts by symbol, then long before short. */
function quantities(legs: readonly HeldLeg[]): Map<string, HeldLeg> {
  return new Map(legs.map((held) => [keyOf(held), held]))
}

function applyTo(book: Map<string, HeldLeg>, { symbol, leg, side, qty }: ListedExecution): void {
  const before = book.get(keyOf({ symbol, leg }))?.qty ?? ZERO
  const opens = side === sideOf(leg, 'open')
  book.set(keyOf({ symbol, leg }), { symbol, leg, qty: opens ? before.plus(qty) : before.minus(qty) })
}

function keyOf({ symbol, leg }: Pick<HeldLeg, 'symbol' | 'leg'>): string {
  return `${symbol} ${leg}`
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/**
 * The leg of a trade that we did not place and whose venue names none: in hedge mode a fill either opens or closes, so its side and the
 * part that it closed say which leg it was. Null where the venue does not say what it closed.
 */
export function legOfTrade({ side, closedQty }: { readonly side: Side; readonly closedQty: Decimal | null }): Leg | null {
  if (closedQty === null) return null
  const opened: Leg = side === 'buy' ? 'long' : 'short'
  return closedQty.isZero() ? opened : oppositeLeg(opened)
}

/** The leg that funding was booked on: a positive rate takes from longs. Null where rate or amount is zero and nothing can be told. */
export function legOfFunding({ rate, amount }: { readonly rate: Decimal; readonly amount: Decimal }): Leg | null {
  if (rate.isZero() || amount.isZero()) return null
  return rate.gt(0) === amount.gt(0) ? 'short' : 'long'
}
