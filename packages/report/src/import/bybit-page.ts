/**
 * What the page of Bybit exports of a unified account: the transaction log, whose rows name action and side, and the trade history, whose
 * rows name the side alone. Source of the headers and of the sample rows: programs in public repositories that read them (docs/report-imports.md).
 */
import { HedgerowError, type Decimal, type FillSource, type Filled, type Leg } from '@hedgerow/core'
import { z } from '@hedgerow/core/zod'
import type { RunWarning } from '../finished-run.ts'
import { contentIds, hasColumns, renamed } from './columns.ts'
import { amount, amountOrNull, moment, name, positive } from './fields.ts'
import { inOrder, isNewestFirst, type ImportedFile, type ImportedFill, type ImportedRow, type ImportOptions } from './imported-file.ts'
import { readRow, type SourceRow } from './source-rows.ts'

/** `--` where there is nothing. */
const amountOrDash = z.literal('--').transform(() => null).or(amountOrNull)
const ZERO_OR_MORE = (value: Decimal | null): string => value?.toFixed() ?? ''

const BUYS = new Set(['BUY', 'LONG'])
const side = z.string().toUpperCase().pipe(z.enum(['BUY', 'SELL', 'LONG', 'SHORT'])).transform((word) => (BUYS.has(word) ? 'buy' : 'sell'))

/** True for a row of the transaction log. */
export function isBybitLog(row: SourceRow): boolean {
  return hasColumns(row, ['contract', 'direction', 'feepaid', 'cashflow', 'action'])
}

/** True for a row of the trade history of derivatives. */
export function isBybitHistory(row: SourceRow): boolean {
  return hasColumns(row, ['filledtype', 'filledquantity', 'filledprice', 'direction'])
}

const LOG_NAMES = renamed({
  currency: 'currency', contract: 'contract', type: 'type', direction: 'direction', quantity: 'quantity', filledprice: 'price', funding: 'funding', feepaid: 'fee', cashflow: 'cashFlow', change: 'change', walletbalance: 'balance',
  action: 'action', time: 'time', timeutc: 'time', timeutc0: 'time', orderid: 'orderId', tradeid: 'tradeId',
})

const LogRow = z.object({
  currency: name, contract: z.string(), type: name, direction: z.string(), quantity: amountOrDash, price: amountOrDash, funding: amountOrDash, fee: amountOrDash, cashFlow: amountOrDash, change: amount, balance: amount,
  action: z.string(), time: moment, orderId: z.string().optional(), tradeId: z.string().optional(),
})

type Logged = z.infer<typeof LogRow> & { readonly where: string; readonly id: string }

/** What the venue knows a fill as; it does not name our orders. */
type Source = Exclude<FillSource, 'order'>

const LOG_FILLS: Readonly<Record<string, Source>> = { TRADE: 'external', LIQUIDATION: 'liquidation', ADL: 'adl', DELIVERY: 'external' }

/** True for what a contract in its quote currency did; spot has no action. */
function isBooked({ type, contract, currency, action }: Logged): boolean {
  return contract.endsWith(currency) && (type === 'SETTLEMENT' || (type in LOG_FILLS && action !== '--'))
}

/** Reads the transaction log: side and action name the leg, of funding the side does. What is no result of a contract is left out, and said. */
export function readBybitLog(parts: readonly (readonly SourceRow[])[], options: ImportOptions): ImportedFile {
  const rows = oldestFirst(parts.flatMap((part) => {
    const ids = contentIds(part)
    return part.map((row, index): Logged => ({ ...readRow(LogRow, LOG_NAMES(row)), where: row.where, id: ids[index] ?? row.where }))
  }))
  const booked = rows.filter(isBooked)
  const [first] = booked
  const left = new Set(rows.filter((row) => !isBooked(row)).map(({ type, contract, currency }) => [type, contract === '--' || contract === '' ? currency : contract].join(' ')))
  return {
    rows: inOrder(booked.map(loggedRow)), strategy: 'Bybit fills', timeframe: '', startingBalance: first === undefined ? null : first.balance.minus(first.change), positionMode: options.positionMode ?? null,
    warnings: [...(left.size === 0 ? [] : [{ code: 'INCOME_IGNORED', text: `Rows that are no result of contracts in their quote currency were left out: ${[...left].slice(0, 5).join(', ')}.` }]), LIQUIDITY_UNKNOWN],
  }
}

const LIQUIDITY_UNKNOWN: RunWarning = { code: 'LIQUIDITY_UNKNOWN', text: 'The export does not say which fills were makers: they count as takers. What they paid is exact.' }

