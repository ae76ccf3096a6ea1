/**
 * passivbot: `fills.csv` of a backtest. Source: `process_forager_fills` in `src/backtest.py` and the pushes to `fills` in
 * `passivbot-rust/src/backtest.rs` of https://github.com/enarjord/passivbot: `qty` is signed (buys positive), `fee_paid` negative,
 * `pnl` before fees; `psize` (negative when short), `pprice` and the balance are those after the fill.
 */
import { HedgerowError, type Decimal, type Filled, type Leg } from '@hedgerow/core'
import { z } from '@hedgerow/core/zod'
import { amountOrNull, double, moment, positive } from './fields.ts'
import { inOrder, type ImportedFile, type ImportedFill } from './imported-file.ts'
import { csvRows, readRow, type SourceFile, type SourceRow } from './source-rows.ts'

const TYPE = /^(entry|close)_\w*?(long|short)$/

const Row = z.object({
  timestamp: moment, coin: z.string().optional(), symbol: z.string().optional(), qty: double.refine((value) => !value.isZero(), 'expected a quantity'), price: positive, fee_paid: double, pnl: double, psize: double,
  type: z.string().regex(TYPE, 'expected entry_..._long, entry_..._short, close_..._long or close_..._short'), liquidity: z.string().optional(),
  usd_total_balance: amountOrNull, balance: amountOrNull,
})

type FillRow = z.infer<typeof Row> & { readonly where: string }

/** Reads fills; their type names the leg and what they did to it. */
export function readPassivbot(files: readonly SourceFile[]): ImportedFile {
  const rows = files.flatMap(csvRows).map((row): FillRow => ({ ...readRow(Row, requireTimestamp(row)), where: row.where }))
  return { rows: inOrder(rows.map(fillOf)), strategy: 'passivbot', timeframe: '1m', startingBalance: balanceBefore(rows[0]), positionMode: null, warnings: [] }
}

/** Files of older versions count minutes from a start that they do not name. */
function requireTimestamp(row: SourceRow): SourceRow {
  if (typeof row.value !== 'object' || row.value === null || 'timestamp' in row.value) return row
  throw new HedgerowError('IMPORT_INVALID', { where: row.where, found: `the columns ${Object.keys(row.value).join(', ')}`, expected: 'a column timestamp', remedy: 'Run the backtest again with a version of passivbot that writes one: minutes alone do not say when.' })
}

function fillOf(row: FillRow, index: number): ImportedFill {
  const { where, timestamp: at, price, fee_paid: fee, pnl, psize, type, liquidity } = row
  const leg: Leg = type.endsWith('long') ? 'long' : 'short'
  const isOpen = type.startsWith('entry')
  const buys = isOpen === (leg === 'long')
  if (row.qty.gt(0) !== buys) throw new HedgerowError('IMPORT_UNATTRIBUTED', { where, found: `${type} with qty ${row.qty.toFixed()}`, expected: `a qty that ${buys ? 'buys: above 0' : 'sells: below 0'}` })
  return {
    type: 'fill', where, at, id: String(index + 1), symbol: symbolOf(row), leg: { by: 'leg', leg, intent: isOpen ? 'open' : 'close' }, price, qty: row.qty.abs(), fee: fee.neg(),
    liquidity: liquidity === 'taker' ? 'taker' : 'maker', source: 'external', exit: exitOf(type), order: null, realised: isOpen ? null : pnl, heldAfter: psize.abs(), leverage: null,
  }
}

/** What panics or reduces risk is a stop; a grid's close is a target. */
function exitOf(type: string): Filled['role'] {
  if (/unstuck|panic|auto_reduce/.test(type)) return 'stop-loss'
  return type.includes('trailing') ? 'trailing' : 'take-profit'
}

/** A coin is short for its perpetual in USDT. */
function symbolOf({ where, coin, symbol }: FillRow): string {
  const name = symbol ?? coin
  if (name === undefined || name === '') throw new HedgerowError('IMPORT_INVALID', { where, found: 'neither coin nor symbol', expected: 'a column coin or symbol' })
  const plain = name.replace(/:.*$/, '').replace('/', '')
  return /(USDT|USDC|USD)$/.test(plain) ? plain : `${plain}USDT`
}

function balanceBefore(row: FillRow | undefined): Decimal | null {
  const after = row?.usd_total_balance ?? row?.balance ?? null
  return row === undefined || after === null ? null : after.minus(row.pnl).minus(row.fee_paid)
}
