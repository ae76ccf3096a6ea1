/** Ledger, margin and liquidation. */
import type { OpAdapter } from '../op.ts'

export const ops: Record<string, OpAdapter> = {}
