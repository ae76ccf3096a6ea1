/** One run of a sweep, and what comes of it: as callers see it, and as it travels between threads. */
import { decimal, decimalText, HedgerowError, isDecimal, isHedgerowError, type ErrorCode, type ErrorDetails, type RunMetrics, type TimeMs } from '@hedgerow/core'
import type { BacktestResult, RunCounts, RunWarning } from '../backtest/result.ts'

/** What one run changes of the options that all runs of a sweep share. */
export interface Trial {
  /** By name; laid over the parameters of the routes whose strategy declares them. */
  readonly params: Readonly<Record<string, unknown>>
  /** First tradable moment and end of this run, where they are its own. */
  readonly start?: TimeMs | string
  readonly end?: TimeMs | string
}

/** What a run keeps: its metrics, or the whole of `result.toJSON()` beside them, with trades, equity and journal hash. */
export type Collect = 'metrics' | 'result'

/** A run that came to its end. */
export interface FinishedTrial {
  readonly status: 'finished'
  /** Place among the trials that were asked for, from 0. */
  readonly index: number
  readonly trial: Trial
  /** Metrics of the account, and of each leg. */
  readonly metrics: RunMetrics
  readonly legs: { readonly long: { readonly metrics: RunMetrics }; readonly short: { readonly metrics: RunMetrics } }
  readonly counts: RunCounts
  readonly warnings: readonly RunWarning[]
  /** `result.toJSON()` of the run, as `backtest()` alone would give it; null unless it was asked for. */
  readonly result: Readonly<Record<string, unknown>> | null
}

/** A run that did not: its parameters and why. */
export interface FailedTrial {
  readonly status: 'failed'
  readonly index: number
  readonly trial: Trial
  readonly error: HedgerowError
}

export type TrialOutcome = FinishedTrial | FailedTrial

/** An error as it travels. */
export interface SentError {
  readonly code: ErrorCode
  readonly details: Omit<ErrorDetails, 'cause'>
  readonly stack: string
}

/** A record whose decimals are texts. */
type Sent = Readonly<Record<string, unknown>>

/** An outcome as it travels: plain data. */
export type SentOutcome =
  | { readonly status: 'finished'; readonly total: Sent; readonly long: Sent; readonly short: Sent; readonly counts: Sent; readonly warnings: readonly RunWarning[]; readonly result: Sent | null }
  | { readonly status: 'failed'; readonly error: SentError }

/** The outcome of a finished run as plain data. */
export function sendResult(result: BacktestResult, collect: Collect): SentOutcome {
  const { metrics, legs, counts, warnings } = result
  return {
    status: 'finished', total: sent(metrics), long: sent(legs.long.metrics), short: sent(legs.short.metrics), counts: sent(counts), warnings: [...warnings],
    result: collect === 'result' ? result.toJSON() : null,
  }
}

/** An error of any kind as plain data. What is no error of ours, and no error of a strategy, is a fault of ours. */
export function sendError(error: unknown): SentError {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  if (!isHedgerowError(error)) return { code: 'INVARIANT_BROKEN', details: { where: 'a run of a sweep', found: stack }, stack }
  const { cause, ...details } = error.details
  return { code: error.code, details: cause instanceof Error ? { ...details, found: details.found ?? cause.message } : details, stack }
}

/** The error that was sent, with the stack of where it was thrown. */
export function receiveError({ code, details, stack }: SentError): HedgerowError {
  const error = new HedgerowError(code, details)
  error.stack = stack
  return error
}

/** What a caller sees of an outcome. */
export function receiveOutcome(outcome: SentOutcome, index: number, trial: Trial): TrialOutcome {
  if (outcome.status === 'failed') return { status: 'failed', index, trial, error: receiveError(outcome.error) }
  const { total, long, short, counts, warnings, result } = outcome
  return {
    status: 'finished', index, trial, metrics: metricsOf(total), legs: { long: { metrics: metricsOf(long) }, short: { metrics: metricsOf(short) } },
    counts: received(counts) as object as RunCounts, warnings, result,
  }
}

function sent(record: object): Sent {
  return mapped(record, (value) => (isDecimal(value) ? decimalText(value) : value))
}

/** Metrics and counts hold numbers, flags, decimals and nulls: every text was a decimal. */
function received(record: Sent): Sent {
  return mapped(record, (value) => (typeof value === 'string' ? decimal(value) : value))
}

function metricsOf(record: Sent): RunMetrics {
  return received(record) as object as RunMetrics
}

function mapped(record: object, each: (value: unknown) => unknown): Sent {
  return Object.fromEntries(Object.entries(record).map(([key, value]: [string, unknown]) => {
    const made = each(value)
    return [key, typeof made === 'object' && made !== null && !isDecimal(made) ? mapped(made, each) : made]
  }))
}
