/** CPU time of a piece of work in this process: user and system, all threads. */

/** Milliseconds of CPU. */
export interface Spread {
  readonly min: number
  readonly median: number
  readonly max: number
}

/** CPU milliseconds that some work took. */
export async function cpuOf(work: () => unknown): Promise<number> {
  collectGarbage()
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** Young garbage of what ran before is nobody's cost; a full collection would throw compiled code away as well. Needs `--expose-gc`. */
function collectGarbage(): void {
  globalThis.gc?.({ type: 'minor', execution: 'sync' })
}

/** Smallest, middle and largest of some samples. */
export function spreadOf(samples: readonly number[]): Spread {
  const sorted = samples.toSorted((a, b) => a - b)
  return { min: sorted[0] ?? Number.NaN, median: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN }
}

/** The highest resident set of this process so far, in MB (2^20 bytes). */
export function peakRssMb(): number {
  return process.resourceUsage().maxRSS / 1024
}
