/** Positions, as `position/list` and the `position` topic show them: one row a leg in hedge mode, one row a symbol in one-way mode. */
import { LEGS, ZERO, type Leg, type PositionReport } from '@hedgerow/core'
import { z } from 'zod'
import { amount, amountOrNull, momentOrNull, priceOrNull, sequence } from './fields.ts'

const schema = z.object({
  symbol: z.string().min(1),
  positionIdx: z.literal([0, 1, 2]),
  side: z.enum(['Buy', 'Sell', '', 'None']),
  size: amount,
  /** Queries call it so, */
  avgPrice: priceOrNull,
  /** and the stream so. */
  entryPrice: priceOrNull,
  markPrice: priceOrNull,
  unrealisedPnl: amountOrNull,
  liqPrice: priceOrNull,
  positionIM: amountOrNull,
  positionMM: amountOrNull,
  leverage: priceOrNull,
  seq: sequence,
  updatedTime: momentOrNull,
})

type Row = z.infer<typeof schema>

/**
 * Reads one row: a report of its leg, or in one-way mode reports of both legs, of which the one that the side does not name is flat.
 * The index says the leg, never the side: a flat leg has none.
 */
export function positionReports(messageAt: number): z.ZodType<readonly PositionReport[]> {
  return schema.transform((row, context): readonly PositionReport[] => {
    const named: Leg | null = row.side === 'Buy' ? 'long' : row.side === 'Sell' ? 'short' : null
    const own: Leg | null = row.positionIdx === 0 ? named : row.positionIdx === 1 ? 'long' : 'short'
    if (!row.size.isZero() && named !== own) {
      context.addIssue({ code: 'custom', path: ['side'], message: `expected the side of index ${row.positionIdx}` })
      return z.NEVER
    }
    const at = row.updatedTime ?? messageAt
    return row.positionIdx === 0 ? LEGS.map((leg) => report(row, { leg, at, isFlat: leg !== own })) : own === null ? [] : [report(row, { leg: own, at, isFlat: false })]
  })
}

function report(row: Row, { leg, at, isFlat }: { readonly leg: Leg; readonly at: number; readonly isFlat: boolean }): PositionReport {
  const shared = { type: 'position', at, symbol: row.symbol, leg, mode: row.positionIdx === 0 ? 'one-way' : 'hedge', markPrice: row.markPrice, leverage: row.leverage, sequence: row.seq } as const
  if (isFlat || row.size.isZero()) return { ...shared, qty: ZERO, entryPrice: null, unrealisedPnl: ZERO, liquidationPrice: null, initialMargin: ZERO, maintenanceMargin: ZERO }
  return {
    ...shared,
    qty: row.size,
    entryPrice: row.entryPrice ?? row.avgPrice,
    unrealisedPnl: row.unrealisedPnl,
    liquidationPrice: row.liqPrice,
    initialMargin: row.positionIM,
    maintenanceMargin: row.positionMM,
  }
}
