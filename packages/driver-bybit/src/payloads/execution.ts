/** Executions, as `execution/list` and the `execution` topic show them: matches, takeovers and funding. They do not name the leg. */
import type { ExecutionReport, FundingReport } from '@hedgerow/core'
import { z } from '@hedgerow/core/zod'
import { SETTLE_ASSET } from '../mapping.ts'
import { amount, amountOrNull, moment, quantity, quantityOrNull, sequence, textOrNull } from './fields.ts'

/** Kinds that change a position. Takeovers and deleveraging are the venue's doing. */
const SOURCE = { Trade: 'trade', BlockTrade: 'trade', MovePosition: 'trade', Settle: 'trade', Delivery: 'trade', BustTrade: 'liquidation', AdlTrade: 'adl' } as const

const extraFee = z.object({ feeCoin: z.string(), fee: amount })

const schema = z.object({
  symbol: z.string().min(1),
  execId: z.string().min(1),
  execType: z.enum(['Funding', 'Trade', 'BlockTrade', 'MovePosition', 'Settle', 'Delivery', 'BustTrade', 'AdlTrade']),
  orderId: z.string(),
  orderLinkId: z.string().nullish().transform((id) => id ?? null),
  side: z.enum(['Buy', 'Sell']),
  execPrice: quantity,
  execQty: quantity,
  execFee: amount,
  feeRate: amountOrNull,
  feeCurrency: textOrNull,
  markPrice: amountOrNull,
  closedSize: quantityOrNull,
  isMaker: z.boolean(),
  execTime: moment,
  seq: sequence,
  extraFees: z.union([z.literal(''), z.array(extraFee)]).nullish().transform((fees) => (Array.isArray(fees) ? fees : [])),
})

type Row = z.infer<typeof schema>

/** Reads one execution. Where no currency is named, fees are in the asset that the contracts settle in. */
export const executionReport: z.ZodType<ExecutionReport | FundingReport> = schema.transform((row, context): ExecutionReport | FundingReport => {
  const feeAsset = row.feeCurrency ?? SETTLE_ASSET
  if (row.execType === 'Funding') return funding(row, context)
  const nothing = row.execQty.isZero() ? 'execQty' : row.execPrice.isZero() ? 'execPrice' : null
  if (nothing !== null) {
    context.addIssue({ code: 'custom', path: [nothing], message: 'expected more than zero of a match' })
    return z.NEVER
  }
  if (row.extraFees.some(({ feeCoin }) => feeCoin !== feeAsset)) {
    context.addIssue({ code: 'custom', path: ['extraFees'], message: `expected extra fees in ${feeAsset}` })
    return z.NEVER
  }
  return {
    type: 'execution',
    at: row.execTime,
    executionId: row.execId,
    symbol: row.symbol,
    leg: null,
    side: row.side === 'Buy' ? 'buy' : 'sell',
    clientId: row.orderLinkId,
    venueOrderId: row.orderId,
    price: row.execPrice,
    qty: row.execQty,
    fee: row.extraFees.reduce((sum, { fee }) => sum.plus(fee), row.execFee),
    feeAsset,
    closedQty: row.closedSize,
    liquidity: row.isMaker ? 'maker' : 'taker',
    source: SOURCE[row.execType],
    sequence: row.seq,
  }
})

/**
 * A row that pays has a positive fee; the report is signed the other way round. The side is that of the leg. For the sign of the rate the venue has two
 * conventions, the market's or turned for the short leg (transaction log: "for side=Sell, feeRate = - market fee rate"): who pays says what it is.
 */
function funding(row: Row, context: z.core.$RefinementCtx<Row>): FundingReport {
  const { symbol, execTime: at, execId: fundingId, execQty: qty, feeRate, execFee: paid } = row
  const leg = row.side === 'Buy' ? 'long' : 'short'
  if (feeRate !== null) return { type: 'funding', at, fundingId, symbol, leg, qty, mark: row.markPrice ?? row.execPrice, rate: (leg === 'long') === paid.gt(0) ? feeRate.abs() : feeRate.abs().neg(), amount: paid.neg() }
  context.addIssue({ code: 'custom', path: ['feeRate'], message: 'expected the rate of a settlement' })
  return z.NEVER
}
