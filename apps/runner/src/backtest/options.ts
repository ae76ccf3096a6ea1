/** The options of a backtest: their schema, their defaults, and errors that name the key. */
import { decimal, isDecimal, type Decimal, type Driver, type InstrumentInput, type Leg, type MarginMode, type PositionMode, type Strategy, type TimeMs, type VenueProfile } from '@hedgerow/core'
import { z } from 'zod'
import type { CandleInput, FundingInput, MarkInput } from '../data/inputs.ts'
import { optionsError, type PlaceOfKey } from './options-error.ts'

/** A number, its text or a Decimal. */
export type Amount = number | string | Decimal

/** A class that makes a strategy: `class X extends Strategy` of `@hedgerow/strategy-sdk`. */
export interface StrategyClass {
  new (params?: Readonly<Record<string, unknown>>): Strategy
  readonly name: string
}

/** The account and the venue that it is at. */
export interface ExchangeOptions {
  /** Name of the venue as strategies see it; the profile's name by default. */
  readonly name?: string
  /** Name of a profile that a loaded driver exports, or a profile. */
  readonly profile?: string | VenueProfile
  readonly positionMode?: PositionMode
  readonly marginMode?: MarginMode
  /** One for both legs, or by leg where the profile allows it. */
  readonly leverage?: Amount | Readonly<Record<Leg, Amount>>
  readonly startingBalance?: Amount
  /** One rate for both, or maker and taker: 0.0005 is 0.05 %. The profile's by default. */
  readonly fee?: Amount | { readonly maker: Amount; readonly taker: Amount }
}

/** A strategy on a symbol and a timeframe. */
export interface RouteInput {
  readonly symbol: string
  readonly timeframe: string
  readonly strategy: StrategyClass
  readonly params?: Readonly<Record<string, unknown>>
  /** The legs that the route owns: both by default. */
  readonly legs?: readonly Leg[]
  /** Unique in the run; the class name by default. */
  readonly name?: string
}

/** Candles that a strategy reads beside those of its own route. */
export interface DataRouteInput {
  readonly symbol: string
  readonly timeframe: string
}

/** How the simulation fills orders. */
export interface SimInput {
  readonly path?: 'bar-color' | 'ohlc' | 'olhc' | 'adaptive' | 'pessimistic'
  readonly limitFill?: 'touch' | 'through'
  readonly slippage?: 'profile' | 'none' | { readonly ticks: number } | { readonly bps: Amount }
  readonly volumeShare?: Amount
  readonly onStopPassed?: 'close' | 'reject'
  readonly maxGapMinutes?: number
  readonly funding?: { readonly missing?: 'fail' | 'zero' | 'lastKnown'; readonly boundary?: 'before' | 'inclusive' }
}

/** Everything that `backtest()` takes. */
export interface BacktestOptions {
  readonly exchange?: ExchangeOptions
  readonly routes: readonly RouteInput[]
  readonly dataRoutes?: readonly DataRouteInput[]
  /** By symbol. */
  readonly candles: Readonly<Record<string, CandleInput>>
  readonly funding?: Readonly<Record<string, FundingInput>>
  readonly marks?: Readonly<Record<string, MarkInput>>
  /** First tradable moment, ms UTC or ISO text; by default the candles' start plus the warm-up. */
  readonly start?: TimeMs | string
  /** End, exclusive; by default the candles' end. */
  readonly end?: TimeMs | string
  /** Route bars before the first tradable one. */
  readonly warmupCandles?: number
  readonly closeAtEnd?: boolean
  readonly fillAt?: 'open' | 'close'
  readonly seed?: number
  readonly sim?: SimInput
  /** Beside the drivers that come with the runner. */
  readonly drivers?: readonly Driver[]
  readonly instruments?: readonly InstrumentInput[] | Readonly<Record<string, Omit<InstrumentInput, 'symbol'>>>
  /** Told the time that the run has reached, as a fraction of its window. Returning true stops the run. */
  readonly onProgress?: (fraction: number) => boolean | void
  /** Takes what strategies and the run log. */
  readonly onLog?: (level: 'info' | 'warn' | 'error', text: string) => void
}

const amount = z.union([z.number(), z.string(), z.custom<Decimal>(isDecimal)]).transform((value, context): Decimal => {
  try {
    return decimal(typeof value === 'number' ? String(value) : value)
  } catch {
    context.addIssue({ code: 'custom', message: 'expected a finite number, its text or a Decimal' })
    return z.NEVER
  }
})
const positive = amount.refine((value) => value.gt(0), { error: 'expected more than zero' })
const leg = z.enum(['long', 'short'])
const legAmounts = z.strictObject({ long: positive, short: positive })
const moment = z.union([z.int(), z.string()]).transform((value, context): TimeMs => {
  const at = typeof value === 'number' ? value : Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(value) ? `${value}T00:00:00Z` : value)
  if (Number.isFinite(at)) return at
  context.addIssue({ code: 'custom', message: 'expected ms UTC or an ISO date such as 2023-10-02 or 2023-10-02T12:00Z' })
  return z.NEVER
})
const opaque = <T>(what: string): z.ZodType<T> => z.custom<T>((value) => value !== undefined && value !== null, { error: `expected ${what}` })

