/** One socket that is meant to be up: dialled again for ever, watched for silence, its state told. */
import type { StreamReport, TimeMs, VenueStream } from '@hedgerow/core'
import type { VenueFailure } from './venue-failure.ts'

/** What a keeper needs. */
export interface StreamKeeperOptions {
  readonly stream: VenueStream
  /** Dials and subscribes; rejects when the socket is gone. */
  readonly hold: () => Promise<never>
  /** Closes the socket, which makes `hold` reject with the reason. */
  readonly drop: (reason: string) => void
  /** A stream that says nothing for this long is stale, ms; pongs count. */
  readonly staleAfterMs: number
  /** A socket that has not subscribed after this long is closed, ms. */
  readonly timeoutMs: number
  /** First and largest pause before the socket is dialled again, ms. ccxt has such a pause, which its classes pass by. */
  readonly redial: { readonly firstMs: number; readonly mostMs: number }
  /** Venue time. */
  readonly now: () => TimeMs
  readonly tell: (report: StreamReport) => void
}

const CHECKS_PER_SILENCE = 4
/** A socket that lived this long is dialled again at once when it breaks. */
const STABLE_AFTER_MS = 30_000
/** Many clients that lost one venue must not come back at one moment. */
const JITTER = 0.4

/** Keeps one stream. */
export class StreamKeeper {
  readonly #options: StreamKeeperOptions
  #state: StreamReport['state'] = 'down'
  #wasUp = false
  #heardAt: TimeMs
  #closed = false
  #refusal: VenueFailure | null = null
  #attempts = 0
  #timer: ReturnType<typeof setInterval> | undefined
  #pause: ReturnType<typeof setTimeout> | undefined
  #first: { resolve(): void; reject(error: unknown): void } | null = null

  constructor(options: StreamKeeperOptions) {
    this.#options = options
    this.#heardAt = options.now()
  }

  /** Resolves when the stream is up for the first time. Rejects with the failure of the first attempt; afterwards it tries for ever. */
  async open(): Promise<void> {
    this.#timer = setInterval(() => { this.#check() }, this.#options.staleAfterMs / CHECKS_PER_SILENCE)
    const up = new Promise<void>((resolve, reject) => { this.#first = { resolve, reject } })
    void this.#keep()
    await up
  }

  /** The venue confirmed the subscription. */
  subscribed(): void {
    this.#heardAt = this.#options.now()
    this.#up()
    this.#first?.resolve()
    this.#first = null
  }

  /** A message came. `news` is false for one that only shows that the other side lives. */
  heard(news: boolean): void {
    this.#heardAt = this.#options.now()
    if (this.#state === 'stale') this.#up()
    else if (!news && this.#state === 'up') this.#tell('up', '')
  }

  /** The venue refused the login or the subscription: the reason, better than what the socket says when it closes. */
  refused(failure: VenueFailure): void {
    this.#refusal = failure
  }

  /** Stops keeping; the owner closes the socket. Nothing is told afterwards. */
  close(): void {
    this.#closed = true
    clearInterval(this.#timer)
    clearTimeout(this.#pause)
  }

  async #keep(): Promise<void> {
    while (!this.#closed) {
      const dialledAt = this.#options.now()
      try {
        this.#heardAt = dialledAt
        this.#refusal = null
        await this.#options.hold()
      } catch (error) {
        this.#lost(this.#refusal ?? (error as VenueFailure))
      }
      this.#attempts = this.#options.now() - dialledAt > STABLE_AFTER_MS ? 0 : this.#attempts + 1
      if (!this.#closed) await this.#wait()
    }
  }

  #wait(): Promise<void> {
    const { firstMs, mostMs } = this.#options.redial
    const pauseMs = this.#attempts === 0 ? 0 : Math.min(firstMs * 2 ** (this.#attempts - 1), mostMs)
    return new Promise((resolve) => { this.#pause = setTimeout(resolve, pauseMs * (1 - JITTER * Math.random())) })
  }

  #lost(error: VenueFailure): void {
    if (this.#closed) return
    this.#state = 'down'
    if (this.#first === null) return this.#tell('down', error.message)
    this.close()
    this.#first.reject(error)
  }

  #check(): void {
    const { now, staleAfterMs, timeoutMs, drop } = this.#options
    const silentMs = now() - this.#heardAt
    if (this.#state === 'down' && silentMs > timeoutMs) drop(`not subscribed after ${silentMs} ms`)
    if (this.#state !== 'up' || silentMs <= staleAfterMs) return
    this.#state = 'stale'
    this.#tell('stale', `no message and no pong for ${silentMs} ms`)
  }

  #up(): void {
    const reconnected = this.#wasUp && this.#state !== 'up'
    this.#state = 'up'
    this.#wasUp = true
    this.#tell('up', '', reconnected)
  }

  #tell(state: StreamReport['state'], reason: string, reconnected = false): void {
    const { now, stream, tell } = this.#options
    if (!this.#closed) tell({ type: 'stream', at: now(), stream, state, reconnected, reason })
  }
}
