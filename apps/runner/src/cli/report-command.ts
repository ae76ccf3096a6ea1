/** `hedgerow report`: the page of a finished run, or of several side by side. */
import { spawn } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { basename, relative, resolve } from 'node:path'
import { HedgerowError, isHedgerowError } from '@hedgerow/core'
import { comparisonHtml, readRun, reportHtml } from '@hedgerow/report'
import { paintFor } from '../output/paint.ts'
import { writeWhole } from '../store/write-whole.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { errorReport } from './report-error.ts'

/** Flags of the command. */
export interface ReportFlags {
  readonly out?: string
  readonly open?: boolean
}

/** Reads the runs and writes their page. */
export async function reportCommand(folders: readonly string[], { out, open }: ReportFlags): Promise<ExitCode> {
  try {
    const runs = folders.map((folder) => ({ name: basename(resolve(folder)), run: readRun(resolve(folder)) }))
    const [first, second] = runs
    if (first === undefined) return EXIT.usage
    const path = resolve(out ?? `${second === undefined ? first.name : 'comparison'}.html`)
    requirePage(path)
    writePage(path, second === undefined ? await reportHtml(first.run) : await comparisonHtml(runs))
    process.stdout.write(`${relative(process.cwd(), path)}\n`)
    if (open === true) openInBrowser(path)
    return EXIT.done
  } catch (error) {
    process.stderr.write(errorReport(error, paintFor(process.stderr)))
    return isHedgerowError(error) && error.code === 'RUN_UNREADABLE' ? EXIT.usage : EXIT.runFailed
  }
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
  try {
    writeWhole(path, [Buffer.from(text)], 'disposable')
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
