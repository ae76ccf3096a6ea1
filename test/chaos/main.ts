/** `npm run chaos -- --seed N --orders 2000 --minutes 10`: see run.ts. Everything stays on the loopback interface. Exit code 0: all agreed, or halted with a reason. */
import { parseArgs } from 'node:util'
import { runChaos } from './run.ts'

const MOST_ORDERS = 5_000
const MOST_MINUTES = 60

const { values } = parseArgs({ options: { seed: { type: 'string', default: '1' }, orders: { type: 'string', default: '2000' }, minutes: { type: 'string', default: '10' }, quiet: { type: 'boolean', default: false } } })
const whole = (name: 'seed' | 'orders' | 'minutes', most: number): number => {
  const value = Number(values[name])
  if (Number.isInteger(value) && value >= 0 && value <= most) return value
  console.error(`chaos: --${name} takes a whole number up to ${most}, found "${values[name]}".`)
  return process.exit(2)
}
const [seed, orders, minutes] = [whole('seed', 2 ** 31), whole('orders', MOST_ORDERS), whole('minutes', MOST_MINUTES)]
const startedAt = Date.now()
const result = await runChaos({ seed, orders, mostMs: minutes * 60_000, onMinute: (text) => { if (!values.quiet) process.stderr.write(`${text}\n`) } })
const troubles = Object.entries(result.troubles).toSorted(([, a], [, b]) => b - a).map(([name, count]) => `${count} ${name}`)
console.log([
  `seed ${seed}: ${result.orders} orders, ${result.executions} executions on both legs of three symbols in ${result.minutes} market minutes, ${Math.round((Date.now() - startedAt) / 1000)} s`,
  `troubles: ${troubles.join(', ') || 'none'}`,
  result.halted.length > 0 ? `halted: ${result.halted.join('; ')}` : 'venue, journal and store agree on every leg and on the wallet; no order twice',
  ...result.restarts.map((why) => `started again: ${why}`),
  `plan ${result.plan}, outcome ${result.outcome}`,
  ...result.findings.map((finding) => `NOT AS IT SHOULD BE: ${finding}`),
].join('\n'))
process.exitCode = result.findings.length === 0 ? 0 : 1
