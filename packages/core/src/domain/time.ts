/** Time: integer milliseconds since 1970-01-01 UTC. The core never asks for the current time; it is told. */

/** Milliseconds UTC. */
export type TimeMs = number

/** One minute in milliseconds. */
export const MINUTE_MS = 60_000
/** One day in milliseconds. */
export const DAY_MS = 86_400_000

/** `2023-10-02T00:05Z` (seconds only where there are any): how times are written for people. */
export function timeText(at: TimeMs): string {
  const text = new Date(at).toISOString()
  return text.endsWith(':00.000Z') ? `${text.slice(0, 16)}Z` : text.replace('.000Z', 'Z')
}
