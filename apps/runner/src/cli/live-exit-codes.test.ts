/** How the commands around a live session end when nothing can be done. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, it, vi } from 'vitest'
import { runCommand } from './command.ts'

const folder = mkdtempSync(join(tmpdir(), 'hedgerow-exit-'))
afterAll(() => { rmSync(folder, { recursive: true, force: true }) })
afterEach(() => { vi.restoreAllMocks() })

const CONTROLS = ['status', 'kill flatten', 'resume', 'stop']
const ALL = ['live', 'paper', 'doctor', 'replay journal.sqlite', ...CONTROLS]

function write(name: string, text: string): string {
  const path = join(folder, name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, text)
  return path
}

/** Ends of a command, and the code of its error. */
async function endOf(line: string): Promise<readonly [number, string]> {
  let said = ''
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text)
    return true
  })
  const code = await runCommand(line.split(' '))
  return [code, /^[A-Z_]+/.exec(said)?.[0] ?? said]
}

const BROKEN = write('broken.ts', 'export default class {')
const config = (live: string): string => `export default { exchange: { profile: 'bybit-uta', positionMode: 'hedge', leverage: 2 }, routes: [{ symbol: 'XUSDT', timeframe: '1m', strategy: '${BROKEN}' }], live: { ${live} } }`
const UNKNOWN_KEY = write('unknown-key.mts', config("state: 'state', speed: 9"))
const NAMED = write('named.mts', config("state: 'state'"))
const UNNAMED = write('unnamed.mts', config(''))

it.each(ALL)('%s: a configuration that is wrong ends with 2', async (command) => {
  write('journal.sqlite', '')
  expect(await endOf(`${command.replace('journal', join(folder, 'journal'))} --config ${UNKNOWN_KEY}`)).toEqual([2, 'UNKNOWN_KEY'])
})

it.each(ALL)('%s: a configuration that is missing ends with 2', async (command) => {
  expect(await endOf(`${command.replace('journal', join(folder, 'journal'))} --config ${join(folder, 'nowhere.mts')}`)).toEqual([2, 'CONFIG_MISSING'])
})

it.each(['live', 'paper', 'doctor'])('%s: a strategy that does not load ends with 2', async (command) => {
  expect(await endOf(`${command} --config ${NAMED}`)).toEqual([2, 'MODULE_NOT_LOADED'])
})

it.each(CONTROLS)('%s: no session is running: 1, and the strategy is not asked when the state folder is named', async (command) => {
  expect(await endOf(`${command} --config ${NAMED}`)).toEqual([1, 'INSTANCE_NOT_RUNNING'])
  expect(await endOf(`${command} --state ${join(folder, 'elsewhere')}`)).toEqual([1, 'INSTANCE_NOT_RUNNING'])
  expect(await endOf(`${command} --config ${UNNAMED}`)).toEqual([2, 'MODULE_NOT_LOADED'])
})

it.each(['', '{"port":', '{"port":1}'])('a control file of %j is that of no session', async (text) => {
  write('damaged/control.json', text)
  expect(await endOf(`status --state ${join(folder, 'damaged')}`)).toEqual([1, 'INSTANCE_NOT_RUNNING'])
})
