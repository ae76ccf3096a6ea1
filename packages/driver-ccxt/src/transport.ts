/**
 * One venue through an unmodified ccxt class: signing, HTTP and sockets are ccxt's; what an answer means and what a message says is read here
 * and in the driver, from the raw text, because ccxt's unified results lose fields and its error classes change with the address.
 */
import type { CcxtExchange, CcxtExchangeClass, CcxtSocket } from './ccxt-exchange.ts'
import { Deadlines } from './deadlines.ts'
import { redactor } from './redact.ts'
import { VenueFailure } from './venue-failure.ts'

/** What came back over HTTP. */
export interface HttpAnswer {
  /** Method and path. */
  readonly request: string
  readonly status: number
  /** Names in ccxt's spelling: `X-Bapi-Limit`. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  /** Undefined when the text is no JSON. */
  readonly json: unknown
}

/** What is done with answers and messages. */
export interface Tap {
  /** Reads an answer. Throws a {@link VenueFailure} for everything that is not the venue's yes. */
  readonly answer: (answer: HttpAnswer) => void
  /** Takes a raw message; false leaves it to ccxt, which knows logins, pongs and subscriptions. Must not throw. */
  readonly message: (url: string, message: unknown) => boolean
}

/** How a venue is reached. */
export interface TransportOptions {
  readonly Exchange: CcxtExchangeClass
  /** Null reads public data only. */
  readonly credentials: { readonly apiKey: string; readonly secret: string } | null
  /** For a request and its whole answer, ms. */
  readonly timeoutMs: number
  /** Between pings of a socket, ms; after three without an answer ccxt closes it. */
  readonly pingEveryMs: number
  /** ccxt options of this venue. */
  readonly options: Readonly<Record<string, unknown>>
  /** Last changes to the instance: addresses. */
  readonly configure: (exchange: CcxtExchange) => void
  readonly tap: Tap
}

/** A request of the venue's own API. */
export interface VenueRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Such as `v5/order/create`. */
  readonly path: string
  readonly access: 'public' | 'private'
  readonly params: object
}

const MISSED_PINGS = 3
/** How long after ccxt's own timer ours fires. */
const GRACE_MS = 50

/** Sends requests and holds sockets. The key is in here and nowhere else, where nothing prints it. */
export class Transport {
  readonly #exchange: CcxtExchange
  readonly #timeoutMs: number
  /** ccxt stops its own timer at the headers: a body that never ends would hang for minutes. */
  readonly #deadlines: Deadlines
  readonly #redact: (text: string) => string
  #offsetMs = 0

  constructor({ Exchange, credentials, timeoutMs, pingEveryMs, options, configure, tap }: TransportOptions) {
    this.#timeoutMs = timeoutMs
    this.#deadlines = new Deadlines(timeoutMs + GRACE_MS)
    this.#redact = redactor([credentials?.apiKey, credentials?.secret])
    this.#exchange = new (tapped(Exchange, tap))({
      ...credentials,
      // ccxt would space requests evenly; core's limiter knows which of them matter.
      enableRateLimit: false,
      timeout: timeoutMs,
      options: { ...options },
    })
    this.#exchange.streaming = { ...this.#exchange.streaming, keepAlive: pingEveryMs, maxPingPongMisses: MISSED_PINGS }
    configure(this.#exchange)
  }

  /** Venue time minus ours, ms: requests and logins are signed with the sum. */
  setClockOffset(offsetMs: number): void {
    this.#offsetMs = Math.round(offsetMs)
    this.#exchange.options['timeDifference'] = -this.#offsetMs
  }

  /** Takes the key and the secret out of a text. */
  redact(text: string): string {
    return this.#redact(text)
  }

  /** Sends once and returns the answer as parsed JSON. Rejects with a {@link VenueFailure}, and nothing else. */
  call({ method, path, access, params }: VenueRequest): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const deadline = this.#deadlines.start(() => { reject(unanswered(`${method} /${path}`, `no answer within ${this.#timeoutMs} ms`)) })
      const met = <T>(settle: (value: T) => void) => (value: T): void => {
        this.#deadlines.meet(deadline)
        settle(value)
      }
      this.#exchange.request(path, access, method, params).then(met(resolve), met((error) => { reject(this.#failure(`${method} /${path}`, error)) }))
    })
  }

  /**
   * Keeps one socket: `subscribe` dials, logs in and subscribes, and settles only when the socket closes or the venue refuses. The socket is
   * closed then, so that the next call starts from nothing. Always throws, a {@link VenueFailure} with the reason.
   */
  async hold(url: string, subscribe: (exchange: CcxtExchange) => Promise<unknown>): Promise<never> {
    try {
      await this.#exchange.loadHttpProxyAgent()
      await this.#atVenueTime(() => subscribe(this.#exchange))
      throw unanswered(url, 'the subscription ended')
    } catch (error) {
      this.drop(url, 'given up')
      throw this.#failure(url, error)
    }
  }

  /** Closes a socket at once, also one whose other side is gone; whoever holds it is told why. Nothing when there is none. */
  drop(url: string, reason: string): void {
    const socket = this.#exchange.clients[url]
    socket?.onError(new Error(reason))
    socket?.connection?.terminate()
  }

  /** Closes sockets and connections at once, without waiting for the other side to agree. What was on its way may have arrived. */
  async close(): Promise<void> {
    for (const url of Object.keys(this.#exchange.clients)) this.drop(url, 'closed')
    await this.#exchange.fetchDispatcher?.destroy()
  }

  /** ccxt signs requests by `options.timeDifference`, and logins of sockets by the bare clock. */
  #atVenueTime<T>(act: () => T): T {
    const { milliseconds } = this.#exchange
    this.#exchange.milliseconds = () => milliseconds() + this.#offsetMs
    try {
      return act()
    } finally {
      this.#exchange.milliseconds = milliseconds
    }
  }

  /** Everything that ccxt throws by itself is about the way there and back. It quotes addresses, and some venues sign in the address. */
  #failure(request: string, error: unknown): VenueFailure {
    if (error instanceof VenueFailure) return error.withText(this.#redact(error.text))
    const text = error instanceof Error ? `${error.name}: ${error.message.replaceAll(/\b(?:https?|wss?):\S+/g, 'the venue')}` : 'no reason given'
    return unanswered(request, this.#redact(text))
  }
}

/** The class with its raw messages and answers tapped. */
function tapped(Exchange: CcxtExchangeClass, tap: Tap): CcxtExchangeClass {
  return class extends Exchange {
    override handleMessage(socket: CcxtSocket, message: unknown): void {
      if (!tap.message(socket.url, message)) super.handleMessage(socket, message)
    }

    override handleErrors(status: number, _reason: string, url: string, method: string, headers: Readonly<Record<string, string>>, text: string, json: unknown): boolean {
      tap.answer({ request: `${method} ${pathOf(url)}`, status, headers, text, json })
      return true
    }
  }
}

/** What stands between the host and the query. */
function pathOf(url: string): string {
  const start = url.indexOf('/', url.indexOf('://') + '://'.length)
  const end = url.indexOf('?', start)
  return start < 0 ? '/' : url.slice(start, end < 0 ? undefined : end)
}

function unanswered(request: string, text: string): VenueFailure {
  return new VenueFailure({ kind: 'unanswered', request, code: null, text, retryAt: null })
}
