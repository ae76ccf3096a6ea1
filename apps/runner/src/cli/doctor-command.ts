/** `hedgerow doctor`: what a live session would need, asked of the venue and of the disk. It changes nothing and shows no secret. */
import { existsSync } from 'node:fs'
import { decimalText, isHedgerowError, LEGS, settingDifference, timeText, type AccountReport, type ListedInstrument, type VenueConnection } from '@hedgerow/core'
import { loadConfig } from '../config/load-config.ts'
import { liveConfigOf } from '../live/live-options.ts'
import { openConnection, prepareLive, requireConfig, type PreparedLive } from '../live/prepare-live.ts'
import { redactor } from '../live/secrets.ts'
import { SqliteJournal } from '../live/sqlite-journal.ts'
import { isLocked } from '../live/state-folder.ts'
import { paintFor, type Paint } from '../output/paint.ts'
import type { ControlFlags } from './control-command.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { errorReport, liveExitCode } from './report-error.ts'

/** One thing that was looked at. */
export interface Finding {
  readonly what: string
  readonly state: 'good' | 'warn' | 'bad'
  readonly text: string
}

/** Looks and prints; the exit code is 1 when something would keep a session from starting, 2 when the configuration is wrong. */
export async function doctorCommand({ config, state, json }: ControlFlags): Promise<ExitCode> {
  let redact = redactor([])
  try {
    const prepared = await prepareLive(requireConfig(await loadConfig(config, process.cwd())), { needsSecrets: true, state, kind: 'live' })
    redact = redactor(prepared.secrets.values)
    const findings = await examine(prepared)
    process.stdout.write(redact(json === true ? `${JSON.stringify(findings)}\n` : textOf(findings, paintFor(process.stdout))))
    return findings.some((finding) => finding.state === 'bad') ? EXIT.runFailed : EXIT.done
  } catch (error) {
    process.stderr.write(redact(errorReport(error, paintFor(process.stderr))))
    return liveExitCode(error)
  }
}

async function examine(prepared: PreparedLive): Promise<readonly Finding[]> {
  const connection = await openConnection(prepared, { log: () => {} })
  const checks: readonly (readonly [string, () => Finding[] | Promise<Finding[]>])[] = [
    ['limits', () => limitsOf(prepared)], ['clock', () => clockOf(connection)], ['key', async () => keyOf(await connection.account())], ['instruments', async () => instrumentsOf(prepared, await connection.instruments())],
    ['account', () => accountOf(prepared, connection)], ['state', () => stateOf(prepared)],
  ]
  const findings: Finding[] = []
  try {
    for (const [what, check] of checks) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other: the first failure explains those after it
      findings.push(...(await attempt(what, check)))
    }
  } finally {
    await connection.close()
  }
  return findings
}

async function attempt(what: string, check: () => Finding[] | Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await check()
  } catch (error) {
    return [{ what, state: 'bad', text: isHedgerowError(error) ? error.message : `failed: ${String(error)}` }]
  }
}

function limitsOf({ live, symbols, settings }: PreparedLive): Finding[] {
  const { positionMode, marginMode, leverage } = settings.exchange
  const { limits } = liveConfigOf(live, { symbols, positionMode, marginMode, leverage, warmupMs: 0 })
  const text = (['gross', 'perLeg', 'dailyLoss'] as const).map((name) => `${name} ${limits[name] === null ? 'none' : decimalText(limits[name])}`)
  return [{ what: 'limits', state: text.some((each) => each.endsWith('none')) ? 'warn' : 'good', text: text.join(', ') }]
}

async function clockOf(connection: VenueConnection): Promise<Finding[]> {
  const asked = Date.now()
  const offset = Math.round((await connection.serverTime()) - (asked + Date.now()) / 2)
  const isOff = Math.abs(offset) > 500
  // A session measures the difference at its start and signs by the venue's time: it starts all the same.
  return [{ what: 'clock', state: isOff ? 'warn' : 'good', text: `${offset} ms from the venue's${isOff ? ': made up for by a session; set the clock of this machine, unless the venue is a replay that runs ahead' : ''}` }]
}

