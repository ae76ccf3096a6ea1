/**
 * freqtrade: the result of a backtest (`strategy.<name>.trades[]`, with `orders[]` where they are exported), the trades that its API and
 * `show-trades --print-json` answer with, or trades as CSV. Source: https://www.freqtrade.io/en/stable/backtesting/ and
 * `Trade.to_json`, `Order.to_json` in `freqtrade/persistence/trade_model.py`.
 */
import { HedgerowError, ZERO, type Decimal, type Filled, type Leg } from '@hedgerow/core'
import { z } from '@hedgerow/core/zod'
import { renamed } from './columns.ts'
import { amount, amountOrNull, flag, moment, positive } from './fields.ts'
import { inOrder, type ImportedFile, type ImportedFill, type ImportedRow } from './imported-file.ts'
import { csvRows, isJson, jsonOf, listRows, readRow, type SourceFile, type SourceRow } from './source-rows.ts'

const EXITS: Readonly<Record<string, Filled['role']>> = { stop_loss: 'stop-loss', stoploss_on_exchange: 'stop-loss', trailing_stop_loss: 'trailing', roi: 'take-profit', liquidation: 'liquidation', force_exit: 'end-of-run' }

const text = z.string().nullish()

/** Of an order: what filled, which is less than its amount where it was cancelled in between; backtests do not tell the two apart. */
const Order = z.object({ amount: positive, filled: amountOrNull, safe_price: positive, ft_is_entry: flag, order_filled_timestamp: moment.nullish() })

/** A trade, of a result or of a table. One that is open has no close. */
const Trade = z.object({
  pair: z.string().min(1), is_short: flag.default(false), amount: positive, open_rate: positive, close_rate: amountOrNull, open_timestamp: moment, close_timestamp: z.literal('').transform(() => null).or(moment).nullish(),
  fee_open: amount, fee_close: amountOrNull, funding_fees: amountOrNull, leverage: amountOrNull, exit_reason: text, is_open: flag.optional(), orders: z.array(Order).nullish(),
})

/** What columns of tables, and fields of older versions, are called in a result. */
const NAMES = renamed({
  symbol: 'pair', opentimestampms: 'open_timestamp', closetimestampms: 'close_timestamp', feerateopen: 'fee_open', feerateclose: 'fee_close', sellreason: 'exit_reason', opendate: 'open_date', closedate: 'close_date',
})

/** A row with the names of a result: a side in words is `is_short`, a date in words stands in for a timestamp. */
function named(row: SourceRow): SourceRow {
  const { where, value } = NAMES(row)
  const fields = Object(value) as Readonly<Record<string, unknown>>
  const { side, open_date: opened, close_date: closed } = fields
  const isWord = typeof side === 'string' && /^(long|short)$/i.test(side)
  return { where, value: { open_timestamp: opened, close_timestamp: closed, ...(isWord ? { is_short: side.toLowerCase() === 'short' } : {}), ...fields } }
}

type TradeRow = z.infer<typeof Trade> & { readonly where: string }

const Strategy = z.object({ trades: z.array(z.unknown()), timeframe: z.string().optional(), starting_balance: amount.optional() })
const Result = z.object({ strategy: z.record(z.string(), Strategy) })
/** What the API and `show-trades` answer with. */
const Table = z.union([z.object({ trades: z.array(z.unknown()) }).transform(({ trades }) => trades), z.array(z.unknown())])

/** Reads the trades of one strategy: each is a leg of its pair, from its entries to its exits. */
export function readFreqtrade(files: readonly SourceFile[]): ImportedFile {
  const parts = files.map(partOf)
  const [first] = parts
  if (first === undefined || parts.some(({ name }) => name !== first.name)) throw new HedgerowError('IMPORT_INVALID', { where: files.map(({ path }) => path).join(', '), found: `strategies ${parts.map(({ name }) => name).join(', ')}`, expected: 'files of one strategy' })
  const trades = parts.flatMap(({ rows }) => rows.map((row): TradeRow => ({ ...readRow(Trade, named(row)), where: row.where })))
  const steps = trades.flatMap(stepsOf).toSorted((a, b) => a.row.at - b.row.at || a.rank - b.rank)
  return { rows: inOrder(steps.map(({ row }) => row)), strategy: first.name, timeframe: first.timeframe, startingBalance: first.startingBalance, positionMode: null, warnings: [] }
}

interface Part {
  readonly name: string
  readonly timeframe: string
  readonly startingBalance: Decimal | null
  readonly rows: readonly SourceRow[]
}

