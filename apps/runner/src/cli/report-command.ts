/** `hedgerow report`: the page of a finished run, of several side by side, or of fills that were exported elsewhere. */
import { spawn } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { basename, relative, resolve } from 'node:path'
import { HedgerowError, isHedgerowError } from '@hedgerow/core'
import { comparisonHtml, readRun, reportHtml, runPng, type NamedRun } from '@hedgerow/report'
import { paintFor } from '../output/paint.ts'
import { writeWhole } from '../store/write-whole.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { importRun, type ImportFlags } from './import-report.ts'
import { errorReport } from './report-error.ts'

/** Flags of the command. */
export interface ReportFlags extends ImportFlags {
  readonly out?: string
  readonly open?: boolean
  /** File for the picture of the run; without `out` there is no page. */
  readonly png?: string
  readonly theme?: string
}

/** Reads the runs and writes their page, or the picture of one. */
export async function reportCommand(paths: readonly string[], flags: ReportFlags): Promise<ExitCode> {
  const { out, open, png } = flags
  try {
    const runs = await runsOf(paths, flags)
    const [first, second] = runs
    if (first === undefined) return EXIT.usage
    if (png !== undefined) await writePicture(runs, resolve(png), flags.theme)
    if (png !== undefined && out === undefined) return EXIT.done
    const path = resolve(out ?? `${second === undefined ? first.name : 'comparison'}.html`)
    requirePage(path)
    writePage(path, second === undefined ? await reportHtml(first.run) : await comparisonHtml(runs))
    process.stdout.write(`${relative(process.cwd(), path)}\n`)
    if (open === true) openInBrowser(path)
    return EXIT.done
  } catch (error) {
    process.stderr.write(errorReport(error, paintFor(process.stderr)))
    return isHedgerowError(error) && UNREADABLE.test(error.code) ? EXIT.usage : EXIT.runFailed
  }
}

async function writePicture([first, second]: readonly NamedRun[], path: string, theme: string = 'light'): Promise<void> {
  if (first === undefined || second !== undefined) throw new HedgerowError('USAGE_INVALID', { where: '--png', found: 'several runs', expected: 'one run: its picture has one axis of time' })
  if (theme !== 'light' && theme !== 'dark') throw new HedgerowError('USAGE_INVALID', { where: '--theme', found: `"${theme}"`, expected: 'light or dark' })
  requirePage(path)
  const { png, hasTexts } = await runPng(first.run, { theme })
  writeFile(path, png)
  if (!hasTexts) process.stderr.write('No font was found on this system: the picture has no texts. Install one, such as fonts-dejavu-core.\n')
  process.stdout.write(`${relative(process.cwd(), path)}\n`)
}

/** What was named cannot be read: the fault is in the command or its files. */
const UNREADABLE = /^(RUN_UNREADABLE|IMPORT_|DATA_|USAGE_INVALID|UNKNOWN_SYMBOL|CONFIG_INVALID)/

/** Folders of runs, or the files of one export. */
async function runsOf(paths: readonly string[], flags: ReportFlags): Promise<readonly NamedRun[]> {
  const [first = 'import'] = paths
  if (flags.import !== undefined) return [{ name: basename(first).replace(/\.(json|csv)(\.gz)?$/i, ''), run: await importRun(flags.import, paths, flags) }]
  const alone = (['candles', 'balance', 'positionMode', 'income', 'assetPrice'] as const).find((key) => flags[key] !== undefined)
  if (alone !== undefined) throw new HedgerowError('USAGE_INVALID', { where: 'hedgerow report', found: `--${alone.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} without --import`, expected: 'flags of an import with --import FORMAT' })
  return paths.map((path) => ({ name: basename(resolve(path)), run: readRun(resolve(path)) }))
}

/**
 * Refuses a name that no page can have, before a long run is made for it.
 *
 * @throws HedgerowError `OUTPUT_REFUSED`.
 */
export function requirePage(path: string): void {
  if (existsSync(path) && statSync(path).isDirectory()) throw new HedgerowError('OUTPUT_REFUSED', { where: path, found: 'a folder', expected: 'a file, or nothing yet', remedy: 'Name a file, such as report.html.' })
}

/**
 * Writes a page whole or not at all; a page of that name is replaced.
 *
 * @throws HedgerowError `OUTPUT_FAILED`.
 */
export function writePage(path: string, text: string): void {
  writeFile(path, Buffer.from(text))
}

function writeFile(path: string, bytes: Uint8Array): void {
  try {
    writeWhole(path, [bytes], 'disposable')
  } catch (error) {
    throw new HedgerowError('OUTPUT_FAILED', { where: path, found: error instanceof Error ? error.message : String(error), expected: 'a file that can be written', cause: error })
  }
}

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [command: string, ...args: readonly string[]]>>> = { darwin: ['open'], win32: ['cmd', '/c', 'start', ''] }

/** Hands a page to the program that shows such files here. */
export function openInBrowser(path: string): void {
  const [command, ...args] = OPENERS[process.platform] ?? ['xdg-open']
  const child = spawn(command, [...args, path], { stdio: 'ignore', detached: true })
  child.on('error', () => { process.stderr.write(`No program was found to open it: open ${path} in a browser.\n`) })
  child.unref()
}
