/** `ledger` and `isolated_funding`. */
import {
  entryPriceOf, FeeAssetWallet, fundingAmount, inFundingOrder, isolatedFunding, Ledger, LEGS, netPnlOf, netPosition, pairPnl, postMoney, tradeFee, unrealisedPnl, ZERO,
  type AccountPosted, type ChargedFee, type Decimal, type Filled, type Leg, type Position, type Posting,
} from '@hedgerow/core'
import { z } from 'zod'
import { amount, amountOr, op, whole, type OpAdapter, type OracleValue } from '../../op.ts'
import { legNamed, legName, nameOf, orderOf, posName, profileName, profileOf, rounded, sideName } from './words.ts'

const symbol = 'SYMBOL'
const ts = whole.optional()
const event = z.discriminatedUnion('type', [
  z.object({ type: z.literal('fill'), side: sideName, pos: posName, qty: amount, price: amount, fee_rate: amount, fee_asset_price: amount.optional(), ts }),
  z.object({ type: z.literal('funding'), rate: amount, mark: amount, ts }),
  z.object({ type: z.literal('deposit'), amount, ts }),
  z.object({ type: z.literal('withdraw'), amount, ts }),
])
type Event = z.output<typeof event>
type FillEvent = Extract<Event, { type: 'fill' }>

const ledgerInput = z.object({
  profile: profileName,
  position_mode: z.enum(['one-way', 'hedge']),
  wallet: amount,
  mark: amount.optional(),
  events: z.array(event),
  funding_boundary: z.enum(['before', 'inclusive']).default('before'),
  fee_asset: z.object({ name: z.string(), wallet: amount, discount: amountOr('0.9') }).optional(),
})
type LedgerInput = z.output<typeof ledgerInput>

interface Book {
  readonly input: LedgerInput
  readonly money: ReturnType<typeof profileOf>['money']
  readonly ledger: Ledger
  readonly feeAsset: FeeAssetWallet | null
  readonly log: OracleValue[]
}

function runLedger(input: LedgerInput): OracleValue {
  const { money } = profileOf(input.profile)
  const feeAsset = input.fee_asset === undefined ? null : new FeeAssetWallet({ money, balance: input.fee_asset.wallet, discount: input.fee_asset.discount })
  const book: Book = { input, money, feeAsset, ledger: new Ledger({ wallet: input.wallet, money }), log: [] }
  for (const [index, one] of inOrder(input).entries()) fold(book, one, index)
  return { ...account(book), sides: sides(book), log: book.log }
}

/** Events in the order in which they are folded. */
function inOrder(input: LedgerInput): readonly Event[] {
  if (input.events.some((one) => one.ts === undefined)) return input.events
  const timed = input.events.map((one) => ({ at: one.ts ?? 0, type: one.type === 'funding' ? 'funding.settled' : one.type, one }))
  return inFundingOrder(timed, input.funding_boundary).map(({ one }) => one)
}

function fold(book: Book, one: Event, index: number): void {
  if (one.type === 'fill') foldFill(book, one, index)
  else if (one.type === 'funding') foldFunding(book, one)
  else book.ledger.apply(posted(one))
}

function posted(one: Extract<Event, { type: 'deposit' | 'withdraw' }>): AccountPosted {
  return one.type === 'deposit'
    ? { type: 'account.posted', at: 0, kind: 'deposit', amount: one.amount }
    : { type: 'account.posted', at: 0, kind: 'withdrawal', amount: one.amount.neg() }
}

function foldFill(book: Book, one: FillEvent, index: number): void {
  const charged = charge(book, one)
  const fill: Omit<Filled, 'leg' | 'intent'> = {
    type: 'order.filled', at: 0, fillId: `fill-${index}`, orderId: null, symbol, price: one.price, qty: one.qty, fee: charged.fee, liquidity: 'taker', source: 'order', role: 'entry',
  }
  const posting = one.pos === 'BOTH'
    ? book.ledger.applyNetFill({ ...fill, side: one.side === 'BUY' ? 'buy' : 'sell' })
    : book.ledger.apply({ ...fill, ...orderOf(one.pos, one.side) })
  book.log.push({ type: 'fill', pos: one.pos, ...logged(posting), ...(book.feeAsset === null ? {} : { fee_asset_amount: charged.assetAmount }) })
}

