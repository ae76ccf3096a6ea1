/** Matching and the order of events. */
import type { OpAdapter } from '../op.ts'

export const ops: Record<string, OpAdapter> = {}
