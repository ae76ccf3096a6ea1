/** The schema of the options: reads them, fills in defaults, and refuses with the key. */
import { decimal, isDecimal, type Decimal, type Driver, type TimeMs, type TimeRange, type VenueProfile } from '@hedgerow/core'
import { z } from '@hedgerow/core/zod'
import type { CandleInput, FundingInput, IndexInput, MarkInput } from '../data/inputs.ts'
import { parseTimeText } from '../data/time-text.ts'
import { liveSchema } from '../live/live-options.ts'
import { optionsError, type PlaceOfKey } from './options-error.ts'
import type { BacktestOptions, BacktestSettings, StrategyClass } from './options.ts'

/** What an object that has to have a shape is called where it is something else altogether. */
const shapeOf = (shape: string) => ({ code }: { readonly code: string }): string | undefined => (code === 'invalid_type' ? `expected ${shape}` : undefined)

// One of each: what a schema costs at every start of the command is making it.
const text = z.string()
const name = text.min(1)
const whole = z.int()
const count = whole.min(0)
const values = z.record(text, z.unknown())
const perSymbol = <T>(of: z.ZodType<T>): z.ZodRecord<typeof text, z.ZodType<T>> => z.record(text, of)

const AMOUNT = 'expected a finite number, its text or a Decimal'
const amount = z.union([z.number(), text, z.custom<Decimal>(isDecimal, { error: 'expected a Decimal' })]).transform((value, context): Decimal => {
  try {
    return decimal(typeof value === 'number' ? String(value) : value)
  } catch {
    context.addIssue({ code: 'custom', message: AMOUNT })
    return z.NEVER
  }
})
const positive = amount.refine((value) => value.gt(0), { error: 'expected more than zero' })
const notNegative = amount.refine((value) => value.gte(0), { error: 'expected at least zero' })
const fraction = notNegative.refine((value) => value.lte(1), { error: 'expected a fraction from 0 to 1' })
const rate = amount.refine((value) => value.abs().lt(1), { error: 'expected a fraction between -1 and 1, such as 0.0005' })
const leg = z.enum(['long', 'short'])
const legAmounts = z.strictObject({ long: positive, short: positive }, { error: shapeOf('{ long, short }') })
const moment = z.union([whole, text]).transform((value, context): TimeMs => {
  const at = typeof value === 'number' ? value : parseTimeText(value)
  if (Number.isFinite(at)) return at
  context.addIssue({ code: 'custom', message: 'expected ms UTC or an ISO date such as 2023-10-02 or 2023-10-02T12:00Z' })
  return z.NEVER
})
const opaque = <T>(what: string): z.ZodType<T> => z.custom<T>((value) => value !== undefined && value !== null, { error: `expected ${what}` })

/** What `defineProfile` and `defineDriver` returned: they have checked the rest. */
function isProfile(value: unknown): value is VenueProfile {
  return typeof value === 'object' && value !== null && ['margin', 'execution', 'defaultTiers'].every((key) => key in value) && 'tiers' in value && value.tiers instanceof Map
}

const isDriver = (value: unknown): value is Driver => typeof value === 'object' && value !== null && 'apiVersion' in value && 'profiles' in value && Array.isArray(value.profiles)

/** Bars before the first tradable one, where nothing else is said. */
export const DEFAULT_WARMUP = 240

const exchange = z.strictObject({
  name: name.optional(),
  profile: z.union([name, z.custom<VenueProfile>(isProfile, { error: 'expected a profile that defineProfile() made' })]).default('exact'),
  positionMode: z.enum(['one-way', 'hedge']).default('one-way'),
  marginMode: z.enum(['cross', 'isolated']).default('cross'),
  leverage: z.union([positive.transform((value) => ({ long: value, short: value })), legAmounts]).default(() => ({ long: decimal('1'), short: decimal('1') })),
  startingBalance: positive.default(() => decimal('10000')),
  fee: z.union([rate.transform((both) => ({ maker: both, taker: both })), z.strictObject({ maker: rate, taker: rate }, { error: shapeOf('{ maker, taker }') })]).optional(),
  autoAddMargin: z.boolean().default(false),
})

const strategyClass = z.custom<StrategyClass>((value) => typeof value === 'function', { error: 'expected a class that extends Strategy' })
const route = z.strictObject({
  symbol: name.optional(),
  symbols: z.array(name).min(1, 'expected at least one symbol').refine((symbols) => new Set(symbols).size === symbols.length, { error: 'expected each symbol once' }).optional(),
  timeframe: name,
  strategy: strategyClass,
  params: values.default({}),
  vars: values.optional(),
  legs: z.array(leg).min(1).default(['long', 'short']),
  name: name.optional(),
})

type Symbols = Pick<z.output<typeof route>, 'symbol' | 'symbols'>
const namesSymbols = ({ symbol, symbols }: Symbols): boolean => (symbol === undefined) !== (symbols === undefined)
const SYMBOLS = { error: 'expected either symbol or symbols', path: ['symbol'] }

