/** `hedgerow backtest`: from configuration and flags to a summary, a JSON object or files. */
import { Console } from 'node:console'
import { writeSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { HedgerowError, isHedgerowError } from '@hedgerow/core'
import { criticise } from '@hedgerow/report/run'
import { assembleResult } from '../backtest/assemble.ts'
import { composeBacktest } from '../backtest/compose.ts'
import { counterfactualsOf, requireHedge } from '../backtest/counterfactual.ts'
import { withDriver } from '../backtest/drivers.ts'
import { parseBacktestOptions } from '../backtest/options-schema.ts'
import type { BacktestOptions } from '../backtest/options.ts'
import { withPaths } from '../backtest/path-bracket.ts'
import type { BacktestResult } from '../backtest/result.ts'
import { readFlags } from '../config/flags.ts'
import { loadConfig } from '../config/load-config.ts'
import { loadRequest } from '../config/load-request.ts'
import { runRequest, type RunRequest } from '../config/request.ts'
import { criticisedRun, finishedRun } from '../output/finished-run.ts'
import { requirePage, writePage } from '../output/page-file.ts'
import { paintFor } from '../output/paint.ts'
import { PARQUET_FILE_NAMES, RESULT_FILE_NAMES } from '../output/result-files.ts'
import type { RunSources } from '../output/run-sources.ts'
import { summaryText } from '../output/summary.ts'
import type { ParquetTable } from '../output/parquet-table.ts'
import { discardPartial, requireReplaceable, writeResult } from '../output/write-result.ts'
import { present } from '../present.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { interruptible } from './interruptible.ts'
import { tellLoadedFiles } from './loaded-files.ts'
import { ProgressLine } from './progress-line.ts'
import { errorReport } from './report-error.ts'

/** The flags that set no configuration key; the others are beside them by attribute name. */
export interface BacktestFlags extends Readonly<Record<string, unknown>> {
  readonly config?: string
  readonly json?: boolean
  readonly quiet?: boolean
  /** Runs the strategy again with less of a hedge. */
  readonly counterfactual?: boolean
  /** File for the page of the run. */
  readonly report?: string
  /** Writes the tables of the run as Parquet too. */
  readonly parquet?: boolean
}

/** Runs a backtest; what goes wrong is printed. */
export async function backtestCommand(flags: BacktestFlags): Promise<ExitCode> {
  const userFiles: string[] = []
  const fail = (error: unknown, code: ExitCode): ExitCode => {
    const report = errorReport(error, paintFor(process.stderr), userFiles)
    if (isHedgerowError(error) && error.code === 'RUN_INTERRUPTED') {
      // A stream that was written to while the run was stopped may never drain: this goes past it.
      writeSync(process.stderr.fd, report)
      return EXIT.interrupted
    }
    process.stderr.write(report)
    return isHedgerowError(error) ? code : EXIT.runFailed
  }
  // A strategy may print; standard output belongs to the JSON object.
  if (flags.json === true) globalThis.console = new Console(process.stderr)
  const progress = new ProgressLine()
  let prepared: PreparedRun
  try {
    prepared = await prepare(flags, progress, userFiles)
  } catch (error) {
    return fail(error, EXIT.usage)
  }
  try {
    const result = runAndWrite(prepared, progress)
    if (flags.report !== undefined) writePage(resolve(flags.report), await (await import('@hedgerow/report')).reportHtml(finishedRun(result)))
    show(result, prepared, flags)
    if (flags.report !== undefined && flags.json !== true) process.stdout.write(`  Report     ${relative(process.cwd(), resolve(flags.report))}\n\n`)
    return EXIT.done
  } catch (error) {
    return fail(error, EXIT.runFailed)
  }
}

/** A run that can start, and where its files go. */
interface PreparedRun {
  readonly run: () => BacktestResult
  readonly out: RunRequest['out']
  readonly sources: RunSources
  readonly parquet: ParquetTable | null
}

/** Everything that can be wrong before the first candle. */
async function prepare(flags: BacktestFlags, progress: ProgressLine, userFiles: string[]): Promise<PreparedRun> {
  const cwd = process.cwd()
  const layer = readFlags(flags)
  tellLoadedFiles()
  const loaded = await loadConfig(flags.config, cwd)
  const request = runRequest(loaded, layer, cwd)
  if (request.out !== null) requireReplaceable(request.out)
  else if (flags.parquet === true) throw new HedgerowError('USAGE_INVALID', { where: '--parquet', found: 'no folder', expected: '--out FOLDER with it, or `out` in the configuration' })
  if (flags.report !== undefined) requirePage(resolve(cwd, flags.report))
  const { options, strategyFiles, origins } = await loadRequest(request)
  userFiles.push(...strategyFiles, ...(loaded === null ? [] : [loaded.path]))
  const settings = await withDriver(parseBacktestOptions({ ...options, ...listeners(flags, progress) }, request.place))
  if (flags.counterfactual === true) requireHedge(settings)
  const composed = composeBacktest(settings)
  const run = (): BacktestResult => {
    composed.engine.run()
    const result = withPaths(assembleResult(composed), settings)
    return flags.counterfactual === true ? result.withCounterfactuals(counterfactualsOf(settings)) : result
  }
  const { settings: { sim }, venue } = composed.plan
  const parquet = flags.parquet === true ? (await import('../output/parquet-table.ts')).parquetTable : null
  return { run, out: request.out, parquet, sources: { schemaVersion: 1, limitFill: sim.limitFill ?? venue.profile.execution.limitFill, candles: origins } }
}

function runAndWrite({ run, out, sources, parquet }: PreparedRun, progress: ProgressLine): BacktestResult {
  try {
    return interruptible(() => {
      const result = run()
      if (out !== null) writeResult(result, out, sources, { parquet })
      return result
    })
  } catch (error) {
    if (out !== null) discardPartial(out)
    throw error
  } finally {
    progress.clear()
  }
}

function listeners({ quiet }: BacktestFlags, progress: ProgressLine): Pick<BacktestOptions, 'onProgress' | 'onLog'> {
  if (quiet === true) return {}
  const onLog: BacktestOptions['onLog'] = (level, text) => {
    progress.clear()
    process.stderr.write(`${level.padEnd(5)} ${text}\n`)
  }
  return process.stderr.isTTY ? { onLog, onProgress: (fraction) => progress.show(fraction) } : { onLog }
}

function show(result: BacktestResult, { out }: PreparedRun, { json, parquet = false }: BacktestFlags): void {
  const files = [...RESULT_FILE_NAMES, ...(parquet ? PARQUET_FILE_NAMES : [])]
  const folder = out === null ? null : relative(process.cwd(), out) || '.'
  process.stdout.write(json === true ? `${JSON.stringify(result)}\n` : `\n${summaryText(result, { paint: paintFor(process.stdout), criticism: criticise(criticisedRun(result)), folder, files, ...present({ columns: process.stdout.columns }) })}\n`)
}
