/** ccxt's class for Bybit with an answer in place of the network; everything before and after it is ccxt's own. */
import { loadExchangeClass } from '@hedgerow/driver-ccxt'

const ANSWER = JSON.stringify({ retCode: 0, retMsg: 'OK', result: { orderId: '1321003749386327552', orderLinkId: 'hr-1' }, retExtInfo: {}, time: 1672211918471 })
/** An account that may send as much as it likes. */
const HEADERS = { 'content-type': 'application/json', 'x-bapi-limit': '1000000', 'x-bapi-limit-status': '999999', 'x-bapi-limit-reset-timestamp': '1672211918471' }

export const CREDENTIALS = { apiKey: 'key-of-the-bench', apiSecret: 'secret-of-the-bench' }

/** Changes the class for the whole process. */
export async function classWithoutNetwork(): Promise<Awaited<ReturnType<typeof loadExchangeClass>>> {
  const Exchange = await loadExchangeClass('bybit')
  const response = { status: 200, statusText: 'OK', headers: HEADERS, text: () => Promise.resolve(ANSWER) }
  Object.defineProperty(Exchange.prototype, 'fetch', {
    writable: true,
    value(this: { handleRestResponse(...answer: unknown[]): unknown }, url: string, method: string, headers: object, body: string) {
      return this.handleRestResponse(response, url, method, headers, body)
    },
  })
  return Exchange
}
