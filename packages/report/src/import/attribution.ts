/** From an exported row to events of legs. What cannot be attributed is an error that names the row, never a guess. */
import {
  decimalText, HedgerowError, isHedgerowError, LEGS, legOfFunding, legOfTrade, splitNetFill, ZERO,
  type Decimal, type Filled, type FundingSettled, type Intent, type Leg, type PairOfPositions, type Side,
} from '@hedgerow/core'
import type { ImportedFill, ImportedFunding } from './imported-file.ts'

/** How near a share of the funding has to be to that of a leg's quantity. */
const SHARE_TOLERANCE = '0.01'
/** How near a quantity that is computed in doubles has to be. */
const QTY_TOLERANCE = '0.00000001'

/**
 * What a fill did, given what was held before it: one part, or the close of one leg and the open of the other with the fee on the first.
 *
 * @throws HedgerowError `IMPORT_UNATTRIBUTED` naming the row.
 */
export function fillsOf(row: ImportedFill, pair: PairOfPositions): readonly Filled[] {
  const parts = partsOf(row, pair)
  for (const part of parts) requireHeld(row, part, pair)
  return parts
}

function partsOf(row: ImportedFill, pair: PairOfPositions): readonly Filled[] {
  const { leg: word, qty, fee } = row
  if (word.by === 'leg') return [filled(row, { leg: word.leg, intent: word.intent, qty, fee, number: 0 })]
  if (word.by === 'side') return netParts(row, word.side, pair)
  if (word.by === 'realised') return [realisedPart(row, word, pair)]
  const { side, closed } = word
  const opening = qty.minus(closed)
  if (opening.gt(0) && closed.gt(0) && LEGS.every((leg) => !pair[leg].qty.isZero())) {
    throw unattributed(row, `closes ${decimalText(closed)} of ${decimalText(qty)} while both legs are open`, 'a fill that closes whole or opens whole, as it does in hedge mode')
  }
  const shares = ([['close', closed], ['open', opening]] as const).filter(([, share]) => share.gt(0))
  return shares.map(([intent, share], number) => {
    const leg = legOfTrade({ side, closedQty: intent === 'close' ? share : ZERO })
    if (leg === null) throw unattributed(row, `a ${side} of ${row.symbol}`, 'the part of it that closed')
    return filled(row, { leg, intent, qty: share, fee: number === 0 ? fee : ZERO, number })
  })
}

/** How far from its entry price, as a part of it, a leg can be closed for what a venue may write as nothing. */
const NOTHING_REALISED = '0.00001'

/** In hedge mode a fill closes whole or opens whole. One that realised something closed; one that realised nothing opened, unless it could have closed at the entry price. */
function realisedPart(row: ImportedFill, { side, realised }: { readonly side: Side; readonly realised: Decimal }, pair: PairOfPositions): Filled {
  const [opened, closed]: readonly [Leg, Leg] = side === 'buy' ? ['long', 'short'] : ['short', 'long']
  const { qty, fee } = row
  if (!realised.isZero()) return filled(row, { leg: closed, intent: 'close', qty, fee, number: 0 })
  const held = pair[closed]
  const entry = held.qty.gte(qty) ? held.cost.div(held.qty) : null
  if (entry !== null && row.price.minus(entry).abs().lte(entry.times(NOTHING_REALISED))) {
    throw unattributed(row, `a ${side} that realised nothing at the entry price of the ${closed} leg`, 'a fill that names its leg: this one opens or closes', undefined, 'Export rows that name the leg, such as those of /fapi/v1/userTrades.')
  }
  return filled(row, { leg: opened, intent: 'open', qty, fee, number: 0 })
}

interface Share {
  readonly leg: Leg
  readonly intent: Intent
  readonly qty: Decimal
  readonly fee: Decimal
  readonly number: number
}

function filled({ at, id, symbol, price, liquidity, source, exit }: ImportedFill, { leg, intent, qty, fee, number }: Share): Filled {
  const isClose = intent === 'close'
  return {
    type: 'order.filled', at, fillId: `${symbol} ${id}${number === 0 ? '' : ` ${number + 1}`}`, orderId: null, symbol, leg, intent, price, qty, fee, liquidity,
    source: isClose ? source : 'external', role: isClose ? exit : 'entry',
  }
}

