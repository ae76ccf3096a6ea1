/** What can be traded: the steps and limits of one symbol at one venue. */
import { HedgerowError } from '../errors.ts'
import { decimal, decimalText, ZERO, type Decimal } from './decimal.ts'

/** Steps and limits of one symbol. Quantities in base units, prices in quote per base, notional in quote. */
export interface Instrument {
  /** For instance `ETHUSDT`. */
  readonly symbol: string
  /** Smallest price step. */
  readonly tickSize: Decimal
  /** Smallest quantity step. */
  readonly qtyStep: Decimal
  /** Smallest quantity of an order; zero for none. */
  readonly minQty: Decimal
  /** Largest quantity of a limit order; null for none. */
  readonly maxQty: Decimal | null
  /** Largest quantity of a market order; null for none. */
  readonly maxMarketQty: Decimal | null
  /** Smallest value of an opening order; closers are exempt. Zero for none. */
  readonly minNotional: Decimal
  /** Name of the tier table in the venue profile that applies; null takes the profile's default table. */
  readonly tiers: string | null
  /** Milliseconds between two funding settlements. */
  readonly fundingIntervalMs: number
}

/** The part of an {@link Instrument} that a table has to state. */
export interface InstrumentInput {
  readonly symbol: string
  readonly tickSize: string
  readonly qtyStep: string
  readonly minQty?: string | undefined
  readonly maxQty?: string | null | undefined
  readonly maxMarketQty?: string | null | undefined
  readonly minNotional?: string | undefined
  readonly tiers?: string | null | undefined
  readonly fundingIntervalMs?: number | undefined
}

const EIGHT_HOURS_MS = 28_800_000

/**
 * Makes an instrument from texts; what is left out has no limit, and funding settles every eight hours.
 *
 * @throws HedgerowError `CONFIG_INVALID` naming the field: steps and maxima are above zero, minima from zero, and no minimum is above its maximum.
 */
export function instrument(input: InstrumentInput): Instrument {
  const qtyStep = stepOf(input, 'qtyStep')
  const made: Instrument = {
    symbol: input.symbol,
    tickSize: stepOf(input, 'tickSize'),
    qtyStep,
    minQty: amountOf(input, 'minQty') ?? qtyStep,
    maxQty: amountOf(input, 'maxQty'),
    maxMarketQty: amountOf(input, 'maxMarketQty') ?? amountOf(input, 'maxQty'),
    minNotional: amountOf(input, 'minNotional') ?? ZERO,
    tiers: input.tiers ?? null,
    fundingIntervalMs: input.fundingIntervalMs ?? EIGHT_HOURS_MS,
  }
  for (const key of ['maxQty', 'maxMarketQty'] as const) {
    if (made[key]?.lt(made.minQty) === true || made[key]?.isZero() === true) throw invalid(input, key, `above zero and at least minQty ${decimalText(made.minQty)}`)
  }
  return made
}

/** The instrument of a symbol about which nothing is known: steps of 1e-8 unless said otherwise, and no limits. */
export function unknownInstrument(symbol: string, step: string = '0.00000001'): Instrument {
  return instrument({ symbol, tickSize: step, qtyStep: step })
}

type AmountKey = 'tickSize' | 'qtyStep' | 'minQty' | 'maxQty' | 'maxMarketQty' | 'minNotional'

function stepOf(input: InstrumentInput, key: 'tickSize' | 'qtyStep'): Decimal {
  const step = amountOf(input, key)
  if (step === null || step.isZero()) throw invalid(input, key, 'above zero')
  return step
}

/** Null for no limit. */
function amountOf(input: InstrumentInput, key: AmountKey): Decimal | null {
  const text = input[key]
  if (text === null || text === undefined) return null
  try {
    const amount = decimal(text)
    if (amount.gte(0)) return amount
  } catch (cause) {
    throw invalid(input, key, 'the text of a decimal, such as "0.001"', cause)
  }
  throw invalid(input, key, 'from zero')
}

function invalid(input: InstrumentInput, key: AmountKey, expected: string, cause?: unknown): HedgerowError {
  return new HedgerowError('CONFIG_INVALID', { where: `instrument ${input.symbol}, ${key}`, found: String(input[key]), expected: `${key} ${expected}`, cause })
}
