/**
 * Binance USDⓈ-M: `GET /fapi/v1/userTrades`, and funding of `GET /fapi/v1/income`; JSON, or CSV with the same column names; and the trade
 * history and transaction history that the venue's page exports.
 * Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/trade/rest-api/Account-Trade-List and
 * .../account/rest-api/Get-Income-History; the headers of page exports as programs in public repositories read them (docs/report-imports.md).
 */
import { HedgerowError, type Decimal } from '@hedgerow/core'
import { z } from '@hedgerow/core/zod'
import type { RunWarning } from '../finished-run.ts'
import { columnsOf, contentIds, hasColumns, renamed } from './columns.ts'
import { amount, flag, identifier, moment, name, positive } from './fields.ts'
import { inOrder, isNewestFirst, type ImportedFile, type ImportedFill, type ImportedFunding, type ImportOptions, type LegWord } from './imported-file.ts'
import { csvRows, isJson, jsonOf, listRows, readRow, type SourceFile, type SourceRow } from './source-rows.ts'

const TRADE_NAMES = renamed({
  symbol: 'symbol', side: 'side', price: 'price', timeutc: 'time', dateutc: 'time', date: 'time', time: 'time', positionside: 'positionSide', quantity: 'qty', qty: 'qty', tradeid: 'id', id: 'id', orderid: 'orderId',
  fee: 'commission', commission: 'commission', feecoin: 'commissionAsset', feeasset: 'commissionAsset', commissionasset: 'commissionAsset', realizedprofit: 'realizedPnl', realizedpnl: 'realizedPnl', maker: 'maker',
})

const INCOME_NAMES = renamed({
  symbol: 'symbol', time: 'time', date: 'time', timeutc: 'time', dateutc: 'time', type: 'incomeType', incometype: 'incomeType', amount: 'income', income: 'income', asset: 'asset', currency: 'asset',
  transactionid: 'tranId', tranid: 'tranId',
})

/** The asset behind an amount: `0.035 USDT`, `0.035USDT`. */
const UNIT = / ?([A-Z]{2}[A-Z0-9]*)$/

const withoutUnit = (cell: unknown): unknown => (typeof cell === 'string' ? cell.replace(UNIT, '') : cell)

const oneOf = <const Words extends readonly string[]>(words: Words): z.ZodType<Words[number]> => z.preprocess((cell) => (typeof cell === 'string' ? cell.toUpperCase() : cell), z.enum(words))

const Trade = z.object({
  symbol: name.transform((text) => text.replace(/ PERP(ETUAL)?$/i, '')), id: identifier.optional(), orderId: identifier.optional(), side: oneOf(['BUY', 'SELL']), positionSide: oneOf(['LONG', 'SHORT', 'BOTH']).optional(),
  price: positive, qty: z.preprocess(withoutUnit, positive), realizedPnl: z.preprocess(withoutUnit, amount).optional(), commission: z.preprocess(withoutUnit, amount), commissionAsset: name.optional(), time: moment, maker: flag.optional(),
})

const Income = z.object({ symbol: z.string().optional(), incomeType: name, income: amount, asset: name, time: moment, tranId: identifier.optional() })

/** A trade with the id that its row has, or what stands in the row. */
type TradeRow = Omit<z.infer<typeof Trade>, 'id'> & { readonly where: string; readonly id: string }

/** Reads trades, and funding where income is given. */
export function readBinance(files: readonly SourceFile[], options: ImportOptions): ImportedFile {
  const trades = files.flatMap(tradesOf)
  const oldestFirst = isNewestFirst(trades.map(({ time }) => time)) ? trades.toReversed() : trades
  const fills = inOrder(oldestFirst.map((trade) => fillOf(trade, options)).toSorted((a, b) => a.at - b.at || byNumber(a.id, b.id)))
  const income = options.income === undefined ? { funding: [], warnings: [] } : readIncome(options.income, new Set(fills.map(({ symbol }) => symbol)))
  const isOneWay = trades.every(({ positionSide }) => positionSide === 'BOTH')
  return {
    rows: inOrder([...income.funding, ...fills]), strategy: 'Binance fills', timeframe: '', startingBalance: null,
    positionMode: options.positionMode ?? (isOneWay ? 'one-way' : 'hedge'), warnings: [...zoneWarnings(options.income === undefined ? files : [...files, options.income]), ...makerWarnings(trades), ...income.warnings],
  }
}

