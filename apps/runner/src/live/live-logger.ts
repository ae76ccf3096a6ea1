/** The log of a live session: lines for a person on standard error, JSON lines in the state folder, secrets in neither. */
import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Logger } from '@hedgerow/core'
import type { Paint } from '../output/paint.ts'

/** A log with its file. */
export interface LiveLog extends Logger {
  /** Everything that was written is on the disk. */
  flush(): void
}

/** Makes the log; `redact` takes secrets out of each text. `file: null` writes no file. */
export function liveLogger({ file, redact, paint, quiet }: { readonly file: string | null; readonly redact: (text: string) => string; readonly paint: Paint; readonly quiet: boolean }): LiveLog {
  const show = (time: string, level: string, text: string): void => { process.stderr.write(`${paint('quiet', time.slice(11, 19))} ${level === 'info' ? 'info ' : paint('bad', level.padEnd(5))} ${text}\n`) }
  let sink = file === null ? null : openLog(file)
  /** A disk that is full ends the file and not the session: legs and stops do not depend on a log. */
  const onFile = (act: (open: number) => void): void => {
    if (sink === null) return
    const open = sink
    try {
      act(open)
    } catch (error) {
      sink = null
      show(new Date().toISOString(), 'error', redact(`${file ?? ''} is not written any more: ${error instanceof Error ? error.message : String(error)}`))
      attempt(() => { closeSync(open) })
    }
  }
  return {
    log: (level, text) => {
      const [time, clean] = [new Date().toISOString(), redact(text)]
      onFile((open) => { writeSync(open, `${JSON.stringify({ level, time, msg: clean })}\n`) })
      if (!quiet || level !== 'info') show(time, level, clean)
    },
    flush: () => { onFile(fsyncSync) },
  }
}

/** For its owner alone. */
function openLog(file: string): number {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  return openSync(file, 'a', 0o600)
}

function attempt(act: () => void): void {
  try {
    act()
  } catch { /* the file is given up anyway */ }
}
