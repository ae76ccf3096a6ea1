/** `hedgerow live` and `hedgerow paper`: a session that runs until it is stopped. */
import { loadConfig } from '../config/load-config.ts'
import { liveLogger } from '../live/live-logger.ts'
import { prepareLive, requireConfig } from '../live/prepare-live.ts'
import { paperConnection } from '../live/open-paper.ts'
import { runLive } from '../live/run-live.ts'
import { redactor } from '../live/secrets.ts'
import { paintFor } from '../output/paint.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { errorReport, liveExitCode } from './report-error.ts'

/** Flags of both commands. */
export interface LiveFlags {
  readonly config?: string
  readonly state?: string
  readonly quiet?: boolean
  readonly freshStrategies?: boolean
}

/** Trades on the venue, or on paper: prices of the venue, fills of the sandbox. */
export async function liveCommand({ config, state, quiet, freshStrategies = false }: LiveFlags, kind: 'live' | 'paper'): Promise<ExitCode> {
  let redact = redactor([])
  const paint = paintFor(process.stderr)
  // A diagnostic report of Node.js would list the environment, which is where secrets come from.
  process.report.excludeEnv = true
  try {
    const loaded = requireConfig(await loadConfig(config, process.cwd()))
    const prepared = await prepareLive(loaded, { needsSecrets: kind === 'live', state, kind })
    redact = redactor(prepared.secrets.values)
    const log = liveLogger({ file: prepared.files.log, redact, paint, quiet: quiet === true })
    const end = await runLive(prepared, { log, freshStrategies, stopped: interrupted(), ...(kind === 'paper' && { connect: paperConnection }) })
    return end === 'stopped' ? EXIT.done : EXIT.runFailed
  } catch (error) {
    process.stderr.write(redact(errorReport(error, paint)))
    return liveExitCode(error)
  }
}

/** Resolves at the first signal to stop; a second one ends the process at once. */
export function interrupted(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        process.once(signal, () => { process.exit(EXIT.interrupted) })
        resolve(signal)
      })
    }
  })
}
