/** Other libraries over the same candles. They are installed into a cache folder, out of the project's own tree. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { prepareData } from './data.ts'
import type { Spread } from './measure.ts'

/** What a peer took. */
export interface PeerOutcome {
  readonly workload: string
  readonly peer: string
  readonly cpuMs: Spread
  readonly trades: number
}

/** What is installed for each, by name and version; grademark needs chai without saying so. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = { 'grademark': ['grademark@0.3.0', 'chai@4.5.0'], '@backtest/framework': ['@backtest/framework@1.1.18'] }
const WORKLOADS = ['idle-1m', 'ema-cross'] as const

/** Where they are installed. */
function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'hedgerow-bench-peers')
}

/** Runs every peer that can be installed; says of the others why not. */
export async function peerOutcomes(folder: string, tell: (text: string) => void): Promise<readonly PeerOutcome[]> {
  prepareData(folder, { years: 1, symbol: 0 })
  const outcomes: PeerOutcome[] = []
  for (const [peer, packages] of Object.entries(PACKAGES)) {
    const problem = install(packages)
    if (problem !== null) {
      tell(`${peer}: left out, it could not be installed: ${problem}`)
      continue
    }
    for (const workload of WORKLOADS) {
      tell(`${peer}: ${workload}`)
      const found = await run(peer, workload, folder)
      if (typeof found === 'string') tell(`${peer}: ${workload} failed: ${found}`)
      else outcomes.push({ workload, peer, ...found })
    }
  }
  return outcomes
}

function install(packages: readonly string[]): string | null {
  const cache = cacheFolder()
  if (packages.every((spec) => existsSync(join(cache, 'node_modules', spec.slice(0, spec.lastIndexOf('@')), 'package.json')))) return null
  mkdirSync(cache, { recursive: true })
  if (!existsSync(join(cache, 'package.json'))) writeFileSync(join(cache, 'package.json'), JSON.stringify({ private: true }))
  const { status, stderr } = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...packages], { cwd: cache, encoding: 'utf8', shell: process.platform === 'win32' })
  return status === 0 ? null : (stderr.split('\n').find((line) => line.includes('npm error')) ?? `npm ended with ${status}`)
}

async function run(peer: string, workload: string, folder: string): Promise<Pick<PeerOutcome, 'cpuMs' | 'trades'> | string> {
  const child = spawn(process.execPath, ['--expose-gc', '--conditions=@hedgerow/source', join(import.meta.dirname, 'peer-child.ts'), peer, workload, folder, cacheFolder()], { stdio: ['ignore', 'pipe', 'pipe'] })
  let [text, errors] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (part: string) => { text += part })
  child.stderr.setEncoding('utf8').on('data', (part: string) => { errors += part })
  const code = await new Promise<number | null>((resolve, reject) => { child.on('error', reject).on('close', resolve) })
  const [last = ''] = text.trim().split('\n').slice(-1)
  return code === 0 ? (JSON.parse(last) as Pick<PeerOutcome, 'cpuMs' | 'trades'>) : errors.trim().split('\n').slice(-3).join(' ')
}
