/**
 * Bybit: `GET /v5/execution/list`, category linear: one answer or several, the list alone, messages of the `execution` topic,
 * or CSV with the same column names; and what the venue's page exports. Source: https://bybit-exchange.github.io/docs/v5/order/execution
 */
import { HedgerowError, type Filled } from '@hedgerow/core'
import { z } from '@hedgerow/core/zod'
import { isBybitHistory, isBybitLog, readBybitHistory, readBybitLog } from './bybit-page.ts'
import { columnsOf } from './columns.ts'
import { amount, amountOrNull, flag, identifier, moment, name, positive } from './fields.ts'
import { inOrder, isNewestFirst, type ImportedFile, type ImportedFill, type ImportedRow, type ImportOptions, type LegWord } from './imported-file.ts'
import { csvRows, isJson, jsonOf, listRows, readRow, type SourceFile, type SourceRow } from './source-rows.ts'

/** Matches, and what the venue did: takeover of a liquidated position, auto-deleveraging. Any other kind has to be known before it is booked. */
const SOURCES = { Trade: 'external', BlockTrade: 'external', MovePosition: 'external', Settle: 'external', Delivery: 'external', BustTrade: 'liquidation', AdlTrade: 'adl' } as const

const EXITS: Readonly<Record<string, Filled['role']>> = { StopLoss: 'stop-loss', PartialStopLoss: 'stop-loss', TakeProfit: 'take-profit', PartialTakeProfit: 'take-profit', TrailingStop: 'trailing', TrailingProfit: 'trailing' }

const Row = z.object({
  symbol: name, execId: identifier, execTime: moment, side: z.enum(['Buy', 'Sell']), execPrice: positive, execQty: positive, execFee: amount,
  execType: z.enum(['Trade', 'BlockTrade', 'MovePosition', 'Settle', 'Delivery', 'BustTrade', 'AdlTrade', 'Funding']),
  category: z.string().optional(), closedSize: amountOrNull, feeRate: amountOrNull, feeCurrency: z.string().optional(), markPrice: amountOrNull, execPnl: amountOrNull, seq: amountOrNull,
  isMaker: flag, orderId: z.string().optional(), stopOrderType: z.string().optional(),
})

type Execution = z.infer<typeof Row>
type Placed = Execution & { readonly where: string }

/** Reads executions, or the export of the page that the first row looks like. */
export function readBybit(files: readonly SourceFile[], options: ImportOptions): ImportedFile {
  const parts = files.map(rowsOf)
  const first = parts.flat()[0]
  if (first !== undefined && isBybitLog(first)) return readBybitLog(parts, options)
  if (first !== undefined && isBybitHistory(first)) return readBybitHistory(parts, options)
  return readExecutions(parts.flat(), options)
}

/** Executions do not name the leg: side and closed quantity do, in both position modes. */
function readExecutions(source: readonly SourceRow[], options: ImportOptions): ImportedFile {
  for (const row of source) requireExecution(row)
  const placed = source.map((row): Placed => ({ ...readRow(Row, row), where: row.where }))
  const oldestFirst = isNewestFirst(placed.map(({ execTime }) => execTime)) ? placed.toReversed() : placed
  const rows = oldestFirst.toSorted((a, b) => a.execTime - b.execTime || bySequence(a, b)).map((row) => importedRow(row, options))
  return { rows: inOrder(rows), strategy: 'Bybit fills', timeframe: '', startingBalance: null, positionMode: options.positionMode ?? null, warnings: [] }
}

const Answers = z.union([
  z.array(z.object({ result: z.object({ list: z.array(z.unknown()) }) })).transform((pages) => pages.flatMap(({ result }) => result.list)),
  z.object({ result: z.object({ list: z.array(z.unknown()) }) }).transform(({ result }) => result.list),
  z.object({ list: z.array(z.unknown()) }).transform(({ list }) => list),
  z.object({ topic: z.string(), data: z.array(z.unknown()) }).transform(({ data }) => data),
  z.array(z.unknown()),
])

function rowsOf(file: SourceFile): readonly SourceRow[] {
  if (!isJson(file)) return csvRows(file)
  const answers = Answers.safeParse(jsonOf(file))
  if (!answers.success) throw new HedgerowError('IMPORT_INVALID', { where: file.path, found: 'JSON of another shape', expected: 'the answer of /v5/execution/list, a list of such answers, or the list of its rows' })
  return listRows(file.path, answers.data)
}

function requireExecution({ where, value }: SourceRow): void {
  const columns = columnsOf(value)
  if (columns.includes('execType') || columns.includes('execQty')) return
  throw new HedgerowError('IMPORT_INVALID', { where, found: `the columns ${columns.slice(0, 8).join(', ')}`, expected: 'executions, a transaction log, or a trade history', remedy: 'Closed pnl and orders do not say what each fill did: export the transaction log of the unified account, or executions through /v5/execution/list.' })
}

/** Rows of one moment follow their sequence; where a row has none, the order of the file stands. */
function bySequence(a: Execution, b: Execution): number {
  return a.seq === null || b.seq === null ? 0 : a.seq.comparedTo(b.seq)
}

function importedRow(row: Placed, options: ImportOptions): ImportedRow {
  const { where, execTime: at, execId: id, symbol, category } = row
  if (category !== undefined && category !== '' && category !== 'linear') throw new HedgerowError('IMPORT_INVALID', { where, found: `category ${category}`, expected: 'category linear: contracts that settle in their quote currency' })
  if (row.execType === 'Funding') return { type: 'funding', where, at, id, symbol, amount: row.execFee.neg(), leg: null, qty: row.execQty, rate: row.feeRate, mark: row.markPrice ?? row.execPrice, beside: null }
  requireQuoteFee(row)
  const source = SOURCES[row.execType]
  const fill: Omit<ImportedFill, 'leg'> = {
    type: 'fill', where, at, id, symbol, price: row.execPrice, qty: row.execQty, fee: row.execFee, liquidity: row.isMaker ? 'maker' : 'taker', source,
    exit: source === 'external' ? (EXITS[row.stopOrderType ?? ''] ?? 'exit') : source, order: row.orderId ?? null, realised: null, heldAfter: null, leverage: null,
  }
  return { ...fill, leg: legWord(row, options) }
}

function requireQuoteFee({ where, symbol, feeCurrency = '' }: Placed): void {
  if (feeCurrency === '' || symbol.endsWith(feeCurrency) || symbol.endsWith('PERP')) return
  throw new HedgerowError('IMPORT_INVALID', { where, found: `a fee in ${feeCurrency}`, expected: `a fee in the currency that ${symbol} settles in` })
}

function legWord({ where, side: word, closedSize, execQty, symbol }: Placed, { positionMode }: ImportOptions): LegWord {
  const side = word === 'Buy' ? 'buy' : 'sell'
  if (closedSize === null) {
    if (positionMode === 'one-way') return { by: 'side', side }
    throw new HedgerowError('IMPORT_UNATTRIBUTED', {
      where, found: `a ${side} of ${symbol} without closedSize`, expected: 'closedSize: a side alone says nothing about the leg',
      remedy: 'Export with closedSize. If the account was in one-way mode, say so: --position-mode one-way.',
    })
  }
  if (closedSize.lt(0) || closedSize.gt(execQty)) throw new HedgerowError('IMPORT_INVALID', { where, found: `closedSize ${closedSize.toFixed()} of execQty ${execQty.toFixed()}`, expected: 'closedSize from 0 to execQty' })
  return { by: 'closed-quantity', side, closed: closedSize }
}
