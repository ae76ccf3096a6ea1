/**
 * `npm run bench`: what a backtest costs beside hand-written loops that find the same trades. Each workload runs in a process of its
 * own, after a warm-up, engine and floor in turn. `-- --only NAME` (again for more), `-- --json` for one JSON object.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { WorkloadOutcome } from './child.ts'
import { prepareData } from './data.ts'
import { tableLines, toRecord } from './table.ts'
import { WORKLOADS } from './workloads.ts'
import type { Workload } from './workload.ts'

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false }, only: { type: 'string', multiple: true, default: [] } } })

async function main(): Promise<void> {
  const names = WORKLOADS.map(({ name }) => name)
  const unknown = values.only.filter((name) => !names.includes(name))
  if (unknown.length > 0) {
    console.error(`bench: there is no workload ${unknown.join(', ')}; they are ${names.join(', ')}.`)
    process.exitCode = 2
    return
  }
  const folder = mkdtempSync(join(tmpdir(), 'hedgerow-bench-'))
  const outcomes = new Map<Workload, WorkloadOutcome>()
  try {
    for (const workload of WORKLOADS) {
      if (values.only.length > 0 && !values.only.includes(workload.name)) continue
      if (!values.json) process.stderr.write(`${workload.name}: ${workload.what}\n`)
      outcomes.set(workload, await outcomeOf(workload, folder))
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
  const machine = `${cpus()[0]?.model.trim() ?? 'unknown'}, ${cpus().length} cores`
  if (values.json) console.log(JSON.stringify({ machine, node: process.version, workloads: Object.fromEntries([...outcomes].map(([workload, outcome]) => [workload.name, toRecord(outcome)])) }))
  else for (const line of [`${machine}, Node ${process.version}`, ...tableLines(outcomes)]) console.log(line)
}

async function outcomeOf(workload: Workload, folder: string): Promise<WorkloadOutcome> {
  for (let symbol = 0; symbol < workload.symbols; symbol++) prepareData(folder, { years: workload.years, symbol })
  const child = spawn(process.execPath, ['--expose-gc', '--conditions=@hedgerow/source', join(import.meta.dirname, 'child.ts'), workload.name, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => { text += part })
  const code = await new Promise<number | null>((resolve, reject) => { child.on('error', reject).on('close', resolve) })
  if (code !== 0) throw new Error(`${workload.name} failed with code ${code}`)
  return JSON.parse(text) as WorkloadOutcome
}

await main()
