/** Reads the folder that a run was written to. */
import { readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { HedgerowError, isHedgerowError } from '@hedgerow/core'
import { z } from '@hedgerow/core/zod'
import { SCHEMA_VERSION, type FinishedRun } from '../finished-run.ts'
import { marketsOf } from './candles-file.ts'
import { CandlesFile } from './candles-schema.ts'
import { eventsOf } from './events-file.ts'
import { ResultFile } from './result-schema.ts'
import { courseOf, positionsOf } from './run-columns.ts'

/**
 * The run in a folder that `--out` wrote.
 *
 * @throws HedgerowError `RUN_UNREADABLE` naming the file and what is wrong with it.
 */
export function readRun(folder: string): FinishedRun {
  const { legs, metrics, ...result } = readPart(folder, 'result.json', (text) => ResultFile.parse(JSON.parse(text)))
  return {
    ...result,
    schemaVersion: SCHEMA_VERSION,
    metrics: { total: metrics, long: legs.long.metrics, short: legs.short.metrics },
    events: readPart(folder, 'events.jsonl', eventsOf),
    positions: readPart(folder, 'positions.csv', positionsOf),
    course: readPart(folder, 'course.csv', courseOf),
    markets: readPart(folder, 'candles.json', (text) => marketsOf(CandlesFile.parse(JSON.parse(text)))),
  }
}

function readPart<T>(folder: string, name: string, read: (text: string) => T): T {
  const path = join(folder, name)
  try {
    return read(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new HedgerowError('RUN_UNREADABLE', { where: path, found: foundIn(error), expected: name === 'result.json' ? `a result of schema version ${SCHEMA_VERSION}` : `the ${name} that was written with result.json`, ...remedyFor(error, folder), cause: error })
  }
}

function foundIn(error: unknown): string {
  if (error instanceof z.ZodError) return error.issues.slice(0, 3).map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
  if (isMissing(error)) return 'no such file'
  return error instanceof Error ? error.message : String(error)
}

function remedyFor(error: unknown, folder: string): { readonly remedy?: string } {
  return isMissing(error) && !isHedgerowError(error) ? { remedy: `Write the run again: hedgerow backtest --out ${basename(resolve(folder))}.` } : {}
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}
