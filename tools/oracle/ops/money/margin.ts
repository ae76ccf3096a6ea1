/** `margin`, `tier_mm`, order costs and `isolated_adjust`. */
import {
  acceptsOpeners, adjustmentLimits, assessMargin, flatLeg, LEGS, orderCost, roundToPlaces, tierIndex, tierMargin, tierOf, ZERO,
  type LegMargin, type MarginAccount, type MarginLeg, type MarginOrder, type MarginPair, type MarginReport,
} from '@hedgerow/core'
import { z } from 'zod'
import { amount, amountOr, op, type OpAdapter, type OracleContext, type OracleValue } from '../../op.ts'
import { held, legName, legNamed, multiplier, orderOf, posName, profileName, profileOf, rounded, sideName } from './words.ts'

const tierInput = z.object({ tiers: z.string(), notional: amount })

function runTier({ tiers, notional }: z.output<typeof tierInput>, context: OracleContext): OracleValue {
  const table = context.tiers(tiers)
  const tier = tierOf(table, notional)
  return {
    tier: tierIndex(table, notional) + 1, mmr: tier.rate, deduction: tier.deduction, max_leverage: tier.maxLeverage,
    maintenance_margin: tierMargin(table, notional), openers_accepted: acceptsOpeners(table, notional),
  }
}

const position = z.object({
  symbol: z.string(), pos: posName, qty: amount, entry: amount, leverage: amount.optional(), margin_mode: z.enum(['cross', 'isolated']).optional(), isolated_wallet: amount.optional(),
})
type PositionRow = z.output<typeof position>

const marginInput = z.object({
  profile: profileName,
  position_mode: z.enum(['one-way', 'hedge']),
  margin_mode: z.enum(['cross', 'isolated']).default('cross'),
  wallet: amount,
  taker: amountOr('0'),
  hedged_close_fee_multiplier: multiplier,
  symbols: z.array(z.object({ symbol: z.string(), mark: amount, leverage: amount, tiers: z.string() })),
  positions: z.array(position).default([]),
  orders: z.array(z.object({ symbol: z.string(), side: sideName, pos: posName, qty: amount, price: amount, reduce_only: z.boolean().default(false) })).default([]),
})
type MarginInput = z.output<typeof marginInput>

function runMargin(input: MarginInput, context: OracleContext): OracleValue {
  const report = assessMargin(profileOf(input.profile, input.hedged_close_fee_multiplier), accountOf(input, context))
  const rows = input.symbols.flatMap(({ symbol }) => inRowOrder(input, input.positions.filter((one) => one.symbol === symbol)))
  return { positions: rows.map((row) => rowOf(row, report)), ...totalsOf(input, report) }
}

function accountOf(input: MarginInput, context: OracleContext): MarginAccount {
  return {
    wallet: input.wallet, positionMode: input.position_mode, marginMode: input.margin_mode, takerRate: input.taker,
    pairs: input.symbols.map((one) => pairOf(input, one, context)),
  }
}

function pairOf({ positions, orders }: MarginInput, { symbol, mark, leverage, tiers }: MarginInput['symbols'][number], context: OracleContext): MarginPair {
  const rows = positions.filter((one) => one.symbol === symbol)
  const [long, short] = LEGS.map((leg) => rows.find((row) => legNamed(row.pos, row.qty) === leg))
  return {
    symbol, mark, tiers: context.tiers(tiers),
    leverage: { long: long?.leverage ?? leverage, short: short?.leverage ?? leverage },
    long: long === undefined ? flatLeg('long') : legOf(long),
    short: short === undefined ? flatLeg('short') : legOf(short),
    orders: orders.filter((one) => one.symbol === symbol && !one.reduce_only).map(({ pos, side, qty, price }): MarginOrder => ({ ...orderOf(pos, side), qty, price, leverage })),
  }
}

function legOf(row: PositionRow): MarginLeg {
  return held(legNamed(row.pos, row.qty), row.qty, row.entry, row.margin_mode === 'isolated' ? row.isolated_wallet ?? ZERO : null)
}

