/** A host on loopback that speaks just enough to see what the driver sends, and to say what a test wants said. It knows no rules; venue-lab does. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'

/** A request as it arrived. */
export interface Seen {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, unknown>>
  readonly headers: IncomingMessage['headers']
}

/** What to answer: a result under the venue's envelope, or anything else. */
export type Answer =
  | { readonly result: unknown }
  | { readonly code: number; readonly message: string; readonly result?: unknown }
  | { readonly status: number; readonly text: string }
  | 'drop'
  | 'hang'
  | 'half'

/** The host. */
export class Loopback {
  readonly requests: Seen[] = []
  readonly sockets: { readonly path: string; readonly socket: WebSocket; readonly said: Record<string, unknown>[] }[] = []
  readonly headers: Record<string, string> = {}
  /** Answers by path; the last one stays. */
  readonly #answers = new Map<string, ((seen: Seen) => Answer)[]>()
  readonly #server = createServer((request, response) => { void this.#serve(request, response) })
  readonly #wss = new WebSocketServer({ server: this.#server })
  readonly #later = new Map<string, (send: (answer: Answer) => void) => void>()
  readonly #waiting: (() => void)[] = []
  /** False: the socket server does not confirm logins and subscriptions. */
  confirms = true
  login: Record<string, unknown> = { success: true, ret_msg: '', op: 'auth', conn_id: 'c' }

  static async open(): Promise<Loopback> {
    const host = new Loopback()
    await new Promise<void>((resolve) => { host.#server.listen(0, '127.0.0.1', resolve) })
    host.#wss.on('connection', (socket, request) => { host.#connected(socket, request.url ?? '') })
    return host
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Sets the answers of a path, in order; the last one is given for ever. */
  on(path: string, ...answers: (Answer | ((seen: Seen) => Answer))[]): this {
    this.#answers.set(`/${path}`, answers.map((answer) => (typeof answer === 'function' ? answer : () => answer)))
    return this
  }

  /** Answers the requests of a path when the test says so. */
  later(path: string, take: (send: (answer: Answer) => void) => void): this {
    this.#later.set(`/${path}`, take)
    return this
  }

  /** A list of one page. */
  list(path: string, rows: readonly unknown[], next: string = ''): this {
    return this.on(path, { result: { category: 'linear', list: rows, nextPageCursor: next } })
  }

  /** Answers everything that a snapshot asks, with nothing open. */
  quiet(rows: { readonly positions: readonly unknown[]; readonly wallet: unknown }): this {
    this.on('v5/market/time', () => ({ result: { timeSecond: String(Math.floor(Date.now() / 1000)), timeNano: `${Date.now()}000000` } }))
    this.on('v5/account/info', { result: { marginMode: 'REGULAR_MARGIN', unifiedMarginStatus: 6 } })
    return this.list('v5/account/wallet-balance', [rows.wallet]).list('v5/position/list', rows.positions).list('v5/order/realtime', []).list('v5/order/history', []).list('v5/execution/list', [])
  }

  /** Requests of one path. */
  seen(path: string): Seen[] {
    return this.requests.filter((request) => request.path === `/${path}`)
  }

  /** Resolves once something is true of the requests or of what the sockets were told. */
  async arrival(happened: () => boolean): Promise<void> {
    while (!happened()) await new Promise<void>((resolve) => { this.#waiting.push(resolve) })
  }

  /** Says a message on every socket of a kind. */
  say(kind: 'private' | 'public', message: unknown): void {
    for (const { path, socket } of this.sockets) if (path.includes(kind) && socket.readyState === socket.OPEN) socket.send(JSON.stringify(message))
  }

  /** Cuts every socket without a word. */
  cut(): void {
    for (const { socket } of this.sockets) socket.terminate()
  }

  async close(): Promise<void> {
    this.cut()
    this.#server.closeAllConnections()
    await new Promise<void>((resolve) => { this.#wss.close(() => { resolve() }) })
    await new Promise<void>((resolve) => { this.#server.close(() => { resolve() }) })
  }

  #connected(socket: WebSocket, path: string): void {
    const entry = { path, socket, said: [] as Record<string, unknown>[] }
    this.sockets.push(entry)
    socket.on('message', (data) => {
      const message = JSON.parse((data as Buffer).toString()) as Record<string, unknown>
      entry.said.push(message)
      this.#wake()
      if (!this.confirms) return
      if (message['op'] === 'auth') socket.send(JSON.stringify(this.login))
      if (message['op'] === 'subscribe') socket.send(JSON.stringify({ success: true, ret_msg: '', op: 'subscribe', req_id: message['req_id'], conn_id: 'c' }))
      if (message['op'] === 'ping') socket.send(JSON.stringify({ op: 'pong', args: [String(Date.now())], req_id: message['req_id'] }))
    })
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake()
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString()
    const url = new URL(request.url ?? '', 'http://localhost')
    const seen: Seen = {
      method: request.method ?? '', path: url.pathname, query: Object.fromEntries(url.searchParams), headers: request.headers,
      body: text === '' ? {} : JSON.parse(text) as Record<string, unknown>,
    }
    this.requests.push(seen)
    queueMicrotask(() => { this.#wake() })
    const later = this.#later.get(seen.path)
    if (later !== undefined) { later((answer) => { this.#answer(response, answer) }); return }
    const queue = this.#answers.get(seen.path) ?? [() => ({ code: 10001, message: `loopback has no answer for ${seen.path}` })]
    const answer = (queue.length > 1 ? queue.shift() : queue[0])?.(seen) ?? 'drop'
    this.#answer(response, answer)
  }

  #answer(response: ServerResponse, answer: Answer): void {
    if (answer === 'drop') { response.destroy(); return }
    if (answer === 'hang') return
    response.setHeader('content-type', 'application/json')
    for (const [name, value] of Object.entries(this.headers)) response.setHeader(name, value)
    if (answer === 'half') { response.write('{"retCode":0,'); return }
    if ('status' in answer) { response.statusCode = answer.status; response.end(answer.text); return }
    const [code, message] = 'code' in answer ? [answer.code, answer.message] : [0, 'OK']
    response.end(JSON.stringify({ retCode: code, retMsg: message, result: answer.result ?? {}, retExtInfo: {}, time: Date.now() }))
  }
}
