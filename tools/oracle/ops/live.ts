/** Orders at a venue that answers late, and two books that have to agree. */
import { decimalText, OrderMachine, planReconciliation, roundToPlaces, type HeldLeg, type Leg, type OrderAnomaly, type OrderPhase, type OrderSignal, type ReconcileAction } from '@hedgerow/core'
import { z } from 'zod'
import { amount, amountOr, op, type OpAdapter } from '../op.ts'
import { legNamed, nameOf, posName, sideName, type PosName } from './money/words.ts'

const PHASES: Readonly<Record<OrderPhase, string>> = {
  intent: 'INTENT', submitting: 'SUBMITTING', unknown: 'UNKNOWN', open: 'OPEN', 'partially-filled': 'PARTIAL', filled: 'FILLED', canceled: 'CANCELLED', expired: 'EXPIRED', rejected: 'REJECTED',
}
const SIMPLE = { SUBMIT: 'sent', ACK: 'accepted', REJECT: 'rejected', TIMEOUT: 'unanswered', CANCELLED: 'canceled', EXPIRED: 'expired', CANCEL_REQ: 'cancel-requested', CANCEL_REJECT: 'cancel-refused' } as const
const STATUSES = { OPEN: 'open', PARTIAL: 'partially-filled', FILLED: 'filled', CANCELLED: 'canceled', EXPIRED: 'expired', REJECTED: 'rejected' } as const

const signal = z.union([
  z.object({ e: z.enum(['SUBMIT', 'ACK', 'REJECT', 'TIMEOUT', 'CANCELLED', 'EXPIRED', 'CANCEL_REQ', 'CANCEL_REJECT']) }).transform(({ e }): OrderSignal => ({ type: SIMPLE[e] })),
  z.object({ e: z.literal('FILL'), exec_id: z.string(), qty: amount, price: amount, fee: amountOr('0') }).transform(({ exec_id: executionId, qty, price, fee }): OrderSignal => ({ type: 'filled', executionId, qty, price, fee })),
  z.object({ e: z.literal('QUERY_NOT_FOUND'), grace_over: z.boolean().default(false) }).transform(({ grace_over: final }): OrderSignal => ({ type: 'not-found', final })),
  z.object({ e: z.literal('QUERY_STATUS'), status: z.enum(['OPEN', 'PARTIAL', 'FILLED', 'CANCELLED', 'EXPIRED', 'REJECTED']), cum_qty: amount })
    .transform(({ status, cum_qty: filledQty }): OrderSignal => ({ type: 'found', phase: STATUSES[status], filledQty })),
])

function anomalyName(anomaly: OrderAnomaly): string {
  switch (anomaly.type) {
    case 'duplicate-fill': return `duplicate-fill ${anomaly.executionId}`
    case 'missing-fills': return `missing-fills ${decimalText(anomaly.qty)}`
    case 'late-fill': return `late-fill-after-${PHASES[anomaly.phase]}`
    case 'reject-after': return `reject-after-${PHASES[anomaly.phase]}`
    default: return anomaly.type
  }
}

const mode = z.enum(['one-way', 'hedge'])
const legs = z.array(z.object({ symbol: z.string(), pos: posName, qty: amount }))
const orders = z.array(z.object({ cid: z.string() })).transform((rows) => rows.map(({ cid }) => cid))

/** The one position of one-way mode stays one: on the long leg, with its sign. */
function heldLegs(rows: readonly { readonly symbol: string; readonly pos: PosName; readonly qty: HeldLeg['qty'] }[]): HeldLeg[] {
  return rows.map(({ symbol, pos, qty }) => ({ symbol, leg: legNamed(pos), qty: pos === 'BOTH' ? qty : qty.abs() }))
}

function actionName(action: ReconcileAction, posOf: (leg: Leg) => PosName): string {
  switch (action.type) {
    case 'switch-mode': return `set-position-mode ${action.mode}`
    case 'halt-mode': return 'halt: position mode mismatch'
    case 'replay': return `replay-fill ${action.execution.executionId}`
    case 'adopt-leg': return `adopt-external ${action.symbol} ${posOf(action.leg)} ${decimalText(action.qty)}`
    case 'adjust-leg': return `adjust ${action.symbol} ${posOf(action.leg)} ${decimalText(action.local)} -> ${decimalText(action.remote)}`
    case 'halt-leg': {
      const place = `${action.symbol} ${posOf(action.leg)}`
      return action.local.isZero() ? `halt: external position ${place}` : `halt: position mismatch ${place} ${decimalText(action.local)} -> ${decimalText(action.remote)}`
    }
    default: return `${action.type} ${action.clientId}`
  }
}

export const ops: Record<string, OpAdapter> = {
  order_fsm: op(z.object({ qty: amount, events: z.array(signal) }), ({ qty, events }) => {
    const machine = new OrderMachine(qty)
    const anomalies = events.flatMap((event) => machine.apply(event))
    const { filledQty, filledValue } = machine
    return {
      state: PHASES[machine.phase], filled_qty: filledQty, avg_price: filledQty.isZero() ? null : roundToPlaces(filledValue.div(filledQty), 8, 'half-up'), fees: machine.fees,
      unique_fills: machine.fills, anomalies: anomalies.map(anomalyName), position_delta: filledQty,
    }
  }),
  reconcile: op(
    z.object({
      local_mode: mode, remote_mode: mode, may_switch_mode: z.boolean().default(false), adopt: z.boolean(), trust_exchange: z.boolean().default(false), cid_prefix: z.string(), foreign_orders: z.enum(['ignore', 'cancel']),
      local_positions: legs, remote_positions: legs, local_orders: orders, remote_orders: orders, applied_exec_ids: z.array(z.string()).default([]),
      remote_executions: z.array(z.object({ exec_id: z.string(), symbol: z.string(), pos: posName, side: sideName, qty: amount })).default([]),
    }),
    (input) => {
      const plan = planReconciliation({
        localMode: input.local_mode, remoteMode: input.remote_mode, maySwitchMode: input.may_switch_mode, adopt: input.adopt, trustVenue: input.trust_exchange,
        isOwn: (clientId) => clientId.startsWith(input.cid_prefix), foreignOrders: input.foreign_orders,
        localLegs: heldLegs(input.local_positions), remoteLegs: heldLegs(input.remote_positions), localOrders: input.local_orders, remoteOrders: input.remote_orders,
        isApplied: (executionId) => input.applied_exec_ids.includes(executionId),
        remoteExecutions: input.remote_executions.map(({ exec_id: executionId, symbol, pos, side, qty }) => ({ executionId, symbol, leg: legNamed(pos), side: side === 'BUY' ? 'buy' : 'sell', qty })),
      })
      const posOf = (leg: Leg): PosName => (input.local_mode === 'hedge' ? nameOf(leg) : 'BOTH')
      return { start_allowed: plan.mayStart, actions: plan.actions.map((action) => actionName(action, posOf)) }
    },
  ),
}
