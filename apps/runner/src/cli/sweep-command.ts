/** `hedgerow sweep`: every combination of parameters over the same candles, on all cores. */
import { extname, relative, resolve } from 'node:path'
import { HedgerowError, isHedgerowError } from '@hedgerow/core'
import { readFlags } from '../config/flags.ts'
import { loadConfig } from '../config/load-config.ts'
import { loadRequest } from '../config/load-request.ts'
import { runRequest } from '../config/request.ts'
import { paintFor } from '../output/paint.ts'
import { sweepCsv, sweepJson } from '../output/sweep-files.ts'
import { sweepOrder, type SweepOrder } from '../output/sweep-order.ts'
import { sweepText } from '../output/sweep-table.ts'
import { present } from '../present.ts'
import { writeWhole } from '../store/write-whole.ts'
import { MOST_SETS, parameterGrid } from '../sweep/grid.ts'
import { readAxes } from '../sweep/read-axes.ts'
import type { RunSource } from '../sweep/run-source.ts'
import { sweepOver, type SweepResult } from '../sweep/sweep.ts'
import type { MarketInputs } from '../sweep/shared-market.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { ProgressLine } from './progress-line.ts'
import { errorReport } from './report-error.ts'

/** The flags of a sweep beside those that set configuration keys. */
export interface SweepFlags extends Readonly<Record<string, unknown>> {
  readonly config?: string
  readonly json?: boolean
  readonly quiet?: boolean
  /** `fast=5:20:5`, as they were typed. */
  readonly param?: readonly string[]
  readonly sort?: string
  readonly ascending?: boolean
  readonly limit?: string
  readonly workers?: string
  readonly mostSets?: string
  readonly outFile?: string
}

/** Runs a sweep; what goes wrong is printed. */
export async function sweepCommand(flags: SweepFlags): Promise<ExitCode> {
  const progress = new ProgressLine()
  const userFiles: string[] = []
  const fail = (error: unknown): ExitCode => {
    progress.clear()
    process.stderr.write(errorReport(error, paintFor(process.stderr), userFiles))
    if (!isHedgerowError(error)) return EXIT.runFailed
    return error.code === 'RUN_INTERRUPTED' ? EXIT.interrupted : EXIT.usage
  }
  try {
    const prepared = await prepare(flags, userFiles)
    const result = await run(prepared, flags, progress)
    progress.clear()
    show(result, prepared, flags)
    return result.failed === result.outcomes.length ? EXIT.runFailed : EXIT.done
  } catch (error) {
    return fail(error)
  }
}

/** A sweep that can start. */
interface PreparedSweep {
  readonly source: RunSource
  readonly market: MarketInputs
  readonly sets: readonly Readonly<Record<string, unknown>>[]
  /** Parameters with more than one value. */
  readonly names: readonly string[]
  readonly order: SweepOrder
  readonly limit: number
  readonly workers: number | undefined
  readonly out: string | null
}

/** Everything that can be wrong before the first run. */
async function prepare({ config, sort = 'totalPnl', ascending = false, limit, workers, mostSets, outFile, param: axisTexts = [], ...keys }: SweepFlags, userFiles: string[]): Promise<PreparedSweep> {
  const cwd = process.cwd()
  const numbers = { limit: wholeFlag('--limit', limit) ?? 20, workers: wholeFlag('--workers', workers), out: outOf(outFile) }
  const order = sweepOrder(sort, ascending)
  const request = runRequest(await loadConfig(config, cwd), readFlags(keys), cwd)
  const { options: { routes, candles, funding, marks, indexes }, strategyFiles } = await loadRequest(request)
  userFiles.push(...strategyFiles)
  const axes = readAxes([...new Set(routes.map(({ strategy }) => strategy))], axisTexts)
  const sets = parameterGrid(axes, { most: wholeFlag('--most-sets', mostSets) ?? MOST_SETS })
  const names = Object.keys(axes).filter((name) => new Set(sets.map((set) => JSON.stringify(set[name]))).size > 1)
  return { source: { type: 'config', config, flags: keys, cwd }, market: { candles, ...present({ funding, marks, indexes }) }, sets, names, order, ...numbers }
}

/** Ctrl-C ends the threads, wherever they are. */
async function run({ source, market, sets, workers }: PreparedSweep, { quiet }: SweepFlags, progress: ProgressLine): Promise<SweepResult> {
  const stop = new AbortController()
  const interrupt = (): void => { stop.abort() }
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt)
  const onProgress = quiet === true || !process.stderr.isTTY ? undefined : ({ done, total }: { readonly done: number; readonly total: number }): void => { progress.show(done / total) }
  try {
    return await sweepOver(source, market, { trials: sets.map((params) => ({ params })), signal: stop.signal, ...present({ workers, onProgress }) })
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
  }
}

function show(result: SweepResult, { names, order, limit, out }: PreparedSweep, { json }: SweepFlags): void {
  const paint = paintFor(process.stdout)
  process.stdout.write(json === true ? `${sweepJson(result)}\n` : `\n${sweepText({ result, names, order, limit, paint })}\n`)
  // After the table: what took so long to compute is shown even where the file cannot be written.
  if (out !== null) write(out, extname(out) === '.csv' ? sweepCsv(result, names) : `${sweepJson(result)}\n`)
  if (json !== true) process.stdout.write(out === null ? '\n' : `  ${paint('quiet', `written to ${relative(process.cwd(), out)}`)}\n\n`)
}

function write(path: string, text: string): void {
  try {
    writeWhole(path, [Buffer.from(text)])
  } catch (cause) {
    throw new HedgerowError('OUTPUT_FAILED', { where: path, found: cause instanceof Error ? cause.message : String(cause), expected: 'a file that can be written', remedy: 'Check the folder and the space on the disk; nothing was left behind.', cause })
  }
}

function wholeFlag(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new HedgerowError('USAGE_INVALID', { where: flag, found: `"${text}"`, expected: 'a whole number from 1' })
}

function outOf(path: string | undefined): string | null {
  if (path === undefined) return null
  if (['.json', '.csv'].includes(extname(path))) return resolve(path)
  throw new HedgerowError('USAGE_INVALID', { where: '--out', found: `"${path}"`, expected: 'a file that ends in .json or .csv' })
}
