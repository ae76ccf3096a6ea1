/**
 * freqtrade: the result of a backtest (`strategy.<name>.trades[]`, with `orders[]` where they are exported), or its trades as CSV.
 * Source: https://www.freqtrade.io/en/stable/backtesting/ and `freqtrade/optimize/backtesting.py`, `persistence/trade_model.py`.
 */
import { HedgerowError, ZERO, type Decimal, type Filled, type Leg } from '@hedgerow/core'
import { z } from 'zod'
import { amount, amountOrNull, flag, moment, positive } from './fields.ts'
import { inOrder, type ImportedFile, type ImportedFill, type ImportedRow } from './imported-file.ts'
import { csvRows, isJson, jsonOf, listRows, readRow, type SourceFile, type SourceRow } from './source-rows.ts'

const EXITS: Readonly<Record<string, Filled['role']>> = { stop_loss: 'stop-loss', stoploss_on_exchange: 'stop-loss', trailing_stop_loss: 'trailing', roi: 'take-profit', liquidation: 'liquidation', force_exit: 'end-of-run' }

const text = z.string().nullish()

/** A trade of the backtest's result. */
const JsonTrade = z.object({
  pair: z.string().min(1), is_short: flag, amount: positive, open_rate: positive, close_rate: positive, open_timestamp: moment, close_timestamp: moment, fee_open: amount, fee_close: amount,
  funding_fees: amountOrNull, leverage: amountOrNull, exit_reason: text, is_open: flag.optional(),
  orders: z.array(z.object({ amount: positive, safe_price: positive, ft_is_entry: flag, order_filled_timestamp: moment.nullish() })).optional(),
})

/** A row of the CSV. */
const CsvTrade = z.object({
  symbol: z.string().min(1), side: z.enum(['LONG', 'SHORT', 'long', 'short']), amount: positive, open_rate: positive, close_rate: positive, open_timestamp_ms: moment, close_timestamp_ms: moment,
  fee_rate_open: amount, fee_rate_close: amount, funding_fees: amountOrNull, leverage: amountOrNull, exit_reason: text,
}).transform(({ symbol: pair, side, open_timestamp_ms, close_timestamp_ms, fee_rate_open, fee_rate_close, ...rest }): z.infer<typeof JsonTrade> => ({
  ...rest, pair, is_short: side.toLowerCase() === 'short', open_timestamp: open_timestamp_ms, close_timestamp: close_timestamp_ms, fee_open: fee_rate_open, fee_close: fee_rate_close,
}))

type TradeRow = z.infer<typeof JsonTrade> & { readonly where: string }

const Strategy = z.object({ trades: z.array(z.unknown()), timeframe: z.string().optional(), starting_balance: amount.optional() })
const Result = z.object({ strategy: z.record(z.string(), Strategy) })

/** Reads the trades of one strategy: each is a leg of its pair, from its entries to its exits. */
export function readFreqtrade(files: readonly SourceFile[]): ImportedFile {
  const parts = files.map(partOf)
  const [first] = parts
  if (first === undefined || parts.some(({ name }) => name !== first.name)) throw new HedgerowError('IMPORT_INVALID', { where: files.map(({ path }) => path).join(', '), found: `strategies ${parts.map(({ name }) => name).join(', ')}`, expected: 'files of one strategy' })
  const trades = parts.flatMap(({ rows, schema }) => rows.map((row): TradeRow => ({ ...readRow(schema, row), where: row.where })))
  const steps = trades.flatMap(stepsOf).toSorted((a, b) => a.row.at - b.row.at || a.rank - b.rank)
  return { rows: inOrder(steps.map(({ row }) => row)), strategy: first.name, timeframe: first.timeframe, startingBalance: first.startingBalance, positionMode: null, warnings: [] }
}

interface Part {
  readonly name: string
  readonly timeframe: string
  readonly startingBalance: Decimal | null
  readonly rows: readonly SourceRow[]
  readonly schema: z.ZodType<z.infer<typeof JsonTrade>>
}

function partOf(file: SourceFile): Part {
  if (!isJson(file)) return { name: 'freqtrade', timeframe: '', startingBalance: null, rows: csvRows(file), schema: CsvTrade }
  const read = Result.safeParse(jsonOf(file))
  const strategies = read.success ? Object.entries(read.data.strategy) : []
  const [only, second] = strategies
  if (only === undefined || second !== undefined) {
    throw new HedgerowError('IMPORT_INVALID', { where: file.path, found: second === undefined ? 'no strategy' : `strategies ${strategies.map(([name]) => name).join(', ')}`, expected: 'the result of a backtest of one strategy', remedy: 'Name the .json file of the result (of a .zip: unpack it first), made with --strategy and one strategy.' })
  }
  const [name, { trades, timeframe = '', starting_balance: startingBalance = null }] = only
  return { name, timeframe, startingBalance, rows: listRows(file.path, trades), schema: JsonTrade }
}

/** A row with its place among those of its moment: a trade closes before the next one of its pair opens, and opens before it closes. */
interface Step {
  readonly row: ImportedRow
  readonly rank: number
}

function stepsOf(trade: TradeRow, index: number): readonly Step[] {
  const { where, is_short: isShort, pair, leverage, exit_reason: reason, open_timestamp: openedAt, close_timestamp: closedAt } = trade
  const leg: Leg = isShort ? 'short' : 'long'
  const symbol = symbolOf(pair)
  const exit = EXITS[reason ?? ''] ?? 'exit'
  const fills = ordersOf(trade).map((order, number): Step => {
    const fill: ImportedFill = {
      type: 'fill', where, at: order.at, id: `${index + 1}.${number + 1}`, symbol, leg: { by: 'leg', leg, intent: order.isEntry ? 'open' : 'close' }, price: order.price, qty: order.qty,
      fee: order.price.times(order.qty).times(order.isEntry ? trade.fee_open : trade.fee_close), liquidity: 'taker', source: exit === 'liquidation' && !order.isEntry ? 'liquidation' : 'external',
      exit, order: null, realised: null, heldAfter: null, leverage,
    }
    return { row: fill, rank: order.isEntry ? 1 : order.at === openedAt ? 2 : 0 }
  })
  const paid = trade.funding_fees ?? ZERO
  const funding: ImportedRow = { type: 'funding', where, at: closedAt, id: String(index + 1), symbol, amount: paid, leg, qty: null, rate: null, mark: null, beside: null }
  const last = fills.at(-1)
  return paid.isZero() || last === undefined ? fills : [...fills.slice(0, -1), { row: funding, rank: last.rank - 0.5 }, last]
}

interface OrderPart {
  readonly at: number
  readonly isEntry: boolean
  readonly price: Decimal
  readonly qty: Decimal
}

/** Orders that filled; where none are exported, the trade as one entry and one exit. */
function ordersOf({ orders, ...trade }: TradeRow): readonly OrderPart[] {
  const filled = (orders ?? []).flatMap(({ order_filled_timestamp: at, ...order }) => (at === null || at === undefined ? [] : [{ at, isEntry: order.ft_is_entry, price: order.safe_price, qty: order.amount }]))
  if (filled.length > 0) return filled.toSorted((a, b) => a.at - b.at)
  return [
    { at: trade.open_timestamp, isEntry: true, price: trade.open_rate, qty: trade.amount },
    { at: trade.close_timestamp, isEntry: false, price: trade.close_rate, qty: trade.amount },
  ]
}

/** `ETH/USDT:USDT` is `ETHUSDT`. */
function symbolOf(pair: string): string {
  return pair.replace(/:.*$/, '').replace('/', '')
}
