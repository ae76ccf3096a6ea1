/** Signed requests and raw frames, without any library between a test and the wire. */
import { createHmac } from 'node:crypto'
import type { BybitLab } from '@hedgerow/venue-lab'
import { vi } from 'vitest'

/** An answer of the venue. */
export interface RawAnswer {
  readonly retCode: number
  readonly retMsg: string
  readonly result: Record<string, unknown> & { readonly list?: readonly Record<string, unknown>[] }
  readonly retExtInfo: Record<string, unknown>
  readonly time: number
}

/** How a request is signed, where a test wants it otherwise. */
export interface SigningChoice {
  readonly at?: number
  readonly window?: number
  readonly key?: string
  readonly sign?: string
}

/** Sends a request and returns status, headers and text. */
export async function send(lab: BybitLab, method: 'GET' | 'POST', path: string, params: object = {}, choice: SigningChoice = {}): Promise<{ readonly status: number; readonly headers: Headers; readonly text: string }> {
  const { key = lab.credentials.key, at = Date.now(), window = 5000 } = choice
  const query = method === 'GET' ? new URLSearchParams(Object.entries(params).map(([name, value]): [string, string] => [name, String(value)])).toString() : ''
  const body = method === 'POST' ? JSON.stringify(params) : ''
  const sign = choice.sign ?? createHmac('sha256', lab.credentials.secret).update(`${at}${key}${window}${query}${body}`).digest('hex')
  const response = await fetch(`${lab.restUrl}${path}${query === '' ? '' : `?${query}`}`, {
    method, headers: { 'content-type': 'application/json', 'x-bapi-api-key': key, 'x-bapi-timestamp': String(at), 'x-bapi-recv-window': String(window), 'x-bapi-sign': sign }, ...(method === 'POST' ? { body } : {}),
  })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

/** Sends a request and reads the envelope. */
export async function ask(lab: BybitLab, method: 'GET' | 'POST', path: string, params: object = {}, choice: SigningChoice = {}): Promise<RawAnswer> {
  return JSON.parse((await send(lab, method, path, params, choice)).text) as RawAnswer
}

/** Places an order with what a market order that opens a long has, but for what is given. */
export async function place(lab: BybitLab, order: object): Promise<RawAnswer> {
  return ask(lab, 'POST', '/v5/order/create', { category: 'linear', symbol: 'BTCUSDT', side: 'Buy', orderType: 'Market', qty: '0.1', positionIdx: 1, ...order })
}

/** One frame. */
export interface RawFrame {
  readonly topic?: string
  readonly op?: string
  readonly success?: boolean
  readonly ret_msg?: string
  readonly data?: readonly Record<string, unknown>[]
}

/** A socket with everything that came over it. */
export class RawStream {
  readonly frames: RawFrame[] = []
  readonly socket: WebSocket
  isClosed = false

  private constructor(url: string) {
    this.socket = new WebSocket(url)
    this.socket.addEventListener('message', ({ data }) => { this.frames.push(JSON.parse(String(data)) as RawFrame) })
    this.socket.addEventListener('close', () => { this.isClosed = true })
  }

  static async open(url: string): Promise<RawStream> {
    const stream = new RawStream(url)
    await new Promise<void>((resolve) => { stream.socket.addEventListener('open', () => resolve()) })
    return stream
  }

  /** A private stream that subscribes to everything. */
  static async account(lab: BybitLab, topics: readonly string[] = ['order', 'execution', 'position', 'wallet']): Promise<RawStream> {
    const stream = await RawStream.open(lab.privateWsUrl)
    const expires = Date.now() + 10_000
    stream.say({ op: 'auth', args: [lab.credentials.key, expires, createHmac('sha256', lab.credentials.secret).update(`GET/realtime${expires}`).digest('hex')] })
    stream.say({ op: 'subscribe', req_id: 1, args: topics, callerMethodName: 'unknownKey' })
    await stream.until(({ op }) => op === 'subscribe')
    return stream
  }

  say(message: object): void {
    this.socket.send(JSON.stringify(message))
  }

  /** Waits for a frame; frames that came before count. */
  async until(fits: (frame: RawFrame) => boolean): Promise<RawFrame> {
    return vi.waitUntil(() => this.frames.find(fits))
  }

  /** Rows of a topic so far. */
  rows(topic: string): readonly Record<string, unknown>[] {
    return this.frames.flatMap((frame) => (frame.topic === topic ? frame.data ?? [] : []))
  }
}
