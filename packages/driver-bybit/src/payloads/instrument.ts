/** Contracts, as `instruments-info` lists them. */
import { decimalText, instrument, type ListedInstrument } from '@hedgerow/core'
import { z } from 'zod'
import { INSTRUMENTS } from '../instruments.ts'
import { amount, amountOrNull, moment } from './fields.ts'

const MINUTE_MS = 60_000

const schema = z.object({
  symbol: z.string().min(1),
  contractType: z.string(),
  status: z.string(),
  settleCoin: z.string(),
  launchTime: moment,
  priceFilter: z.object({ tickSize: amount }),
  lotSizeFilter: z.object({ qtyStep: amount, minOrderQty: amount, maxOrderQty: amount, maxMktOrderQty: amountOrNull, minNotionalValue: amountOrNull }),
  /** Minutes. */
  fundingInterval: z.int().positive(),
})

/** A contract with what only queries need to know. */
export interface Contract {
  readonly listed: ListedInstrument
  readonly settleAsset: string
  readonly isPerpetual: boolean
  /** When it began to trade. */
  readonly launchedAt: number
}

/** Reads one contract. The tier table is the one that the profile has for the symbol. */
export const contract: z.ZodType<Contract> = schema.transform(({ symbol, contractType, status, settleCoin, launchTime, priceFilter, lotSizeFilter, fundingInterval }): Contract => ({
  settleAsset: settleCoin,
  isPerpetual: contractType === 'LinearPerpetual',
  launchedAt: launchTime,
  listed: {
    trading: status === 'Trading',
    instrument: instrument({
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
