/** What the sockets say about themselves: logins, subscriptions, pongs. ccxt acts on them; here they are only recognised. */
import { z } from '@hedgerow/core/zod'

/** A login or a subscription that the venue refused. */
export interface SocketRefusal {
  readonly code: string
  readonly text: string
}

const schema = z.object({
  op: z.string().optional(), success: z.boolean().optional(), retCode: z.int().optional(), retMsg: z.string().optional(), ret_msg: z.string().optional(),
  request: z.object({ op: z.string() }).optional(),
})

/** Some refusals have a text only. A login without a code is refused for its key, anything else for its parameters. */
const BAD_KEY = '10003'
const BAD_REQUEST = '10001'

/** `subscribed` confirms a subscription. Null for a pong, a login that worked, and everything else that needs no act. */
export function socketWord(message: unknown): 'subscribed' | SocketRefusal | null {
  const { data } = schema.safeParse(message)
  if (data === undefined) return null
  const { op, success, retCode = 0 } = data
  if (success === false || retCode !== 0) {
    const isLogin = op === 'auth' || data.request?.op === 'auth'
    return { code: retCode === 0 ? (isLogin ? BAD_KEY : BAD_REQUEST) : String(retCode), text: data.retMsg ?? data.ret_msg ?? 'no reason given' }
  }
  return op === 'subscribe' && success === true ? 'subscribed' : null
}
