/** Lists in pages: newest first, with a cursor that names where the next page begins. */
import { invalid, type Params } from './params.ts'

/** Something that has a place in a rising sequence. */
interface Placed<T> {
  readonly place: number
  readonly item: T
}

/** One page. */
export interface Page<T> {
  readonly list: readonly T[]
  readonly nextPageCursor: string
}

const PREFIX = 'page_token='

/** The page that a request asks for. `items` rise; the page falls. Limits beyond the largest are cut. */
export function pageOf<T>(items: readonly T[], params: Params, limits: { readonly fallback: number; readonly most: number }): Page<T> {
  const asked = params.integer('limit') ?? limits.fallback
  if (asked < 1) throw invalid('limit')
  const limit = Math.min(asked, limits.most)
  const before = beforeOf(params.text('cursor'))
  const rest = items.map((item, place): Placed<T> => ({ place, item })).filter(({ place }) => place < before).toReversed()
  const page = rest.slice(0, limit)
  const last = page.at(-1)
  return { list: page.map(({ item }) => item), nextPageCursor: last === undefined || rest.length <= limit ? '' : encodeURIComponent(`${PREFIX}${last.place}&`) }
}

function beforeOf(cursor: string): number {
  if (cursor === '') return Number.POSITIVE_INFINITY
  // Clients send it back as it was, or decoded.
  const text = decodeURIComponent(cursor)
  const place = Number(text.slice(PREFIX.length).replace('&', ''))
  if (!text.startsWith(PREFIX) || !Number.isInteger(place)) throw invalid('cursor')
  return place
}
