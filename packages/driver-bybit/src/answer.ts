/** What an HTTP answer of the venue means: by its status and its numeric code, which are the only things in it that do not change. */
import { meaningOf, type BudgetReport, type RequestKind, type TimeMs } from '@hedgerow/core'
import { VenueFailure, type FailureKind, type HttpAnswer } from '@hedgerow/driver-ccxt'
import { manifest } from './manifest.ts'

/** Groups of the manifest's rate limits. */
export const BUDGETS: Readonly<Record<RequestKind, string>> = { submit: 'create', amend: 'amend', cancel: 'cancel', query: 'queries' }

const COMMANDS: ReadonlyMap<string, string> = new Map([['POST /v5/order/create', BUDGETS.submit], ['POST /v5/order/amend', BUDGETS.amend], ['POST /v5/order/cancel', BUDGETS.cancel]])

/** Codes that mean that the key is at fault: unknown, wrong signature, no permission, banned, address not listed, expired. */
export const CREDENTIAL_CODES: ReadonlySet<string> = new Set(['10003', '10004', '10005', '10007', '10008', '10009', '10010', '33004'])

/** What every answer of the venue has around its result. */
interface Envelope {
  readonly retCode: number
  readonly retMsg: string
}

/** A yes returns; everything else throws a {@link VenueFailure}. */
export function readAnswer({ request, status, headers, text, json }: HttpAnswer): void {
  const fail = (kind: FailureKind, code: string | null, what: string, retryAt: TimeMs | null = null): VenueFailure => new VenueFailure({ kind, request, code, text: what, retryAt })
  const envelope = isEnvelope(json) ? json : null
  // Gateways answer for the venue: whether the request went through, they do not know.
  if (status >= 500 || status === 429 || status === 403) throw fail('unanswered', envelope === null ? null : String(envelope.retCode), `HTTP ${status}`, resetOf(headers))
  if (envelope === null) throw fail('unreadable', null, `HTTP ${status} with ${excerpt(text)} instead of an answer`)
  if (envelope.retCode === 0) return
  const [code, message] = [String(envelope.retCode), envelope.retMsg]
  const means = meaningOf(manifest, { code, message })
  throw fail(means === 'outcome-unknown' ? 'unanswered' : 'refused', code, message, means === 'rate-limited' ? resetOf(headers) : null)
}

/** The venue's id in its yes to a command; null when there is none. */
export function orderIdOf(answer: unknown): string | null {
  if (typeof answer !== 'object' || answer === null || !('result' in answer)) return null
  const { result } = answer
  if (typeof result !== 'object' || result === null || !('orderId' in result)) return null
  return typeof result.orderId === 'string' && result.orderId !== '' ? result.orderId : null
}

/** What an answer says about the budget of its group; null when it says nothing. */
export function budgetReport({ request, headers }: HttpAnswer, at: TimeMs): BudgetReport | null {
  const remaining = Number(headers['X-Bapi-Limit-Status'] ?? Number.NaN)
  const limit = Number(headers['X-Bapi-Limit'] ?? Number.NaN)
  const resetAt = resetOf(headers)
  if (!Number.isSafeInteger(remaining) || resetAt === null) return null
  // Questions share one budget of ours, though the venue counts each kind of them apart: what it allows of one kind is not what it allows of all.
  const command = COMMANDS.get(request)
  return { type: 'budget', at, group: command ?? BUDGETS.query, remaining, limit: command !== undefined && Number.isSafeInteger(limit) ? limit : null, resetAt }
}

function resetOf(headers: HttpAnswer['headers']): TimeMs | null {
  const at = Number(headers['X-Bapi-Limit-Reset-Timestamp'] ?? Number.NaN)
  return Number.isSafeInteger(at) && at > 0 ? at : null
}

/** Asked of every answer, and a yes has to cost nothing: without a schema. */
function isEnvelope(json: unknown): json is Envelope {
  return typeof json === 'object' && json !== null && 'retCode' in json && Number.isSafeInteger(json.retCode) && 'retMsg' in json && typeof json.retMsg === 'string'
}

function excerpt(text: string): string {
  return text === '' ? 'an empty body' : JSON.stringify(text.slice(0, 60))
}
