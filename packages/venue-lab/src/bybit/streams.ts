/** The WebSocket protocol: private topics behind a signature, public ones for everybody, orders over a socket. */
import { z } from '@hedgerow/core/zod'
import type { Stream, StreamHub } from '../server/stream-hub.ts'
import { INTERVALS } from './market-routes.ts'
import { amendOrder, createOrder, workingOrder } from './order-entry.ts'
import { Params } from './params.ts'
import type { Publisher } from './publisher.ts'
import { BybitRefusal } from './refusal.ts'
import { opensStream } from './signature.ts'
import type { BybitVenue } from './venue.ts'

/** Paths of the streams. */
export const STREAM_PATHS = { private: '/v5/private', public: '/v5/public/linear', trade: '/v5/trade' } as const

const PRIVATE_TOPICS: ReadonlySet<string> = new Set(['wallet', ...['order', 'execution', 'position'].flatMap((topic) => [topic, `${topic}.linear`])])

/** Clients add keys of their own: whatever is not named is let be. */
const messageSchema = z.looseObject({ op: z.string(), args: z.array(z.unknown()).default([]), req_id: z.union([z.string(), z.number()]).optional(), reqId: z.union([z.string(), z.number()]).optional() })

type Message = z.output<typeof messageSchema>

/** Speaks with each stream. */
export class BybitStreams {
  readonly #venue: BybitVenue
  readonly #hub: StreamHub
  readonly #publisher: Publisher

  constructor(parts: { readonly venue: BybitVenue; readonly hub: StreamHub; readonly publisher: Publisher }) {
    this.#venue = parts.venue
    this.#hub = parts.hub
    this.#publisher = parts.publisher
  }

  /** Answers one message of a client. */
  hear(stream: Stream, text: string): void {
    const message = read(text)
    if (message === null) return this.#hub.answer(stream, { success: false, ret_msg: 'Request format is invalid', conn_id: stream.id, op: '' })
    switch (message.op) {
      case 'ping':
        return this.#pong(stream, message)
      case 'auth':
        return this.#authorise(stream, message)
      case 'subscribe':
      case 'unsubscribe':
        return this.#subscribe(stream, message)
      default:
        return stream.path === STREAM_PATHS.trade ? this.#trade(stream, message) : this.#say(stream, message, `Invalid op: ${message.op}`)
    }
  }

  #pong(stream: Stream, message: Message): void {
    const id = message.req_id === undefined ? {} : { req_id: message.req_id }
    if (stream.path === STREAM_PATHS.public) this.#hub.answer(stream, { success: true, ret_msg: 'pong', conn_id: stream.id, ...id, op: 'ping' })
    else this.#hub.answer(stream, { ...id, op: 'pong', args: [String(this.#venue.clock.now())], conn_id: stream.id })
  }

  /** A stream that fails to open is closed. */
  #authorise(stream: Stream, message: Message): void {
    const [key, expires, sign] = message.args
    const { clock, credentials } = this.#venue
    stream.isAuthorised = opensStream({ key, expires, sign }, credentials, clock.earliest())
    const isTrade = stream.path === STREAM_PATHS.trade
    const why = stream.isAuthorised ? '' : key === credentials.key ? 'Params Error' : 'Invalid apikey'
    if (isTrade) this.#hub.answer(stream, { retCode: stream.isAuthorised ? 0 : 10004, retMsg: stream.isAuthorised ? 'OK' : why, op: 'auth', connId: stream.id })
    else this.#hub.answer(stream, { success: stream.isAuthorised, ret_msg: why, op: 'auth', conn_id: stream.id, ...(message.req_id === undefined ? {} : { req_id: message.req_id }) })
    if (!stream.isAuthorised) stream.socket.close()
  }

  #subscribe(stream: Stream, message: Message): void {
    const isPrivate = stream.path === STREAM_PATHS.private
    if (isPrivate && !stream.isAuthorised) return this.#say(stream, message, 'Request not authorized')
    const topics = message.args.map(String)
    const wrong = topics.find((topic) => !(isPrivate ? PRIVATE_TOPICS.has(topic) : this.#isPublic(topic)))
    if (wrong !== undefined) return this.#say(stream, message, `Invalid topic: ${wrong}`)
    for (const topic of topics) {
      if (message.op === 'subscribe') stream.topics.add(topic)
      else stream.topics.delete(topic)
    }
    this.#say(stream, message, null)
    if (message.op !== 'subscribe' || isPrivate) return
    for (const topic of topics) {
      const snapshot = this.#publisher.snapshotOf(topic)
      if (snapshot !== null) this.#hub.answer(stream, snapshot)
    }
  }

  #isPublic(topic: string): boolean {
    const [name, ...rest] = topic.split('.')
    const symbol = rest.at(-1) ?? ''
    if (!this.#venue.symbols.includes(symbol)) return false
    return name === 'kline' ? rest.length === 2 && INTERVALS[rest[0] ?? ''] !== undefined : (name === 'tickers' || name === 'publicTrade') && rest.length === 1
  }

  /** `null`: it went well. */
  #say(stream: Stream, message: Message, refusal: string | null): void {
    this.#hub.answer(stream, { success: refusal === null, ret_msg: refusal ?? '', conn_id: stream.id, ...(message.req_id === undefined ? {} : { req_id: message.req_id }), op: message.op })
  }

  /** One order a message. */
  #trade(stream: Stream, message: Message): void {
    const answer = (code: number, text: string, data: object): void => this.#hub.answer(stream, { ...(message.reqId === undefined ? {} : { reqId: String(message.reqId) }), retCode: code, retMsg: text, op: message.op, data, header: {}, connId: stream.id })
    if (!stream.isAuthorised) return answer(10004, 'Request not authorized', {})
    try {
      const { venueId, clientId } = this.#act(message)
      answer(0, 'OK', { orderId: venueId, orderLinkId: clientId })
    } catch (error) {
      if (!(error instanceof BybitRefusal)) throw error
      answer(error.code, error.message, {})
    }
    this.#publisher.flush()
  }

  #act(message: Message): { readonly venueId: string; readonly clientId: string } {
    const params = new Params(z.record(z.string(), z.unknown()).parse(message.args[0] ?? {}))
    if (message.op === 'order.create') return createOrder(this.#venue, params)
    if (message.op === 'order.amend') return amendOrder(this.#venue, params)
    if (message.op !== 'order.cancel') throw new BybitRefusal(10001, `Invalid op: ${message.op}`)
    const order = workingOrder(this.#venue, params)
    this.#venue.account.cancel(order)
    return order
  }
}

function read(text: string): Message | null {
  try {
    const parsed = messageSchema.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}
