/** Lists that come in pages: read to the end, or not at all. */
import { VenueFailure } from './venue-failure.ts'

/** One page, and where the next begins; null or an empty text after the last. */
export interface Page<Row> {
  readonly rows: readonly Row[]
  readonly next: string | null | undefined
}

/** More pages than any account has; a cursor that never ends is a defect of the venue and not a reason to ask for ever. */
const MOST_PAGES = 2000

/**
 * Every row of a list.
 *
 * @throws VenueFailure `unreadable` when a cursor repeats or the pages do not end. An incomplete list is never returned.
 */
export async function allPages<Row>(request: string, ask: (cursor: string | null) => Promise<Page<Row>>): Promise<Row[]> {
  const rows: Row[] = []
  const asked = new Set<string>()
  let cursor: string | null = null
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer: Page<Row> = await ask(cursor)
    rows.push(...answer.rows)
    cursor = answer.next ?? null
    // A full page that happens to be the last is followed by an empty one, whose cursor means nothing.
    if (cursor === null || cursor === '' || answer.rows.length === 0) return rows
    if (asked.has(cursor)) throw unending(request, 'a page that was read already')
    asked.add(cursor)
  }
  throw unending(request, `more than ${MOST_PAGES} pages`)
}

function unending(request: string, text: string): VenueFailure {
  return new VenueFailure({ kind: 'unreadable', request, code: null, text: `the list does not end: ${text}`, retryAt: null })
}
