/** One writer a series: two imports at once would each lose what the other stores. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { HedgerowError } from '@hedgerow/core'
import { PARTIAL } from './write-whole.ts'

const LOCK = '.lock'

/**
 * Runs `work` as the only writer of a folder. What an interrupted writer left is cleared away first.
 *
 * @throws HedgerowError `DATA_STORE_BUSY` while another process writes, `OUTPUT_FAILED` where the disk does not let it write.
 */
export async function withLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await locked(folder, work)
  } catch (cause) {
    if (!(cause instanceof Error && 'syscall' in cause)) throw cause
    throw new HedgerowError('OUTPUT_FAILED', { where: folder, found: cause.message, expected: 'a data folder that can be written', remedy: 'Check --data, its permissions and the space on the disk. What is stored is whole: start it again then.', cause })
  }
}

async function locked<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const lock = join(folder, LOCK)
  mkdirSync(folder, { recursive: true })
  take(lock)
  try {
    for (const name of readdirSync(folder)) if (name.endsWith(PARTIAL)) rmSync(join(folder, name), { force: true })
    return await work()
  } finally {
    rmSync(lock, { force: true })
  }
}

function take(lock: string): void {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' })
  } catch (cause) {
    const owner = Number(readIfThere(lock))
    if (isRunning(owner)) throw new HedgerowError('DATA_STORE_BUSY', { where: lock, found: `process ${owner} writing`, expected: 'one writer at a time', cause })
    writeFileSync(lock, String(process.pid))
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** A lock of this process is one of another append in it: appends of one process to one series come one after the other. */
function isRunning(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
