/** Positions, as `position/list` and the `position` topic show them: one row a leg in hedge mode, one row a symbol in one-way mode. */
import { LEGS, ZERO, type Decimal, type Leg, type PositionReport, type TimeMs } from '@hedgerow/core'
import { z } from '@hedgerow/core/zod'
import { amountOrNull, levelOrNull, momentOrNull, priceOrNull, quantity, sequence } from './fields.ts'

/** One row. */
export interface PositionRow {
  readonly symbol: string
  readonly positionIdx: 0 | 1 | 2
  readonly side: 'Buy' | 'Sell' | '' | 'None'
  readonly size: Decimal
  /** Queries call it so, */
  readonly avgPrice: Decimal | null
  /** and the stream so. */
  readonly entryPrice: Decimal | null
  readonly markPrice: Decimal | null
  readonly unrealisedPnl: Decimal | null
  readonly liqPrice: Decimal | null
  readonly positionIM: Decimal | null
  readonly positionMM: Decimal | null
  readonly leverage: Decimal | null
  readonly seq: number | null
  readonly updatedTime: TimeMs | null
}

/** Reads one row. An open one whose side contradicts its index is an error. */
export const positionRow: z.ZodType<PositionRow> = z.object({
  symbol: z.string().min(1), positionIdx: z.literal([0, 1, 2]), side: z.enum(['Buy', 'Sell', '', 'None']), size: quantity, avgPrice: priceOrNull, entryPrice: priceOrNull, markPrice: priceOrNull,
  unrealisedPnl: amountOrNull, liqPrice: levelOrNull, positionIM: amountOrNull, positionMM: amountOrNull, leverage: priceOrNull, seq: sequence, updatedTime: momentOrNull,
}).superRefine((row, context) => {
  const side = sideLeg(row)
  if (row.size.isZero() || side !== null && side === ownLeg(row)) return
  context.addIssue({ code: 'custom', path: ['side'], message: `expected the side of index ${row.positionIdx}` })
})

/**
 * What a row says: a report of its leg, or in one-way mode reports of both legs, of which the one that the side does not name is flat. The index
 * says the leg, never the side: a flat leg has none. `messageAt` is for rows that were never touched.
 */
export function positionReports(row: PositionRow, messageAt: TimeMs): readonly PositionReport[] {
  const at = row.updatedTime ?? messageAt
  const own = ownLeg(row)
  return LEGS.filter((leg) => row.positionIdx === 0 || leg === own).map((leg) => report(row, { leg, at, isFlat: leg !== own }))
}

function sideLeg({ side }: PositionRow): Leg | null {
  return side === 'Buy' ? 'long' : side === 'Sell' ? 'short' : null
}

function ownLeg(row: PositionRow): Leg | null {
  return row.positionIdx === 0 ? sideLeg(row) : row.positionIdx === 1 ? 'long' : 'short'
}

function report(row: PositionRow, { leg, at, isFlat }: { readonly leg: Leg; readonly at: number; readonly isFlat: boolean }): PositionReport {
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
