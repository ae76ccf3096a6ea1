/** A request that did not do what it asked. Which of three things happened is all that matters, and the class of an error in ccxt does not say it. */
import { HedgerowError } from '@hedgerow/core'
import type { ErrorCode } from '@hedgerow/core'

/**
 * `refused`: the venue answered with a code and did nothing. `unanswered`: time-out, reset, 5xx; it may have worked.
 * `unreadable`: something came back that is no answer of this venue; it may have worked.
 */
export type FailureKind = 'refused' | 'unanswered' | 'unreadable'

/** What is known about a failed request. */
export interface Failure {
  readonly kind: FailureKind
  /** Method and path, never the query. */
  readonly request: string
  /** The venue's code; null where it gave none. */
  readonly code: string | null
  /** The venue's text, or what happened, without secrets. */
  readonly text: string
  /** When the venue lets the next request through, ms UTC; null where it does not say. */
  readonly retryAt: number | null
}

/** Thrown by every request of the transport. */
export class VenueFailure extends Error {
  readonly kind: FailureKind
  readonly request: string
  readonly code: string | null
  readonly text: string
  readonly retryAt: number | null

  constructor(failure: Failure) {
    super(`${failure.request}: ${failure.code === null ? '' : `${failure.code} `}${failure.text}`)
    this.name = 'VenueFailure'
    this.kind = failure.kind
    this.request = failure.request
    this.code = failure.code
    this.text = failure.text
    this.retryAt = failure.retryAt
  }

  /** The same failure in other words. */
  withText(text: string): VenueFailure {
    const { kind, request, code, retryAt } = this
    return new VenueFailure({ kind, request, code, text, retryAt })
  }
}

const CODES: Readonly<Record<FailureKind, ErrorCode>> = { refused: 'VENUE_REFUSED', unanswered: 'VENUE_UNREACHABLE', unreadable: 'VENUE_ANSWER_INVALID' }

/** The error of a question that failed; the failure is its cause. `credentialCodes` are the venue's codes that mean that the key is at fault. */
export function questionError(where: string, error: unknown, credentialCodes: ReadonlySet<string>): HedgerowError {
  if (!(error instanceof VenueFailure)) throw error
  const isKey = error.kind === 'refused' && error.code !== null && credentialCodes.has(error.code)
  return new HedgerowError(isKey ? 'CREDENTIALS_REFUSED' : CODES[error.kind], { where, found: error.message, cause: error })
}