function partOf(file: SourceFile): Part {
  const unnamed = { name: 'freqtrade', timeframe: '', startingBalance: null }
  if (!isJson(file)) return { ...unnamed, rows: csvRows(file) }
  const json = jsonOf(file)
  const table = Table.safeParse(json)
  if (table.success) return { ...unnamed, rows: listRows(file.path, table.data) }
  const read = Result.safeParse(json)
  const strategies = read.success ? Object.entries(read.data.strategy) : []
  const [only, second] = strategies
  if (only === undefined || second !== undefined) {
    throw new HedgerowError('IMPORT_INVALID', { where: file.path, found: second === undefined ? 'no strategy' : `strategies ${strategies.map(([name]) => name).join(', ')}`, expected: 'the result of a backtest of one strategy', remedy: 'Name the .json file of the result (of a .zip: unpack it first), made with --strategy and one strategy.' })
  }
  const [name, { trades, timeframe = '', starting_balance: startingBalance = null }] = only
  return { name, timeframe, startingBalance, rows: listRows(file.path, trades) }
}

/** A row with its place among those of its moment: a trade closes before the next one of its pair opens, and opens before it closes. */
interface Step {
  readonly row: ImportedRow
  readonly rank: number
}

function stepsOf(trade: TradeRow, index: number): readonly Step[] {
  const { where, is_short: isShort, pair, leverage, exit_reason: reason, open_timestamp: openedAt } = trade
  const leg: Leg = isShort ? 'short' : 'long'
  const symbol = symbolOf(pair)
  const exit = EXITS[reason ?? ''] ?? 'exit'
  const parts = ordersOf(trade)
  const fills = parts.map((order, number): Step => {
    const fill: ImportedFill = {
      type: 'fill', where, at: order.at, id: `${index + 1}.${number + 1}`, symbol, leg: { by: 'leg', leg, intent: order.isEntry ? 'open' : 'close' }, price: order.price, qty: order.qty,
      fee: order.price.times(order.qty).times(order.isEntry ? trade.fee_open : (trade.fee_close ?? trade.fee_open)), liquidity: 'taker', source: exit === 'liquidation' && !order.isEntry ? 'liquidation' : 'external',
      exit, order: null, realised: null, heldAfter: null, leverage,
    }
    return { row: fill, rank: order.isEntry ? 1 : order.at === openedAt ? 2 : 0 }
  })
  const paid = trade.funding_fees ?? ZERO
  const last = fills.at(-1)
  if (paid.isZero() || last === undefined) return fills
  // Before what closes the trade; after the last fill of one that is open.
  const isClosed = isFinished(trade)
  const funding: Step = { row: { type: 'funding', where, at: last.row.at, id: String(index + 1), symbol, amount: paid, leg, qty: null, rate: null, mark: null, beside: null }, rank: last.rank + (isClosed ? -0.5 : 0.5) }
  return isClosed ? [...fills.slice(0, -1), funding, last] : [...fills, funding]
}

function isFinished({ is_open: isOpen, close_timestamp: closedAt }: TradeRow): boolean {
  return isOpen !== true && closedAt !== null && closedAt !== undefined
}

interface OrderPart {
  readonly at: number
  readonly isEntry: boolean
  readonly price: Decimal
  readonly qty: Decimal
}

/** Orders that filled; where none are exported, the trade as one entry and, unless it is open, one exit. */
function ordersOf({ orders, ...trade }: TradeRow): readonly OrderPart[] {
  const filled = (orders ?? []).flatMap(({ order_filled_timestamp: at, filled: part, ...order }): OrderPart[] => {
    const qty = part ?? order.amount
    return at === null || at === undefined || qty.isZero() ? [] : [{ at, isEntry: order.ft_is_entry, price: order.safe_price, qty }]
  })
  if (filled.length > 0) return filled.toSorted((a, b) => a.at - b.at)
  const entry = { at: trade.open_timestamp, isEntry: true, price: trade.open_rate, qty: trade.amount }
  const { close_timestamp: closedAt, close_rate: closed } = trade
  if (!isFinished(trade) || closedAt === null || closedAt === undefined) return [entry]
  if (closed?.gt(ZERO) === true) return [entry, { at: closedAt, isEntry: false, price: closed, qty: trade.amount }]
  throw new HedgerowError('IMPORT_INVALID', { where: trade.where, found: `close_rate ${closed?.toFixed() ?? 'null'} of a trade that is closed`, expected: 'a price above 0' })
}

/** `ETH/USDT:USDT` is `ETHUSDT`. */
function symbolOf(pair: string): string {
  return pair.replace(/:.*$/, '').replace('/', '')
}
