/**
 * Candles that the stream did not bring: its socket was down, or a symbol was late. What is missing before the close of a minute is asked for
 * before the minute is told, so that no strategy decides on bars with a hole. Only minutes wait: fills, stops and the kill switch do not.
 */
import type { Candle } from '../domain/candles.ts'
import type { CandlesClosed, ClosedCandle, LiveInput } from '../domain/live-input.ts'
import { timeText, type TimeMs } from '../domain/time.ts'
import type { LiveEngine } from './live-engine.ts'
import { BASE_MS } from './live-session.ts'
import { patiently } from './patience.ts'
import { candlesOf, type CandleRange } from './venue-questions.ts'

/** So long a minute waits for what is missing before it. */
const PATIENCE_MS = 10_000
const HALT = 'candles'

/** What is missing of a symbol before the close of a minute. */
interface Missing extends CandleRange {
  /** False for what is but late: the last minute itself, or one that the venue had nothing of a minute ago. */
  readonly isHole: boolean
}

/** What the venue has of it; null when it did not answer. */
interface Answer extends Missing {
  readonly candles: readonly Candle[] | null
}

/** The minutes of one engine, in order and without a hole before them. */
export class MissedCandles {
  readonly #engine: LiveEngine
  readonly #minutes: CandlesClosed[] = []
  /** Up to where the venue was asked: what it did not have is asked for once more with the next minute, and then no more. */
  readonly #askedUpTo = new Map<string, TimeMs>()
  readonly #cancels = new Set<() => void>()
  /** What the first minute waits for. */
  #missing: readonly Missing[] = []
  /** Close of the last minute that was told. */
  #toldUpTo: TimeMs = 0
  #isClosed = false

  constructor(engine: LiveEngine) {
    this.#engine = engine
  }

  /** Minutes that wait. */
  get waiting(): number {
    return this.#minutes.length
  }

