/** Writes pages and pictures of runs. */
import { existsSync, statSync } from 'node:fs'
import { HedgerowError } from '@hedgerow/core'
import { writeWhole } from '../store/write-whole.ts'

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
  writePageFile(path, Buffer.from(text))
}

/** The same for bytes, such as those of a picture. */
export function writePageFile(path: string, bytes: Uint8Array): void {
  try {
    writeWhole(path, [bytes], 'disposable')
  } catch (error) {
    throw new HedgerowError('OUTPUT_FAILED', { where: path, found: error instanceof Error ? error.message : String(error), expected: 'a file that can be written', cause: error })
  }
}
