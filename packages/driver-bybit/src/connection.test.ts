/** What a connection promises beside orders: keys, questions, budgets, and that no secret leaves it. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { HedgerowError, isHedgerowError } from '@hedgerow/core'
import { describe, expect, it } from 'vitest'
import { KEY, openLive, SECRET, submissionOf } from '../test/live.ts'
import { flatPair, walletRow } from '../test/rows.ts'
import { bybit } from './index.ts'

const HERE = import.meta.dirname

/** What opening a connection does with a configuration: the error that it throws. */
const create = (config: unknown): unknown => {
  try {
    return bybit.live?.create(config, { clock: { now: () => 0 }, logger: { log: () => undefined } })
  } catch (error) {
    return error
  }
}

describe('loading', () => {
  it('the package loads no ccxt; a connection loads the class of one venue', () => {
    const program = `
      import { registerHooks } from 'node:module'
      const loaded = []
      registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context) } })
      const modules = () => loaded.filter((url) => url.includes('/ccxt/')).map((url) => url.split('/ccxt/')[1])
      const { bybit } = await import(${JSON.stringify(join(HERE, 'index.ts'))})
      const before = modules()
      await bybit.live.create({}, { clock: { now: () => 0 }, logger: { log() {} } })
      console.log(JSON.stringify({ before, after: modules() }))`
    const { stdout, stderr } = spawnSync(process.execPath, ['--conditions=@hedgerow/source', '--input-type=module', '-e', program], { encoding: 'utf8', cwd: join(HERE, '..') })
    expect(stderr).toBe('')
    const { before, after } = JSON.parse(stdout) as { readonly before: readonly string[]; readonly after: readonly string[] }
    expect(before).toEqual([])
    expect(after).toContain('js/src/pro/bybit.js')
    expect(after.filter((name) => /^(js\/ccxt|dist\/|js\/src\/(pro\/)?(binance|okx|bitget))/.test(name))).toEqual([])
  }, 30_000)
})

describe('the configuration', () => {
  it('names what is wrong, and not the value', () => {
    for (const [config, field] of [[{ apiSecret: 5 }, 'apiSecret'], [{ environment: 'moon' }, 'environment'], [{ url: 'ftp://127.0.0.1' }, 'url'], [{ redial: {} }, 'redial']] as const) {
      expect(create(config)).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining(field) as string })
    }
    expect(create({ apiKey: 'x', secret: SECRET })).not.toMatchObject({ message: expect.stringContaining(SECRET) as string })
  })

  it('needs a key for an account, and says which variables hold it', async () => {
    const { connection, close } = await openLive({ connect: false })
    const { live } = bybit
    const keyless = await live?.create({}, { clock: { now: () => 0 }, logger: { log: () => undefined } })
    await expect(keyless?.connect(() => undefined, { symbols: ['BTCUSDT'], timeframes: [], account: true })).rejects.toThrow(/no apiKey and no apiSecret.*BYBIT_API_KEY and BYBIT_API_SECRET/)
    await connection.close()
    await close()
  })

  it('needs none for prices', async () => {
    const { host, next, close } = await openLive({ subscriptions: { account: false } })
    host.say('public', { topic: 'tickers.BTCUSDT', type: 'delta', ts: 5, data: { symbol: 'BTCUSDT', markPrice: '50000.10' } })
    const { mark, last } = await next('price')
    expect([mark?.toFixed(), last]).toEqual(['50000.1', undefined])
    expect(host.sockets.map(({ path }) => path)).toEqual(['/v5/public/linear'])
    await close()
  })
})

it('connects at once where there is nothing to listen to', async () => {
  const { host, close } = await openLive({ subscriptions: { symbols: [], account: false } })
  expect(host.sockets).toEqual([])
  await close()
})

describe('a key that is refused', () => {
  it.each([[10003, 'API key is invalid.'], [10004, 'Error sign'], [10005, 'Permission denied'], [10010, 'Unmatched IP'], [33004, 'Your api key has expired.']])('%i is an error of the key, with the venue\'s words', async (code, message) => {
    const { host, connection, close } = await openLive({ connect: false })
    host.on('v5/account/info', { code, message })
    await expect(connection.account()).rejects.toMatchObject({ code: 'CREDENTIALS_REFUSED', message: expect.stringContaining(`${code} ${message}`) as string })
    await close()
  })

  it('is refused at the socket too', async () => {
    const { host, connection, close } = await openLive({ connect: false })
    host.login = { success: false, ret_msg: 'Invalid apikey', retCode: 10003, op: 'auth' }
    await expect(connection.connect(() => undefined, { symbols: ['BTCUSDT'], timeframes: [], account: true })).rejects.toMatchObject({ code: 'CREDENTIALS_REFUSED' })
    await close()
  })
})

