/** Makes Ctrl-C work while synchronous code runs, even in an endless loop of a strategy. */
import { createContext, runInContext } from 'node:vm'
import { HedgerowError } from '@hedgerow/core'

/**
 * Calls `work`; an interrupt stops it wherever it is.
 *
 * A signal listener would not do: it waits for the event loop, to which a run returns only at its end. The work itself runs in this realm.
 *
 * @throws HedgerowError `RUN_INTERRUPTED`, and what `work` throws.
 */
export function interruptible<T>(work: () => T): T {
  try {
    const value: unknown = runInContext('work()', createContext({ work }), { breakOnSigint: true })
    return value as T
  } catch (error) {
    // An error of the other realm: `instanceof` does not know it.
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED') throw new HedgerowError('RUN_INTERRUPTED', { cause: error })
    throw error
  }
}
