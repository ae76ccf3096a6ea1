/** Tells the process that watches this one which of the user's files were loaded, and how they read then. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Set for a run whose parent watches. */
export const WATCHED = 'HEDGEROW_WATCHED'

/** Where our own modules are, of which some are loaded late. */
const OWN = resolve(import.meta.dirname, '..')

/** A file as it was when it was loaded. */
export interface LoadedFile {
  readonly path: string
  /** Of its content; null where there is no file. */
  readonly hash: string | null
}

/** From now on every module that is loaded is told to the parent, but for those of installed packages. */
export function tellLoadedFiles(): void {
  if (process.env[WATCHED] === undefined || process.send === undefined) return
  registerHooks({
    load: (url, context, next) => {
      const path = url.startsWith('file:') ? fileURLToPath(url) : null
      if (path !== null && !path.includes(`${sep}node_modules${sep}`) && !path.startsWith(OWN)) process.send?.({ path, hash: hashOf(path) } satisfies LoadedFile)
      return next(url, context)
    },
  })
}

/** Hash of a file's content; null where there is none. */
export function hashOf(path: string): string | null {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex')
  } catch {
    return null
  }
}

/** True for what {@link tellLoadedFiles} sends. */
export function isLoadedFile(message: unknown): message is LoadedFile {
  return typeof message === 'object' && message !== null && 'path' in message && typeof message.path === 'string' && 'hash' in message
}
