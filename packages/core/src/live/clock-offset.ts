/** The venue's clock against ours (SIMULATION 7.6): the median of five questions, each against the middle of its way there and back. */
import { meaningOf, type DriverManifest } from '../driver/manifest.ts'
import type { Clock } from '../ports/clock.ts'
import type { VenueConnection } from '../ports/venue-connection.ts'

/** Skew from which a person is told. */
export const WARN_SKEW_MS = 500
/** Skew from which nothing is opened: the venue may refuse every request. */
export const STOP_SKEW_MS = 1_000

const QUESTIONS = 5

/** Venue time minus ours, ms. */
export async function measureOffset(connection: Pick<VenueConnection, 'serverTime'>, clock: Clock): Promise<number> {
  const offsets: number[] = []
  for (let question = 0; question < QUESTIONS; question++) {
    const asked = clock.now()
    // oxlint-disable-next-line no-await-in-loop -- each question waits for the one before: together they would delay each other
    const at = await connection.serverTime()
    offsets.push(at - (asked + clock.now()) / 2)
  }
  return Math.round(offsets.toSorted((a, b) => a - b)[Math.floor(QUESTIONS / 2)] ?? 0)
}

/** True for a refusal whose only reason was the time of the request. */
export function isClockRefusal(manifest: DriverManifest, error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined
  if (!(cause instanceof Error) || !('code' in cause) || typeof cause.code !== 'string') return false
  return meaningOf(manifest, { code: cause.code, message: cause.message }) === 'clock-skew'
}
