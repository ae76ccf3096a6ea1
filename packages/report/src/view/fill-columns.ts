/** The fills of a run with what they did to their leg, the orders behind them and the trades that they belong to. */
import { doubleOf, ZERO, type Decimal, type Filled, type Order } from '@hedgerow/core'
import type { FinishedRun } from '../finished-run.ts'
import { FILL_KINDS, type ColumnRef, type FillKind, type PageData } from '../shared/page-data.ts'
import type { NumberBlock } from './number-block.ts'

/** A fill with what it did. */
export interface SeenFill {
  readonly fill: Filled
  readonly kind: FillKind
  /** Index of its trade; -1 where that is still open. */
  readonly trade: number
}

const CLOSERS: Readonly<Record<Exclude<Filled['role'], 'entry' | 'exit'>, FillKind>> = {
  'stop-loss': 'stop', 'take-profit': 'target', trailing: 'trailing', liquidation: 'liquidation', adl: 'adl', 'end-of-run': 'end of run',
}

/** Packs fills and orders. */
export function fillColumns(run: FinishedRun, symbols: readonly string[], block: NumberBlock): Pick<PageData, 'fills' | 'orders' | 'orderTypes' | 'tags'> {
  const seen = seenFills(run)
  const orders = ordersOf(run, seen)
  const indexOf = new Map(orders.map(({ id }, index) => [id, index]))
  const orderTypes = [...new Set(orders.map(({ type }) => type))]
  const tags = [...new Set(orders.flatMap(({ tag }) => (tag === undefined ? [] : [tag])))]
  const numbers = (read: (row: SeenFill) => number): ColumnRef => block.column(seen.map(read))
  const money = (values: readonly (Decimal | undefined)[]): ColumnRef => block.column(values.map((value) => (value === undefined ? Number.NaN : doubleOf(value))))
  return {
    orderTypes, tags,
    fills: {
      at: numbers(({ fill }) => fill.at), symbol: numbers(({ fill }) => symbols.indexOf(fill.symbol)), leg: numbers(({ fill }) => (fill.leg === 'long' ? 0 : 1)), kind: numbers(({ kind }) => FILL_KINDS.indexOf(kind)),
      price: money(seen.map(({ fill }) => fill.price)), qty: money(seen.map(({ fill }) => fill.qty)), fee: money(seen.map(({ fill }) => fill.fee)), maker: numbers(({ fill }) => (fill.liquidity === 'maker' ? 1 : 0)),
      order: numbers(({ fill }) => (fill.orderId === null ? -1 : (indexOf.get(fill.orderId) ?? -1))), trade: numbers(({ trade }) => trade),
    },
    orders: {
      id: block.column(orders.map(({ id }) => id)), type: block.column(orders.map(({ type }) => orderTypes.indexOf(type))), price: money(orders.map(({ price }) => price)), trigger: money(orders.map(({ trigger }) => trigger)),
      tag: block.column(orders.map(({ tag }) => (tag === undefined ? -1 : tags.indexOf(tag)))), createdAt: block.column(orders.map(({ createdAt }) => createdAt)),
    },
  }
}

/** Fills as they change their leg. The trades of a leg follow each other, so the n-th time that it is flat again ends its n-th trade. */
export function seenFills({ events, trades }: FinishedRun): readonly SeenFill[] {
  const held = new Map<string, Decimal>()
  const finished = new Map<string, number>()
  const byLeg = Map.groupBy(trades.map((trade, index) => ({ trade, index })), ({ trade }) => `${trade.symbol} ${trade.leg}`)
  return events.flatMap((fill): SeenFill[] => {
    if (fill.type !== 'order.filled') return []
    const key = `${fill.symbol} ${fill.leg}`
    const before = held.get(key) ?? ZERO
    const after = fill.intent === 'open' ? before.plus(fill.qty) : before.minus(fill.qty)
    const count = finished.get(key) ?? 0
    held.set(key, after)
    if (after.isZero()) finished.set(key, count + 1)
    return [{ fill, kind: kindOf(fill, before, after), trade: byLeg.get(key)?.[count]?.index ?? -1 }]
  })
}

function kindOf({ intent, role }: Filled, before: Decimal, after: Decimal): FillKind {
  if (intent === 'open') return before.isZero() ? 'entry' : 'add'
  if (role !== 'entry' && role !== 'exit') return CLOSERS[role]
  return after.isZero() ? 'exit' : 'reduce'
}

/** Orders of which something filled, as they were sent. */
function ordersOf({ events }: FinishedRun, seen: readonly SeenFill[]): readonly Order[] {
  const filled = new Set(seen.map(({ fill }) => fill.orderId))
  return events.flatMap((event) => (event.type === 'order.submitted' && filled.has(event.order.id) ? [event.order] : []))
}
