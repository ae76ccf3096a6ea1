/** Questions to the venue, within its budget and by its clock. */
import type { Candle } from '../domain/candles.ts'
import type { TimeMs } from '../domain/time.ts'
import type { SeriesRows } from '../ports/candle-store.ts'
import type { VenueConnection } from '../ports/venue-connection.ts'
import { isClockRefusal, measureOffset } from './clock-offset.ts'
import { BASE_MS } from './live-session.ts'
import type { LiveEngine } from './live-engine.ts'
import { patiently } from './patience.ts'

/** A question is asked so often again after its time was refused. */
const CLOCK_RETRIES = 2

/** Compares the clocks; the answer is by how many ms the difference has changed. One with which candles came is none: a replay that runs ahead takes its clock along. */
export async function syncClock(engine: LiveEngine): Promise<number> {
  const { connection, timers } = engine.options
  const expected = engine.now()
  const isAhead = expected > timers.now() + engine.clockOffsetMs
  const offset = await measureOffset(connection, timers)
  const after = timers.now() + offset - expected
  const change = isAhead && after >= 0 && after <= BASE_MS ? 0 : Math.abs(offset - engine.clockOffsetMs)
  engine.clockOffsetMs = offset
  connection.setClockOffset(offset)
  return change
}

/** Asks. At start with patience; while it trades the next reconciliation asks again. */
export async function askVenue<T>(engine: LiveEngine, question: (connection: VenueConnection) => Promise<T>): Promise<T> {
  return engine.phase === 'starting' ? await patiently(engine.options, async () => await askInTime(engine, question)) : await askInTime(engine, question)
}

/** A question that was refused for its time alone is asked again after the clocks were compared: nothing was done. */
async function askInTime<T>(engine: LiveEngine, question: (connection: VenueConnection) => Promise<T>): Promise<T> {
  for (let left = CLOCK_RETRIES; ; left--) {
    await engine.budgets.of('query').admit(4)
    try {
      return await question(engine.options.connection)
    } catch (error) {
      if (left === 0 || !isClockRefusal(engine.options.manifest, error)) throw error
      await syncClock(engine)
    }
  }
}

/** Candles of a symbol from a start up to an end. */
export interface CandleRange {
  readonly symbol: string
  readonly start: TimeMs
  readonly end: TimeMs
}

/** The candles that the venue has of a range and that are over, oldest first. The least urgent of all questions. */
export async function candlesOf(engine: LiveEngine, range: CandleRange): Promise<Candle[]> {
  await engine.budgets.of('query').admit(6)
  return await candlesIn(engine.options.connection.history({ ...range, kind: 'candles', timeframe: '1m' }))
}

/** All candles of the pages of a history. */
export async function candlesIn(pages: AsyncIterable<SeriesRows>): Promise<Candle[]> {
  const candles: Candle[] = []
  for await (const { time, columns } of pages) {
    const at = (name: string, row: number): number => columns[name]?.[row] ?? Number.NaN
    for (const [row, startsAt] of time.entries()) candles.push({ time: startsAt, open: at('open', row), high: at('high', row), low: at('low', row), close: at('close', row), volume: at('volume', row) })
  }
  return candles
}
