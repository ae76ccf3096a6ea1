/** The `live` section of a configuration: how far a live session may go, and where it keeps its state. */
import { decimal, HedgerowError, isDecimal, type Decimal, type LegLeverage, type LiveConfig } from '@hedgerow/core'
import { z } from '@hedgerow/core/zod'

type AmountInput = number | string | Decimal
/** A limit in quote units, or the word `none`. */
type LimitInput = AmountInput

/** What may be held and lost. The first three have to be stated. */
export interface LimitsInput {
  readonly gross?: LimitInput | undefined
  readonly perLeg?: LimitInput | undefined
  readonly dailyLoss?: LimitInput | undefined
  readonly net?: LimitInput | undefined
  readonly perSymbol?: LimitInput | undefined
  readonly perOrder?: LimitInput | undefined
  readonly priceBand?: LimitInput | undefined
  readonly ordersPerMinute?: number | 'none' | undefined
  readonly marginRate?: LimitInput | undefined
  readonly liquidationDistance?: LimitInput | undefined
  readonly requireStop?: boolean | undefined
}

/** The section as it is written. */
export interface LiveOptions {
  readonly driver?: string | undefined
  readonly connection?: Readonly<Record<string, unknown>> | undefined
  readonly state?: string | undefined
  readonly envFile?: string | undefined
  readonly limits?: LimitsInput | undefined
  readonly triggers?: {
    readonly marginRate?: LimitInput | undefined
    readonly silentMs?: number | 'none' | undefined
    readonly rejectsPerMinute?: number | 'none' | undefined
    readonly drawdown?: LimitInput | undefined
    readonly equityDeviation?: LimitInput | undefined
    readonly onDailyLoss?: 'cancel' | 'flatten' | undefined
  } | undefined
  readonly allowModeSwitch?: boolean | undefined
  readonly allowMarginModeSwitch?: boolean | undefined
  readonly adopt?: boolean | undefined
  readonly trustVenue?: boolean | undefined
  readonly foreignOrders?: 'ignore' | 'cancel' | undefined
  readonly intentTtlMs?: number | undefined
  readonly reconcileEveryMs?: number | undefined
  readonly staleMarketMs?: number | undefined
}

const AMOUNT = 'expected a positive number, its text, or none'
const limitSchema = () => z.union([z.literal('none'), z.number(), z.string(), z.custom<Decimal>(isDecimal, { error: AMOUNT })]).transform((value, context): Decimal | null => {
  if (value === 'none') return null
  try {
    const amount = decimal(typeof value === 'number' ? String(value) : value)
    if (amount.gt(0)) return amount
  } catch { /* told below */ }
  context.addIssue({ code: 'custom', message: AMOUNT })
  return z.NEVER
})
const countSchema = () => z.union([z.literal('none'), z.int().positive()]).transform((value): number | null => (value === 'none' ? null : value))
const standard = (value: string): Decimal => decimal(value)

/** The section, read: defaults filled in, null for no limit. */
export interface LiveSettings extends Omit<LiveConfig, 'symbols' | 'positionMode' | 'marginMode' | 'warmupMs' | 'leverage' | 'limits'> {
  readonly driver?: string | undefined
  readonly connection: Readonly<Record<string, unknown>>
  readonly state?: string | undefined
  readonly envFile?: string | undefined
  /** Undefined where it has to be stated and is not. */
  readonly limits: Omit<LiveConfig['limits'], 'gross' | 'perLeg' | 'dailyLoss'> & { readonly [Key in 'gross' | 'perLeg' | 'dailyLoss']?: Decimal | null | undefined }
}

/** Checks the section; limits that have to be stated are asked for when something goes live. Made when it is asked for: most runs never do. */
export function liveSchema(): z.ZodType<LiveSettings, LiveOptions> {
  const [limit, count, ms] = [limitSchema(), countSchema(), z.int().positive()]
  return z.strictObject({
    driver: z.string().min(1).optional(),
    connection: z.record(z.string(), z.unknown()).default({}),
    state: z.string().min(1).optional(),
    envFile: z.string().min(1).optional(),
    limits: z.strictObject({
      gross: limit.optional(), perLeg: limit.optional(), dailyLoss: limit.optional(), net: limit.default(null), perSymbol: limit.default(null), perOrder: limit.default(null),
      priceBand: limit.default(() => standard('0.05')), ordersPerMinute: count.default(60), marginRate: limit.default(() => standard('0.5')), liquidationDistance: limit.default(null), requireStop: z.boolean().default(false),
    }).prefault({}),
    triggers: z.strictObject({
      marginRate: limit.default(() => standard('0.5')), silentMs: count.default(10_000), rejectsPerMinute: count.default(10), drawdown: limit.default(null), equityDeviation: limit.default(() => standard('0.02')),
      onDailyLoss: z.enum(['cancel', 'flatten']).default('cancel'),
    }).prefault({}),
    allowModeSwitch: z.boolean().default(false),
    allowMarginModeSwitch: z.boolean().default(false),
    adopt: z.boolean().default(false),
    trustVenue: z.boolean().default(false),
    foreignOrders: z.enum(['ignore', 'cancel']).default('ignore'),
    intentTtlMs: ms.default(10_000),
    reconcileEveryMs: ms.default(60_000),
    staleMarketMs: ms.default(3_000),
  })
}

/**
 * The decisions for an engine.
 *
 * @throws HedgerowError `LIMITS_MISSING` naming the limits that are not stated.
 */
export function liveConfigOf(settings: LiveSettings, account: Pick<LiveConfig, 'symbols' | 'positionMode' | 'marginMode' | 'warmupMs'> & { readonly leverage: LegLeverage }): LiveConfig {
  const { limits: { gross, perLeg, dailyLoss, ...limits }, triggers, allowModeSwitch, allowMarginModeSwitch, adopt, trustVenue, foreignOrders, intentTtlMs, reconcileEveryMs, staleMarketMs } = settings
  if (gross === undefined || perLeg === undefined || dailyLoss === undefined) {
    const missing = Object.entries({ gross, perLeg, dailyLoss }).filter(([, value]) => value === undefined).map(([name]) => `live.limits.${name}`)
    throw new HedgerowError('LIMITS_MISSING', { where: 'configuration, live.limits', found: `no ${missing.join(', ')}`, expected: "an amount in quote units each, or 'none'" })
  }
  return {
    ...account, leverage: new Map(account.symbols.map((symbol) => [symbol, account.leverage])), limits: { ...limits, gross, perLeg, dailyLoss }, triggers,
    allowModeSwitch, allowMarginModeSwitch, adopt, trustVenue, foreignOrders, intentTtlMs, reconcileEveryMs, staleMarketMs,
  }
}