function keyOf({ mayTrade, mayWithdraw, addressBound, expiresAt, kind }: AccountReport): Finding[] {
  return [
    { what: 'key', state: mayTrade === false ? 'bad' : 'good', text: `${mayTrade === false ? 'may not trade' : 'may trade'}, account ${kind}` },
    ...(mayWithdraw === true ? [{ what: 'key', state: 'warn' as const, text: 'may withdraw: make one that may not' }] : []),
    ...(addressBound === false ? [{ what: 'key', state: 'warn' as const, text: 'works from any address: bind it to that of this machine' }] : []),
    ...(expiresAt === null ? [] : [{ what: 'key', state: expiresAt - Date.now() < 7 * 86_400_000 ? 'warn' as const : 'good' as const, text: `expires ${timeText(Math.floor(expiresAt / 60_000) * 60_000)}` }]),
  ]
}

function instrumentsOf({ symbols }: PreparedLive, listed: readonly ListedInstrument[]): Finding[] {
  return symbols.map((symbol): Finding => {
    const found = listed.find(({ instrument }) => instrument.symbol === symbol)
    if (found === undefined) return { what: symbol, state: 'bad', text: 'the venue does not list it' }
    const { tickSize, qtyStep, minQty, minNotional } = found.instrument
    return { what: symbol, state: found.trading ? 'good' : 'bad', text: `${found.trading ? 'trading' : 'takes no openers'}, tick ${decimalText(tickSize)}, step ${decimalText(qtyStep)}, at least ${decimalText(minQty)} and ${decimalText(minNotional)} quote` }
  })
}

async function accountOf({ live, symbols, settings }: PreparedLive, connection: VenueConnection): Promise<Finding[]> {
  const { positionMode, marginMode, leverage } = settings.exchange
  const snapshot = await connection.snapshot({ symbols, since: Date.now() })
  const wanted = { ...liveConfigOf({ ...live, limits: { ...live.limits, gross: null, perLeg: null, dailyLoss: null } }, { symbols, positionMode, marginMode, leverage, warmupMs: 0 }) }
  const modes = snapshot.settings.map((row): Finding => {
    const difference = settingDifference(wanted, row)
    const text = `${row.positionMode}, ${row.marginMode}, leverage long ${decimalText(row.leverage.long)} short ${decimalText(row.leverage.short)}`
    if (difference === null) return { what: row.symbol, state: 'good', text }
    const maySwitch = difference.code === 'LEVERAGE_MISMATCH' || (difference.code === 'POSITION_MODE_MISMATCH' ? live.allowModeSwitch : live.allowMarginModeSwitch)
    return { what: row.symbol, state: maySwitch ? 'warn' : 'bad', text: `${text}; configured ${difference.expected}${maySwitch ? ': will be changed at the start' : ': a start would be refused'}` }
  })
  const held = snapshot.positions.filter(({ qty }) => !qty.isZero()).map(({ symbol, leg, qty }): Finding => ({ what: symbol, state: 'good', text: `holds ${decimalText(qty)} ${leg}` }))
  const orders: Finding[] = snapshot.orders.length === 0 ? [] : [{ what: 'orders', state: 'good', text: `${snapshot.orders.length} open: ${LEGS.map((leg) => `${snapshot.orders.filter((order) => order.leg === leg).length} ${leg}`).join(', ')}` }]
  return [...modes, { what: 'wallet', state: 'good', text: `${decimalText(snapshot.wallet.balance)} ${snapshot.wallet.asset}` }, ...held, ...orders]
}

async function stateOf({ files }: PreparedLive): Promise<Finding[]> {
  if (isLocked(files)) return [{ what: 'state', state: 'warn', text: `a session is running on ${files.folder}` }]
  if (!existsSync(files.journal)) return [{ what: 'state', state: 'good', text: `${files.folder}: no journal yet` }]
  const journal = new SqliteJournal(files.journal, { readOnly: true })
  let entries = 0
  for await (const entry of journal.entries()) entries = entry.sequence
  await journal.close()
  return [{ what: 'state', state: 'good', text: `${files.folder}: ${entries} entries, all with their checksums` }]
}

function textOf(findings: readonly Finding[], paint: Paint): string {
  const mark = { good: 'ok  ', warn: paint('bad', 'look'), bad: paint('bad', 'BAD ') }
  return `${findings.map(({ what, state, text }) => `${mark[state]}  ${what.padEnd(12)}${text}`).join('\n')}\n`
}
