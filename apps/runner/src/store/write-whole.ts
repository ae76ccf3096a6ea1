/** Writes files that are there whole or not at all. */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** Files under construction end so; one that an interrupted process left is never read. */
export const PARTIAL = '.partial'

/** Writes parts one after the other under another name, which becomes `path` at the end; what is durable is on the disk by then. */
export function writeWhole(path: string, parts: readonly Uint8Array[], worth: 'durable' | 'disposable' = 'durable'): void {
  const partial = join(dirname(path), `.${basename(path)}.${process.pid}${PARTIAL}`)
  mkdirSync(dirname(path), { recursive: true })
  try {
    const file = openSync(partial, 'w')
    try {
      for (const part of parts) for (let done = 0; done < part.length;) done += writeSync(file, part, done)
      if (worth === 'durable') fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(partial, path)
  } catch (error) {
    rmSync(partial, { force: true })
    throw error
  }
}
