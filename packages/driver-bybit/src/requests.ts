/** Questions to the venue: sent, checked against what an answer has to look like, read to the last page. */
import { allPages, VenueFailure, type Transport, type VenueRequest } from '@hedgerow/driver-ccxt'
import { z } from '@hedgerow/core/zod'
import { issueText } from './messages.ts'

/** One page of a list. */
export interface ListPage<Row> {
  readonly list: Row[]
  readonly nextPageCursor?: string | null | undefined
}

/** A list in pages. */
export interface ListRequest<Row> {
  readonly path: string
  readonly access: 'public' | 'private'
  readonly params: Readonly<Record<string, string | number>>
  /** Made once. */
  readonly page: z.ZodType<ListPage<Row>>
}

/** Pages of such rows. */
export function pageOf<Row>(row: z.ZodType<Row>): z.ZodType<ListPage<Row>> {
  return z.object({ list: z.array(row), nextPageCursor: z.string().nullish() })
}

/** Asks one thing. Throws a {@link VenueFailure}, `unreadable` when the answer is not what it has to be. */
export async function ask<Result>(transport: Transport, request: VenueRequest, result: z.ZodType<Result>): Promise<Result> {
  return read(request, await transport.call(request), result)
}

/** Every row of a list, in the order of the venue. */
export function askAll<Row>(transport: Transport, { path, access, params, page }: ListRequest<Row>): Promise<Row[]> {
  // The cursor comes encoded and is sent as it came.
  return allPages(`GET /${path}`, async (cursor) => {
    const { list, nextPageCursor } = await ask(transport, { method: 'GET', path, access, params: cursor === null ? params : { ...params, cursor } }, page)
    return { rows: list, next: nextPageCursor }
  })
}

function read<Result>({ method, path }: VenueRequest, answer: unknown, result: z.ZodType<Result>): Result {
  const found = typeof answer === 'object' && answer !== null && 'result' in answer ? answer.result : undefined
  // Asked once a minute at most: to have a parser written for each kind of answer would take longer than to read them for hours.
  const parsed = result.safeParse(found, { jitless: true })
  if (parsed.success) return parsed.data
  throw new VenueFailure({ kind: 'unreadable', request: `${method} /${path}`, code: null, text: issueText(parsed.error, found, ['result']), retryAt: null })
}
