/** `hedgerow report`: the page of a finished run, of several side by side, or of fills that were exported elsewhere. */
import { spawn } from 'node:child_process'
import { basename, relative, resolve } from 'node:path'
import { HedgerowError, isHedgerowError } from '@hedgerow/core'
import { comparisonHtml, comparisonPng, readRun, reportHtml, runPng, type NamedRun } from '@hedgerow/report'
import { writableRun } from '../output/finished-run.ts'
import { requirePage, writePage, writePageFile } from '../output/page-file.ts'
import { paintFor } from '../output/paint.ts'
import { writeResult } from '../output/write-result.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { importRun, type ImportFlags } from './import-report.ts'
import { errorReport } from './report-error.ts'

/** Flags of the command. */
export interface ReportFlags extends ImportFlags {
  /** The page; of an import, where it does not end in `.html`, the folder of the run. */
  readonly out?: string
  readonly open?: boolean
  /** File for the picture; without `out` there is no page. */
  readonly png?: string
  readonly theme?: string
}

/** Reads the runs and writes their page, their picture, or the folder of an imported run. */
export async function reportCommand(paths: readonly string[], flags: ReportFlags): Promise<ExitCode> {
  try {
    requireFlags(flags)
    const runs = await runsOf(paths, flags)
    const [first] = runs
    if (first === undefined) return EXIT.usage
    const made: string[] = []
    const folder = folderOf(flags)
    if (folder !== null) tell(writeResult(writableRun(first.run), folder))
    if (flags.png !== undefined) made.push(await writePicture(runs, resolve(flags.png), flags.theme))
    if (isPageWanted(flags)) made.push(await writeReport(runs, resolve((folder === null ? flags.out : undefined) ?? `${runs.length === 1 ? first.name : 'comparison'}.html`)))
    const shown = made.at(-1)
    if (flags.open === true && shown !== undefined) openInBrowser(shown)
    return EXIT.done
  } catch (error) {
    process.stderr.write(errorReport(error, paintFor(process.stderr)))
    return isHedgerowError(error) && UNREADABLE.test(error.code) ? EXIT.usage : EXIT.runFailed
  }
}

function requireFlags({ theme, png }: ReportFlags): void {
  if (theme !== undefined && theme !== 'light' && theme !== 'dark') throw new HedgerowError('USAGE_INVALID', { where: '--theme', found: `"${theme}"`, expected: 'light or dark' })
  if (theme !== undefined && png === undefined) throw new HedgerowError('USAGE_INVALID', { where: '--theme', found: `${theme} without --png`, expected: 'the theme of a picture: a page is light or dark as its reader has it' })
}

/** The folder for an imported run; null where `out` names a page. */
function folderOf({ import: format, out }: ReportFlags): string | null {
  return format === undefined || out === undefined || /\.html?$/i.test(out) ? null : out
}

/** A picture or a folder alone are all that was asked for, unless a page is named, or to be shown. */
function isPageWanted(flags: ReportFlags): boolean {
  if (folderOf(flags) !== null) return flags.open === true && flags.png === undefined
  return flags.png === undefined || flags.out !== undefined
}

async function writeReport(runs: readonly NamedRun[], path: string): Promise<string> {
  const [first, second] = runs
  requirePage(path)
  writePage(path, first !== undefined && second === undefined ? await reportHtml(first.run) : await comparisonHtml(runs))
  return tell(path)
}

async function writePicture(runs: readonly NamedRun[], path: string, theme?: string): Promise<string> {
  const [first, second] = runs
  const options = { theme: theme === 'dark' ? theme : 'light' } as const
  requirePage(path)
  const { png, hasTexts } = first !== undefined && second === undefined ? await runPng(first.run, options) : await comparisonPng(runs, options)
  writePageFile(path, png)
  if (!hasTexts) process.stderr.write('No font was found on this system: the picture has no texts. Install one, such as fonts-dejavu-core.\n')
  return tell(path)
}

/** Says what was written. */
function tell(path: string): string {
  process.stdout.write(`${relative(process.cwd(), path)}\n`)
  return path
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

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [command: string, ...args: readonly string[]]>>> = { darwin: ['open'], win32: ['cmd', '/c', 'start', ''] }

/** Hands a page or a picture to the program that shows such files here. */
export function openInBrowser(path: string): void {
  const [command, ...args] = OPENERS[process.platform] ?? ['xdg-open']
  const child = spawn(command, [...args, path], { stdio: 'ignore', detached: true })
  child.on('error', () => { process.stderr.write(`No program was found to open it: ${path}\n`) })
  child.unref()
}
