/** Contracts, as `instruments-info` lists them. */
import { decimalText, instrument, isHedgerowError, type Instrument, type InstrumentInput, type ListedInstrument } from '@hedgerow/core'
import { z } from '@hedgerow/core/zod'
import { INSTRUMENTS } from '../instruments.ts'
import { amount, amountOrNull, moment } from './fields.ts'

const MINUTE_MS = 60_000

/** The venue's word for contracts without an end. */
export const PERPETUAL = 'LinearPerpetual'

const schema = z.object({
  symbol: z.string().min(1),
  contractType: z.literal(PERPETUAL),
  status: z.string(),
  launchTime: moment,
  priceFilter: z.object({ tickSize: amount }),
  lotSizeFilter: z.object({ qtyStep: amount, minOrderQty: amount, maxOrderQty: amount, maxMktOrderQty: amountOrNull, minNotionalValue: amountOrNull }),
  /** Minutes. */
  fundingInterval: z.int().positive(),
})

/** A contract with what only queries need to know. */
export interface Contract {
  readonly listed: ListedInstrument
  /** When it began to trade. */
  readonly launchedAt: number
}

/** Reads one perpetual contract. The tier table is the one that the profile has for the symbol. */
export const contract: z.ZodType<Contract> = schema.transform(({ symbol, status, launchTime, priceFilter, lotSizeFilter, fundingInterval }, context): Contract => ({
  launchedAt: launchTime,
  listed: {
    trading: status === 'Trading',
    instrument: checked(context, {
      symbol,
      tickSize: decimalText(priceFilter.tickSize),
      qtyStep: decimalText(lotSizeFilter.qtyStep),
      minQty: decimalText(lotSizeFilter.minOrderQty),
      maxQty: decimalText(lotSizeFilter.maxOrderQty),
      maxMarketQty: lotSizeFilter.maxMktOrderQty === null ? undefined : decimalText(lotSizeFilter.maxMktOrderQty),
      minNotional: lotSizeFilter.minNotionalValue === null ? undefined : decimalText(lotSizeFilter.minNotionalValue),
      tiers: INSTRUMENTS.find((known) => known.symbol === symbol)?.tiers,
      fundingIntervalMs: fundingInterval * MINUTE_MS,
    }),
  },
}))

/** Steps and limits that make no contract are an issue of the row, like every other wrong value in it. */
function checked(context: z.core.$RefinementCtx, input: InstrumentInput): Instrument {
  try {
    return instrument(input)
  } catch (error) {
    if (!isHedgerowError(error)) throw error
    context.addIssue({ code: 'custom', message: `expected ${error.details.expected ?? 'a contract'}, found ${error.details.found ?? 'none'}` })
    return z.NEVER
  }
}