function tradesOf(file: SourceFile): readonly TradeRow[] {
  const rows = rowsOf(file)
  const ids = contentIds(rows)
  return rows.map((row, index): TradeRow => {
    requireTrade(row)
    const { id = ids[index] ?? row.where, ...trade } = readRow(Trade, withAsset(TRADE_NAMES(row)))
    return { ...trade, id, time: trade.time - zoneOf(file), where: row.where }
  })
}

/** The page writes the asset of a fee behind its amount. */
function withAsset(row: SourceRow): SourceRow {
  const value = Object(row.value) as Readonly<Record<string, unknown>>
  const unit = typeof value['commission'] === 'string' ? UNIT.exec(value['commission'])?.[1] : undefined
  return unit === undefined || value['commissionAsset'] !== undefined ? row : { ...row, value: { ...value, commissionAsset: unit } }
}

/** Positions and orders are exported beside the trades: they have no fills. */
function requireTrade(row: SourceRow): void {
  const isTrade = ['price', 'side'].every((column) => hasColumns(row, [column])) && (hasColumns(row, ['qty']) || hasColumns(row, ['quantity']))
  if (isTrade) return
  throw new HedgerowError('IMPORT_INVALID', { where: row.where, found: `the columns ${columnsOf(row.value).slice(0, 8).join(', ')}`, expected: 'trades: symbol, side, price, quantity, fee and time of each', remedy: 'Export the trade history. Position history and order history do not say what each fill did.' })
}

function rowsOf(file: SourceFile): readonly SourceRow[] {
  if (!isJson(file)) return csvRows(file)
  const list = z.union([z.array(z.array(z.unknown())).min(1).transform((pages) => pages.flat()), z.array(z.unknown())]).safeParse(jsonOf(file))
  if (!list.success) throw new HedgerowError('IMPORT_INVALID', { where: file.path, found: 'JSON of another shape', expected: 'the list that the venue answers with, or a list of such lists' })
  return listRows(file.path, list.data)
}

const HOUR_MS = 3_600_000
/** The page writes local times, and their zone into the name of the file: `...(UTC+3).csv`, `...(UTC--6)_1.csv`. */
const ZONE = /\(UTC(?<sign>\+|--?)?(?<hours>\d{1,2})(?::?(?<minutes>\d\d))?\)/i

/** Milliseconds that the times of a file are ahead of UTC; those of JSON and of a column that says UTC are not. */
function zoneOf(file: SourceFile): number {
  const groups = isJson(file) || saysUtc(file) ? undefined : ZONE.exec(file.path)?.groups
  if (groups === undefined) return 0
  const { sign = '+', hours = '0', minutes = '0' } = groups
  return (sign === '+' ? 1 : -1) * (Number(hours) + Number(minutes) / 60) * HOUR_MS
}

function saysUtc({ text }: SourceFile): boolean {
  return /^[^\n]*(Time|Date) ?\(UTC\)/i.test(text)
}

/** True where times are texts without a zone, and neither column nor file name tells one. */
function hidesZone(file: SourceFile): boolean {
  return !isJson(file) && !saysUtc(file) && !ZONE.test(file.path) && /\d:\d\d/.test(file.text)
}

function zoneWarnings(files: readonly SourceFile[]): readonly RunWarning[] {
  const hidden = files.filter(hidesZone)
  return hidden.length === 0 ? [] : [{ code: 'TIME_ZONE_ASSUMED', text: `${hidden.map(({ path }) => path).join(', ')} does not say the zone of its times: they count as UTC. The venue's page writes it into the name of the file, such as (UTC+3): keep that name.` }]
}

function makerWarnings(trades: readonly TradeRow[]): readonly RunWarning[] {
  return trades.every(({ maker }) => maker !== undefined) ? [] : [{ code: 'LIQUIDITY_UNKNOWN', text: 'The export does not say which fills were makers: they count as takers. What they paid is exact.' }]
}

function fillOf(trade: TradeRow, options: ImportOptions): ImportedFill {
  const { where, time: at, id, symbol, orderId = null, price, qty, maker = false, realizedPnl = null } = trade
  return {
    type: 'fill', where, at, id, symbol, leg: legWord(trade, options), price, qty, fee: feeOf(trade, options), liquidity: maker ? 'maker' : 'taker', source: 'external',
    exit: 'exit', order: orderId, realised: realizedPnl, heldAfter: null, leverage: null,
  }
}