  /** Tells minutes, oldest first, each once nothing is missing before it. Only within a task, or for a report. */
  async tell(minutes: readonly CandlesClosed[]): Promise<void> {
    this.#minutes.push(...minutes)
    if (this.#missing.length === 0) await this.#go()
  }

  /** What the gate has to be told: a symbol opens nothing while its candles are missing. */
  halts(): LiveInput[] {
    const { gate, config } = this.#engine.options
    const since = new Map(this.#missing.filter(({ isHole }) => isHole).map(({ symbol, start }) => [symbol, start]))
    return config.symbols.flatMap((symbol): LiveInput[] => {
      const start = since.get(symbol)
      if ((start !== undefined) === gate.isHalted(symbol, HALT)) return []
      return [{ type: 'gate.changed', at: this.#engine.now(), change: { kind: 'halt', symbol, name: HALT, reason: start === undefined ? null : `candles since ${timeText(start)} are missing and asked for` } }]
    })
  }

  /** Minutes that wait are told no more: the next start loads their candles. */
  close(): void {
    this.#isClosed = true
    for (const cancel of this.#cancels) cancel()
  }

  async #go(): Promise<void> {
    for (let minute = this.#minutes[0]; minute !== undefined; minute = this.#minutes[0]) {
      this.#missing = this.#missingBefore(minute)
      // oxlint-disable-next-line no-await-in-loop -- minutes are told one after the other
      if (this.#missing.length > 0) return await this.#ask(minute)
      // oxlint-disable-next-line no-await-in-loop -- see above
      await this.#pass([minute])
    }
  }

  async #pass(inputs: readonly [...LiveInput[], CandlesClosed]): Promise<void> {
    this.#minutes.shift()
    this.#missing = []
    this.#toldUpTo = inputs.at(-1)?.at ?? this.#toldUpTo
    await this.#engine.commit([...this.halts(), ...inputs])
  }

  /** Between the last candle of a symbol and its one of the minute; without one, up to the close. */
  #missingBefore({ at, candles }: CandlesClosed): Missing[] {
    const { session, config } = this.#engine.options
    return config.symbols.flatMap((symbol) => {
      const known = session.candlesUpTo(symbol)
      if (known === null) return []
      const asked = this.#askedUpTo.get(symbol) ?? 0
      const start = Math.max(known, asked - BASE_MS)
      const end = candles.find((row) => row.symbol === symbol)?.candle.time ?? at
      return start < end ? [{ symbol, start, end, isHole: Math.max(known, asked) < at - BASE_MS }] : []
    })
  }

  async #ask(minute: CandlesClosed): Promise<void> {
    const missing = this.#missing
    for (const range of missing) if (range.isHole) this.#engine.log('warn', `${rangeText(range)} did not come: the venue is asked for them`)
    await this.#engine.commit(this.halts())
    void this.#wait(minute, missing)
  }

  /** Beside the queue; what comes of it is a task. */
  async #wait(minute: CandlesClosed, missing: readonly Missing[]): Promise<void> {
    const answers = await Promise.all(missing.map(async (range) => await this.#answerOf(range)))
    this.#engine.later(async () => { await this.#take(minute, answers) })
  }

  async #answerOf(range: Missing): Promise<Answer> {
    const { options } = this.#engine
    return await new Promise<Answer>((resolve) => {
      const end = (candles: Answer['candles']): void => {
        this.#cancels.delete(cancel)
        cancel()
        resolve({ ...range, candles })
      }
      const cancel = options.timers.after(PATIENCE_MS, () => { end(null) })
      this.#cancels.add(cancel)
      patiently(options, async () => await candlesOf(this.#engine, range)).then(end, (error: unknown) => {
        this.#engine.log('warn', error instanceof Error ? error.message : String(error))
        end(null)
      })
    })
  }

  async #take(minute: CandlesClosed, answers: readonly Answer[]): Promise<void> {
    if (this.#isClosed) return
    const before = minute.at - BASE_MS
    const series = answers.map(({ symbol, candles }) => ({ symbol, candles: (candles ?? []).filter(({ time }) => time < before) })).filter(({ candles }) => candles.length > 0)
    for (const answer of answers) await this.#report(answer)
    for (const { symbol, candles, isHole } of answers) if (isHole || candles !== null) this.#askedUpTo.set(symbol, minute.at)
    const loaded: LiveInput[] = series.length === 0 ? [] : [{ type: 'candles.loaded', at: this.#engine.now(), series }]
    await this.#pass([...loaded, { ...minute, candles: this.#completed(minute, answers) }])
    await this.#go()
  }

  /** The candles of a minute with those of its late symbols, in the order of the configuration. */
  #completed({ at, candles }: CandlesClosed, answers: readonly Answer[]): ClosedCandle[] {
    const { config } = this.#engine.options
    const late = answers.flatMap((answer) => (answer.candles ?? []).filter(({ time }) => time === at - BASE_MS).map((candle): ClosedCandle => ({ symbol: answer.symbol, candle, mark: this.#engine.prices.get(answer.symbol)?.mark?.toNumber() ?? null })))
    return config.symbols.flatMap((symbol) => [...candles, ...late].find((row) => row.symbol === symbol) ?? [])
  }

  /** A hole that stays is traded on only by a decision: indicators differ from now on from those of a backtest. */
  async #report(answer: Answer): Promise<void> {
    const engine = this.#engine
    if (answer.candles === null) {
      if (!answer.isHole) return engine.log('warn', `${rangeText(answer)} did not come and the venue did not answer: they are asked for again with the next minute`)
      const text = `${rangeText(answer)} are missing and the venue did not answer: restart with --fresh-strategies to load them, or resume to trade on bars without them`
      engine.log('warn', text)
      await engine.supervisor.raise('pause', text)
      return
    }
    const late = answer.candles.filter(({ time }) => time < this.#toldUpTo)
    if (late.length > 0) engine.log('warn', `${answer.symbol}: candles from ${timeText(late[0]?.time ?? 0)} on came after their minutes were told: bars that ended with these are without them`)
    else if (answer.isHole) engine.log('info', `${answer.symbol}: ${answer.candles.length} missed candles are loaded`)
  }
}

function rangeText({ symbol, start, end }: CandleRange): string {
  return `${symbol}: candles from ${timeText(start)} to ${timeText(end)}`
}
