/** The log of a live session: lines for a person on standard error, JSON lines in the state folder, secrets in neither. */
import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Logger } from '@hedgerow/core'
import { destination, pino, type DestinationStream, type Logger as Pino } from 'pino'
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
  const giveUp = (error: Error): void => {
    if (sink === null) return
    const { fd } = sink
    sink = null
    show(new Date().toISOString(), 'error', redact(`${file ?? ''} is not written any more: ${error.message}`))
    attempt(() => { closeSync(fd) })
  }
  const onFile = (act: (open: LogFile) => void): void => {
    if (sink === null) return
    try {
      act(sink)
    } catch (error) {
      giveUp(error instanceof Error ? error : new Error(String(error)))
    }
  }
  sink?.stream.on('error', giveUp)
  return {
    log: (level, text) => {
      const clean = redact(text)
      onFile(({ writer }) => { writer[level](clean) })
      if (!quiet || level !== 'info') show(new Date().toISOString(), level, clean)
    },
    flush: () => { onFile(({ fd, stream }) => { stream.flushSync(); fsyncSync(fd) }) },
  }
}

interface LogFile {
  readonly fd: number
  readonly stream: ReturnType<typeof destination>
  readonly writer: Pino
}

/** For its owner alone; a line is written before the call returns. */
function openLog(file: string): LogFile {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const fd = openSync(file, 'a', 0o600)
  const stream = destination({ dest: fd, sync: true })
  return { fd, stream, writer: pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (level) => ({ level }) } }, stream satisfies DestinationStream) }
}

function attempt(act: () => void): void {
  try {
    act()
  } catch { /* the file is given up anyway */ }
}
