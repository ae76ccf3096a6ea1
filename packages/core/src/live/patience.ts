/** Asks again what a venue did not answer, or not legibly, while nothing depends on the answer yet: at start. Then it gives up, and nothing trades. */
import { meaningOf, type DriverManifest } from '../driver/manifest.ts'
import { isHedgerowError, type HedgerowError } from '../errors.ts'
import type { Logger } from '../ports/logger.ts'
import type { Timers } from '../ports/timers.ts'

/** Pauses before the second question and those after it, ms. */
const PAUSES_MS = [500, 1_000, 2_000] as const

/** What patience needs. */
export interface Patience {
  readonly manifest: DriverManifest
  readonly timers: Timers
  readonly logger: Logger
}

/** The answer to a question without consequences, or the error of the last time it was asked. */
export async function patiently<T>({ manifest, timers, logger }: Patience, question: () => Promise<T>): Promise<T> {
  for (const pause of PAUSES_MS) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- the answer decides whether it is asked again
      return await question()
    } catch (error) {
      if (!isPassing(manifest, error)) throw error
      logger.log('warn', `${error.message} asked again in ${pause} ms`)
      // oxlint-disable-next-line no-await-in-loop -- see above
      await new Promise<void>((resolve) => { timers.after(pause, resolve) })
    }
  }
  return await question()
}

/** No answer, no legible one, or "too many requests". */
function isPassing(manifest: DriverManifest, error: unknown): error is HedgerowError {
  if (!isHedgerowError(error)) return false
  if (error.code === 'VENUE_UNREACHABLE' || error.code === 'VENUE_ANSWER_INVALID') return true
  const { cause } = error
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' && meaningOf(manifest, { code: cause.code, message: cause.message }) === 'rate-limited'
}