/** One profile of the oracle lists the legs of a pair long first, the other as they were given. */
function inRowOrder({ profile }: MarginInput, rows: readonly PositionRow[]): readonly PositionRow[] {
  return profile === 'bybit-linear' ? rows : rows.toSorted((a, b) => LEGS.indexOf(legNamed(a.pos, a.qty)) - LEGS.indexOf(legNamed(b.pos, b.qty)))
}

function rowOf(row: PositionRow, report: MarginReport): OracleValue {
  const leg = legNamed(row.pos, row.qty)
  const found = report.rows.find((one) => one.symbol === row.symbol && one.leg === leg)
  if (found === undefined) throw new Error(`no row of ${row.symbol} ${leg}`)
  return {
    symbol: row.symbol, pos: row.pos, notional: leg === 'long' ? found.notional : found.notional.neg(), im: found.initialMargin, mm: found.maintenanceMargin, upnl: found.unrealised,
    tier: found.tier, hedged_qty: found.hedgedQty, ...isolatedColumns(found),
  }
}

function isolatedColumns(row: LegMargin): { readonly [key: string]: OracleValue } {
  return row.isolated ? { isolated_wallet: row.isolatedMargin, margin_ratio: rounded(row.marginRatio, 8) } : {}
}

function totalsOf(input: MarginInput, report: MarginReport): { readonly [key: string]: OracleValue } {
  const isolated = input.margin_mode === 'isolated'
  return {
    wallet: report.wallet, order_im: report.orderMargin, total_im: report.initialMargin, total_mm: report.maintenanceMargin, upnl: report.unrealised, available: report.available,
    margin_balance: isolated ? null : report.marginBalance,
    ...(isolated ? {} : {
      cross_wallet: report.crossWallet, cross_margin_balance: report.crossMarginBalance, margin_ratio: rounded(report.maintenanceRate, 8),
      order_loss: report.orderLoss, account_imr: rounded(report.initialRate, 8), account_mmr: rounded(report.maintenanceRate, 8), liquidate: report.liquidate,
    }),
  }
}

const openCostInput = z.object({ side: legName, qty: amount, price: amount, leverage: amount, mark: amount, last: amount.optional() })

function runOpenCost({ side, last, ...order }: z.output<typeof openCostInput>): OracleValue {
  const cost = orderCost(profileOf('binance-usdm'), { ...order, leg: legNamed(side), takerRate: ZERO, ...(last === undefined ? {} : { last }) })
  return { initial_margin: cost.initialMargin, initial_margin_2dp_trunc: roundToPlaces(cost.initialMargin, 2, 'down'), open_loss: cost.openLoss, cost: cost.total }
}

const orderCostInput = z.object({ side: sideName, qty: amount, price: amount, leverage: amount, taker: amount })

function runOrderCost({ side, qty, price, leverage, taker }: z.output<typeof orderCostInput>): OracleValue {
  const cost = orderCost(profileOf('bybit-linear'), { leg: orderOf('BOTH', side).leg, qty, price, leverage, takerRate: taker, mark: price })
  return { initial_margin: cost.initialMargin, fee_open: cost.openFee, fee_close: cost.closeFee, order_cost: cost.total }
}

const adjustInput = z.object({
  profile: profileName, pos: legName, qty: amount, entry: amount, leverage: amount, isolated_wallet: amount, mark: amount, available: amount,
  cross_wallet: amountOr('0'), cross_mm: amountOr('0'), isolated_order_im: amountOr('0'), taker: amountOr('0'),
})

function runAdjust(input: z.output<typeof adjustInput>): OracleValue {
  const limits = adjustmentLimits(profileOf(input.profile), {
    held: held(legNamed(input.pos), input.qty, input.entry, input.isolated_wallet), mark: input.mark, leverage: input.leverage, takerRate: input.taker, available: input.available,
    cross: { wallet: input.cross_wallet, maintenanceMargin: input.cross_mm, isolatedOrderMargin: input.isolated_order_im },
  })
  return { max_add: limits.maxAdd, max_remove: limits.maxRemove, isolated_margin: limits.isolatedMargin }
}

export const ops: Record<string, OpAdapter> = {
  tier_mm: op(tierInput, runTier),
  margin: op(marginInput, runMargin),
  binance_open_cost: op(openCostInput, runOpenCost),
  bybit_order_cost: op(orderCostInput, runOrderCost),
  isolated_adjust: op(adjustInput, runAdjust),
}
