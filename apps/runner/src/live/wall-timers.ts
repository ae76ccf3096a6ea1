/** The clock on the wall, and waiting by it. */
import type { Timers } from '@hedgerow/core'

export const wallTimers: Timers = {
  now: () => Date.now(),
  after: (ms, call) => {
    const timer = setTimeout(call, ms)
    return () => { clearTimeout(timer) }
  },
}
