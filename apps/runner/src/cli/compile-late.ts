/** When V8's last compiler takes over. */
import { setFlagsFromString } from 'node:v8'

/** Calls of a small function before TurboFan compiles it; V8 waits for 3,000. */
const CALLS = 50_000

/** The major version of V8 in which the flag was tried: another may not know it, and would say so to the user. */
const TRIED = /^13\./

let isLate = false

/**
 * Leaves TurboFan to what is called very often, bars and sums, for the rest of this process. V8 compiles in stages, and what the last one takes
 * for a function of the order path, some ten million instructions, thousands of orders do not bring back: a run that starts from nothing spent
 * a third of its time there. For a process that is the command's own. Call it when everything is loaded: V8 takes code from a cache only under
 * the flags with which it was made.
 */
export function compileLate(): void {
  if (isLate || !TRIED.test(process.versions.v8)) return
  setFlagsFromString(`--invocation-count-for-turbofan=${CALLS}`)
  isLate = true
}
