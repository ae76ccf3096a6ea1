/**
 * `npm run bench`: what a backtest costs beside hand-written loops that find the same trades. Each workload runs in a process of its
 * own, after a warm-up, engine and floor in turn. `-- --only NAME` (again for more), `-- --json` for one JSON object, `-- --peers` for
 * other libraries beside it.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { prepareData } from './data.ts'
import type { Outcome } from './outcome.ts'
import { peerOutcomes } from './peers.ts'
import { peerLines, tableLines, toRecord } from './table.ts'
import type { Workload } from './workload.ts'
import { WORKLOADS } from './workloads.ts'

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false }, peers: { type: 'boolean', default: false }, only: { type: 'string', multiple: true, default: [] } } })

/** Progress, and why something is missing: never among the results. */
const tell = (text: string): void => { process.stderr.write(`${text}\n`) }

async function main(): Promise<void> {
  const names = WORKLOADS.map(({ name }) => name)
  const unknown = values.only.filter((name) => !names.includes(name))
  if (unknown.length > 0) {
    console.error(`bench: there is no workload ${unknown.join(', ')}; they are ${names.join(', ')}.`)
    process.exitCode = 2
    return
  }
  const folder = mkdtempSync(join(tmpdir(), 'hedgerow-bench-'))
  const clean = (): void => { rmSync(folder, { recursive: true, force: true }) }
  process.once('SIGINT', () => { clean(); process.exit(130) })
  try {
    const outcomes = await measureAll(WORKLOADS.filter(({ name }) => values.only.length === 0 || values.only.includes(name)), folder)
    const peers = values.peers ? await peerOutcomes(folder, tell) : []
    const machine = `${cpus()[0]?.model.trim() ?? 'unknown'}, ${cpus().length} cores`
    if (values.json) console.log(JSON.stringify({ machine, node: process.version, workloads: Object.fromEntries([...outcomes].map(([workload, outcome]) => [workload.name, toRecord(outcome)])), ...(values.peers ? { peers } : {}) }))
    else for (const line of [`${machine}, Node ${process.version}`, '', ...tableLines(outcomes), ...peerLines(peers)]) console.log(line)
  } finally {
    clean()
  }
}

async function measureAll(workloads: readonly Workload[], folder: string): Promise<ReadonlyMap<Workload, Outcome>> {
  const outcomes = new Map<Workload, Outcome>()
  for (const workload of workloads) {
    const absent = workload.absent?.() ?? null
    tell(`${workload.name}: ${absent === null ? workload.what : `left out, ${absent}`} (load ${loadavg()[0]?.toFixed(1)})`)
    if (absent === null) outcomes.set(workload, await outcomeOf(workload, folder))
  }
  return outcomes
}

async function outcomeOf({ name, data }: Workload, folder: string): Promise<Outcome> {
  for (const years of data.years) for (let symbol = 0; symbol < data.symbols; symbol++) prepareData(folder, { years, symbol })
  const child = spawn(process.execPath, ['--expose-gc', '--conditions=@hedgerow/source', join(import.meta.dirname, 'child.ts'), name, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => { text += part })
  const code = await new Promise<number | null>((resolve, reject) => { child.on('error', reject).on('close', resolve) })
  if (code !== 0) throw new Error(`${name} failed with code ${code}`)
  return JSON.parse(text) as Outcome
}

await main()