function loggedRow(row: Logged): ImportedRow {
  const { where, time: at, id, contract: symbol, type, direction, funding, orderId } = row
  const buys = readRow(z.object({ direction: side }), { where, value: { direction } }).direction === 'buy'
  if (type === 'SETTLEMENT') {
    if (funding === null) throw new HedgerowError('IMPORT_INVALID', { where, found: 'a settlement without funding', expected: 'what it gave or took' })
    return { type: 'funding', where, at, id, symbol, amount: funding, leg: buys ? 'long' : 'short', qty: null, rate: null, mark: null, beside: null }
  }
  const { quantity, price, action } = readRow(z.object({ quantity: amount, price: positive, action: z.string().toUpperCase().pipe(z.enum(['OPEN', 'CLOSE'])) }), { where, value: { quantity: ZERO_OR_MORE(row.quantity), price: ZERO_OR_MORE(row.price), action: row.action } })
  const isOpen = action === 'OPEN'
  const leg: Leg = isOpen === buys ? 'long' : 'short'
  const source = LOG_FILLS[type] ?? 'external'
  return {
    type: 'fill', where, at, id, symbol, leg: { by: 'leg', leg, intent: isOpen ? 'open' : 'close' }, price, qty: quantity.abs(), fee: (row.fee ?? amount.parse('0')).neg(), liquidity: 'taker', source,
    exit: source === 'external' ? 'exit' : source, order: orderId === undefined || orderId === '' ? null : orderId, realised: isOpen ? null : row.cashFlow, heldAfter: null, leverage: null,
  }
}

const HISTORY_NAMES = renamed({
  market: 'symbol', contracts: 'symbol', symbol: 'symbol', filledtype: 'type', filledquantity: 'qty', filledprice: 'price', feerate: 'rate', tradingfee: 'fee', feespaid: 'fee', feecoin: 'feeCoin', direction: 'side',
  trasactionid: 'id', transactionid: 'id', orderno: 'order', transactiontimeutc0: 'time', transactiontimeutc: 'time', transactiontime: 'time', tradetimeutc0: 'time', tradetimeutc: 'time', tradetime: 'time',
})

const HISTORY_SOURCES: Readonly<Record<string, Source>> = { trade: 'external', blocktrade: 'external', settle: 'external', delivery: 'external', liquidation: 'liquidation', busttrade: 'liquidation', adltrade: 'adl', adl: 'adl' }

const HistoryRow = z.object({
  symbol: name, type: z.string().transform((word) => word.toLowerCase().replace(/[^a-z]/g, '')), qty: positive, price: positive, rate: amountOrDash, fee: amount, feeCoin: z.string().optional(), side, id: z.string().optional(), order: z.string().optional(), time: moment,
})

type HistoryPlaced = z.infer<typeof HistoryRow> & { readonly where: string; readonly content: string }

/** Reads the trade history, of an account in one-way mode: it names sides only. */
export function readBybitHistory(parts: readonly (readonly SourceRow[])[], { positionMode }: ImportOptions): ImportedFile {
  const rows = oldestFirst(parts.flatMap((part) => {
    const ids = contentIds(part)
    return part.map((row, index): HistoryPlaced => ({ ...readRow(HistoryRow, HISTORY_NAMES(row)), where: row.where, content: ids[index] ?? row.where }))
  }))
  const [first] = rows
  if (first !== undefined && positionMode !== 'one-way') {
    throw new HedgerowError('IMPORT_UNATTRIBUTED', {
      where: first.where, found: `a ${first.side} of ${first.symbol} and no word on what it closed`, expected: 'rows that name the leg: a trade history names sides alone',
      remedy: 'Export the transaction log of the unified account: its rows name OPEN and CLOSE. If the account was in one-way mode, say so: --position-mode one-way.',
    })
  }
  return { rows: inOrder(rows.map(historyRow)), strategy: 'Bybit fills', timeframe: '', startingBalance: null, positionMode: 'one-way', warnings: [LIQUIDITY_UNKNOWN] }
}

function historyRow({ where, content: id, time: at, symbol, type, qty, price, rate, fee, feeCoin = '', side: word, order }: HistoryPlaced): ImportedRow {
  if (type === 'funding') return { type: 'funding', where, at, id, symbol, amount: fee.neg(), leg: null, qty, rate, mark: price, beside: null }
  const source = HISTORY_SOURCES[type]
  if (source === undefined) throw new HedgerowError('IMPORT_INVALID', { where, found: `Filled Type "${type}"`, expected: `one of funding, ${Object.keys(HISTORY_SOURCES).join(', ')}` })
  if (feeCoin !== '' && feeCoin !== '--' && !symbol.endsWith(feeCoin) && !symbol.endsWith('PERP')) throw new HedgerowError('IMPORT_INVALID', { where, found: `a fee in ${feeCoin}`, expected: `a fee in the currency that ${symbol} settles in` })
  const exit: Filled['role'] = source === 'external' ? 'exit' : source
  const fill: ImportedFill = { type: 'fill', where, at, id, symbol, leg: { by: 'side', side: word }, price, qty, fee, liquidity: 'taker', source, exit, order: order ?? null, realised: null, heldAfter: null, leverage: null }
  return fill
}

/** Exports come either way round; rows of one moment keep the order that they have. */
function oldestFirst<Row extends { readonly time: number }>(rows: readonly Row[]): readonly Row[] {
  return isNewestFirst(rows.map(({ time }) => time)) ? rows.toReversed() : rows
}