function logged(posting: Pick<Posting, 'realised' | 'fee' | 'wallet'> | null): { readonly [key: string]: OracleValue } {
  return posting === null ? {} : { realised: posting.realised, fee: posting.fee, wallet: posting.wallet }
}

function charge({ money, feeAsset }: Book, one: FillEvent): ChargedFee {
  const value = one.qty.times(one.price)
  if (feeAsset === null || one.fee_asset_price === undefined) return { fee: tradeFee(money, { value, rate: one.fee_rate }), assetAmount: ZERO }
  return feeAsset.charge({ value, rate: one.fee_rate, assetPrice: one.fee_asset_price })
}

function foldFunding(book: Book, { rate, mark }: { readonly rate: Decimal; readonly mark: Decimal }): void {
  for (const leg of LEGS) {
    const { qty } = book.ledger.position(symbol, leg)
    if (qty.isZero()) continue
    const paid = fundingAmount(book.money, { leg, qty, mark, rate })
    const posting = book.ledger.apply({ type: 'funding.settled', at: 0, symbol, leg, qty, mark, rate, amount: paid })
    book.log.push({ type: 'funding', pos: book.input.position_mode === 'hedge' ? nameOf(leg) : 'BOTH', amount: paid, wallet: posting?.wallet ?? null })
  }
}

function account({ input, ledger, feeAsset }: Book): { readonly [key: string]: OracleValue } {
  const { mark } = input
  return {
    wallet: ledger.wallet,
    ...(mark === undefined ? {} : valued(ledger, mark)),
    ...(feeAsset === null ? {} : { fee_asset_wallet: feeAsset.balance, fee_asset_paid: feeAsset.paid }),
  }
}

function valued(ledger: Ledger, mark: Decimal): { readonly [key: string]: OracleValue } {
  const { unrealised, equity } = ledger.valuedAt(() => mark)
  return { upnl: unrealised, equity }
}

function sides(book: Book): { readonly [key: string]: OracleValue } {
  const { long, short } = book.ledger.pair(symbol)
  return book.input.position_mode === 'hedge' ? { LONG: side(book, long), SHORT: side(book, short) } : { BOTH: both(book) }
}

function side({ input, money }: Book, position: Position): OracleValue {
  return {
    qty: position.qty, avg_entry: rounded(entryPriceOf(position), 8), realised: position.realised, fees: position.fees, funding: position.funding, net: netPnlOf(position),
    ...(input.mark === undefined ? {} : { upnl: postMoney(money, unrealisedPnl(position, input.mark)) }),
  }
}

function both({ input, money, ledger }: Book): OracleValue {
  const pair = ledger.pair(symbol)
  const net = netPosition(pair)
  return {
    qty: net.qty, avg_entry: rounded(net.entryPrice, 8), realised: net.realised, fees: net.fees, funding: net.funding, net: netPnlOf(net),
    ...(input.mark === undefined ? {} : { upnl: postMoney(money, pairPnl(pair, input.mark)) }),
  }
}

const fundingInput = z.object({ profile: profileName, pos: legName, qty: amount, mark: amount, rate: amount, isolated_wallet: amount, available: amount })

function runIsolatedFunding({ profile: name, pos, qty, mark, rate, isolated_wallet, available }: z.output<typeof fundingInput>): OracleValue {
  const profile = profileOf(name)
  const leg: Leg = legNamed(pos)
  const funding = fundingAmount(profile.money, { leg, qty, mark, rate })
  const after = isolatedFunding(profile.isolated, { amount: funding, isolatedMargin: isolated_wallet, available })
  return { funding, isolated_wallet: after.isolatedMargin, available: after.available }
}

export const ops: Record<string, OpAdapter> = { ledger: op(ledgerInput, runLedger), isolated_funding: op(fundingInput, runIsolatedFunding) }