/** In hedge mode side and position side name leg and intent; `BOTH` is an account in one-way mode. The page's export leaves the position side out. */
function legWord({ where, side: word, positionSide, symbol, realizedPnl }: TradeRow, { positionMode }: ImportOptions): LegWord {
  const side = word === 'BUY' ? 'buy' : 'sell'
  if (positionSide === 'BOTH' || (positionSide === undefined && positionMode === 'one-way')) return { by: 'side', side }
  if (positionSide === undefined) {
    if (positionMode === 'hedge' && realizedPnl !== undefined) return { by: 'realised', side, realised: realizedPnl }
    throw new HedgerowError('IMPORT_UNATTRIBUTED', {
      where, found: `a ${side} of ${symbol} without positionSide`, expected: 'positionSide: a side alone says nothing about the leg',
      remedy: 'Say how the account trades: --position-mode one-way, or --position-mode hedge, in which what a fill realised tells closes from opens. Rows of /fapi/v1/userTrades name the leg themselves.',
    })
  }
  const leg = positionSide === 'LONG' ? 'long' : 'short'
  return { by: 'leg', leg, intent: (leg === 'long') === (side === 'buy') ? 'open' : 'close' }
}

function feeOf({ where, symbol, commission, commissionAsset }: TradeRow, { assetPrices }: ImportOptions): Decimal {
  if (commission.isZero() || commissionAsset === undefined || symbol.endsWith(commissionAsset)) return commission
  const price = assetPrices?.get(commissionAsset)
  if (price !== undefined) return commission.times(price)
  throw new HedgerowError('IMPORT_INVALID', { where, found: `a commission in ${commissionAsset}`, expected: `a commission in the currency that ${symbol} settles in, or a price for ${commissionAsset}`, remedy: `Say what one ${commissionAsset} was worth in quote units: --asset-price ${commissionAsset}=PRICE.` })
}

/** Funding of the symbols that were traded. What else income lists is in the trades already, or no result of trading. */
function readIncome(file: SourceFile, symbols: ReadonlySet<string>): { readonly funding: readonly ImportedFunding[]; readonly warnings: readonly RunWarning[] } {
  const source = rowsOf(file)
  const ids = contentIds(source)
  const rows = source.map((row, index) => {
    const { time, tranId = ids[index] ?? row.where, ...read } = readRow(Income, INCOME_NAMES(row))
    return { ...read, time: time - zoneOf(file), tranId, where: row.where }
  })
  const fees = rows.filter(({ incomeType, symbol = '' }) => incomeType === 'FUNDING_FEE' && symbols.has(symbol))
  const moments = Map.groupBy(fees, ({ symbol, time }) => `${symbol} ${time}`)
  const funding = fees.map((row): ImportedFunding => {
    const { where, time: at, tranId: id, symbol = '', income, asset } = row
    if (!symbol.endsWith(asset)) throw new HedgerowError('IMPORT_INVALID', { where, found: `funding in ${asset}`, expected: `funding in the currency that ${symbol} settles in` })
    const same = moments.get(`${symbol} ${at}`) ?? []
    const other = same.length === 2 ? same.find((each) => each !== row) : undefined
    return { type: 'funding', where, at, id, symbol, amount: income, leg: null, qty: null, rate: null, mark: null, beside: other?.income ?? null }
  })
  const left = new Set(rows.filter(({ incomeType, symbol = '' }) => !BOOKED.has(incomeType) || (incomeType === 'FUNDING_FEE' && !symbols.has(symbol))).map(({ incomeType, symbol = '' }) => [incomeType, symbol].join(' ').trim()))
  return { funding, warnings: left.size === 0 ? [] : [{ code: 'INCOME_IGNORED', text: `Income that is no result of these trades was left out: ${[...left].slice(0, 5).join(', ')}.` }] }
}

/** Kinds of income that a run has anyway: funding from here, the others from the trades. */
const BOOKED: ReadonlySet<string> = new Set(['FUNDING_FEE', 'COMMISSION', 'REALIZED_PNL'])

/** Ids are counters: the longer one is the later one. Rows without one keep the order of the file. */
function byNumber(a: string, b: string): number {
  return [a, b].every((id) => /^\d+$/.test(id)) ? a.length - b.length || (a < b ? -1 : a > b ? 1 : 0) : 0
}
