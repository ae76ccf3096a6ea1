/** Ledger, margin and liquidation. */
import type { OpAdapter } from '../op.ts'
import { ops as ledger } from './money/ledger.ts'
import { ops as levels } from './money/levels.ts'
import { ops as liquidation } from './money/liquidation.ts'
import { ops as margin } from './money/margin.ts'

export const ops: Record<string, OpAdapter> = { ...ledger, ...margin, ...levels, ...liquidation }