/** A one-way account names sides only: its fills are folded. */
function netParts(row: ImportedFill, side: Side, pair: PairOfPositions): readonly Filled[] {
  try {
    const parts = splitNetFill(pair, { type: 'order.filled', at: row.at, fillId: row.id, orderId: null, symbol: row.symbol, side, price: row.price, qty: row.qty, fee: row.fee, liquidity: row.liquidity, source: row.source, role: row.exit })
    if (row.realised?.isZero() === false && parts.every(({ intent }) => intent === 'open')) {
      throw unattributed(row, `realised ${decimalText(row.realised)} although nothing is held before it`, 'an export that begins while the account is flat')
    }
    return parts.map(({ leg, intent, qty, fee }, number) => filled(row, { leg, intent, qty, fee, number }))
  } catch (cause) {
    if (!isHedgerowError(cause) || cause.code !== 'INVARIANT_BROKEN') throw cause
    throw unattributed(row, `a ${side} without a leg while both legs are open`, 'fills that name a leg, or a one-way account', cause)
  }
}

function requireHeld(row: ImportedFill, { leg, intent, qty }: Filled, pair: PairOfPositions): void {
  const before = pair[leg].qty
  if (intent === 'close' && qty.gt(before)) throw unattributed(row, `closes ${decimalText(qty)} of the ${leg} leg of ${row.symbol}, which holds ${decimalText(before)} by the rows before it`, 'an export that begins while the account is flat, with every fill since')
  const after = intent === 'open' ? before.plus(qty) : before.minus(qty)
  if (row.heldAfter === null || row.heldAfter.minus(after).abs().lte(QTY_TOLERANCE)) return
  throw unattributed(row, `the ${leg} leg of ${row.symbol} holds ${decimalText(row.heldAfter)} after it, but ${decimalText(after)} by the rows so far`, 'an export that begins while the account is flat, with every fill since')
}

/**
 * Funding on its leg, given what was held; null for an amount of zero. Where the export names no leg: the one that is open; with both open,
 * the one that pays at that rate; without a rate, the one whose part of the quantity is the row's part of the two amounts of that moment.
 * A mark or rate that the export does not say is the last price, and what follows from the amount.
 *
 * @throws HedgerowError `IMPORT_UNATTRIBUTED` naming the row.
 */
export function fundingOf(row: ImportedFunding, pair: PairOfPositions, lastPrice: Decimal | null): FundingSettled | null {
  if (row.amount.isZero()) return null
  const leg = row.leg ?? legOfRow(row, pair)
  const { qty: held } = pair[leg]
  if (held.isZero()) throw unattributed(row, `funding of the ${leg} leg of ${row.symbol}, which holds nothing by the rows before it`, 'an export that begins while the account is flat, with every fill since')
  const qty = row.qty ?? held
  const mark = row.mark ?? lastPrice ?? ZERO
  const value = qty.times(mark)
  const rate = row.rate ?? (value.isZero() ? ZERO : row.amount.div(value).times(leg === 'long' ? -1 : 1))
  return { type: 'funding.settled', at: row.at, symbol: row.symbol, leg, qty, mark, rate, amount: row.amount }
}

function legOfRow(row: ImportedFunding, pair: PairOfPositions): Leg {
  const open = LEGS.filter((leg) => !pair[leg].qty.isZero())
  const [only, other] = open
  if (only === undefined) throw unattributed(row, `funding of ${row.symbol}, of which nothing is held by the rows before it`, 'an export that begins while the account is flat, with every fill since')
  if (other === undefined) return only
  const leg = (row.rate === null ? null : legOfFunding({ rate: row.rate, amount: row.amount })) ?? legByShare(row, pair)
  if (leg !== null) return leg
  throw unattributed(row, `funding of ${decimalText(row.amount)} on ${row.symbol} with both legs open`, 'a rate, or the two rows of both legs in different quantities', undefined, 'Leave the funding out, or export funding with its rate.')
}

/** The legs pay in opposite directions, each in proportion to its quantity. */
function legByShare({ amount, beside }: ImportedFunding, { long, short }: PairOfPositions): Leg | null {
  if (beside === null || beside.isZero() || beside.gt(0) === amount.gt(0)) return null
  const share = amount.abs().div(amount.abs().plus(beside.abs()))
  const both = long.qty.plus(short.qty)
  const near = LEGS.filter((leg) => share.minus({ long, short }[leg].qty.div(both)).abs().lte(SHARE_TOLERANCE))
  return near.length === 1 ? (near[0] ?? null) : null
}

function unattributed(row: { readonly where: string }, found: string, expected: string, cause?: unknown, remedy?: string): HedgerowError {
  return new HedgerowError('IMPORT_UNATTRIBUTED', { where: row.where, found, expected, ...(remedy === undefined ? {} : { remedy }), ...(cause === undefined ? {} : { cause }) })
}