describe('questions', () => {
  it('account() tells what the key may do', async () => {
    const { host, connection, close } = await openLive({ connect: false })
    host.on('v5/account/info', { result: { marginMode: 'REGULAR_MARGIN', unifiedMarginStatus: 6 } })
    host.on('v5/user/query-api', { result: { readOnly: 0, permissions: { ContractTrade: ['Order', 'Position'], Wallet: ['AccountTransfer', 'Withdraw'] }, ips: ['*'], expiredAt: '2027-01-02T03:04:05Z' } },
      { result: { readOnly: 1, permissions: { ContractTrade: ['Order'], Wallet: [] }, ips: ['10.0.0.1'], expiredAt: '1970-01-01T00:00:00Z' } })
    expect(await connection.account()).toEqual({ mayTrade: true, mayWithdraw: true, addressBound: false, expiresAt: Date.UTC(2027, 0, 2, 3, 4, 5), kind: 'unified 2.0 pro' })
    expect(await connection.account()).toEqual({ mayTrade: false, mayWithdraw: false, addressBound: true, expiresAt: null, kind: 'unified 2.0 pro' })
    await close()
  })

  it('instruments() lists perpetuals of the settle asset, as exact decimals', async () => {
    const { host, connection, close } = await openLive({ connect: false })
    const row = {
      symbol: 'BTCUSDT', contractType: 'LinearPerpetual', status: 'Trading', settleCoin: 'USDT', launchTime: '1', priceFilter: { tickSize: '0.10' }, fundingInterval: 480,
      lotSizeFilter: { qtyStep: '0.001', minOrderQty: '0.001', maxOrderQty: '1190.000', maxMktOrderQty: '119.000', minNotionalValue: '5' },
    }
    host.list('v5/market/instruments-info', [row, { ...row, symbol: 'ETHPERP', settleCoin: 'USDC' }, { ...row, symbol: 'BTC-26JUN26', contractType: 'LinearFutures', fundingInterval: 0 }, { ...row, symbol: 'ODDUSDT', fundingInterval: 0 }, { ...row, symbol: 'OLDUSDT', status: 'Closed' }])
    const listed = await connection.instruments()
    expect(listed.map(({ instrument, trading }) => [instrument.symbol, trading])).toEqual([['BTCUSDT', true], ['OLDUSDT', false]])
    expect(listed[0]?.instrument).toMatchObject({ fundingIntervalMs: 28_800_000, tiers: 'btcusdt-2026-08' })
    expect([listed[0]?.instrument.tickSize.toFixed(), listed[0]?.instrument.maxMarketQty?.toFixed()]).toEqual(['0.1', '119'])
    await close()
  })

  it('tell the budget that is left', async () => {
    const { host, connection, next, close } = await openLive()
    host.headers['X-Bapi-Limit'] = '20'
    host.headers['X-Bapi-Limit-Status'] = '7'
    host.headers['X-Bapi-Limit-Reset-Timestamp'] = '1700000000123'
    host.on('v5/order/create', { code: 10006, message: 'Too many visits!' }).quiet({ positions: flatPair(), wallet: walletRow })
    connection.submit(submissionOf())
    expect(await next('budget')).toMatchObject({ group: 'create', remaining: 7, limit: 20, resetAt: 1_700_000_000_123 })
    expect(await next('refused')).toMatchObject({ code: '10006', retryAt: 1_700_000_000_123 })
    await connection.serverTime()
    expect(await next('budget', ({ group }) => group === 'queries')).toMatchObject({ remaining: 7, limit: null })
    await close()
  })
})

describe('candles of the stream', () => {
  const candle = { start: 60_000, end: 119_999, interval: '1', open: '1', close: '2', high: '3', low: '0.5', volume: '10', turnover: '20', timestamp: 119_999 }

  it('are told when they have closed, and not before', async () => {
    const { host, next, reports, close } = await openLive()
    host.say('public', { topic: 'kline.1.BTCUSDT', ts: 1, type: 'snapshot', data: [{ ...candle, confirm: false }] })
    host.say('public', { topic: 'kline.1.BTCUSDT', ts: 1, type: 'snapshot', data: [{ ...candle, confirm: true }] })
    expect(await next('candle')).toEqual({ type: 'candle', at: 120_000, symbol: 'BTCUSDT', timeframe: '1m', candle: { time: 60_000, open: 1, high: 3, low: 0.5, close: 2, volume: 10 } })
    expect(reports.filter(({ type }) => type === 'candle')).toHaveLength(1)
    await close()
  })
})

describe('secrets', () => {
  it('are in no report, no error and no picture of the connection, whatever the venue quotes', async () => {
    const seen: string[] = []
    const { host, connection, next, reports, close } = await openLive({ config: { timeoutMs: 2_000 } })
    const quoting = { code: 10004, message: `error sign! origin_string[1700000000000${KEY}5000] secret ${SECRET}` }
    host.on('v5/order/create', quoting, { status: 200, text: `${SECRET} ${KEY}` }, 'drop', 'hang').on('v5/account/info', quoting).on('v5/position/list', quoting)
    for (const [index, end] of (['refused', 'unanswered', 'unanswered', 'unanswered'] as const).entries()) {
      connection.submit(submissionOf({}, `hr-${index}`))
      await next(end, ({ clientId }) => clientId === `hr-${index}`)
    }
    host.say('private', { topic: 'order', data: [{ category: 'linear', symbol: 'BTCUSDT', side: SECRET }] })
    await next('unknown')
    host.login = { success: false, ret_msg: `bad ${KEY}`, op: 'auth' }
    host.cut()
    await next('stream', ({ stream, state }) => stream === 'account' && state === 'down')
    await connection.account().catch((error: unknown) => { seen.push(inspect(error, { depth: 9 }), isHedgerowError(error) ? JSON.stringify(error.details) : '') })
    seen.push(JSON.stringify(reports), inspect(reports, { depth: 9 }), inspect(connection, { depth: 9, showHidden: true }), JSON.stringify(connection), inspect(new HedgerowError('VENUE_REFUSED', { cause: connection })))
    const signatures = host.requests.flatMap(({ headers }) => (typeof headers['x-bapi-sign'] === 'string' ? [headers['x-bapi-sign']] : []))
    expect(signatures.length).toBeGreaterThan(3)
    for (const secret of [KEY, SECRET, ...signatures]) expect(seen.filter((text) => text.includes(secret))).toEqual([])
    await close()
  })
})
