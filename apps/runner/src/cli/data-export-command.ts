/** `hedgerow data export`: a series of the data folder as a file. */
import { relative, resolve } from 'node:path'
import { HedgerowError } from '@hedgerow/core'
import { countText } from '@hedgerow/report/run'
import { paintFor } from '../output/paint.ts'
import { chooseSeries } from '../store/choose-series.ts'
import { dataFolder } from '../store/data-folder.ts'
import { EXPORT_FORMATS, exportSeries, formatOf, type ExportFormat } from '../store/export-series.ts'
import { exportName } from '../store/file-name.ts'
import { ParquetCandleStore } from '../store/parquet-candle-store.ts'
import { spanOf } from '../store/series-files.ts'
import { seriesText } from '../store/series.ts'
import { factLine, idOfFlags, momentOfFlag, reporting, spanText, type DataFlags } from './data-options.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'

/** Flags of the command. */
export interface ExportFlags extends DataFlags {
  readonly out?: string
  readonly format?: string
  readonly force?: boolean
}

/** Writes the one series that the flags name. */
export async function dataExportCommand(flags: ExportFlags): Promise<ExitCode> {
  return await reporting(async () => {
    const store = new ParquetCandleStore(dataFolder(flags.data, process.cwd()))
    const format = formatOfFlags(flags)
    const id = chooseSeries(store.folder, { kind: 'candles', ...defined(idOfFlags(flags)) })
    const report = await exportSeries(store, {
      id, format, range: { start: momentOfFlag('--start', flags.start), end: momentOfFlag('--end', flags.end) }, replace: flags.force === true, origin: (await spanOf(store.folder, id))?.origin ?? null,
      path: (rows) => resolve(process.cwd(), flags.out ?? `${exportName(id, rows)}.${format}`),
    })
    process.stdout.write(`\n  ${paintFor(process.stdout)('title', seriesText(id))}\n${factLine('rows', `${countText(report.rows)}, ${spanText(report.first, report.last)}`)}${factLine('sha256', report.sha256)}${factLine('written', relative(process.cwd(), report.path))}\n`)
    return EXIT.done
  })
}

function formatOfFlags({ out, format }: ExportFlags): ExportFormat {
  const given = format ?? (out === undefined ? 'csv.gz' : formatOf(out))
  const known = EXPORT_FORMATS.find((candidate) => candidate === given)
  if (known !== undefined) return known
  throw new HedgerowError('USAGE_INVALID', { where: format === undefined ? '--out' : '--format', found: `"${format ?? out}"`, expected: format === undefined ? `a name that ends in ${EXPORT_FORMATS.join(', ')}` : EXPORT_FORMATS.join(', '), remedy: 'Name the format with --format, or by the ending of --out.' })
}

function defined<T extends object>(parts: T): Partial<T> {
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined)) as Partial<T>
}
