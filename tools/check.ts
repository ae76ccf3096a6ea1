/**
 * Runs everything that CI runs, in order of cost, and stops at nothing: each failed step is named at the end.
 * `--skip STEP` leaves one out (CI has run the tests already).
 */
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'

/** Root scripts by name. */
const STEPS = ['lint', 'unused', 'build', 'packaging', 'test', 'oracle']

const { values } = parseArgs({ options: { skip: { type: 'string', multiple: true, default: [] } } })
const unknown = values.skip.filter((name) => !STEPS.includes(name))
if (unknown.length > 0) {
  console.error(`check: no step is called ${unknown.join(', ')}; the steps are ${STEPS.join(', ')}.`)
  process.exit(2)
}

const failed = STEPS.filter((name) => !values.skip.includes(name)).filter((name) => {
  console.log(`\n── ${name}`)
  return spawnSync('npm', ['run', '--silent', name], { stdio: 'inherit', shell: process.platform === 'win32' }).status !== 0
})

console.log(failed.length === 0 ? '\ncheck: all passed' : `\ncheck: failed: ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1
