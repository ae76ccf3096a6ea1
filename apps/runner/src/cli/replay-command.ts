/** `hedgerow replay`: a recorded session through the same session again. Same inputs, same state, same hash. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { decimalText, HedgerowError, LEGS, replayJournal, type SessionStarted } from '@hedgerow/core'
import { resolveProfile, resolveVenue } from '../backtest/venue.ts'
import { loadConfig } from '../config/load-config.ts'
import { composeSession } from '../live/compose.ts'
import { liveConfigOf } from '../live/live-options.ts'
import { prepareLive, requireConfig } from '../live/prepare-live.ts'
import { SqliteJournal } from '../live/sqlite-journal.ts'
import { paintFor } from '../output/paint.ts'
import type { ControlFlags } from './control-command.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { errorReport, liveExitCode } from './report-error.ts'

/** What a replay comes to. */
export interface ReplayResult {
  readonly entries: number
  readonly fills: number
  /** Over all events, in their canonical text. */
  readonly hash: string
  readonly wallet: string
  readonly legs: readonly { readonly symbol: string; readonly leg: string; readonly qty: string; readonly realised: string }[]
}

/** Replays and prints. */
export async function replayCommand(file: string, { config, json }: ControlFlags): Promise<ExitCode> {
  try {
    const result = await replay(resolve(file), config)
    process.stdout.write(json === true ? `${JSON.stringify(result)}\n` : textOf(result))
    return EXIT.done
  } catch (error) {
    process.stderr.write(errorReport(error, paintFor(process.stderr)))
    return liveExitCode(error)
  }
}

async function replay(path: string, config: string | undefined): Promise<ReplayResult> {
  if (!existsSync(path)) throw new HedgerowError('DATA_FILE_MISSING', { where: 'replay', found: path, expected: 'journal.sqlite of a state folder' })
  const prepared = await prepareLive(requireConfig(await loadConfig(config, process.cwd())), { needsSecrets: false, state: undefined, kind: 'live' })
  const { settings, symbols, driver, live } = prepared
  const journal = new SqliteJournal(path, { readOnly: true })
  const venue = resolveVenue(settings, resolveProfile(settings), symbols)
  const { positionMode, marginMode, leverage } = settings.exchange
  const { limits, ...rest } = live
  const whole = { ...limits, gross: limits.gross ?? null, perLeg: limits.perLeg ?? null, dailyLoss: limits.dailyLoss ?? null }
  const composed = composeSession({
    settings, venue, manifest: driver.manifest, run: journal.run, fingerprint: prepared.fingerprint, logger: { log: () => {} },
    config: liveConfigOf({ ...rest, limits: whole }, { symbols, positionMode, marginMode, leverage, warmupMs: 0 }),
  })
  let started: SessionStarted | null = null
  const entries = await replayJournal({ session: composed.session, journal, fingerprint: null, onEntry: ({ input }) => { if (input.type === 'session.started') started = input } })
  await journal.close()
  const hash = createHash('sha256')
  for (const line of composed.log.lines()) hash.update(line).update('\n')
  return {
    entries, fills: composed.log.events.filter(({ type }) => type === 'order.filled').length, hash: hash.digest('hex'), wallet: decimalText(composed.state.positions.wallet),
    legs: started === null ? [] : symbols.flatMap((symbol) => LEGS.map((leg) => {
      const { qty, realised } = composed.state.positions.pair(symbol)[leg]
      return { symbol, leg, qty: decimalText(qty), realised: decimalText(realised) }
    })),
  }
}

function textOf({ entries, fills, hash, wallet, legs }: ReplayResult): string {
  const rows = legs.map(({ symbol, leg, qty, realised }) => `  ${symbol.padEnd(12)}${leg.padEnd(7)}${qty === '0' ? 'flat' : qty}, realised ${realised}`)
  return [`${entries} entries, ${fills} fills: every decision is the one that was recorded`, `wallet ${wallet}`, ...rows, `hash ${hash}`, ''].join('\n')
}
