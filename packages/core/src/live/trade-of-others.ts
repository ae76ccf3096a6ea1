/** Fills that no order of ours caused: liquidation, auto-deleveraging, trades by hand. The one place where a leg is read from a trade. */
import { ZERO } from '../domain/decimal.ts'
import type { Filled } from '../domain/events.ts'
import { oppositeLeg, sideOf, type Intent, type Leg } from '../domain/leg.ts'
import type { ExecutionReport } from '../ports/venue-report.ts'
import { legOfTrade } from './reconcile.ts'

/** The id under which an execution is folded once: the same in every stream and query, over restarts. */
export function fillIdOf({ symbol, executionId }: Pick<ExecutionReport, 'symbol' | 'executionId'>): string {
  return `${symbol}:${executionId}`
}

/** The fills of such an execution: one, or in one-way mode a close and an open. Null where the venue says too little to name the leg. */
export function fillsOfOthers(report: ExecutionReport): readonly Filled[] | null {
  const { closedQty, qty, side, leg } = report
  if (closedQty !== null && closedQty.gt(0) && closedQty.lt(qty)) {
    const opened: Leg = side === 'buy' ? 'long' : 'short'
    const whole = fillOf(report, { leg: oppositeLeg(opened), intent: 'close' })
    return [{ ...whole, qty: closedQty }, { ...whole, fillId: `${whole.fillId}/open`, leg: opened, intent: 'open', qty: qty.minus(closedQty), fee: ZERO, role: 'entry' }]
  }
  const named = leg ?? legOfTrade(report)
  return named === null ? null : [fillOf(report, { leg: named, intent: sideOf(named, 'open') === side ? 'open' : 'close' })]
}

function fillOf(report: ExecutionReport, { leg, intent }: { readonly leg: Leg; readonly intent: Intent }): Filled {
  const { at, symbol, price, qty, fee, liquidity, source } = report
  const role = source === 'trade' ? (intent === 'open' ? 'entry' : 'exit') : source
  return { type: 'order.filled', at, fillId: fillIdOf(report), orderId: null, symbol, leg, intent, price, qty, fee, liquidity, source: source === 'trade' ? 'external' : source, role }
}
