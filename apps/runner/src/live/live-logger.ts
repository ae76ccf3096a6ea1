/** The log of a live session: lines for a person on standard error, JSON lines in the state folder, secrets in neither. */
import type { Logger } from '@hedgerow/core'
import { destination, pino, type Logger as Pino } from 'pino'
import type { Paint } from '../output/paint.ts'

/** A log with its file. */
export interface LiveLog extends Logger {
  /** Writes what is buffered. */
  flush(): void
}

/** Makes the log; `redact` takes secrets out of each text. `file: null` writes no file. */
export function liveLogger({ file, redact, paint, quiet }: { readonly file: string | null; readonly redact: (text: string) => string; readonly paint: Paint; readonly quiet: boolean }): LiveLog {
  const sink = file === null ? null : destination({ dest: file, append: true, mkdir: true, sync: true })
  const writer: Pino | null = sink === null ? null : pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (level) => ({ level }) } }, sink)
  return {
    log: (level, text) => {
      const clean = redact(text)
      writer?.[level](clean)
      if (!quiet || level !== 'info') process.stderr.write(`${paint('quiet', new Date().toISOString().slice(11, 19))} ${level === 'info' ? 'info ' : paint('bad', level.padEnd(5))} ${clean}\n`)
    },
    flush: () => { sink?.flushSync() },
  }
}
