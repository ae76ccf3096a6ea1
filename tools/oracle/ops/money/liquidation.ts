/** `liquidate_isolated_bybit` and `liquidate_cross`. */
import {
  decimalText, EXACT_MONEY, liquidateCross, liquidateIsolated, openingMargin,
  type IsolatedLeg, type LiquidationPlan, type LiquidationStep, type MarginAccount,
} from '@hedgerow/core'
import { z } from 'zod'
import { amount, amountOr, op, type OpAdapter, type OracleContext, type OracleValue } from '../../op.ts'
import { held, legName, legNamed, multiplier, nameOf, profileName, profileOf, rounded } from './words.ts'

const isolatedInput = z.object({
  side: legName, qty: amount, entry: amount, leverage: amount, mark: amount, taker: amount, qty_step: amount, tiers: z.string(), extra_margin: amountOr('0'),
})

function runIsolated(input: z.output<typeof isolatedInput>, context: OracleContext): OracleValue {
  const plan = liquidateIsolated({ ...profileOf('bybit-linear'), money: EXACT_MONEY }, isolatedLeg(input, context), { mark: input.mark, qtyStep: input.qty_step })
  const common = { steps: plan.steps.map(isolatedStepText), qty: plan.after.qty, fees: rounded(plan.fees, 8), survived: plan.survived, position_margin: rounded(plan.after.isolatedMargin, 8) }
  return plan.survived ? { ...common, realised: rounded(plan.realised, 8) } : { ...common, realised_total_loss: rounded(plan.loss, 8) }
}

function isolatedLeg(input: z.output<typeof isolatedInput>, context: OracleContext): IsolatedLeg {
  const leg = legNamed(input.side)
  const { leverage, taker: takerRate } = input
  const bare = held(leg, input.qty, input.entry)
  const margin = openingMargin({ leg, value: bare.cost, leverage, takerRate, closeFeeReserve: true }).plus(input.extra_margin)
  return { symbol: 'SYMBOL', held: { ...bare, isolatedMargin: margin }, leverage, tiers: context.tiers(input.tiers), takerRate }
}

function isolatedStepText(step: LiquidationStep): string {
  if (step.type === 'cancel-orders') return 'cancel-orders'
  return step.type === 'reduce' ? `reduce ${decimalText(step.qty)} to tier ${step.tier}` : 'takeover-bankruptcy'
}

const crossInput = z.object({
  profile: profileName, wallet: amount, mark: amount, taker: amount, leverage: amount, tiers: z.string(), qty_l: amount, ep_l: amount, qty_s: amount, ep_s: amount,
  qty_step: amountOr('0'), hedged_close_fee_multiplier: multiplier, settlement: z.enum(['mark', 'bankruptcy']).default('mark'), clearance_fee: amountOr('0'),
})
type CrossInput = z.output<typeof crossInput>

function runCross(input: CrossInput, context: OracleContext): OracleValue {
  const real = profileOf(input.profile, input.hedged_close_fee_multiplier)
  const profile = { ...real, money: EXACT_MONEY, liquidation: { ...real.liquidation, settlement: input.settlement, clearanceFeeRate: input.clearance_fee } }
  const plan = liquidateCross(profile, crossAccount(input, context), () => input.qty_step)
  if (!plan.triggered) return { triggered: false, equity: plan.before.equity, mm: plan.before.maintenanceMargin, steps: [] }
  return {
    triggered: true, equity_before: rounded(plan.before.equity, 8), mm_before: rounded(plan.before.maintenanceMargin, 8), steps: plan.steps.map(crossStepText), ...after(plan),
    fees: rounded(plan.fees, 8), clearance_fee: rounded(plan.clearanceFees, 8), insurance: rounded(plan.insurance, 8),
  }
}

function crossAccount(input: CrossInput, context: OracleContext): MarginAccount {
  const { wallet, mark, leverage, taker: takerRate } = input
  return {
    wallet, positionMode: 'hedge', marginMode: 'cross', takerRate,
    pairs: [{
      symbol: 'SYMBOL', mark, leverage: { long: leverage, short: leverage }, tiers: context.tiers(input.tiers),
      long: held('long', input.qty_l, input.ep_l), short: held('short', input.qty_s, input.ep_s), orders: [],
    }],
  }
}

function after({ after: { account, risk } }: LiquidationPlan): { readonly [key: string]: OracleValue } {
  const [pair] = account.pairs
  return {
    wallet: rounded(account.wallet, 8), qty_l: pair?.long.qty ?? null, qty_s: pair?.short.qty ?? null,
    equity_after: rounded(risk.equity, 8), mm_after: rounded(risk.maintenanceMargin, 8),
  }
}

/** Words of one step of a cross liquidation; also those of the `match` op. */
export function crossStepText(step: LiquidationStep): string {
  switch (step.type) {
    case 'cancel-orders': return 'cancel-all-orders'
    case 'reduce': return `reduce net ${nameOf(step.leg)} by ${decimalText(step.qty)} at mark`
    case 'close-pair': return `close hedged pair ${decimalText(step.qty)} at mark`
    case 'close-leg': return `close ${nameOf(step.leg)} at mark`
    case 'takeover': return 'takeover of all positions of the symbol at account bankruptcy'
    case 'insurance':
    default: return 'insurance fund covers deficit'
  }
}

export const ops: Record<string, OpAdapter> = { liquidate_isolated_bybit: op(isolatedInput, runIsolated), liquidate_cross: op(crossInput, runCross) }
