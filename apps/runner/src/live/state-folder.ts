/** The folder in which a live session keeps itself: journal, positions, the lock of its process, the address at which it answers. */
import { chmodSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { HedgerowError } from '@hedgerow/core'

/** Files of a state folder. */
export interface StateFiles {
  readonly folder: string
  readonly journal: string
  readonly positions: string
  readonly lock: string
  /** Where the running process answers. */
  readonly control: string
  readonly log: string
}

/** Names the files; makes nothing. */
export function stateFiles(folder: string): StateFiles {
  return { folder, journal: join(folder, 'journal.sqlite'), positions: join(folder, 'positions.sqlite'), lock: join(folder, 'lock.sqlite'), control: join(folder, 'control.json'), log: join(folder, 'log.jsonl') }
}

/** Makes the folder for its owner alone. */
export function makeStateFolder(folder: string): void {
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
}

/** Held while a process trades on the folder; the operating system lets go of it when the process is gone, however it went. */
export interface InstanceLock {
  release(): void
}

/** @throws HedgerowError `INSTANCE_RUNNING`. */
export function lockState({ lock, folder }: StateFiles): InstanceLock {
  const database = new DatabaseSync(lock)
  try {
    database.exec('pragma busy_timeout = 0; pragma locking_mode = exclusive; begin exclusive')
  } catch (cause) {
    database.close()
    throw new HedgerowError('INSTANCE_RUNNING', { where: folder, found: 'a locked state folder', expected: 'a folder that no other process uses', cause })
  }
  return { release: () => { if (database.isOpen) database.close() } }
}

/** True while a process trades on the folder. */
export function isLocked(files: StateFiles): boolean {
  if (!existsSync(files.lock)) return false
  try {
    lockState(files).release()
    return false
  } catch {
    return true
  }
}
