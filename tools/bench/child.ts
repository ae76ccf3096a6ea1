/** One workload in a process of its own: `child.ts NAME FOLDER`. Prints its outcome as a line of JSON. */
import { WORKLOADS } from './workloads.ts'

const [name = '', folder = ''] = process.argv.slice(2)
const workload = WORKLOADS.find((candidate) => candidate.name === name)
if (workload === undefined) throw new Error(`there is no workload ${name}`)
console.log(JSON.stringify(await workload.measure(folder)))
