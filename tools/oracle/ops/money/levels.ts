/** Liquidation and bankruptcy prices. */
import { bybitLegacy } from '@hedgerow/driver-bybit'
import {
  assessMargin, bankruptcyPrice, closeFee, crossCurve, crossLevels, crossRisk, decimal, EXACT_MONEY, fixedRateCurve, flatLeg, isolatedLevel, isUncovered, openingMargin,
  pairLevel, roundToPlaces, singleTier, ZERO,
  type Decimal, type Leg, type LiquidationLevel, type MarginAccount, type MarginLeg, type MarginPair,
} from '@hedgerow/core'
import { z } from 'zod'
import { amount, amountOr, op, type OpAdapter, type OracleContext, type OracleValue } from '../../op.ts'
import { held, legName, legNamed, multiplier, nameOf, profileName, profileOf, rounded } from './words.ts'

const zero = amountOr('0')

function missing(level: LiquidationLevel & { readonly price: null }): { readonly [key: string]: OracleValue } {
  return { liq_price: null, reason: level.reason === 'fully-hedged' ? 'fully hedged: no finite price' : 'no positive boundary' }
}

const jointInput = z.object({
  wallet: zero, tmm_other: zero, upnl_other: zero, side_b: amountOr('1'),
  qty_b: zero, qty_l: zero, qty_s: zero, ep_b: zero, ep_l: zero, ep_s: zero, mmr_b: zero, mmr_l: zero, mmr_s: zero, cum_b: zero, cum_l: zero, cum_s: zero,
})

function runJoint(input: z.output<typeof jointInput>): OracleValue {
  const level = pairLevel(fixedRateCurve([
    { leg: input.side_b.lt(0) ? 'short' : 'long', qty: input.qty_b, entryPrice: input.ep_b, rate: input.mmr_b, deduction: input.cum_b },
    { leg: 'long', qty: input.qty_l, entryPrice: input.ep_l, rate: input.mmr_l, deduction: input.cum_l },
    { leg: 'short', qty: input.qty_s, entryPrice: input.ep_s, rate: input.mmr_s, deduction: input.cum_s },
  ]), input.wallet.minus(input.tmm_other).plus(input.upnl_other))
  return level.price === null ? missing(level) : { liq_price: rounded(level.price, 10), liq_price_2dp: rounded(level.price, 2), danger: level.danger }
}

const isolatedInput = z.object({ side: legName, qty: amount, entry: amount, leverage: amount, mmr: amount, deduction: zero, extra_margin: zero, taker: amount })

function runIsolated(input: z.output<typeof isolatedInput>): OracleValue {
  const profile = profileOf('bybit-linear')
  const leg = legNamed(input.side)
  const { leverage, taker: takerRate } = input
  const atEntry = { ...held(leg, input.qty, input.entry), isolatedMargin: null }
  const value = { leg, value: atEntry.cost, leverage, takerRate }
  const initial = openingMargin({ ...value, closeFeeReserve: true })
  const position: MarginLeg = { ...atEntry, isolatedMargin: initial.plus(input.extra_margin) }
  const tiers = singleTier({ rate: input.mmr, deduction: input.deduction })
  const level = isolatedLevel(profile, { symbol: 'SYMBOL', held: position, leverage, tiers, takerRate })
  if (level.price === null) return missing(level)
  const pair: MarginPair = { symbol: 'SYMBOL', mark: input.entry, leverage: { long: leverage, short: leverage }, tiers, long: flatLeg('long'), short: flatLeg('short'), [leg]: position, orders: [] }
  const report = assessMargin(profile, { wallet: ZERO, positionMode: 'hedge', marginMode: 'isolated', takerRate, pairs: [pair] })
  return {
    liq_price: rounded(level.price, 8), liq_price_2dp: rounded(level.price, 2), bankruptcy_price: rounded(bankruptcyPrice({ held: position, takerRate }), 8),
    fee_to_close: rounded(closeFee(value), 8), initial_margin: report.initialMargin, maintenance_margin_at_entry: report.maintenanceMargin, max_loss: rounded(position.isolatedMargin, 8),
  }
}

const legacyInput = z.object({ side: legName, entry: amount, leverage: amount, mmr: amount })
const ONE = decimal('1')

function runLegacy({ side, entry, leverage, mmr }: z.output<typeof legacyInput>): OracleValue {
  const position = marginAtLeverage(legNamed(side), entry, leverage)
  const level = isolatedLevel(bybitLegacy, { symbol: 'SYMBOL', held: position, leverage, tiers: singleTier({ rate: mmr, deduction: ZERO }), takerRate: ZERO })
  return level.price === null ? missing(level) : { liq_price: rounded(level.price, 8) }
}

