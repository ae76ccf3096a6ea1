/** What can be traded: the steps and limits of one symbol at one venue. */
import { decimal, ZERO, type Decimal } from './decimal.ts'

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

/** Makes an instrument from texts; what is left out has no limit, and funding settles every eight hours. */
export function instrument(input: InstrumentInput): Instrument {
  const qtyStep = decimal(input.qtyStep)
  return {
    symbol: input.symbol,
    tickSize: decimal(input.tickSize),
    qtyStep,
    minQty: input.minQty === undefined ? qtyStep : decimal(input.minQty),
    maxQty: optional(input.maxQty),
    maxMarketQty: optional(input.maxMarketQty ?? input.maxQty),
    minNotional: input.minNotional === undefined ? ZERO : decimal(input.minNotional),
    tiers: input.tiers ?? null,
    fundingIntervalMs: input.fundingIntervalMs ?? EIGHT_HOURS_MS,
  }
}

/** The instrument of a symbol about which nothing is known: steps of 1e-8 unless said otherwise, and no limits. */
export function unknownInstrument(symbol: string, step: string = '0.00000001'): Instrument {
  return instrument({ symbol, tickSize: step, qtyStep: step })
}

function optional(text: string | null | undefined): Decimal | null {
  return text === null || text === undefined ? null : decimal(text)
}
