/** Real payloads of the venue, read in place. Null where they are not there; tests that need them say so and skip. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { sharedFolder } from '../../../test/support/shared.ts'

const shared = sharedFolder()

/** The folder of the payloads; null when it is absent. */
export const fixtureFolder: string | null = shared === null ? null : join(shared, 'fixtures', 'bybit')

/** Names of all payloads, without their ending. */
export function fixtureNames(): string[] {
  return fixtureFolder === null ? [] : readdirSync(fixtureFolder).map((file) => file.replace(/\.json$/, '')).toSorted()
}

/** A payload as it came. */
export function fixture(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(fixtureFolder ?? '', `${name}.json`), 'utf8')) as Record<string, unknown>
}

/** The rows of an answer. */
export function rowsOf(name: string): unknown[] {
  return (fixture(name)['result'] as { readonly list: unknown[] }).list
}
