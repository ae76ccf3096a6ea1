/** The control over HTTP, for tests in another process and for people with curl. It has a port of its own: no client of the venue sees it. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isHedgerowError } from '@hedgerow/core'
import { z } from '@hedgerow/core/zod'
import { faultSchema } from '../faults/fault.ts'
import { listen, read } from '../server/loopback-server.ts'
import { Refusal } from '../venue/refusal.ts'
import type { HandOrder, LabControl, LegPart, StreamChoice } from './lab-control.ts'

/** What an action does with the body of its request. */
type Action = (control: LabControl, body: unknown) => unknown

const prices = z.record(z.string(), z.string())
const stream: z.ZodType<StreamChoice> = z.strictObject({ path: z.string().exactOptional() })
const leg = z.enum(['long', 'short'])
const part: z.ZodType<LegPart> = z.strictObject({ symbol: z.string(), leg, qty: z.string().exactOptional() })
const hand: z.ZodType<HandOrder> = z.strictObject({ symbol: z.string(), leg, intent: z.enum(['open', 'close']), qty: z.string(), price: z.string().exactOptional() })

/** Method and path to action; each answers with the state of the account when it returns nothing of its own. */
const ACTIONS: Readonly<Record<string, Action>> = {
  'GET /': () => ({ actions: Object.keys(ACTIONS) }),
  'GET /state': (control) => control.state(),
  'GET /wire': (control) => control.wire,
  'POST /advance': async (control, body) => { await control.advance(z.strictObject({ ms: z.number().positive() }).parse(body).ms) },
  'POST /glide': async (control, body) => { await control.glide(prices.parse(body)) },
  'POST /jump': async (control, body) => { await control.jump(prices.parse(body)) },
  'POST /quiet': async (control) => ({ isQuiet: await control.untilQuiet() }),
  'GET /faults': (control) => control.faults.armed,
  'POST /faults': (control, body) => {
    control.faults.arm(...z.array(faultSchema).parse(Array.isArray(body) ? body : [body]))
    return control.faults.armed
  },
  'DELETE /faults': (control) => { control.faults.clear() },
  'POST /cut': (control, body) => ({ streams: control.cut(stream.parse(body)) }),
  'POST /half-open': (control, body) => ({ streams: control.halfOpen(stream.parse(body)) }),
  'POST /release': (control) => { control.releaseFrames() },
  'POST /skew': (control, body) => { control.skewClock(z.strictObject({ ms: z.number() }).parse(body).ms) },
  'POST /position-mode': (control, body) => {
    const { symbol, mode } = z.strictObject({ symbol: z.string(), mode: z.enum(['one-way', 'hedge']) }).parse(body)
    control.changePositionMode(symbol, mode)
  },
  'POST /order': (control, body) => { control.placeByHand(hand.parse(body)) },
  'POST /liquidate': (control, body) => { control.liquidate(part.parse(body)) },
  'POST /deleverage': (control, body) => { control.deleverage(part.parse(body)) },
  'POST /fund': (control, body) => {
    const { symbol, rate } = z.strictObject({ symbol: z.string(), rate: z.string() }).parse(body)
    control.fund(symbol, rate)
  },
  'POST /transfer': (control, body) => { control.transfer(z.strictObject({ amount: z.string() }).parse(body).amount) },
}

/** A control that listens. */
export interface ControlServer {
  readonly url: string
  close(): Promise<void>
}

/** Listens on 127.0.0.1; port 0 takes a free one. */
export async function serveControl(control: LabControl, port: number): Promise<ControlServer> {
  const server: Server = createServer((incoming, response) => {
    const end = (status: number, answer: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(`${JSON.stringify(answer)}\n`)
    }
    answerTo(control, incoming).then(({ status, answer }) => end(status, answer), (error: unknown) => end(500, { error: String(error) }))
  })
  await listen(server, port)
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise<void>((resolve) => { server.close(() => resolve()) })
    },
  }
}

async function answerTo(control: LabControl, incoming: Parameters<typeof read>[0]): Promise<{ readonly status: number; readonly answer: unknown }> {
  const request = await read(incoming)
  const action = ACTIONS[`${request.method} ${request.path}`]
  if (action === undefined) return { status: 404, answer: { error: `no action ${request.method} ${request.path}`, actions: Object.keys(ACTIONS) } }
  try {
    const answer: unknown = await action(control, request.body === '' ? {} : JSON.parse(request.body))
    return { status: 200, answer: answer ?? control.state() }
  } catch (error) {
    if (error instanceof z.ZodError) return { status: 400, answer: { error: z.prettifyError(error) } }
    if (error instanceof SyntaxError || isHedgerowError(error) || error instanceof RangeError || error instanceof Refusal) return { status: 400, answer: { error: error.message } }
    throw error
  }
}
