/** Prints errors: ours as code, place, found, expected and remedy; others with their stack. */
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ERRORS, isHedgerowError, type HedgerowError } from '@hedgerow/core'
import type { Paint } from '../output/paint.ts'
import { VERSION } from '../version.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'

const LABEL = 10

/** An error as text for the screen. `files` are the user's own: their first line in a stack is shown. */
export function errorReport(error: unknown, paint: Paint, files: readonly string[] = []): string {
  if (!isHedgerowError(error)) return `${paint('bad', 'UNEXPECTED')}  ${stackOf(error)}\n${REPORT}\n`
  const { where, found, expected, remedy } = error.details
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['where', where], ['line', error.code === 'PARAMETER_INVALID' ? undefined : lineIn(error, files)], ['found', found], ['expected', expected], ['remedy', remedy ?? ERRORS[error.code].remedy],
  ]
  const lines = facts.flatMap(([label, text]) => (text === undefined ? [] : [`  ${paint('quiet', label.padEnd(LABEL))}${indented(text)}`]))
  const stack = error.family === 'invariant' ? [stackOf(error), REPORT] : []
  return `${[`${paint('bad', error.code)}  ${ERRORS[error.code].what}`, ...lines, ...stack].join('\n')}\n`
}

/**
 * How the commands around a live session end with an error: 2 for what has to be corrected in the configuration or the command line first, 1 for
 * what went wrong with it as it is. That no session runs is neither's fault.
 */
export function liveExitCode(error: unknown): ExitCode {
  return isHedgerowError(error) && error.family === 'config' && error.code !== 'INSTANCE_NOT_RUNNING' ? EXIT.usage : EXIT.runFailed
}

const REPORT = `This is a fault of hedgerow ${VERSION}, not of your strategy. Please report it with the text above.`

/** Further lines of a text stand under the labels. */
function indented(text: string): string {
  return text.replaceAll(/\n(?!\n)/g, '\n  ')
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

/** The place in the user's files where it began: the deepest cause knows it best. */
function lineIn(error: HedgerowError, files: readonly string[]): string | undefined {
  const causes: unknown[] = []
  for (let cause: unknown = error; cause instanceof Error && causes.length < 8; cause = cause.cause) causes.unshift(cause)
  return causes.map((cause) => placeIn(stackOf(cause), files)).find((place) => place !== undefined)
}

/** `ema-hedge.ts:12:5` */
function placeIn(stack: string, files: readonly string[]): string | undefined {
  for (const [, location = '', position = ''] of stack.matchAll(/(file:\/\/[^\s()]+?|\/[^\s()]+?|[A-Za-z]:\\[^\s()]+?)(:\d+(?::\d+)?)(?=[\s)]|$)/g)) {
    const path = location.startsWith('file:') ? fileURLToPath(location) : location
    if (files.includes(path)) return `${relative(process.cwd(), path)}${position}`
  }
  return undefined
}
