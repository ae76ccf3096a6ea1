/** What can go wrong between a venue and its clients, as data. */
import { z } from '@hedgerow/core/zod'

interface AnswerFaultBase {
  /** Path of the route that it strikes, such as `/v5/order/create`; left out: any. */
  readonly route?: string | undefined
  /** Fields that the request has to have, as it sends them; left out: any request. The fault waits for such a request. */
  readonly having?: Readonly<Record<string, string | number | boolean>> | undefined
  /** How many times it strikes; once when left out. */
  readonly times?: number | undefined
}

/** A fault of the answer to a request. */
export type AnswerFault =
  /** The request is executed, then the connection is reset: the client sees no answer. */
  | (AnswerFaultBase & { readonly type: 'lost-response' })
  /** The connection is reset before anything is executed. */
  | (AnswerFaultBase & { readonly type: 'lost-request' })
  /** Executed, then answered with a page of a status of the 5xx family (502 when left out). */
  | (AnswerFaultBase & { readonly type: 'failed-response'; readonly status?: number | undefined })
  /** Not executed: an HTTP status, as a gateway gives it (403 or 429 too many requests, 503 closed). */
  | (AnswerFaultBase & { readonly type: 'refused'; readonly status: number })
  /** Answered with the venue's own code; executed or not (not, when left out). */
  | (AnswerFaultBase & { readonly type: 'code'; readonly code: number; readonly message?: string | undefined; readonly executed?: boolean | undefined })
  /** Executed, and answered with a page and status 200. */
  | (AnswerFaultBase & { readonly type: 'html' })
  /** Executed, and answered late. */
  | (AnswerFaultBase & { readonly type: 'slow-response'; readonly ms: number })

interface FrameFaultBase {
  /** Topic of the frames that it strikes, such as `execution`; left out: any. */
  readonly topic?: string | undefined
  /** How many times it strikes; once when left out. */
  readonly times?: number | undefined
}

/** A fault of a frame on a stream. */
export type FrameFault =
  /** Sent twice. */
  | (FrameFaultBase & { readonly type: 'duplicate-frame' })
  /** Sent after the frame that follows it, or after 50 ms when none does. */
  | (FrameFaultBase & { readonly type: 'reorder-frame' })
  /** Sent late: those that follow overtake it. */
  | (FrameFaultBase & { readonly type: 'delay-frame'; readonly ms: number })
  /** Kept back until frames are released. */
  | (FrameFaultBase & { readonly type: 'hold-frame' })
  /** Never sent. */
  | (FrameFaultBase & { readonly type: 'drop-frame' })

/** One fault. */
export type Fault = AnswerFault | FrameFault

const times = z.int().positive().optional()
const route = z.string().optional()
const having = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional()
const topic = z.string().optional()
const ms = z.int().nonnegative()

/** Checks a fault that comes from outside. */
export const faultSchema: z.ZodType<Fault> = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('lost-response'), route, having, times }),
  z.strictObject({ type: z.literal('lost-request'), route, having, times }),
  z.strictObject({ type: z.literal('failed-response'), route, having, times, status: z.int().min(500).max(599).optional() }),
  z.strictObject({ type: z.literal('refused'), route, having, times, status: z.int().min(400).max(599) }),
  z.strictObject({ type: z.literal('code'), route, having, times, code: z.int(), message: z.string().optional(), executed: z.boolean().optional() }),
  z.strictObject({ type: z.literal('html'), route, having, times }),
  z.strictObject({ type: z.literal('slow-response'), route, having, times, ms }),
  z.strictObject({ type: z.literal('duplicate-frame'), topic, times }),
  z.strictObject({ type: z.literal('reorder-frame'), topic, times }),
  z.strictObject({ type: z.literal('delay-frame'), topic, times, ms }),
  z.strictObject({ type: z.literal('hold-frame'), topic, times }),
  z.strictObject({ type: z.literal('drop-frame'), topic, times }),
])