const exchange = z.strictObject({
  name: z.string().min(1).optional(),
  profile: z.union([z.string().min(1), z.custom<VenueProfile>((value) => typeof value === 'object' && value !== null && 'margin' in value)]).default('exact'),
  positionMode: z.enum(['one-way', 'hedge']).default('one-way'),
  marginMode: z.enum(['cross', 'isolated']).default('cross'),
  leverage: z.union([positive.transform((value) => ({ long: value, short: value })), legAmounts]).default(() => ({ long: decimal('1'), short: decimal('1') })),
  startingBalance: positive.default(() => decimal('10000')),
  fee: z.union([amount.transform((rate) => ({ maker: rate, taker: rate })), z.strictObject({ maker: amount, taker: amount })]).optional(),
})

const strategyClass = z.custom<StrategyClass>((value) => typeof value === 'function', { error: 'expected a class that extends Strategy' })
const route = z.strictObject({
  symbol: z.string().min(1),
  timeframe: z.string().min(1),
  strategy: strategyClass,
  params: z.record(z.string(), z.unknown()).default({}),
  legs: z.array(leg).min(1).default(['long', 'short']),
  name: z.string().min(1).optional(),
})

const sim = z.strictObject({
  path: z.enum(['bar-color', 'ohlc', 'olhc', 'adaptive', 'pessimistic']).optional(),
  limitFill: z.enum(['touch', 'through']).optional(),
  slippage: z.union([z.enum(['profile', 'none']), z.strictObject({ ticks: z.int().min(0) }), z.strictObject({ bps: amount })]).optional(),
  volumeShare: positive.optional(),
  onStopPassed: z.enum(['close', 'reject']).optional(),
  maxGapMinutes: z.number().min(0).optional(),
  funding: z.strictObject({ missing: z.enum(['fail', 'zero', 'lastKnown']).optional(), boundary: z.enum(['before', 'inclusive']).optional() }).optional(),
})

const instrumentFields = {
  tickSize: z.string(), qtyStep: z.string(), minQty: z.string().optional(), maxQty: z.string().nullable().optional(), maxMarketQty: z.string().nullable().optional(),
  minNotional: z.string().optional(), tiers: z.string().nullable().optional(), fundingIntervalMs: z.int().positive().optional(),
}

const schema = z.strictObject({
  exchange: exchange.prefault({}),
  routes: z.array(route).min(1, 'expected at least one route'),
  dataRoutes: z.array(z.strictObject({ symbol: z.string().min(1), timeframe: z.string().min(1) })).default([]),
  candles: z.record(z.string(), opaque<CandleInput>('candles')),
  funding: z.record(z.string(), opaque<FundingInput>('funding rates')).default({}),
  marks: z.record(z.string(), opaque<MarkInput>('mark candles')).default({}),
  start: moment.optional(),
  end: moment.optional(),
  warmupCandles: z.int().min(0).default(240),
  closeAtEnd: z.boolean().default(true),
  fillAt: z.enum(['open', 'close']).optional(),
  seed: z.int().default(1),
  sim: sim.prefault({}),
  drivers: z.array(opaque<Driver>('a driver')).default([]),
  instruments: z.union([
    z.array(z.strictObject({ symbol: z.string(), ...instrumentFields })),
    z.record(z.string(), z.strictObject(instrumentFields)).transform((table) => Object.entries(table).map(([symbol, fields]) => ({ symbol, ...fields }))),
  ]).default([]),
  onProgress: z.custom<NonNullable<BacktestOptions['onProgress']>>((value) => typeof value === 'function').optional(),
  onLog: z.custom<NonNullable<BacktestOptions['onLog']>>((value) => typeof value === 'function').optional(),
})

/** The options with every default filled in. */
export type BacktestSettings = z.output<typeof schema>

/** A route with its defaults. */
export type RouteSettings = BacktestSettings['routes'][number]

/** What a configuration file may say: the options, with paths and package names where they take data and classes. */
const configSchema = schema.omit({ onProgress: true, onLog: true }).extend({
  routes: z.array(route.extend({ strategy: z.union([z.string().min(1), strategyClass]) })).min(1, 'expected at least one route'),
  out: z.string().min(1).optional(),
})

/**
 * Reads and checks the options; `place` names their source in errors.
 *
 * @throws HedgerowError `UNKNOWN_KEY` or `CONFIG_INVALID` naming every wrong key with what was found and expected.
 */
export function parseBacktestOptions(options: BacktestOptions, place: PlaceOfKey = (key) => `backtest options${key === '' ? '' : `, ${key}`}`): BacktestSettings {
  const parsed = schema.safeParse(options)
  if (parsed.success) return parsed.data
  throw optionsError(parsed.error, options, place)
}

/**
 * Checks a configuration file before anything that it names is loaded.
 *
 * @throws HedgerowError `UNKNOWN_KEY`, `CONFIG_INVALID`.
 */
export function checkConfig(config: unknown, place: PlaceOfKey): void {
  const parsed = configSchema.safeParse(config)
  if (!parsed.success) throw optionsError(parsed.error, config, place)
}
