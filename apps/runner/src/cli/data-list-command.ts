/** `hedgerow data list`: what the data folder has. */
import { relative } from 'node:path'
import { timeText, type StoredSeries } from '@hedgerow/core'
import { countText } from '@hedgerow/report/run'
import { paintFor } from '../output/paint.ts'
import { dataFolder } from '../store/data-folder.ts'
import { ParquetCandleStore } from '../store/parquet-candle-store.ts'
import { reporting, type DataFlags } from './data-options.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'

/** Prints a row for each series. */
export async function dataListCommand({ data, json }: DataFlags): Promise<ExitCode> {
  return await reporting(async () => {
    const store = new ParquetCandleStore(dataFolder(data, process.cwd()))
    const series = await store.list()
    const folder = relative(process.cwd(), store.folder) || '.'
    process.stdout.write(json === true ? `${JSON.stringify(series.map(({ id, ...stored }) => ({ ...id, ...stored })))}\n` : series.length === 0 ? emptyText(folder) : tableText(series, folder))
    return EXIT.done
  })
}

/** What to do where there is no data yet. */
export function emptyText(folder: string): string {
  return `
  No data yet in ${folder}. Add some:

    hedgerow data import binance-usdm_ETHUSDT_1m.csv.gz
    hedgerow data import FILE --venue bybit-linear --symbol ETHUSDT
    hedgerow data synth --symbol ETHUSDT --seed 1        made up, to try things out

`
}

function tableText(series: readonly StoredSeries[], folder: string): string {
  const paint = paintFor(process.stdout)
  const rows = series.map(({ id, rows: count, first, last, origin }) => [id.venue, id.symbol, id.kind, id.timeframe ?? '', timeText(first), timeText(last), countText(count), origin ?? ''])
  const header = ['venue', 'symbol', 'kind', 'bars', 'first', 'last', 'rows', '']
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]): string => row.map((text, column) => (column === ROWS ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0))).join('  ').trimEnd()
  return `\n  ${paint('quiet', line(header))}\n${rows.map((row) => `  ${line(row)}\n`).join('')}\n  in ${folder}\n\n`
}

/** The column that is aligned to the right. */
const ROWS = 6