const sim = z.strictObject({
  path: z.enum(['bar-color', 'ohlc', 'olhc', 'adaptive', 'pessimistic']).optional(),
  limitFill: z.enum(['touch', 'through']).optional(),
  slippage: z.union([z.enum(['profile', 'none']), z.strictObject({ ticks: count }), z.strictObject({ bps: notNegative }), z.strictObject({ impact: notNegative })]).optional(),
  clampToRange: z.boolean().optional(),
  bracket: z.boolean().optional(),
  stp: z.enum(['none', 'cancel-maker', 'cancel-taker', 'cancel-both']).optional(),
  adl: z.strictObject({ rate: fraction, seed: whole.optional(), move: fraction.default(() => decimal('0.01')) }).optional(),
  volumeShare: positive.refine((value) => value.lte(1), { error: 'expected at most 1, the whole volume' }).optional(),
  latencyMs: count.optional(),
  triggerBy: z.enum(['last', 'mark', 'index']).optional(),
  onStopPassed: z.enum(['close', 'reject']).optional(),
  maxGapMinutes: z.number().min(0).optional(),
  funding: z.strictObject({ missing: z.enum(['fail', 'zero', 'lastKnown']).optional(), boundary: z.enum(['before', 'inclusive']).optional() }).optional(),
})

const textOrNothing = text.optional()
const textOrNull = text.nullable().optional()
const instrumentFields = { tickSize: text, qtyStep: text, minQty: textOrNothing, maxQty: textOrNull, maxMarketQty: textOrNull, minNotional: textOrNothing, tiers: textOrNull, fundingIntervalMs: whole.positive().optional() }

const schema = z.strictObject({
  exchange: exchange.prefault({}),
  routes: z.array(route.refine(namesSymbols, SYMBOLS).transform(({ symbol = '', symbols = [symbol], ...rest }) => {
    const [first = symbol, ...others] = symbols
    return { ...rest, symbols: [first, ...others] as const }
  })).min(1, 'expected at least one route'),
  dataRoutes: z.array(z.strictObject({ symbol: name, timeframe: name })).default([]),
  candles: perSymbol(opaque<CandleInput>('candles')),
  funding: perSymbol(opaque<FundingInput>('funding rates')).default({}),
  marks: perSymbol(opaque<MarkInput>('mark candles')).default({}),
  indexes: perSymbol(opaque<IndexInput>('index candles')).default({}),
  start: moment.optional(),
  end: moment.optional(),
  warmupCandles: count.default(DEFAULT_WARMUP),
  closeAtEnd: z.boolean().default(true),
  tradeMode: z.enum(['round-trip', 'fifo']).default('round-trip'),
  refuseLeg: leg.optional(),
  fillAt: z.enum(['open', 'close']).optional(),
  seed: whole.default(1),
  sim: sim.prefault({}),
  drivers: z.array(z.custom<Driver>(isDriver, { error: 'expected a driver that defineDriver() made' })).default([]),
  instruments: z.union([
    z.array(z.strictObject({ symbol: text, ...instrumentFields })),
    perSymbol(z.strictObject(instrumentFields)).transform((table) => Object.entries(table).map(([symbol, fields]) => ({ symbol, ...fields }))),
  ]).default([]),
  onProgress: z.custom<NonNullable<BacktestOptions['onProgress']>>((value) => typeof value === 'function').optional(),
  onLog: z.custom<NonNullable<BacktestOptions['onLog']>>((value) => typeof value === 'function').optional(),
})

/** What a configuration file may say: the options, with paths and package names where they take data and classes. Made when there is such a file. */
const configSchema = () => schema.omit({ onProgress: true, onLog: true }).extend({
  routes: z.array(route.extend({ strategy: z.union([name, strategyClass]) }).refine(namesSymbols, SYMBOLS)).min(1, 'expected at least one route'),
  candles: perSymbol(opaque<CandleInput | string>('candles, or a file of them')).optional(),
  data: z.strictObject({ folder: name.optional(), venue: name.optional() }).optional(),
  out: name.optional(),
  live: liveSchema().optional(),
})

/**
 * Reads and checks the options; `place` names their source in errors.
 *
 * @throws HedgerowError `UNKNOWN_KEY` or `CONFIG_INVALID` naming every wrong key with what was found and expected.
 */
export function parseBacktestOptions(options: BacktestOptions, place: PlaceOfKey = (key) => `backtest options${key === '' ? '' : `, ${key}`}`): BacktestSettings {
  const parsed = schema.safeParse(options, { jitless: true })
  if (parsed.success) return parsed.data
  throw optionsError(parsed.error, options, place)
}

const rangeSchema = () => z.object({ start: moment.optional(), end: moment.optional() })
  .refine(({ start, end }) => start === undefined || end === undefined || start < end, { path: ['end'], error: 'expected a moment after the start' })

/** The range of a run before the rest of its options is known. Throws `CONFIG_INVALID`. */
export function parseRange(options: Pick<BacktestOptions, 'start' | 'end'>, place: PlaceOfKey): TimeRange {
  const parsed = rangeSchema().safeParse(options)
  if (parsed.success) return parsed.data
  throw optionsError(parsed.error, options, place)
}

/**
 * Checks a configuration file before anything that it names is loaded.
 *
 * @throws HedgerowError `UNKNOWN_KEY`, `CONFIG_INVALID`.
 */
export function checkConfig(config: unknown, place: PlaceOfKey): void {
  const parsed = configSchema().safeParse(config, { jitless: true })
  if (!parsed.success) throw optionsError(parsed.error, config, place)
}

/** The schema of a configuration file as JSON schema, as it is written (without defaults filled in). */
export function configJsonSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(configSchema(), { io: 'input', unrepresentable: 'any' })
}
