/** `hedgerow report --import`: exported fills become a run. */
import { basename, resolve } from 'node:path'
import { decimal, HedgerowError, type Decimal } from '@hedgerow/core'
import { importedRun, importFormat, type ImportCandles, type SourceFile } from '@hedgerow/report'
import type { FinishedRun } from '@hedgerow/report/run'
import { loadCandles } from '../data/load.ts'
import { readDataFile } from '../data/read-file.ts'
import { VERSION } from '../version.ts'

/** Flags that go with `--import`. */
export interface ImportFlags {
  readonly import?: string
  readonly candles?: readonly string[]
  readonly balance?: string
  readonly positionMode?: string
  readonly income?: string
  readonly assetPrice?: readonly string[]
}

/**
 * The run of exported files of one account.
 *
 * @throws HedgerowError `USAGE_INVALID`, `DATA_*` for files that cannot be read, and what the import says of their rows.
 */
export async function importRun(format: string, paths: readonly string[], flags: ImportFlags): Promise<FinishedRun> {
  const chosen = importFormat(format)
  const files = await Promise.all(paths.map(sourceFile))
  const file = chosen.read(files, {
    positionMode: positionModeOf(flags.positionMode), income: flags.income === undefined ? undefined : await sourceFile(flags.income),
    assetPrices: new Map((flags.assetPrice ?? []).map((text) => assetPrice(text))),
  })
  const symbols = [...new Set(file.rows.map(({ symbol }) => symbol))]
  const candles = new Map<string, ImportCandles>()
  for (const text of flags.candles ?? []) {
    const { symbol, path } = symbolFile(text, symbols)
    const columns = await loadCandles(resolve(path))
    candles.set(symbol, { columns, source: basename(path), synthetic: columns.synthetic, hash: columns.hash })
  }
  return importedRun(file, { format: chosen, version: VERSION, candles, startingBalance: flags.balance === undefined ? undefined : positive('--balance', flags.balance) })
}

async function sourceFile(path: string): Promise<SourceFile> {
  return { path: basename(path), text: new TextDecoder().decode(await readDataFile(resolve(path))) }
}

function positionModeOf(text: string | undefined): 'hedge' | 'one-way' | undefined {
  if (text === undefined || text === 'hedge' || text === 'one-way') return text
  throw new HedgerowError('USAGE_INVALID', { where: '--position-mode', found: `"${text}"`, expected: 'hedge or one-way' })
}

function assetPrice(text: string): readonly [asset: string, price: Decimal] {
  const [asset = '', price = ''] = text.split('=')
  return [asset, positive('--asset-price', price)]
}

function positive(where: string, text: string): Decimal {
  const value = /^\d+(\.\d+)?$/.test(text) ? decimal(text) : null
  if (value !== null && value.gt(0)) return value
  throw new HedgerowError('USAGE_INVALID', { where, found: `"${text}"`, expected: 'a number above 0' })
}

/** `ETHUSDT=eth.csv`, or a file alone where the export has one symbol. */
function symbolFile(text: string, symbols: readonly string[]): { readonly symbol: string; readonly path: string } {
  const [, symbol, path] = /^([^=/\\]+)=(.+)$/.exec(text) ?? []
  if (symbol !== undefined && path !== undefined) return { symbol, path }
  const [only, second] = symbols
  if (only !== undefined && second === undefined) return { symbol: only, path: text }
  throw new HedgerowError('USAGE_INVALID', { where: '--candles', found: `"${text}" for ${symbols.join(', ')}`, expected: 'SYMBOL=FILE, as the export has several symbols' })
}
