/** `hedgerow data import`: files into the data folder. */
import { relative } from 'node:path'
import { HedgerowError, isHedgerowError, type OverlapRule } from '@hedgerow/core'
import { countText } from '@hedgerow/report/run'
import { paintFor } from '../output/paint.ts'
import { dataFolder } from '../store/data-folder.ts'
import { importFile, type ImportReport } from '../store/import-file.ts'
import { ParquetCandleStore } from '../store/parquet-candle-store.ts'
import { seriesText } from '../store/series.ts'
import { TIME_UNITS } from '../store/source-rows.ts'
import { factLine, gapText, idOfFlags, reporting, spanText, type DataFlags } from './data-options.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { ProgressLine } from './progress-line.ts'
import { errorReport } from './report-error.ts'

/** Flags of the command. */
export interface ImportFlags extends DataFlags {
  readonly column?: readonly string[]
  readonly timeUnit?: string
  readonly overlap?: string
  readonly skipInvalid?: boolean
}

const RULES: readonly OverlapRule[] = ['fail', 'keep', 'replace']
const VIOLATIONS_SHOWN = 10

/** Imports one file after the other; one that fails does not stop the next. */
export async function dataImportCommand(files: readonly string[], flags: ImportFlags): Promise<ExitCode> {
  return await reporting(async () => {
    const store = new ParquetCandleStore(dataFolder(flags.data, process.cwd()))
    const options = { ...idOfFlags(flags), columns: columnsOf(flags.column ?? []), timeUnit: oneOf('--time-unit', flags.timeUnit, TIME_UNITS), overlap: oneOf('--overlap', flags.overlap, RULES) ?? 'fail', skipInvalid: flags.skipInvalid === true }
    const stop = new AbortController()
    const interrupt = (): void => { stop.abort() }
    process.once('SIGINT', interrupt)
    try {
      let failed = 0
      for (const file of files) if (!(await importOne(store, file, { ...options, signal: stop.signal }))) failed++
      if (files.length > 1) process.stdout.write(`${countText(files.length - failed)} of ${countText(files.length)} files imported into ${shown(store)}.\n`)
      return failed === 0 ? EXIT.done : EXIT.runFailed
    } finally {
      process.off('SIGINT', interrupt)
    }
  })
}

async function importOne(store: ParquetCandleStore, file: string, options: Parameters<typeof importFile>[2]): Promise<boolean> {
  const progress = new ProgressLine()
  try {
    const report = await importFile(store, file, { ...options, ...(process.stderr.isTTY ? { onProgress: (fraction: number) => progress.show(fraction) } : {}) })
    progress.clear()
    process.stdout.write(reportText(report, store))
    return report.stored !== null
  } catch (error) {
    progress.clear()
    if (!isHedgerowError(error) || error.code === 'RUN_INTERRUPTED' || error.code === 'USAGE_INVALID') throw error
    process.stderr.write(errorReport(error, paintFor(process.stderr)))
    return false
  }
}

function reportText({ path, id, rows, stored, gaps, violations, repeated, sorted }: ImportReport, store: ParquetCandleStore): string {
  const paint = paintFor(process.stdout)
  const count = rows.time.length
  const lines = [
    `  ${paint('title', seriesText(id))}  ${paint('quiet', path)}\n`,
    factLine('rows', count === 0 ? 'none that can be stored' : `${countText(count)}, ${spanText(rows.time[0] ?? 0, rows.time.at(-1) ?? 0)}`),
    ...(sorted ? [factLine('order', 'by time now; in the file it was another')] : []),
    ...(repeated === 0 ? [] : [factLine('repeated', `${countText(repeated)} rows that were there twice`)]),
    ...(id.kind === 'funding' ? [] : [factLine('gaps', gapText(gaps))]),
    ...(violations.length === 0 ? [] : [factLine('violations', paint('bad', countText(violations.length))), ...violations.slice(0, VIOLATIONS_SHOWN).map(({ where, found, expected }) => `    ${where}: ${found}. Expected: ${expected}.\n`), ...(violations.length > VIOLATIONS_SHOWN ? [`    and ${countText(violations.length - VIOLATIONS_SHOWN)} more\n`] : [])]),
  ]
  if (stored === null) return `${lines.join('')}${factLine('stored', paint('bad', 'nothing: repair the rows above, or leave them out with --skip-invalid'))}\n`
  const overlap = stored.known + stored.differing === 0 ? '' : `, ${countText(stored.known)} were there already${stored.differing === 0 ? '' : `, ${countText(stored.differing)} differ`}`
  return `${lines.join('')}${factLine('stored', `${countText(stored.added)} new rows${overlap}, in ${shown(store)}`)}\n`
}

function shown({ folder }: ParquetCandleStore): string {
  return relative(process.cwd(), folder) || '.'
}

function columnsOf(texts: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(texts.map((text) => {
    const [name, called] = text.split('=', 2)
    if (name === undefined || name === '' || called === undefined || called === '') throw new HedgerowError('USAGE_INVALID', { where: '--column', found: `"${text}"`, expected: 'ours=theirs, such as close=last' })
    return [name.toLowerCase(), called]
  }))
}

function oneOf<T extends string>(flag: string, text: string | undefined, choices: readonly T[]): T | undefined {
  const choice = choices.find((candidate) => candidate === text)
  if (text !== undefined && choice === undefined) throw new HedgerowError('USAGE_INVALID', { where: flag, found: `"${text}"`, expected: choices.join(', ') })
  return choice
}
