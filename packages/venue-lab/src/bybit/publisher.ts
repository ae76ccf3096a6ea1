/** From changes of the account to frames of the private topics, and from prices to those of the public ones. */
import { decimalOfDouble, decimalText, type Candle, type TimeMs } from '@hedgerow/core'
import type { StreamHub } from '../server/stream-hub.ts'
import { IdSequence } from '../venue/ids.ts'
import type { AccountChange } from '../venue/record.ts'
import { executionFrameRow } from './execution-row.ts'
import { priceText } from './format.ts'
import { INTERVALS, pricesOf, tickerRow, turnoverOf } from './market-routes.ts'
import { orderFrameRow } from './order-row.ts'
import { positionFrameRow } from './position-row.ts'
import { CATEGORY, type BybitTerms } from './terms.ts'
import type { BybitVenue } from './venue.ts'
import { walletRow } from './wallet-row.ts'

/** A private topic. */
export type PrivateTopic = 'execution' | 'order' | 'position' | 'wallet'

/** The order in which the topics of one act are told, unless they are shuffled: the venue promises none. */
const USUAL: readonly PrivateTopic[] = ['execution', 'order', 'position', 'wallet']

interface Pending {
  readonly topic: PrivateTopic
  readonly row: Readonly<Record<string, unknown>>
}

/** Tells subscribers. */
export class Publisher {
  readonly #hub: StreamHub
  readonly #venue: () => BybitVenue
  readonly #ids: IdSequence = new IdSequence('frames')
  /** Set: the topics of one act come in an order that this decides. */
  shuffle: (() => number) | null = null
  #pending: Pending[] = []
  #walletChanged = false

  constructor(hub: StreamHub, venue: () => BybitVenue) {
    this.#hub = hub
    this.#venue = venue
  }

  /** Keeps what changed, as it is now, until it is told. */
  collect(change: AccountChange<BybitTerms>): void {
    const venue = this.#venue()
    if (!this.#hub.streams.some(({ isAuthorised }) => isAuthorised)) return
    switch (change.type) {
      case 'booked':
        this.#pending.push({ topic: 'execution', row: executionFrameRow(change.record, venue.instrument(change.record.symbol)) })
        return
      case 'order': {
        const { order, cause } = change
        this.#pending.push({ topic: 'order', row: orderFrameRow(order, venue.instrument(order.symbol), venue.account.pair(order.symbol)[order.leg].qty, cause) })
        return
      }
      case 'position':
        this.#pending.push({ topic: 'position', row: positionFrameRow(venue.legView(change.symbol, change.leg)) })
        return
      case 'wallet':
      default:
        this.#walletChanged = true
    }
  }

  /** Tells what was collected. Executions of one act share a frame; orders and positions have one for each change. */
  flush(): void {
    const pending = this.#pending
    const hasWallet = this.#walletChanged
    this.#pending = []
    this.#walletChanged = false
    for (const topic of this.#order()) {
      const rows = pending.filter((one) => one.topic === topic).map(({ row }) => row)
      if (topic === 'wallet') {
        if (hasWallet) this.#tell(topic, [walletRow(this.#venue().account)])
      } else if (topic === 'execution') {
        if (rows.length > 0) this.#tell(topic, rows)
      } else for (const row of rows) this.#tell(topic, [row])
    }
  }

  /** Prices have moved: the running candles, tickers and the last trade. */
  moved(): void {
    const { symbols, market } = this.#venue()
    for (const symbol of symbols) {
      for (const [interval, timeframe] of Object.entries(INTERVALS)) {
        const topic = `kline.${interval}.${symbol}`
        if (!this.#isHeard(topic)) continue
        const candle = market.runningCandle(symbol, timeframe)
        if (candle !== undefined) this.#tellKline(topic, { candle, interval, symbol, isClosed: false })
      }
      this.#tellTicker(symbol)
      this.#tellTrade(symbol)
    }
  }

  /** A minute has closed, and with it the candles of the intervals that end there. */
  minuteClosed(at: TimeMs): void {
    const { symbols, market } = this.#venue()
    for (const symbol of symbols) {
      for (const [interval, timeframe] of Object.entries(INTERVALS)) {
        const topic = `kline.${interval}.${symbol}`
        if (!this.#isHeard(topic)) continue
        const candle = market.closedCandle(symbol, timeframe, at)
        if (candle !== undefined) this.#tellKline(topic, { candle, interval, symbol, isClosed: true })
      }
    }
  }

  /** What a new subscriber of a public topic is sent at once. */
  snapshotOf(topic: string): object | null {
    const [name, symbol = ''] = topic.split('.')
    return name === 'tickers' ? this.#tickerFrame(symbol, 'snapshot') : null
  }

  #order(): readonly PrivateTopic[] {
    const { shuffle } = this
    return shuffle === null ? USUAL : USUAL.map((topic) => ({ topic, place: shuffle() })).sort((a, b) => a.place - b.place).map(({ topic }) => topic)
  }

  #tell(topic: PrivateTopic, data: readonly object[]): void {
    const message = { id: `${this.#venue().userId}${this.#ids.next()}`, creationTime: this.#venue().clock.now() }
    for (const name of topic === 'wallet' ? [topic] : [topic, `${topic}.${CATEGORY}`]) this.#hub.publish(name, { ...message, topic: name, data }, { isPrivate: true })
  }

  #tellKline(topic: string, { candle, interval, symbol, isClosed }: { readonly candle: Candle; readonly interval: string; readonly symbol: string; readonly isClosed: boolean }): void {
    const { market } = this.#venue()
    const [start, open, high, low, close] = pricesOf(candle, this.#venue().instrument(symbol))
    const end = market.endOf(INTERVALS[interval] ?? '1m', candle.time) - 1
    const data = [{
      start: Number(start), end, interval, open, close, high, low, volume: decimalText(decimalOfDouble(candle.volume)), turnover: turnoverOf(candle), confirm: isClosed, timestamp: isClosed ? end + 1 : market.now,
    }]
    this.#hub.publish(topic, { topic, data, ts: market.now, type: 'snapshot' }, { isPrivate: false })
  }

  #tellTicker(symbol: string): void {
    const topic = `tickers.${symbol}`
    if (this.#isHeard(topic)) this.#hub.publish(topic, this.#tickerFrame(symbol, 'delta'), { isPrivate: false })
  }

  #tickerFrame(symbol: string, type: 'snapshot' | 'delta'): object {
    const { market } = this.#venue()
    return { topic: `tickers.${symbol}`, type, data: tickerRow(this.#venue(), symbol), cs: market.now, ts: market.now }
  }

  #tellTrade(symbol: string): void {
    const topic = `publicTrade.${symbol}`
    const { market, account } = this.#venue()
    const price = account.exchange.priceOf(symbol)
    if (price === null || !this.#isHeard(topic)) return
    const instrument = this.#venue().instrument(symbol)
    const data = [{ T: market.now, s: symbol, S: 'Buy', v: decimalText(instrument.minQty), p: priceText(price.toDecimalPlaces(instrument.tickSize.decimalPlaces()), instrument), L: 'ZeroPlusTick', i: this.#ids.next(), BT: false, RPI: false, seq: market.now }]
    this.#hub.publish(topic, { topic, type: 'snapshot', ts: market.now, data }, { isPrivate: false })
  }

  #isHeard(topic: string): boolean {
    return this.#hub.streams.some(({ topics }) => topics.has(topic))
  }
}
