/** `hedgerow status`, `kill`, `resume` and `stop`: they speak to the session that runs on a state folder. */
import { resolve } from 'node:path'
import type { KillLevel, LiveStatus } from '@hedgerow/core'
import { loadConfig } from '../config/load-config.ts'
import { askControl } from '../live/control-server.ts'
import { prepareLive, requireConfig } from '../live/prepare-live.ts'
import { statusText } from '../live/status-text.ts'
import { stateFiles, type StateFiles } from '../live/state-folder.ts'
import { paintFor } from '../output/paint.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { errorReport, liveExitCode } from './report-error.ts'

/** Which session. */
export interface ControlFlags {
  readonly config?: string
  readonly state?: string
  readonly json?: boolean
}

/** Shows what the session holds. */
export async function statusCommand(flags: ControlFlags): Promise<ExitCode> {
  return await withSession(flags, async (files) => { show((await askControl(files, '/status')) as LiveStatus, flags) })
}

/** Sets the kill switch, or lifts it. */
export async function killCommand(level: KillLevel, flags: ControlFlags & { readonly reason?: string }): Promise<ExitCode> {
  return await withSession(flags, async (files) => { show((await askControl(files, '/kill', { level, reason: flags.reason ?? 'no reason given' })) as LiveStatus, flags) })
}

/** Stops the session; legs and resting orders stay. */
export async function stopCommand(flags: ControlFlags): Promise<ExitCode> {
  return await withSession(flags, async (files) => {
    await askControl(files, '/stop', {})
    process.stdout.write('stopping: legs and resting orders stay at the venue\n')
  })
}

/** The state folder of the flags, else of the configuration. */
export async function filesOf({ config, state }: ControlFlags): Promise<StateFiles> {
  if (state !== undefined) return stateFiles(resolve(state))
  const loaded = requireConfig(await loadConfig(config, process.cwd()))
  // A strategy that no longer loads must not stand between an operator and the kill switch.
  const named = loaded.config.live?.state
  if (named !== undefined) return stateFiles(resolve(loaded.folder, named))
  return (await prepareLive(loaded, { needsSecrets: false, state: undefined, kind: 'live' })).files
}

async function withSession(flags: ControlFlags, act: (files: StateFiles) => Promise<void>): Promise<ExitCode> {
  try {
    await act(await filesOf(flags))
    return EXIT.done
  } catch (error) {
    process.stderr.write(errorReport(error, paintFor(process.stderr)))
    return liveExitCode(error)
  }
}

function show(status: LiveStatus, { json }: ControlFlags): void {
  process.stdout.write(json === true ? `${JSON.stringify(status)}\n` : statusText(status, paintFor(process.stdout)))
}
