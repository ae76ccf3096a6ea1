/** A server on the loopback interface for one venue: plain HTTP and WebSocket, with the faults that are armed. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { AnswerFault } from '../faults/fault.ts'
import type { FaultBox } from '../faults/fault-box.ts'
import type { LabSocket } from './stream-hub.ts'

/** A request as the skin of a venue sees it. */
export interface LabRequest {
  readonly method: string
  readonly path: string
  /** Query as it came, without the question mark: signatures cover it as it is. */
  readonly query: string
  readonly body: string
  readonly headers: Readonly<Record<string, string | undefined>>
}

/** An answer. */
export interface LabReply {
  readonly status: number
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

/** What a venue does with what arrives. */
export interface LabProtocol {
  /** Executes a request. */
  readonly answer: (request: LabRequest) => LabReply
  /** An answer of the venue's own shape with a code, for faults. */
  readonly answerOf: (code: number, message: string) => LabReply
  /** True for a path that opens a stream. */
  readonly isStream: (path: string) => boolean
  readonly open: (socket: LabSocket, request: { readonly path: string; readonly query: string }) => void
  /** A request has come, and nothing of it is done yet. */
  readonly requested: () => void
  /** The answer is on its way: what the request led to may be told. */
  readonly answered: () => void
  /** True: what the request led to is told before it is answered. */
  readonly tellsFirst: () => boolean
}

/** A request that was served, for tests that look at the wire. Headers that sign are left out. */
export interface WireEntry {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly body: string
  readonly status: number | null
}

const PAGE = '<html><head><title>Error</title></head><body><h1>The service is not available</h1></body></html>'
const PAGE_HEADERS = { 'content-type': 'text/html' }
const LARGEST_BODY = 1 << 20
const WIRE_KEPT = 10_000

/** The server. */
export class LoopbackServer {
  readonly #protocol: LabProtocol
  readonly #faults: FaultBox
  readonly #server: Server
  readonly #sockets: WebSocketServer = new WebSocketServer({ noServer: true })
  readonly #wire: WireEntry[] = []
  #inFlight = 0
  #lastRequestAt = 0
  #requests = 0

  private constructor(protocol: LabProtocol, faults: FaultBox) {
    this.#protocol = protocol
    this.#faults = faults
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy())
    })
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head))
  }

  /** Listens on 127.0.0.1; port 0 takes a free one. */
  static async start(options: { readonly protocol: LabProtocol; readonly faults: FaultBox; readonly port: number }): Promise<LoopbackServer> {
    const server = new LoopbackServer(options.protocol, options.faults)
    await listen(server.#server, options.port)
    return server
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Requests that were served, oldest first; the last ten thousand. */
  get wire(): readonly WireEntry[] {
    return this.#wire
  }

  /** Requests that are not answered yet. */
  get inFlight(): number {
    return this.#inFlight
  }

  /** Requests that came, answered or not. */
  get requests(): number {
    return this.#requests
  }

  /** Wall time of the last request. */
  get lastRequestAt(): number {
    return this.#lastRequestAt
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate()
    this.#sockets.close()
    this.#server.closeAllConnections()
    await new Promise<void>((resolve) => { this.#server.close(() => resolve()) })
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#inFlight += 1
    this.#lastRequestAt = Date.now()
    this.#requests += 1
    response.once('close', () => { this.#inFlight -= 1 })
    const request = await read(incoming)
    this.#protocol.requested()
    const fault = this.#faults.takeAnswer(request.path, () => fieldsOf(request))
    const reply = this.#execute(request, fault)
    this.#note(request, reply?.status ?? null)
    const tellsFirst = this.#protocol.tellsFirst()
    if (tellsFirst) this.#protocol.answered()
    if (fault?.type === 'slow-response') await new Promise((resolve) => { setTimeout(resolve, fault.ms) })
    if (reply === null) response.destroy()
    else {
      response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers })
      response.end(reply.body)
    }
    if (!tellsFirst) setImmediate(() => this.#protocol.answered())
  }

  /** Null: no answer. */
  #execute(request: LabRequest, fault: AnswerFault | null): LabReply | null {
    const answer = (): LabReply => this.#protocol.answer(request)
    if (fault === null) return answer()
    switch (fault.type) {
      case 'slow-response':
        return answer()
      case 'lost-request':
        return null
      case 'lost-response':
        answer()
        return null
      case 'failed-response':
        answer()
        return { status: fault.status ?? 502, body: PAGE, headers: PAGE_HEADERS }
      case 'html':
        answer()
        return { status: 200, body: PAGE, headers: PAGE_HEADERS }
      case 'refused':
        return { status: fault.status, body: PAGE, headers: PAGE_HEADERS }
      case 'code':
      default:
        if (fault.executed === true) answer()
        return this.#protocol.answerOf(fault.code, fault.message ?? 'Server error')
    }
  }

  #note({ method, path, query, body }: LabRequest, status: number | null): void {
    this.#wire.push({ method, path, query, body, status })
    if (this.#wire.length > WIRE_KEPT) this.#wire.splice(0, this.#wire.length - WIRE_KEPT)
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { path, query } = target(request)
    if (!this.#protocol.isStream(path)) {
      socket.end('HTTP/1.1 404 Not Found\r\n\r\n')
      return
    }
    this.#sockets.handleUpgrade(request, socket, head, (opened) => this.#protocol.open(opened, { path, query }))
  }
}

/** Starts to listen on the loopback interface. */
export async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve())
  })
}

/** The request with its body. */
export async function read(incoming: IncomingMessage): Promise<LabRequest> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of incoming as AsyncIterable<Buffer>) {
    size += part.length
    if (size > LARGEST_BODY) throw new RangeError('request body too large')
    parts.push(part)
  }
  const headers: Record<string, string | undefined> = {}
  for (const [name, value] of Object.entries(incoming.headers)) headers[name] = Array.isArray(value) ? value.join(', ') : value
  return { method: incoming.method ?? 'GET', ...target(incoming), body: Buffer.concat(parts).toString('utf8'), headers }
}

/** Fields of a body, or texts of a query; none of a body that is no object. */
function fieldsOf({ body, query }: LabRequest): Readonly<Record<string, unknown>> {
  if (body === '') return Object.fromEntries(new URLSearchParams(query))
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

function target({ url = '/' }: IncomingMessage): { readonly path: string; readonly query: string } {
  const [path = '/', query = ''] = url.split('?', 2)
  return { path, query }
}