const bankruptcyInput = z.object({ side: legName, entry: amount, leverage: amount })

function runBankruptcy({ side, entry, leverage }: z.output<typeof bankruptcyInput>): OracleValue {
  return { bankruptcy_price: bankruptcyPrice({ held: marginAtLeverage(legNamed(side), entry, leverage), takerRate: ZERO }) }
}

/** One unit of an isolated leg without fees. */
function marginAtLeverage(leg: Leg, entry: Decimal, leverage: Decimal): MarginLeg {
  return held(leg, ONE, entry, openingMargin({ leg, value: entry, leverage, takerRate: ZERO, closeFeeReserve: false }))
}

const hedgeInput = z.object({ wallet: amount, taker: amount, leverage: amount, tiers: z.string(), qty_l: amount, ep_l: amount, qty_s: amount, ep_s: amount, hedged_close_fee_multiplier: multiplier })

function runCrossHedge(input: z.output<typeof hedgeInput>, context: OracleContext): OracleValue {
  const pair: MarginPair = {
    symbol: 'SYMBOL', mark: ZERO, leverage: { long: input.leverage, short: input.leverage }, tiers: context.tiers(input.tiers),
    long: held('long', input.qty_l, input.ep_l), short: held('short', input.qty_s, input.ep_s), orders: [],
  }
  const account: MarginAccount = { wallet: input.wallet, positionMode: 'hedge', marginMode: 'cross', takerRate: input.taker, pairs: [pair] }
  const curve = crossCurve(profileOf('bybit-linear', input.hedged_close_fee_multiplier), account, pair)
  const level = pairLevel(curve, input.wallet)
  if (level.price === null) return missing(level)
  return { liq_price: rounded(level.price, 8), net_side: curve.slope.gt(0) ? 'LONG' : 'SHORT', net_qty: curve.slope.abs(), fees_reserved: rounded(curve.reserve, 8) }
}

const levelsInput = z.object({
  profile: profileName, position_mode: z.literal('hedge'), wallet: amount, taker: zero, hedged_close_fee_multiplier: multiplier,
  symbols: z.array(z.object({ symbol: z.string(), mark: amount, leverage: amount, tiers: z.string() })),
  positions: z.array(z.object({ symbol: z.string(), pos: legName, qty: amount, entry: amount })),
})
type LevelsInput = z.output<typeof levelsInput>

function runLevels(input: LevelsInput, context: OracleContext): OracleValue {
  const profile = { ...profileOf(input.profile, input.hedged_close_fee_multiplier), money: EXACT_MONEY }
  const account: MarginAccount = {
    wallet: input.wallet, positionMode: 'hedge', marginMode: 'cross', takerRate: input.taker,
    pairs: input.symbols.map(({ symbol, mark, leverage, tiers }) => (
      { symbol, mark, leverage: { long: leverage, short: leverage }, tiers: context.tiers(tiers), ...legsOf(input, symbol), orders: [] })),
  }
  const risk = crossRisk(profile, account)
  return {
    equity: rounded(risk.equity, 8), total_mm: rounded(risk.maintenanceMargin, 8), liquidate: isUncovered(risk),
    levels: crossLevels(profile, account).map(({ symbol, level }) => (
      level.price === null ? { symbol, ...missing(level) } : { symbol, liq_price: roundToPlaces(level.price, 8, 'half-up'), danger: level.danger })),
  }
}

function legsOf({ positions }: LevelsInput, symbol: string): { readonly long: MarginLeg; readonly short: MarginLeg } {
  const legAt = (leg: Leg): MarginLeg => {
    const row = positions.find((one) => one.symbol === symbol && one.pos === nameOf(leg))
    return row === undefined ? flatLeg(leg) : held(leg, row.qty, row.entry)
  }
  return { long: legAt('long'), short: legAt('short') }
}

export const ops: Record<string, OpAdapter> = {
  binance_liq_price: op(jointInput, runJoint),
  bybit_isolated_liq: op(isolatedInput, runIsolated),
  bybit_isolated_liq_legacy: op(legacyInput, runLegacy),
  bankruptcy: op(bankruptcyInput, runBankruptcy),
  bybit_cross_hedge_liq: op(hedgeInput, runCrossHedge),
  cross_levels: op(levelsInput, runLevels),
}
