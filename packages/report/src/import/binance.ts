/**
 * Binance USDⓈ-M: `GET /fapi/v1/userTrades`, and funding of `GET /fapi/v1/income`; JSON, or CSV with the same column names.
 * Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/trade/rest-api/Account-Trade-List and
 * .../account/rest-api/Get-Income-History
 */
import { HedgerowError, type Decimal } from '@hedgerow/core'
import { z } from 'zod'
import type { RunWarning } from '../finished-run.ts'
import { amount, flag, moment, name, positive } from './fields.ts'
import { inOrder, type ImportedFile, type ImportedFill, type ImportedFunding, type ImportOptions, type LegWord } from './imported-file.ts'
import { csvRows, isJson, jsonOf, listRows, readRow, type SourceFile, type SourceRow } from './source-rows.ts'

const Trade = z.object({
  symbol: name, id: name, orderId: name, side: z.enum(['BUY', 'SELL']), positionSide: z.enum(['LONG', 'SHORT', 'BOTH']), price: positive, qty: positive,
  realizedPnl: amount, commission: amount, commissionAsset: name, time: moment, maker: flag,
})

const Income = z.object({ symbol: z.string().optional(), incomeType: name, income: amount, asset: name, time: moment, tranId: name })

type TradeRow = z.infer<typeof Trade> & { readonly where: string }

/** Reads trades, and funding where income is given. */
export function readBinance(files: readonly SourceFile[], options: ImportOptions): ImportedFile {
  const trades = files.flatMap(rowsOf).map((row): TradeRow => ({ ...readRow(Trade, row), where: row.where }))
  const fills = inOrder(trades.map((trade) => fillOf(trade, options)).toSorted((a, b) => a.at - b.at || byNumber(a.id, b.id)))
  const income = options.income === undefined ? { funding: [], warnings: [] } : readIncome(options.income, new Set(fills.map(({ symbol }) => symbol)))
  const isOneWay = trades.every(({ positionSide }) => positionSide === 'BOTH')
  return {
    rows: inOrder([...income.funding, ...fills]), strategy: 'Binance fills', timeframe: '', startingBalance: null,
    positionMode: options.positionMode ?? (isOneWay ? 'one-way' : 'hedge'), warnings: income.warnings,
  }
}

function rowsOf(file: SourceFile): readonly SourceRow[] {
  if (!isJson(file)) return csvRows(file)
  const list = z.union([z.array(z.array(z.unknown())).min(1).transform((pages) => pages.flat()), z.array(z.unknown())]).safeParse(jsonOf(file))
  if (!list.success) throw new HedgerowError('IMPORT_INVALID', { where: file.path, found: 'JSON of another shape', expected: 'the list that the venue answers with, or a list of such lists' })
  return listRows(file.path, list.data)
}

function fillOf(trade: TradeRow, options: ImportOptions): ImportedFill {
  const { where, time: at, id, symbol, orderId, price, qty, maker, realizedPnl } = trade
  return {
    type: 'fill', where, at, id, symbol, leg: legWord(trade), price, qty, fee: feeOf(trade, options), liquidity: maker ? 'maker' : 'taker', source: 'external',
    exit: 'exit', order: orderId, realised: realizedPnl, heldAfter: null, leverage: null,
  }
}

/** In hedge mode side and position side name leg and intent; `BOTH` is an account in one-way mode. */
function legWord({ side: word, positionSide }: TradeRow): LegWord {
  const side = word === 'BUY' ? 'buy' : 'sell'
  if (positionSide === 'BOTH') return { by: 'side', side }
  const leg = positionSide === 'LONG' ? 'long' : 'short'
  return { by: 'leg', leg, intent: (leg === 'long') === (side === 'buy') ? 'open' : 'close' }
}

function feeOf({ where, symbol, commission, commissionAsset }: TradeRow, { assetPrices }: ImportOptions): Decimal {
  if (commission.isZero() || symbol.endsWith(commissionAsset)) return commission
  const price = assetPrices?.get(commissionAsset)
  if (price !== undefined) return commission.times(price)
  throw new HedgerowError('IMPORT_INVALID', { where, found: `a commission in ${commissionAsset}`, expected: `a commission in the currency that ${symbol} settles in, or a price for ${commissionAsset}`, remedy: `Say what one ${commissionAsset} was worth in quote units: --asset-price ${commissionAsset}=PRICE.` })
}

/** Funding of the symbols that were traded. What else income lists is in the trades already, or no result of trading. */
function readIncome(file: SourceFile, symbols: ReadonlySet<string>): { readonly funding: readonly ImportedFunding[]; readonly warnings: readonly RunWarning[] } {
  const rows = rowsOf(file).map((row) => ({ ...readRow(Income, row), where: row.where }))
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

/** Ids are counters: the longer one is the later one. */
function byNumber(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)
}
